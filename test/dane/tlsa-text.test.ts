import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { formatTlsa, formatTlsaParameters, parseTlsaRdata, parseTlsaText } from '../../src/dane/tlsa-text.ts';

describe('RFC 6698 §2.1: wire form', () => {
  test('three octets and the data', () => {
    expect(parseTlsaRdata(new Uint8Array([3, 1, 1, 0xab]))).toEqual({
      usage: 3,
      selector: 1,
      matchingType: 1,
      data: new Uint8Array([0xab]),
    });
    expect(parseTlsaRdata(new Uint8Array([3, 1, 1]))).toMatchObject({ data: new Uint8Array() });
  });

  test.each([0, 1, 2])('%i octets are no TLSA record', (octets) => {
    expect(parseTlsaRdata(new Uint8Array(octets))).toBe('tlsa-malformed');
  });
});

describe('RFC 6698 §2.2: presentation form', () => {
  test.each([
    ['3 1 1 abcd', '3 1 1 abcd'],
    ['  3\t1  1   AB cd\n EF ', '3 1 1 abcdef'],
    ['255 0 0 00', '255 0 0 00'],
    ['3 1 1 a bc d', '3 1 1 abcd'],
  ])('%j', (text, formatted) => {
    expect(formatTlsa(parseTlsaText(text)!)).toBe(formatted);
    expect(formatTlsaParameters(parseTlsaText(text)!)).toBe(formatted.split(' ').slice(0, 3).join(' '));
  });

  test.each([
    '',
    '3 1 1',
    '3 1 1 ',
    '3 1 abcd',
    '3 1 1 abc',
    '3 1 1 xy',
    '256 1 1 ab',
    '3 -1 1 ab',
    '3 1 1.0 ab',
    'DANE-EE 1 1 ab',
    'TLSA 3 1 1 ab',
  ])('refuses %j', (text) => {
    expect(parseTlsaText(text)).toBeUndefined();
  });

  test('any record, written and read; any text without exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 80 }), fc.string(), (rdata, text) => {
        const record = parseTlsaRdata(rdata);
        if (record === 'tlsa-malformed') throw new Error('four octets are a record');
        const read = parseTlsaText(formatTlsa(record))!;
        expect([read.usage, read.selector, read.matchingType]).toEqual([...rdata.subarray(0, 3)]);
        expect(toHex(read.data)).toBe(toHex(rdata.subarray(3)));
        parseTlsaText(text);
      }),
    );
  });
});
