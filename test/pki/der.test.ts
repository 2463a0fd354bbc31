import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { readDer, readDerSeries, readObjectIdentifier } from '../../src/pki/der.ts';

const octets = (hex: string) => fromHex(hex.replaceAll(' ', ''))!;

describe('X.690 §8.1: tag, length, contents', () => {
  test.each([
    ['short length', '02 01 05', '05'],
    ['no contents', '05 00', ''],
    ['long length', `04 81 80 ${'00'.repeat(128)}`, '00'.repeat(128)],
    ['a longer length form than needed', '02 82 00 01 05', '05'],
  ])('%s', (_, hex, contents) => {
    expect(toHex(readDer(octets(hex))!.contents)).toBe(contents);
  });

  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['contents cut short', '30 02 05'],
    ['length cut short', '30 82 01'],
    ['length beyond 4 octets', '30 85 00 00 00 00 00'],
    ['indefinite length', '30 80 00 00'],
    ['tag of several octets', '1f 01 00'],
    ['octets behind the element', '05 00 00'],
  ])('refuses %s', (_, hex) => {
    expect(readDer(octets(hex))).toBeUndefined();
  });

  test('a series must fill its octets', () => {
    expect(readDerSeries(octets('05 00 02 01 07'))).toHaveLength(2);
    expect(readDerSeries(octets('05 00 02 01'))).toBeUndefined();
  });

  test('any octets: no exception, and elements put together are what was read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        const series = readDerSeries(input);
        if (series) expect(toHex(Buffer.concat(series.map(({ whole }) => whole)))).toBe(toHex(input));
        readObjectIdentifier(input);
      }),
    );
  });
});

describe('X.690 §8.19: OBJECT IDENTIFIER', () => {
  test.each([
    ['2a864886f70d', '1.2.840.113549'],
    ['551d13', '2.5.29.19'],
    ['883703', '2.999.3'],
  ])('%s is %s', (hex, dotted) => {
    expect(readObjectIdentifier(octets(hex))).toBe(dotted);
  });

  test.each([['', '80', 'ffffffffffffffffff7f']])('refuses %s', (hex) => {
    expect(readObjectIdentifier(octets(hex))).toBeUndefined();
  });
});
