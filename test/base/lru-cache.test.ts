import { describe, expect, test } from 'vitest';
import { LruCache } from '../../src/base/lru-cache.ts';

describe('a cache that weighs', () => {
  const weighing = { weigh: (value: string) => value.length, maxWeight: 10 };
  const kept = (cache: LruCache<string, string>, keys: string) => [...keys].filter((key) => cache.get(key));

  test('forgets what was used least lately until the rest is light enough', () => {
    const cache = new LruCache<string, string>(100, () => 0, weighing);
    for (const key of 'abcd') cache.set(key, 'xxx', 1);
    expect(kept(cache, 'abcd')).toEqual(['b', 'c', 'd']);
    cache.get('b');
    cache.set('e', 'xxxxxx', 1);
    expect(kept(cache, 'abcde')).toEqual(['b', 'e']);
  });

  test('what is replaced or has expired weighs nothing', () => {
    const clock = { ms: 0 };
    const cache = new LruCache<string, string>(100, () => clock.ms, weighing);
    for (let i = 0; i < 5; i++) cache.set('a', 'xxxxxx', 1);
    cache.set('b', 'xxxx', 9);
    expect(kept(cache, 'ab')).toEqual(['a', 'b']);
    clock.ms = 2000;
    expect(cache.get('a')).toBeUndefined();
    cache.set('c', 'xxxxxx', 9);
    expect(kept(cache, 'bc')).toEqual(['b', 'c']);
  });

  test('keeps nothing that is too heavy by itself', () => {
    const cache = new LruCache<string, string>(100, () => 0, weighing);
    cache.set('a', 'x'.repeat(11), 1);
    expect(cache.size).toBe(0);
  });
});

describe('what is used stays', () => {
  test.each([4, 100, 1000])('of %i, half of what is used in turn outlives as many strangers', (limit) => {
    const cache = new LruCache<string, number>(limit, () => 0);
    const used = Array.from({ length: limit / 2 }, (_, i) => `used ${i}`);
    for (const [i, key] of used.entries()) cache.set(key, i, 1);
    for (let i = 0; i < 5 * limit; i++) {
      cache.set(`stranger ${i}`, i, 1);
      for (const key of used) cache.get(key);
    }
    expect(used.filter((key) => cache.get(key) === undefined)).toEqual([]);
    expect(cache.size).toBe(limit);
  });

  test('and what is not used goes', () => {
    const cache = new LruCache<string, number>(100, () => 0);
    for (let i = 0; i < 1000; i++) cache.set(String(i), i, 1);
    expect(cache.get('899')).toBeUndefined();
    expect(cache.get('900')).toBe(900);
  });
});
