import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import type { ResourceRecord } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import {
  rdataName,
  rdataOctets,
  readA,
  readAaaa,
  readMx,
  readSoa,
  readTarget,
  readTxt,
} from '../../src/dns/rdata.ts';
import { readDnskey, readDs, readNsec, readNsec3, readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, record, rrsigRdata, u16, u32 } from './samples.ts';

const soa = octetsOf('NS.example', 'Host.example', u32(1), u32(2), u32(3), u32(4), u32(0xffff_ffff));
/** A type bit map with A in it. */
const a = Buffer.from('000140', 'hex');
const nsec3 = octetsOf(1, 1, u16(10), 2, Buffer.from('aabb', 'hex'), 20, Buffer.alloc(20, 5), a);

type Reader = (record: ResourceRecord) => unknown;
interface Good {
  readonly type: keyof typeof RRType;
  readonly read: Reader;
  readonly rdata: Buffer;
  readonly value: unknown;
  /** Shorter RDATA that is good as well, with octets left out at its end. */
  readonly alsoGood: (length: number) => boolean;
  /** Whether octets behind the last field belong to it. */
  readonly openEnded: boolean;
}

const never = () => false;

const goods: Good[] = [
  {
    type: 'A',
    read: readA,
    rdata: octetsOf(192, 0, 2, 255),
    value: '192.0.2.255',
    alsoGood: never,
    openEnded: false,
  },
  {
    type: 'AAAA',
    read: readAaaa,
    rdata: octetsOf(u16(0x2001), u16(0xdb8), Buffer.alloc(11), 1),
    value: '2001:db8::1',
    alsoGood: never,
    openEnded: false,
  },
  {
    type: 'NS',
    read: readTarget,
    rdata: octetsOf('Ns.Example'),
    value: name('ns.example'),
    alsoGood: never,
    openEnded: false,
  },
  {
    type: 'MX',
    read: readMx,
    rdata: octetsOf(u16(513), 'MX.example'),
    value: { preference: 513, exchange: name('mx.example') },
    alsoGood: never,
    openEnded: false,
  },
  {
    type: 'SOA',
    read: readSoa,
    rdata: soa,
    value: {
      mname: name('ns.example'),
      rname: name('host.example'),
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 4_294_967_295,
    },
    alsoGood: never,
    openEnded: false,
  },
  {
    type: 'TXT',
    read: readTxt,
    rdata: octetsOf(2, Buffer.from('ab'), 0, 1, 0xff),
    value: 'ab\xff',
    alsoGood: (length) => length === 3 || length === 4,
    openEnded: true,
  },
  {
    type: 'DS',
    read: readDs,
    rdata: octetsOf(u16(60_485), 5, 1, 0xab, 0xcd),
    value: { keyTag: 60_485, algorithm: 5, digestType: 1, digest: Buffer.from('abcd', 'hex') },
    alsoGood: (length) => length === 5,
    openEnded: true,
  },
  {
    type: 'DNSKEY',
    read: readDnskey,
    rdata: octetsOf(u16(257), 3, 13, 1, 2),
    value: { flags: 257, protocol: 3, algorithm: 13, publicKey: Buffer.from([1, 2]) },
    alsoGood: (length) => length === 5,
    openEnded: true,
  },
  {
    type: 'NSEC',
    read: readNsec,
    rdata: octetsOf('B.example', a),
    value: { next: name('b.example') },
    alsoGood: (length) => length === 11,
    openEnded: false,
  },
  {
    type: 'NSEC3',
    read: readNsec3,
    rdata: nsec3,
    value: {
      hashAlgorithm: 1,
      flags: 1,
      iterations: 10,
      salt: Buffer.from('aabb', 'hex'),
      nextHashed: Buffer.alloc(20, 5),
    },
    alsoGood: (length) => length === nsec3.length - 3,
    openEnded: false,
  },
  {
    type: 'RRSIG',
    read: readRrsig,
    rdata: rrsigRdata(RRType.MX, 2, 'Example.com', 3600),
    value: {
      typeCovered: RRType.MX,
      algorithm: 13,
      labels: 2,
      originalTtl: 3600,
      expiration: 1_440_021_600,
      inception: 1_438_207_200,
      keyTag: 4711,
      signer: name('example.com'),
      signatureAt: 31,
      signature: Buffer.alloc(64, 7),
    },
    alsoGood: (length) => length > 31,
    openEnded: true,
  },
];

describe.each(goods)('$type', ({ type, read, rdata, value, alsoGood, openEnded }) => {
  test('is read', () => {
    const got = read(record(type, rdata));
    if (typeof value === 'object') expect(got).toMatchObject(value as object);
    else expect(got).toBe(value);
  });

  test('too short is refused at every length', () => {
    for (let length = 0; length < rdata.length; length++) {
      // What follows in the message would complete the RDATA: only RDLENGTH says that it does not belong to it.
      const cut = { ...record(type, rdata), length };
      expect(read(cut) !== undefined, `${length} octets`).toBe(alsoGood(length));
    }
  });

  test('trailing octets are refused unless the last field is open', () =>
    expect(read(record(type, Buffer.concat([rdata, Buffer.from([0])]))) !== undefined).toBe(openEnded));

  test('any RDATA is read or undefined', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        read(record(type, octets));
      }),
    ));
});

describe('names in RDATA', () => {
  test('that leave RDLENGTH are refused', () => {
    const rr = record('NS', octetsOf('ns.example'));
    expect(rdataName({ ...rr, length: rr.length - 1 }, 0)).toBeUndefined();
    expect(rdataName(rr, rr.length)).toBeUndefined();
  });

  test('keep their case and say where they end', () =>
    expect(rdataName(record('MX', octetsOf(u16(1), Buffer.from('\x01A\0', 'latin1'), 9)), 2)).toEqual({
      octets: '\x01A\0',
      end: 5,
    }));

  test('cannot point forwards in RDATA that stands apart', () =>
    expect(readTarget(record('NS', octetsOf(0xc0, 2, 'ns.example')))).toBeUndefined());
});

describe('DNSSEC RDATA, rules of single fields', () => {
  test('RFC 5155 §3.2: no hash of length 0', () =>
    expect(readNsec3(record('NSEC3', octetsOf(1, 0, u16(0), 0, 0, a)))).toBeUndefined());

  test('RFC 5155 §3.2: a salt or hash longer than the RDATA', () => {
    expect(readNsec3(record('NSEC3', octetsOf(1, 0, u16(0), 255, Buffer.alloc(30))))).toBeUndefined();
    expect(readNsec3(record('NSEC3', octetsOf(1, 0, u16(0), 0, 21, Buffer.alloc(20))))).toBeUndefined();
  });

  test('RFC 5155 §3.2: 255 octets of salt, no types', () => {
    const read = readNsec3(record('NSEC3', octetsOf(1, 0, u16(65_535), 255, Buffer.alloc(255, 1), 1, 9)))!;
    expect(read).toMatchObject({ iterations: 65_535, nextHashed: Buffer.from([9]) });
    expect(toHex(read.salt)).toBe('01'.repeat(255));
    expect(read.types.list()).toEqual([]);
  });

  test('RFC 4034 §3.1: times and key tag have all their bits', () => {
    const rdata = rrsigRdata(RRType.A, 0, '.');
    rdata.fill(0xff, 4, 18);
    expect(readRrsig(record('RRSIG', rdata))).toMatchObject({
      originalTtl: 4_294_967_295,
      expiration: 4_294_967_295,
      inception: 4_294_967_295,
      keyTag: 65_535,
      signer: '\0',
    });
  });
});

describe('RFC 5952 §4: IPv6 addresses', () => {
  test.each([
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000000000000000000000', '2001:db8::'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['000100020003000400050006000700ab', '1:2:3:4:5:6:7:ab'],
    ['00000000000000010000000000000000', '0:0:0:1::'],
  ])('%s is %s', (hex, text) => expect(readAaaa(record('AAAA', Buffer.from(hex, 'hex')))).toBe(text));
});

test('RFC 1035 §3.2.1: RDATA is read whole, whichever record of a list it is', () => {
  const octets = Buffer.from('03010100ff', 'hex');
  const records = [record('TLSA', octets), record('TLSA', octets), record('TLSA', octets)];
  expect(records.map(rdataOctets).map(toHex)).toEqual(Array(3).fill('03010100ff'));
});
