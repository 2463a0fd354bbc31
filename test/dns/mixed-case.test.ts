/** RFC 4343: spellings of one name. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { mixedCase } from '../../src/dns/mixed-case.ts';
import { lowerCase, type Name, name, root } from '../../src/dns/name.ts';

test('§3: every spelling is the same name, and has a capital', () => {
  const random = seededRandom(1);
  const asked = name('_25._tcp.mx.example.nl');
  const spellings = new Set(Array.from({ length: 100 }, () => mixedCase(asked, random)));
  expect(spellings.size).toBeGreaterThan(90);
  for (const spelling of spellings) {
    expect(lowerCase(spelling)).toBe(asked);
    expect(spelling).toMatch(/[A-Z]/);
  }
});

test('whatever is drawn, there is a capital', () => {
  expect(mixedCase(name('a.nl'), () => 0)).toBe('\x01A\x02nl\0');
});

test('§2.1: only letters change: no length octet, nothing beyond ASCII', () => {
  const asked = '\x03\xe4[1\x01z\0' as Name;
  expect(mixedCase(asked, () => 0)).toBe('\x03\xe4[1\x01Z\0');
  expect(mixedCase(root, () => 1)).toBe(root);
});
