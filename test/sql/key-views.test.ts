/** Keys and certificates over hosts, their validity, and TLS by TLSA outcome: hand-made endpoints, counts by hand. */
import { expect, test } from 'vitest';
import type { HostFacts } from '../../src/survey/facts.ts';
import type { HandshakeFact } from '../../src/survey/probed-facts.ts';
import { certificate, endpoint, host, SEEN_AT, shown, smallCensus } from './small-census.ts';

const DAY = 86_400;
const showing = (...handshakes: readonly HandshakeFact[]): HostFacts['endpoints'] => [
  endpoint('192.0.2.1', { handshakes }),
];
const without = { tlsaOutcome: 'none', tlsaReason: 'tlsa-absent' } as const;
const rsa = { keyAlgorithm: 'rsa', keyBits: 2048 };

const hosts = [
  host('mx1.a.example', { endpoints: showing(shown('c1', 'shared'), shown('c2', 'own', rsa)) }),
  host('mx2.a.example', { endpoints: showing(shown('c1', 'shared')) }),
  // The same key in another certificate, at another provider, without DANE.
  host('mx1.b.example', { ...without, endpoints: showing(shown('c3', 'shared')) }),
  host('mx2.b.example', { ...without, endpoints: showing(shown('c4', 'fourth')) }),
  // Twice at one host: no reuse.
  host('mx1.c.example', {
    endpoints: [
      endpoint('192.0.2.1', { handshakes: [shown('c5', 'fifth')] }),
      endpoint('192.0.2.2', { handshakes: [shown('c5', 'fifth')] }),
    ],
  }),
  host('mx2.c.example', { endpoints: showing(shown('c6', '', { leafSpki: '', keyAlgorithm: '' })) }),
  host('mx3.c.example', { endpoints: [endpoint('192.0.2.1', { verdict: 'unknown' })] }),
];
const certificates = [
  certificate('c1', 'shared', { issuer: 'CN=A' }),
  certificate('c2', 'own', { issuer: 'CN=B', ...rsa }),
  certificate('c3', 'shared', { selfSigned: true, issuer: 'CN=c3' }),
  certificate('c4', 'fourth', { issuer: 'CN=A' }),
  certificate('c5', 'fifth', { issuer: 'CN=A' }),
  certificate('c6', '', {
    spkiSha256: '',
    keyAlgorithm: '',
    keyBits: null,
    issuer: '',
    notBefore: null,
    notAfter: null,
  }),
];
const domains = [
  { name: 'd1.example', hosts: ['mx1.a.example', 'mx2.a.example'], weight: 5 },
  { name: 'd2.example', hosts: ['mx1.b.example'] },
  { name: 'd3.example', hosts: ['mx2.b.example', 'mx1.c.example'], weight: 1 },
];
const stored = () => smallCensus({ hosts, certificates, domains });

test('key_reuse and shared_keys', async () => {
  const { read } = await stored();
  expect(await read('key_reuse')).toEqual([
    {
      size: '1',
      keys: 3,
      keys_share: '0.750000',
      several_providers: 0,
      hosts: 3,
      dane_hosts: 2,
      domains: 2,
      weight: 6,
    },
    {
      size: '3-9',
      keys: 1,
      keys_share: '0.250000',
      several_providers: 1,
      hosts: 3,
      dane_hosts: 2,
      domains: 2,
      weight: 5,
    },
  ]);
  expect(await read('shared_keys')).toMatchObject([
    {
      key_algorithm: 'ec',
      hosts: 3,
      dane_hosts: 2,
      providers: 2,
      provider_names: 'a.example b.example',
      certificates: 2,
      domains: 2,
      weight: 5,
    },
  ]);
  expect(await read('key_reuse', 2)).toEqual([]);
});

test('certificate_reuse, certificate_kinds, certificate_issuers', async () => {
  const { read } = await stored();
  expect(await read('certificate_reuse')).toEqual([
    { size: '1', certificates: 5, certificates_share: '0.833333', several_providers: 0, uses: 5 },
    { size: '2', certificates: 1, certificates_share: '0.166667', several_providers: 0, uses: 2 },
  ]);
  expect(await read('certificate_kinds')).toEqual([
    { tlsa_outcome: 'none', kind: 'issued', certificates: 1, hosts: 1, certificates_share: '0.500000' },
    { tlsa_outcome: 'none', kind: 'self-signed', certificates: 1, hosts: 1, certificates_share: '0.500000' },
    { tlsa_outcome: 'usable', kind: 'issued', certificates: 3, hosts: 3, certificates_share: '1.000000' },
    { tlsa_outcome: 'usable', kind: 'unreadable', certificates: 1, hosts: 1, certificates_share: null },
  ]);
  expect(await read('certificate_issuers')).toMatchObject([
    { issuer: 'CN=A', certificates: 3, hosts: 4, of_hosts: 5, dane_hosts: 3, of_dane_hosts: 3 },
    { issuer: 'CN=B', certificates: 1, hosts: 1, hosts_share: '0.200000', dane_hosts_share: '0.333333' },
    { issuer: 'self-signed', certificates: 1, hosts: 1, dane_hosts: 0, dane_hosts_share: '0.000000' },
  ]);
});

test('tls_by_tlsa_outcome: each endpoint once, by its free choice, in the denominator of its outcome', async () => {
  const { read } = await stored();
  const of = { protocol: 'TLSv1.3', key_bits: 256 };
  expect(await read('tls_by_tlsa_outcome')).toEqual([
    { ...of, tlsa_outcome: 'none', key_algorithm: 'ec', endpoints: 2, of_endpoints: 2, share: '1.000000' },
    { ...of, tlsa_outcome: 'usable', key_algorithm: '', endpoints: 1, of_endpoints: 5, share: '0.200000' },
    { ...of, tlsa_outcome: 'usable', key_algorithm: 'ec', endpoints: 4, of_endpoints: 5, share: '0.800000' },
  ]);
  expect(await read('tls_versions_by_tlsa_outcome')).toMatchObject([
    { tlsa_outcome: 'none', version: 'TLSv1.2', offered: 0, not_looked: 2, least_share: '0.000000' },
    { tlsa_outcome: 'none', version: 'TLSv1.3', offered: 2, endpoints: 2, most_share: '1.000000' },
    { tlsa_outcome: 'usable', version: 'TLSv1.2', not_looked: 6 },
    { tlsa_outcome: 'usable', version: 'TLSv1.3', offered: 6, endpoints: 6 },
  ]);
});

test('RFC 7672 §3.1.1: certificate_expiry counts what DANE-EE authenticates though it has expired, and no failure of it', async () => {
  const matched = { matched: '3 1 1', matchedDepth: 0 };
  const at = (name: string, word: string, change: object, reason: HandshakeFact['reason'] = null) =>
    host(name, {
      endpoints: [endpoint('192.0.2.1', { ...change, handshakes: [shown(word, word, { reason })] })],
    });
  const { read } = await smallCensus({
    hosts: [
      at('mx1.a.example', 'valid', matched),
      at('mx2.a.example', 'expired', matched),
      at('mx3.a.example', 'not yet', matched),
      at('mx4.a.example', 'expired', { verdict: 'failed' }, 'ta-expired'),
      at('mx5.a.example', 'expired', { verdict: 'failed' }, 'tlsa-mismatch'),
      at('mx6.a.example', 'unreadable', { verdict: 'failed' }, 'tlsa-mismatch'),
    ],
    certificates: [
      certificate('valid', 'a', { notAfter: SEEN_AT }),
      certificate('expired', 'b', { notBefore: SEEN_AT - 91 * DAY, notAfter: SEEN_AT - 1 }),
      certificate('not yet', 'c', { notBefore: SEEN_AT + 1, notAfter: SEEN_AT + 399 * DAY }),
      certificate('unreadable', 'd', { notBefore: null, notAfter: null }),
    ],
  });
  expect(await read('certificate_expiry')).toEqual([
    {
      endpoints: 6,
      expired: 3,
      not_yet: 1,
      ee_endpoints: 3,
      ee_expired: 1,
      ee_not_yet: 1,
      ee_hosts: 3,
      ee_hosts_expired: 1,
      ta_failed: 1,
      expired_share: '0.500000',
      ee_expired_share: '0.333333',
      ee_hosts_expired_share: '0.333333',
    },
  ]);
  expect(await read('certificate_lifetimes')).toEqual([
    { tlsa_outcome: 'usable', lifetime: '399 to 825 days', certificates: 1, certificates_share: '0.333333' },
    { tlsa_outcome: 'usable', lifetime: '48 to 100 days', certificates: 1, certificates_share: '0.333333' },
    { tlsa_outcome: 'usable', lifetime: 'unreadable', certificates: 1, certificates_share: null },
    { tlsa_outcome: 'usable', lifetime: 'up to 10 days', certificates: 1, certificates_share: '0.333333' },
  ]);
  expect(await read('certificate_expiry', 2)).toEqual([]);
});
