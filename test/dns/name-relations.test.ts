import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commonAncestor,
  compareNames,
  isBelow,
  isWithin,
  type Name,
  name,
  root,
} from '../../src/dns/name.ts';
import { anyName, wireOf } from './samples.ts';

describe('isWithin, isBelow: label boundaries', () => {
  test.each<[string, string, boolean]>([
    ['example.com', 'com', true],
    ['example.com', 'example.com', true],
    ['com', 'example.com', false],
    ['notexample.com', 'example.com', false],
    ['anything.at.all', '.', true],
    ['.', '.', true],
    ['.', 'com', false],
    ['x\\003foo', 'foo', false],
    ['x\\003foo.bar', 'foo.bar', false],
    ['a.x\\003foo', 'foo', false],
    ['\\003foo.foo', 'foo', true],
    ['a\\.com', 'com', false],
    ['x\\003foo\\003bar', 'foo.bar', false],
  ])('%s within %s: %s', (inner, outer, within) => {
    expect(isWithin(name(inner), name(outer))).toBe(within);
    expect(isBelow(name(inner), name(outer))).toBe(within && name(inner) !== name(outer));
  });

  test('agrees with comparing label by label', () => {
    const few = fc.array(fc.constantFrom('a', '\x01a', '\x01a\x01', '\x02', 'b\x01a'), { maxLength: 4 });
    fc.assert(
      fc.property(few, few, (inner, outer) => {
        const suffix = inner.slice(Math.max(0, inner.length - outer.length));
        const expected = JSON.stringify(suffix) === JSON.stringify(outer);
        expect(isWithin(wireOf(inner) as Name, wireOf(outer) as Name)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['a.b.example', 'c.b.example', 'b.example'],
    ['a.example', 'a.example', 'a.example'],
    ['a.example', 'b.a.example', 'a.example'],
    ['a.nl', 'a.de', '.'],
  ])('the common ancestor of %s and %s is %s', (a, b, ancestor) => {
    expect(commonAncestor(name(a), name(b))).toBe(name(ancestor));
    expect(commonAncestor(name(b), name(a))).toBe(name(ancestor));
  });
});

describe('RFC 4034 §6.1: canonical order', () => {
  const ordered = [
    'example',
    'a.example',
    'yljkjljk.a.example',
    'Z.a.example',
    'zABC.a.EXAMPLE',
    'z.example',
    '\\001.z.example',
    '*.z.example',
    '\\200.z.example',
  ].map((text) => name(text));

  test('the example of the RFC', () => {
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) expect(Math.sign(compareNames(a, b))).toBe(Math.sign(i - j));
    }
    expect([...ordered].reverse().sort(compareNames)).toEqual(ordered);
  });

  test('the root is first; a shorter label is before a longer one', () => {
    expect(compareNames(root, name('a'))).toBeLessThan(0);
    expect(compareNames(name('a'), name('a\\000'))).toBeLessThan(0);
    expect(compareNames(name('b'), name('aa'))).toBeGreaterThan(0);
  });

  test('is a total order', () =>
    fc.assert(
      fc.property(anyName, anyName, anyName, (a, b, c) => {
        expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
        expect(compareNames(a, b) === 0).toBe(a === b);
        const [x, y, z] = [a, b, c].sort(compareNames);
        expect(compareNames(x!, z!)).toBeLessThanOrEqual(0);
        expect(compareNames(x!, y!)).toBeLessThanOrEqual(0);
      }),
    ));
});
