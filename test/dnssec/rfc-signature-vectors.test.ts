import { describe, expect, test } from 'vitest';
import { DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { findRRset } from '../../src/dns/rrset.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { isSupportedAlgorithm } from '../../src/dnssec/algorithms.ts';
import { DnskeyEntry } from '../../src/dnssec/dnskey-entry.ts';
import { verifyRRset } from '../../src/dnssec/rrset-signature.ts';
import { AT, SignedZone, validation } from './signed-zone.ts';

/** `rrsig` has the fields of the record; times as YYYYMMDDHHmmSS or seconds, as the RFC writes them. */
const vectors = [
  {
    rfc: 'RFC 5702 §6.1, RSA/SHA-256',
    key: 'example.net. DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
    data: 'www.example.net. 3600 A 192.0.2.91',
    fields: [8, 3, '20300101000000', '20000101000000', 9033, 'example.net'],
    signature: 'kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==',
  },
  {
    rfc: 'RFC 5702 §6.2, RSA/SHA-512',
    key: 'example.net. DNSKEY 256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL',
    data: 'www.example.net. 3600 A 192.0.2.91',
    fields: [10, 3, '20300101000000', '20000101000000', 3740, 'example.net'],
    signature:
      'tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=',
  },
  {
    rfc: 'RFC 6605 §6.1, ECDSA P-256',
    key: 'example.net. DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==',
    data: 'www.example.net. 3600 A 192.0.2.1',
    fields: [13, 3, '20100909100439', '20100812100439', 55648, 'example.net'],
    signature: 'qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
  },
  {
    rfc: 'RFC 6605 §6.2, ECDSA P-384',
    key: 'example.net. DNSKEY 257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40',
    data: 'www.example.net. 3600 A 192.0.2.1',
    fields: [14, 3, '20100909102025', '20100812102025', 10771, 'example.net'],
    signature:
      '/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm',
  },
  {
    rfc: 'RFC 8080 §6.1, Ed25519',
    key: 'example.com. DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
    data: 'example.com. 3600 MX 10 mail.example.com.',
    fields: [15, 2, 1440021600, 1438207200, 3613, 'example.com'],
    signature: 'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
  },
  {
    rfc: 'RFC 8080 §6.1, Ed25519, second key',
    key: 'example.com. DNSKEY 257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=',
    data: 'example.com. 3600 MX 10 mail.example.com.',
    fields: [15, 2, 1440021600, 1438207200, 35217, 'example.com'],
    signature: 'zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==',
  },
  {
    rfc: 'RFC 8080 §6.2, Ed448',
    key: 'example.com. DNSKEY 257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA',
    data: 'example.com. 3600 MX 10 mail.example.com.',
    fields: [16, 2, 1440021600, 1438207200, 9713, 'example.com'],
    signature:
      '3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA',
  },
  {
    rfc: 'RFC 8080 §6.2, Ed448, second key',
    key: 'example.com. DNSKEY 257 3 16 kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA',
    data: 'example.com. 3600 MX 10 mail.example.com.',
    fields: [16, 2, 1440021600, 1438207200, 38353, 'example.com'],
    signature:
      'E1/oLjSGIbmLny/4fcgM1z4oL6aqo+izT3urCyHyvEp4Sp8Syg1eI+lJ57CSnZqjJP41O/9l4m0AsQ4f7qI1gVnML8vWWiyW2KXhT9kuAICUSxv5OWbf81Rq7Yu60npabODB0QFPb/rkW3kUZmQ0YQUA',
  },
] as const;

function seconds(time: string | number): number {
  if (typeof time === 'number') return time;
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time)!.map(Number);
  return Date.UTC(y!, mo! - 1, d!, h!, mi!, s!) / 1000;
}

function one(text: string): PlainRecord {
  return parseZoneFile([text], 'vector').next().value as PlainRecord;
}

function rrsigOf({ data, fields, signature }: (typeof vectors)[number]): PlainRecord {
  const covered = one(data);
  const [algorithm, labels, expiration, inception, tag, signer] = fields;
  const head = Buffer.alloc(18);
  head.writeUInt16BE(covered.type, 0);
  head[2] = algorithm;
  head[3] = labels;
  head.writeUInt32BE(covered.ttl, 4);
  head.writeUInt32BE(seconds(expiration), 8);
  head.writeUInt32BE(seconds(inception), 12);
  head.writeUInt16BE(tag, 16);
  const rdata = Buffer.concat([head, nameToBytes(name(signer)), Buffer.from(signature, 'base64')]);
  return { name: covered.name, type: RRType.RRSIG, ttl: covered.ttl, rdata };
}

function judge(vector: (typeof vectors)[number], key: PlainRecord, rrsig: PlainRecord, at: number) {
  const covered = one(vector.data);
  const rrset = findRRset([recordOf(covered), recordOf(rrsig)], covered.name, covered.type)!;
  const apex: Name = name(vector.fields[5]);
  return verifyRRset(rrset, { apex, entries: [DnskeyEntry.of(recordOf(key))!] }, validation({ at }));
}

describe.each(vectors)('$rfc', (vector) => {
  const rrsig = rrsigOf(vector);
  const at = seconds(vector.fields[3]) + 1;

  test('key tag', () => {
    expect(DnskeyEntry.of(recordOf(one(vector.key)))!.keyTag).toBe(vector.fields[4]);
    expect(readRrsig(recordOf(rrsig))!.keyTag).toBe(vector.fields[4]);
  });

  test('the signature verifies', () => {
    expect(judge(vector, one(vector.key), rrsig, at)).toMatchObject({ status: 'secure', until: at + 3600 });
  });

  test('no octet of it can be changed', () => {
    const from = rrsig.rdata.length - Buffer.from(vector.signature, 'base64').length;
    for (let i = from; i < rrsig.rdata.length; i += 7) {
      const rdata = Buffer.from(rrsig.rdata);
      rdata[i]! ^= 0x10;
      expect(judge(vector, one(vector.key), { ...rrsig, rdata }, at)).toMatchObject({
        status: 'bogus',
        because: 'signature-invalid',
      });
    }
  });

  test('nor is it valid a second too long', () => {
    const last = seconds(vector.fields[2]);
    expect(judge(vector, one(vector.key), rrsig, last)).toMatchObject({ status: 'secure', until: last });
    expect(judge(vector, one(vector.key), rrsig, last + 1)).toMatchObject({ because: 'rrsig-expired' });
  });
});

describe('RFC 8624 §3.1: each supported algorithm signs and verifies', () => {
  const supported = Object.entries(DnssecAlgorithm).filter(([, number]) => isSupportedAlgorithm(number));
  test.each(supported)('%s', (_, algorithm) => {
    const zone = new SignedZone('example.', 'mail A 192.0.2.1', { algorithm });
    const section = zone.signed('mail.example.', RRType.A).map(recordOf);
    const rrset = findRRset(section, name('mail.example.'), RRType.A)!;
    expect(verifyRRset(rrset, zone.keys(), validation())).toEqual({
      status: 'secure',
      encloser: undefined,
      until: AT + 3600,
    });
  });
});
