import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromBase64, fromHex, toHex } from '../../src/base/bytes.ts';
import { canonicalRdata, signedData, signedOwner, uncompressedRdata } from '../../src/dns/canonical.ts';
import { readMessage } from '../../src/dns/message.ts';
import { name, nameToBytes } from '../../src/dns/name.ts';
import { rdataOctets } from '../../src/dns/rdata.ts';
import { readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, plain, record, rrsigRdata, u16, u32 } from './samples.ts';

/** "Up.lo" with its case kept. */
const mixed = Buffer.from('\x02Up\x02lo\0', 'latin1');
const folded = octetsOf('up.lo');

describe('RFC 4034 §6.2, RFC 6840 §5.1: canonical RDATA', () => {
  const text = (plainText: string) => octetsOf(plainText.length, Buffer.from(plainText));
  const numbers = Buffer.alloc(20, 0x41);
  const naptr = octetsOf(u16(1), u16(2), text('U'), text('E2U'), text('!^.*$!SIP!'));
  const signature = Buffer.from('SIGNATURE');
  const rrsig = rrsigRdata(RRType.A, 2, '.').subarray(0, 18);

  test.each<[string, number, Uint8Array, Uint8Array]>([
    ['NS', RRType.NS, mixed, folded],
    ['MD', 3, mixed, folded],
    ['CNAME', RRType.CNAME, mixed, folded],
    ['SOA', RRType.SOA, octetsOf(mixed, mixed, numbers), octetsOf(folded, folded, numbers)],
    ['PTR', RRType.PTR, mixed, folded],
    ['MINFO', 14, octetsOf(mixed, mixed), octetsOf(folded, folded)],
    ['MX', RRType.MX, octetsOf(u16(0x4141), mixed), octetsOf(u16(0x4141), folded)],
    ['RP', RRType.RP, octetsOf(mixed, mixed), octetsOf(folded, folded)],
    ['AFSDB', RRType.AFSDB, octetsOf(u16(1), mixed), octetsOf(u16(1), folded)],
    ['SRV', RRType.SRV, octetsOf(numbers.subarray(14), mixed), octetsOf(numbers.subarray(14), folded)],
    ['NAPTR', RRType.NAPTR, octetsOf(naptr, mixed), octetsOf(naptr, folded)],
    ['KX', RRType.KX, octetsOf(u16(1), mixed), octetsOf(u16(1), folded)],
    ['DNAME', RRType.DNAME, mixed, folded],
    ['RRSIG', RRType.RRSIG, octetsOf(rrsig, mixed, signature), octetsOf(rrsig, folded, signature)],
    [
      'NSEC keeps its case (RFC 6840 §5.1)',
      RRType.NSEC,
      octetsOf(mixed, 0, 1, 0x40),
      octetsOf(mixed, 0, 1, 0x40),
    ],
    ['TXT', RRType.TXT, text('ABC'), text('ABC')],
    ['TLSA', RRType.TLSA, octetsOf(3, 1, 1, mixed), octetsOf(3, 1, 1, mixed)],
    ['SVCB (RFC 9460 §2.2)', RRType.SVCB, octetsOf(u16(1), mixed), octetsOf(u16(1), mixed)],
    ['an unknown type (RFC 3597 §7)', 65_280, mixed, mixed],
  ])('%s', (_, type, rdata, canonical) => {
    expect(toHex(canonicalRdata(record(type, rdata)))).toBe(toHex(canonical));
    expect(toHex(uncompressedRdata(record(type, rdata)))).toBe(toHex(rdata));
  });

  test.each<[string, number, Uint8Array]>([
    ['a name without end', RRType.NS, Buffer.from('\x02UP', 'latin1')],
    ['octets behind the name', RRType.NS, octetsOf(mixed, 1)],
    ['no room for the numbers', RRType.SOA, octetsOf(mixed, mixed, 1, 2, 3)],
    ['a character string that is too long', RRType.NAPTR, octetsOf(u16(1), u16(2), 200, mixed)],
    ['nothing', RRType.MX, Buffer.alloc(0)],
  ])('malformed RDATA stands as it is: %s', (_, type, rdata) =>
    expect(toHex(canonicalRdata(record(type, rdata)))).toBe(toHex(rdata)),
  );

  test('RFC 3597 §4: compressed names are unfolded', () => {
    const header = octetsOf(u16(1), u16(0x8400), u16(1), u16(1), u16(0), u16(0));
    const question = octetsOf(Buffer.from('\x02Up\x02lo\0', 'latin1'), u16(RRType.MX), u16(1));
    const answer = octetsOf(
      u16(0xc00c),
      u16(RRType.MX),
      u16(1),
      u32(60),
      u16(7),
      u16(5),
      2,
      Buffer.from('MX'),
      u16(0xc00c),
    );
    const rr = readMessage(octetsOf(header, question, answer))!.answer[0]!;
    expect(rdataOctets(rr)).toHaveLength(7);
    expect(Buffer.from(uncompressedRdata(rr)).toString('latin1')).toBe('\0\x05\x02MX\x02Up\x02lo\0');
    expect(Buffer.from(canonicalRdata(rr)).toString('latin1')).toBe('\0\x05\x02mx\x02up\x02lo\0');
  });
});

describe('RFC 4035 §5.3.2: the owner that was signed', () => {
  test.each([
    ['a.b.example', 3, 'a.b.example'],
    ['a.b.example', 2, '*.b.example'],
    ['a.b.example', 1, '*.example'],
    ['a.b.example', 0, '*'],
    ['*.example', 1, '*.example'],
    ['*.example', 0, '*'],
    ['a.*.example', 3, 'a.*.example'],
    ['.', 0, '.'],
  ])('%s with Labels %i: %s', (owner, labels, signed) =>
    expect(signedOwner(name(owner), labels)).toBe(name(signed)),
  );
});

describe('RFC 4034 §3.1.8.1, §6.3: the octets that a signature covers', () => {
  const mx = (owner: string, preference: number, ttl = 9) =>
    recordOf(plain(owner, 'MX', octetsOf(u16(preference), mixed), ttl));
  const signed = (labels: number, records: ReturnType<typeof mx>[], signer = 'Example') => {
    const rr = record('RRSIG', rrsigRdata(RRType.MX, labels, signer, 3600));
    return toHex(signedData(readRrsig(rr)!, rr, records));
  };
  const head = toHex(rrsigRdata(RRType.MX, 1, 'example', 3600).subarray(0, 18));
  const one = (owner: string, preference: number) =>
    toHex(octetsOf(owner, u16(RRType.MX), u16(1), u32(3600), u16(9), u16(preference), folded));

  test('signer in lower case, original TTL, canonical RDATA', () =>
    expect(signed(1, [mx('example', 10)])).toBe(
      head + toHex(nameToBytes(name('example'))) + one('example', 10),
    ));

  test('records in the order of their RDATA, duplicates once', () => {
    const expected =
      head + toHex(octetsOf('example')) + one('example', 1) + one('example', 10) + one('example', 256);
    expect(signed(1, [mx('example', 256), mx('example', 10), mx('example', 1), mx('example', 10, 77)])).toBe(
      expected,
    );
  });

  test('an RRset from a wildcard is signed at the wildcard', () =>
    expect(signed(1, [mx('a.b.example', 10)])).toBe(
      head + toHex(octetsOf('example')) + one('*.example', 10),
    ));

  test.each([
    [
      'RFC 8080 §6.1 (erratum 4935)',
      'l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
      3613,
      'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
    ],
    [
      'RFC 8080 §6.1, second (erratum 4935)',
      'zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=',
      35217,
      'zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==',
    ],
  ])('%s: the example verifies', (_, publicKey, keyTag, signature) => {
    const rdata = octetsOf(
      u16(RRType.MX),
      15,
      2,
      u32(3600),
      u32(1_440_021_600),
      u32(1_438_207_200),
      u16(keyTag),
      'example.com',
      fromBase64(signature)!,
    );
    const rr = record('RRSIG', rdata);
    const rrset = [recordOf(plain('example.com', 'MX', octetsOf(u16(10), 'mail.example.com'), 1))];
    const x = fromBase64(publicKey)!;
    const key = createPublicKey({
      key: Buffer.concat([fromHex('302a300506032b6570032100')!, x]),
      format: 'der',
      type: 'spki',
    });
    const rrsig = readRrsig(rr)!;
    expect(verify(null, signedData(rrsig, rr, rrset), key, rrsig.signature)).toBe(true);
  });
});
