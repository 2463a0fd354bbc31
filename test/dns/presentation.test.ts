import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRdata } from '../../src/dns/presentation.ts';
import { formatRcode } from '../../src/dns/rcode.ts';
import { formatType, parseType, RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, record, rrsigRdata, u16, u32 } from './samples.ts';

const text = (plain: string) => octetsOf(plain.length, Buffer.from(plain, 'latin1'));
const hex = (digits: string) => Buffer.from(digits, 'hex');

describe('RDATA as text, one good case for each type', () => {
  test.each<[keyof typeof RRType, Buffer, string]>([
    ['A', octetsOf(192, 0, 2, 1), '192.0.2.1'],
    ['AAAA', octetsOf(Buffer.alloc(15), 1), '::1'],
    ['NS', octetsOf('ns.example'), 'ns.example.'],
    ['CNAME', octetsOf('.'), '.'],
    ['PTR', octetsOf('a\\.b.c'), 'a\\.b.c.'],
    ['DNAME', octetsOf('x\\000y'), 'x\\000y.'],
    ['MX', octetsOf(u16(0), '.'), '0 .'],
    ['AFSDB', octetsOf(u16(1), 'x'), '1 x.'],
    ['KX', octetsOf(u16(65_535), 'x'), '65535 x.'],
    ['SOA', octetsOf('a', 'b', u32(1), u32(2), u32(3), u32(4), u32(5)), 'a. b. 1 2 3 4 5'],
    ['TXT', octetsOf(text('v=DMARC1; p=none'), text('')), '"v=DMARC1; p=none" ""'],
    ['TXT', octetsOf(text('a"b\\c\0\xe9\x1b[2J')), '"a\\"b\\\\c\\000\\233\\027[2J"'],
    ['SPF', text('v=spf1'), '"v=spf1"'],
    ['SRV', octetsOf(u16(1), u16(2), u16(993), 'imap.x'), '1 2 993 imap.x.'],
    ['DS', octetsOf(u16(20_326), 8, 2, hex('e06d44b8')), '20326 8 2 E06D44B8'],
    ['CDS', octetsOf(u16(0), 0, 0, 0), '0 0 0 00'],
    ['DNSKEY', octetsOf(u16(257), 3, 15, hex('97')), '257 3 15 lw=='],
    ['CDNSKEY', octetsOf(u16(0), 3, 0, 0), '0 3 0 AA=='],
    [
      'RRSIG',
      rrsigRdata(RRType.MX, 2, 'example.com'),
      `MX 13 2 300 20150819220000 20150729220000 4711 example.com. ${Buffer.alloc(64, 7).toString('base64')}`,
    ],
    ['NSEC', octetsOf('b.example', hex('000140')), 'b.example. A'],
    [
      'NSEC3',
      octetsOf(
        1,
        1,
        u16(12),
        4,
        hex('aabbccdd'),
        20,
        hex('174eb2409fe28bcb4887a1836f957f0a8425e27b'),
        hex('000722010000000290'),
      ),
      '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA MX RRSIG DNSKEY NSEC3PARAM',
    ],
    ['NSEC3', octetsOf(1, 0, u16(0), 0, 1, 0), '1 0 0 - 00'],
    ['NSEC3PARAM', octetsOf(1, 0, u16(12), 2, hex('aabb')), '1 0 12 AABB'],
    ['NSEC3PARAM', octetsOf(1, 0, u16(0), 0), '1 0 0 -'],
    ['TLSA', octetsOf(3, 1, 1, hex('d2abde24')), '3 1 1 D2ABDE24'],
    ['SMIMEA', octetsOf(255, 255, 255, 0), '255 255 255 00'],
    ['SSHFP', octetsOf(2, 1, hex('1234')), '2 1 1234'],
    [
      'CAA',
      octetsOf(128, text('issue'), Buffer.from('ca.example; x="y"')),
      '128 issue "ca.example; x=\\"y\\""',
    ],
    ['URI', octetsOf(u16(10), u16(1), Buffer.from('https://x/')), '10 1 "https://x/"'],
    ['ZONEMD', octetsOf(u32(2018031900), 1, 1, hex('ab')), '2018031900 1 1 AB'],
  ])('%s', (type, rdata, expected) => expect(formatRdata(record(type, rdata))).toBe(expected));
});

describe('RFC 3597 §5: what is not known', () => {
  test('unknown types', () => {
    expect(formatRdata(record(65_280, hex('0a000001')))).toBe('\\# 4 0a000001');
    expect(formatRdata(record(65_280, hex('')))).toBe('\\# 0');
  });

  test.each<[keyof typeof RRType, string]>([
    ['A', 'c00002'],
    ['A', 'c000020101'],
    ['AAAA', '00'],
    ['MX', '0001'],
    ['MX', '000100ff'],
    ['NS', '0361'],
    ['TXT', '05616263'],
    ['TXT', ''],
    ['TLSA', '030101'],
    ['DS', '00010802'],
    ['NSEC', '000000'],
    ['CAA', '0005697373'],
    ['CAA', '00026922ff'],
    ['RRSIG', '00'],
    ['NSEC3PARAM', '0100000005aa'],
  ])('%s with the malformed RDATA %s is shown as its octets', (type, digits) => {
    const length = digits.length / 2;
    expect(formatRdata(record(type, hex(digits)))).toBe(length === 0 ? '\\# 0' : `\\# ${length} ${digits}`);
  });

  test('a name in a malformed RDATA is not followed out of it', () =>
    expect(formatRdata({ ...record('NS', octetsOf('ns.example')), length: 4 })).toBe('\\# 4 026e7307'));
});

describe('hostile octets', () => {
  test('always give one line of printable ASCII', () => {
    const types = [...Object.values(RRType), 0, 65_535];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 100 }), (type, octets) => {
        expect(formatRdata(record(type, octets))).toMatch(/^[\x20-\x7e]+$/);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('RFC 3597 §5: types and rcodes as text', () => {
  test('every mnemonic, and numbers where there is none', () => {
    for (const [mnemonic, type] of Object.entries(RRType)) {
      expect(formatType(type)).toBe(mnemonic);
      expect(parseType(mnemonic.toLowerCase())).toBe(type);
      expect(parseType(`type${type}`)).toBe(type);
    }
    expect(formatType(65_280)).toBe('TYPE65280');
  });

  test.each(['', 'TYPE', 'TYPE65536', 'TYPE123456', 'TYPE-1', 'TYPE1x', '52', 'toString', '__proto__', 'A '])(
    '%j is no type',
    (text) => expect(parseType(text)).toBeUndefined(),
  );

  test('rcodes', () =>
    expect([0, 3, 16, 23, 11].map(formatRcode)).toEqual([
      'NOERROR',
      'NXDOMAIN',
      'BADVERS',
      'BADCOOKIE',
      'RCODE11',
    ]));
});
