import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { readTypeBitmap, writeTypeBitmap } from '../../src/dns/type-bitmap.ts';

describe('RFC 4034 §4.1.2, §4.3: type bit maps', () => {
  // "A MX RRSIG NSEC TYPE1234", RFC 4034 §4.3.
  const example = `0006400100000003041b${'00'.repeat(26)}20`;
  const types = [RRType.A, RRType.MX, RRType.RRSIG, RRType.NSEC, 1234];

  test('the example of §4.3, both ways', () => {
    const bitmap = readTypeBitmap(fromHex(example)!)!;
    expect(bitmap.list()).toEqual(types);
    for (const type of types) expect(bitmap.has(type)).toBe(true);
    for (const type of [0, RRType.NS, RRType.TLSA, 1233, 1235, 0x0201, 0xff01])
      expect(bitmap.has(type)).toBe(false);
    expect(toHex(writeTypeBitmap(types))).toBe(example);
    expect(toHex(writeTypeBitmap([...types].reverse()))).toBe(example);
  });

  test('RFC 5155 §3.2.1: no types at all', () => {
    expect(readTypeBitmap(Buffer.alloc(0))!.list()).toEqual([]);
    expect(writeTypeBitmap([])).toHaveLength(0);
  });

  test.each([
    ['00', 'a window without a length'],
    ['0000', 'an empty window'],
    ['0001400000', 'an empty window behind a good one'],
    [`0021${'40'.repeat(33)}`, 'a window of 33 octets'],
    ['000240', 'a window that is cut off'],
    ['000140000140', 'the same window twice'],
    ['010140000140', 'windows out of order'],
    ['00014001', 'a trailing octet'],
  ])('%s is refused: %s', (hex) => expect(readTypeBitmap(fromHex(hex)!)).toBeUndefined());

  test('a type beyond the end of its window is not looked for in the next one', () => {
    const bitmap = readTypeBitmap(fromHex('000140010140')!)!;
    expect(bitmap.list()).toEqual([RRType.A, 257]);
    expect(bitmap.has(RRType.MX)).toBe(false);
  });

  test('a trailing zero octet is read (§4.1.2 asks the writer to leave it out)', () =>
    expect(readTypeBitmap(fromHex('00024000')!)!.list()).toEqual([1]));

  test('window 255 and the last type', () =>
    expect(readTypeBitmap(writeTypeBitmap([65_535]))!.list()).toEqual([65_535]));

  test('any set of types survives, and `has` says what `list` says', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 65_535 })),
        fc.integer({ min: 0, max: 65_535 }),
        (set, other) => {
          const bitmap = readTypeBitmap(writeTypeBitmap(set))!;
          expect(bitmap.list()).toEqual([...set].sort((a, b) => a - b));
          expect(bitmap.has(other)).toBe(set.includes(other));
        },
      ),
    ));

  test('any octets are a bit map or undefined', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        const bitmap = readTypeBitmap(octets);
        for (const type of bitmap?.list() ?? []) expect(bitmap!.has(type)).toBe(true);
      }),
      { numRuns: 2000 },
    ));
});
