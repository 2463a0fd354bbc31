import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase32Hex, toBase32Hex } from '../../src/dns/base32hex.ts';

describe('RFC 4648 §7, §10: base32hex without padding', () => {
  test.each([
    ['', ''],
    ['f', 'co'],
    ['fo', 'cpng'],
    ['foo', 'cpnmu'],
    ['foob', 'cpnmuog'],
    ['fooba', 'cpnmuoj1'],
    ['foobar', 'cpnmuoj1e8'],
  ])('%j is %s', (plain, text) => {
    expect(toBase32Hex(Buffer.from(plain))).toBe(text);
    expect(Buffer.from(fromBase32Hex(text)!).toString()).toBe(plain);
    expect(Buffer.from(fromBase32Hex(text.toUpperCase())!).toString()).toBe(plain);
  });

  test('RFC 5155 Appendix A: the hash of "example"', () => {
    const text = '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom';
    expect(fromBase32Hex(text)).toHaveLength(20);
    expect(toBase32Hex(fromBase32Hex(text)!)).toBe(text);
  });

  test.each([
    ['w', 'not of the alphabet'],
    ['co======', 'padding'],
    ['c o', 'a blank'],
    ['c', 'one digit alone'],
    ['cpn', 'three digits'],
    ['cpnmuo', 'six digits'],
    ['cp', 'rest bits that are not zero'],
    ['\u212a0', 'the Kelvin sign, which folds to k'],
    ['Ä0', 'not ASCII'],
  ])('%j: %s', (text) => expect(fromBase32Hex(text)).toBeUndefined());

  test('any octets survive', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        expect([...fromBase32Hex(toBase32Hex(octets))!]).toEqual([...octets]);
      }),
    ));

  test('text that reads at all is what its octets write: no two spellings of one hash but for case', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123uvUVw') }), (text) => {
        const octets = fromBase32Hex(text);
        if (octets !== undefined) expect(toBase32Hex(octets)).toBe(text.toLowerCase());
      }),
      { numRuns: 1000 },
    ));
});
