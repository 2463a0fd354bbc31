import { describe, expect, test } from 'vitest';
import { dnssecReasons } from '../../src/base/reasons/dnssec.ts';
import { lookupReasons } from '../../src/base/reasons/lookup.ts';
import type { Reason } from '../../src/base/reasons/reason.ts';

/** IANA "Extended DNS Error Codes", those that a reason can have, as of 2026-06; section numbers are RFC 8914's where it has one. */
const codes = {
  'other (§4.1)': 0,
  'unsupported DNSKEY algorithm (§4.2)': 1,
  'unsupported DS digest type (§4.3)': 2,
  'DNSSEC indeterminate (§4.6)': 5,
  'DNSSEC bogus (§4.7)': 6,
  'signature expired (§4.8)': 7,
  'signature not yet valid (§4.9)': 8,
  'DNSKEY missing (§4.10)': 9,
  'RRSIGs missing (§4.11)': 10,
  'no zone key bit set (§4.12)': 11,
  'NSEC missing (§4.13)': 12,
  'no reachable authority (§4.23)': 22,
  'network error (§4.24)': 23,
  'signature expired before valid (IANA)': 25,
  'unsupported NSEC3 iterations value (IANA)': 27,
} as const;

const expected: readonly (readonly [keyof typeof codes | null, ...string[]])[] = [
  [null, 'insecure-delegation', 'insecure-delegation-listed', 'insecure-opt-out'],
  ['unsupported DNSKEY algorithm (§4.2)', 'ds-unsupported-algorithm', 'rrsig-unsupported-algorithm'],
  ['unsupported DS digest type (§4.3)', 'ds-unsupported-digest'],
  ['DNSSEC indeterminate (§4.6)', 'no-trust-anchor'],
  [
    'DNSSEC bogus (§4.7)',
    'rrsig-wrong-signer',
    'rrsig-labels',
    'signature-invalid',
    'denial-contradicts',
    'signature-budget-spent',
    'signatures-too-many',
    'key-collisions-too-many',
    'denial-records-too-many',
  ],
  ['signature expired (§4.8)', 'rrsig-expired'],
  ['signature not yet valid (§4.9)', 'rrsig-not-yet-valid'],
  [
    'DNSKEY missing (§4.10)',
    'dnskey-missing',
    'dnskey-no-ds-match',
    'anchor-no-match',
    'rrsig-no-key',
    'dnskeys-too-many',
    'ds-digest-budget-spent',
  ],
  ['RRSIGs missing (§4.11)', 'rrsig-missing'],
  ['no zone key bit set (§4.12)', 'dnskey-no-zone-key'],
  ['NSEC missing (§4.13)', 'denial-missing', 'denial-incomplete', 'ds-denial-missing', 'wildcard-unproven'],
  ['signature expired before valid (IANA)', 'rrsig-expired-before-valid'],
  [
    'no reachable authority (§4.23)',
    'timeout',
    'refused',
    'notimp',
    'formerr',
    'lame',
    'malformed-reply',
    'tcp-failed',
    'no-name-server-address',
    'referral-loop',
    'referrals-too-many',
    'name-server-loop',
    'name-server-depth',
    'server-name-budget-spent',
    'query-budget-spent',
    'reply-octets-budget-spent',
    'time-budget-spent',
  ],
  ['network error (§4.24)', 'servfail'],
  ['other (§4.1)', 'dname-too-long'],
  ['unsupported NSEC3 iterations value (IANA)', 'nsec3-hash-budget-spent'],
];

const all: Record<string, Reason> = { ...dnssecReasons, ...lookupReasons };

describe('RFC 8914 §4: the extended error of each reason', () => {
  test.each(expected.flatMap(([code, ...keys]) => keys.map((key) => [key, code] as const)))(
    '%s: %s',
    (key, code) => {
      expect(all[key]?.ede ?? null).toBe(code === null ? null : codes[code]);
    },
  );

  test('RFC 9276 §3.2: unsupported NSEC3 iterations value', () => {
    const codesOf = Object.entries(all).filter(([key]) => key.startsWith('nsec3-iterations-'));
    expect(new Set(codesOf.map(([, { ede }]) => ede))).toEqual(new Set([27]));
  });

  test('no reason of validation is left out', () => {
    const named = expected.flatMap(([, ...keys]) => keys);
    expect(
      Object.keys(dnssecReasons).filter(
        (key) => !key.startsWith('nsec3-iterations-') && !named.includes(key),
      ),
    ).toEqual([]);
  });
});
