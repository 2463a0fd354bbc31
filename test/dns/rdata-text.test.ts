import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { canonicalRdata } from '../../src/dns/canonical.ts';
import { nameToBytes } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import type { RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { anyName, octetsOf, record, u16, u32 } from './samples.ts';

/** The RDATA of one line, in hexadecimal. */
function rdataOf(type: string, text: string): string {
  const [read] = parseZoneFile([`example. 1 ${type} ${text}`], 'line');
  return toHex(read!.rdata);
}

describe('RDATA from text', () => {
  test.each<[keyof typeof RRType, string, Buffer]>([
    ['A', '192.0.2.1', octetsOf(192, 0, 2, 1)],
    ['AAAA', '::', Buffer.alloc(16)],
    ['AAAA', '::1', octetsOf(Buffer.alloc(15), 1)],
    ['AAAA', '2001:DB8::', octetsOf(u16(0x2001), u16(0xdb8), Buffer.alloc(12))],
    ['AAAA', '1:2:3:4:5:6:7:8', octetsOf(...[1, 2, 3, 4, 5, 6, 7, 8].map(u16))],
    ['AAAA', '1::8', octetsOf(u16(1), Buffer.alloc(12), u16(8))],
    ['AAAA', '1:2:3:4:5:6:7::', octetsOf(...[1, 2, 3, 4, 5, 6, 7, 0].map(u16))],
    ['AAAA', '::ffff:192.0.2.255', octetsOf(Buffer.alloc(10), u16(0xffff), 192, 0, 2, 255)],
    ['AAAA', '64:ff9b::192.0.2.1', octetsOf(u16(0x64), u16(0xff9b), Buffer.alloc(8), 192, 0, 2, 1)],
    ['MX', '0 .', octetsOf(u16(0), '.')],
    [
      'SOA',
      'a. b. 4294967295 2 3 4 5',
      octetsOf('a', 'b', u32(4_294_967_295), u32(2), u32(3), u32(4), u32(5)),
    ],
    ['DS', '20326 8 2 E06D44B8 0A8F', octetsOf(u16(20_326), 8, 2, Buffer.from('e06d44b80a8f', 'hex'))],
    ['DNSKEY', '257 3 15 l02W oi0i', octetsOf(u16(257), 3, 15, Buffer.from('l02Woi0i', 'base64'))],
    ['TLSA', '3 1 1 00ff', octetsOf(3, 1, 1, 0, 255)],
    ['TXT', 'a "b c"', octetsOf(1, 97, 3, Buffer.from('b c'))],
    ['TXT', '"\\000\\255\\\\\\"\\a"', octetsOf(5, 0, 255, 92, 34, 97)],
    ['TXT', '"é"', octetsOf(2, Buffer.from('é'))],
    ['TXT', '""', octetsOf(0)],
    ['SRV', '1 2 993 imap.', octetsOf(u16(1), u16(2), u16(993), 'imap')],
  ])('%s %s', (type, text, octets) => expect(rdataOf(type, text)).toBe(toHex(octets)));

  const readable = [
    'A',
    'AAAA',
    'NS',
    'CNAME',
    'DNAME',
    'PTR',
    'MX',
    'SOA',
    'DS',
    'CDS',
    'DNSKEY',
    'CDNSKEY',
    'TLSA',
    'SSHFP',
    'SRV',
    'TXT',
    'SPF',
  ] as const;

  test.each(readable)('%s: any octets survive presentation and reading, names in lower case', (type) =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        const rr = record(type, octets);
        expect(rdataOf(type, formatRdata(rr))).toBe(toHex(canonicalRdata(rr)));
      }),
      { numRuns: 300 },
    ),
  );

  test('any name in RDATA survives presentation and reading', () =>
    fc.assert(
      fc.property(anyName, (any) => {
        const rdata = octetsOf(u16(10), nameToBytes(any));
        expect(rdataOf('MX', formatRdata(record('MX', rdata)))).toBe(toHex(rdata));
      }),
    ));

  test('RFC 3597 §5: any octets of an unknown type survive', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        expect(rdataOf('TYPE65280', formatRdata(record(65_280, octets)))).toBe(toHex(octets));
      }),
    ));
});
