import { describe, expect, test } from 'vitest';
import { DigestType, DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import { name } from '../../src/dns/name.ts';
import type { Ds } from '../../src/dns/rdata-dnssec.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { validation } from './signed-zone.ts';

/** What becomes of a zone that only this DS record vouches for: `followed` means that its DNSKEY RRset decides. */
function withOnly(algorithm: number, digestType: number): string {
  const ds: Ds = { keyTag: 1, algorithm, digestType, digest: new Uint8Array(32) };
  const verdict = verifyZoneKeys(name('example.'), [ds], undefined, validation());
  if (verdict.status === 'secure') throw new Error('secure without a DNSKEY RRset');
  return verdict.because === 'dnskey-missing' ? 'followed' : `${verdict.status} ${verdict.because}`;
}

const UNSUPPORTED = 'insecure ds-unsupported-algorithm';

/** Algorithm numbers with the registry's column "Implement for DNSSEC Validation" (RFC 9904 §3, RFC 9905 §4, RFC 9906 §4). */
const algorithms: readonly (readonly [string, number, string, string])[] = [
  ['DELETE', 0, 'none', UNSUPPORTED],
  ['RSAMD5', 1, 'MUST NOT', UNSUPPORTED],
  ['DH', 2, 'none', UNSUPPORTED],
  ['DSA', 3, 'MUST NOT', UNSUPPORTED],
  ['RSASHA1', 5, 'MUST', 'followed'],
  ['DSA-NSEC3-SHA1', 6, 'MUST NOT', UNSUPPORTED],
  ['RSASHA1-NSEC3-SHA1', 7, 'MUST', 'followed'],
  ['RSASHA256', 8, 'MUST', 'followed'],
  ['RSASHA512', 10, 'MUST', 'followed'],
  ['ECC-GOST', 12, 'MUST NOT', UNSUPPORTED],
  ['ECDSAP256SHA256', 13, 'MUST', 'followed'],
  ['ECDSAP384SHA384', 14, 'RECOMMENDED', 'followed'],
  ['ED25519', 15, 'RECOMMENDED', 'followed'],
  ['ED448', 16, 'RECOMMENDED', 'followed'],
  ['SM2SM3', 17, 'MAY', UNSUPPORTED],
  ['ECC-GOST12', 23, 'MAY', UNSUPPORTED],
  ['INDIRECT', 252, 'none', UNSUPPORTED],
  ['PRIVATEDNS', 253, 'MAY', UNSUPPORTED],
  ['PRIVATEOID', 254, 'MAY', UNSUPPORTED],
];

describe('RFC 9904 §3, RFC 8624 §3.1, RFC 6840 §5.3: algorithms', () => {
  test.each(algorithms)('%s (%i, %s): %s', (_, number, column, outcome) => {
    expect(withOnly(number, DigestType['SHA-256'])).toBe(outcome);
    if (column === 'MUST' || column === 'RECOMMENDED') expect(outcome).toBe('followed');
    if (column === 'MUST NOT') expect(outcome).toBe(UNSUPPORTED);
  });

  test('every number that is not in the registry is unsupported', () => {
    const named = new Set(algorithms.map(([, number]) => number));
    for (let number = 0; number < 256; number++) {
      if (!named.has(number)) expect(withOnly(number, DigestType['SHA-256'])).toBe(UNSUPPORTED);
    }
  });

  test('the constants are the registry’s', () => {
    const numbers = new Map(algorithms.map(([mnemonic, number]) => [mnemonic, number]));
    for (const [mnemonic, number] of Object.entries(DnssecAlgorithm)) {
      expect([mnemonic, numbers.get(mnemonic)]).toEqual([mnemonic, number]);
    }
  });
});

const UNKNOWN_DIGEST = 'insecure ds-unsupported-digest';

/** Digest types with the registry's column "Implement for DNSSEC Validation" (RFC 9904 §4, RFC 9906 §4). */
const digests: readonly (readonly [string, number, string, string])[] = [
  ['NULL', 0, 'MUST NOT', UNKNOWN_DIGEST],
  ['SHA-1', 1, 'MUST', 'followed'],
  ['SHA-256', 2, 'MUST', 'followed'],
  ['GOST R 34.11-94', 3, 'MUST NOT', UNKNOWN_DIGEST],
  ['SHA-384', 4, 'RECOMMENDED', 'followed'],
  ['GOST R 34.11-2012', 5, 'MAY', UNKNOWN_DIGEST],
  ['SM3', 6, 'MAY', UNKNOWN_DIGEST],
];

describe('RFC 9904 §4, RFC 8624 §3.3: digests of DS records', () => {
  test.each(digests)('%s (%i, %s): %s', (_, number, column, outcome) => {
    expect(withOnly(DnssecAlgorithm.ECDSAP256SHA256, number)).toBe(outcome);
    if (column === 'MUST' || column === 'RECOMMENDED') expect(outcome).toBe('followed');
    if (column === 'MUST NOT') expect(outcome).toBe(UNKNOWN_DIGEST);
  });

  test('every number that is not in the registry is unsupported', () => {
    for (let number = digests.length; number < 256; number++) {
      expect(withOnly(DnssecAlgorithm.ECDSAP256SHA256, number)).toBe(UNKNOWN_DIGEST);
    }
  });

  test('the constants are the registry’s', () => {
    const numbers = new Map(digests.map(([mnemonic, number]) => [mnemonic, number]));
    for (const [mnemonic, number] of Object.entries(DigestType)) {
      expect([mnemonic, numbers.get(mnemonic)]).toEqual([mnemonic, number]);
    }
  });
});
