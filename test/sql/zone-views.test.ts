/** DNSSEC of the zones that hold the domains: hand-made zones, shares of signed zones by hand. */
import { expect, test } from 'vitest';
import type { DomainFacts, ZoneFact } from '../../src/survey/facts.ts';
import { type SmallDomain, smallCensus } from './small-census.ts';

const secure: ZoneFact = {
  apex: '',
  security: 'secure',
  reason: null,
  dsAlgorithms: [13],
  dsDigestTypes: [2],
  dnskeyAlgorithms: [13],
  denial: 'nsec',
  nsec3Iterations: null,
  nsec3OptOut: null,
  nameServers: [],
};
const nsec3 = { denial: 'nsec3', nsec3Iterations: 0, nsec3OptOut: false } as const;
const notSeen = { denial: null } as const;
const unsigned: Partial<ZoneFact> = {
  security: 'insecure',
  reason: 'insecure-delegation',
  dsAlgorithms: [],
  dsDigestTypes: [],
  dnskeyAlgorithms: [],
  ...notSeen,
};
const domain = (
  name: string,
  zone: Partial<ZoneFact> | null,
  facts: Partial<DomainFacts> = {},
): SmallDomain => ({
  name,
  hosts: [],
  facts: { zone: zone === null ? null : { ...secure, apex: name, ...zone }, ...facts },
});
const nxdomain: Partial<DomainFacts> = {
  mail: 'none',
  mx: { outcome: 'nxdomain', status: 'secure', reason: null, rcode: 'NXDOMAIN', ttl: null },
};

const domains = [
  domain('a.example', {}),
  // One zone, seen twice: the second time with its way of denial.
  domain('b.example', { ...nsec3, ...notSeen }),
  domain('mail.b.example', { apex: 'b.example', ...nsec3, nsec3Iterations: 10, nsec3OptOut: true }),
  domain('c.example', {
    ...nsec3,
    dsAlgorithms: [5],
    dnskeyAlgorithms: [5],
    dsDigestTypes: [1],
  }),
  domain('d.example', {
    ...notSeen,
    dsAlgorithms: [8, 13],
    dnskeyAlgorithms: [7, 8, 13],
    dsDigestTypes: [1, 2],
  }),
  domain('e.example', unsigned),
  domain('f.example', { security: 'bogus', reason: 'rrsig-expired', dnskeyAlgorithms: [], ...notSeen }),
  domain('g.example', {
    security: 'indeterminate',
    reason: 'timeout',
    dsAlgorithms: [],
    dsDigestTypes: [],
    dnskeyAlgorithms: [],
    ...notSeen,
  }),
  domain('h.example', {
    security: 'insecure',
    reason: 'ds-unsupported-algorithm',
    dsAlgorithms: [12],
    dsDigestTypes: [3],
    dnskeyAlgorithms: [],
    ...notSeen,
  }),
  // The zone of a name that does not exist is another's.
  domain('gone.example', { apex: 'example', dnskeyAlgorithms: [8] }, nxdomain),
  domain('forwarded.example', null),
];

test('zone_security: zones, not domains; indeterminate has no share', async () => {
  const { read } = await smallCensus({ domains });
  expect(await read('zone_security')).toMatchObject([
    { status: 'bogus', reason: 'rrsig-expired', zones: 1, domains: 1, zones_share: '0.142857' },
    { status: 'indeterminate', reason: 'timeout', zones: 1, zones_share: null },
    { status: 'insecure', reason: 'ds-unsupported-algorithm', zones: 1, zones_share: '0.142857' },
    { status: 'insecure', reason: 'insecure-delegation', zones: 1, zones_share: '0.142857' },
    { status: 'secure', reason: null, zones: 4, domains: 5, zones_share: '0.571429' },
  ]);
});

test('RFC 9904 §3: dnssec_algorithms, DS of every zone that has one, keys of secure ones', async () => {
  const { read } = await smallCensus({ domains });
  const rows = (await read('dnssec_algorithms')) as Record<string, unknown>[];
  expect(
    rows.map(({ record, algorithm, advice, zones, alone, of_zones }) => [
      record,
      algorithm,
      advice,
      zones,
      alone,
      of_zones,
    ]),
  ).toEqual([
    ['DNSKEY', 5, 'must-not', 1, 1, 4],
    ['DNSKEY', 7, 'must-not', 1, 0, 4],
    ['DNSKEY', 8, 'recommended', 1, 0, 4],
    ['DNSKEY', 13, 'recommended', 3, 2, 4],
    ['DS', 5, 'must-not', 1, 1, 6],
    ['DS', 8, 'recommended', 1, 0, 6],
    ['DS', 12, 'must-not', 1, 1, 6],
    ['DS', 13, 'recommended', 4, 3, 6],
  ]);
  expect(rows[3]).toMatchObject({ mnemonic: 'ECDSAP256SHA256', domains: 4, zones_share: '0.750000' });
  expect(await read('dnssec_algorithm_mixtures')).toMatchObject([
    { ds_algorithms: '13', dnskey_algorithms: '13', zones: 2, domains: 3, zones_share: '0.500000' },
    { ds_algorithms: '5', dnskey_algorithms: '5', zones: 1 },
    { ds_algorithms: '8 13', dnskey_algorithms: '7 8 13', zones: 1 },
  ]);
  expect(await read('ds_digest_types')).toMatchObject([
    { digest_type: 1, mnemonic: 'SHA-1', zones: 2, alone: 1, of_zones: 6, zones_share: '0.333333' },
    { digest_type: 2, mnemonic: 'SHA-256', zones: 4, alone: 3 },
    { digest_type: 3, zones: 1 },
  ]);
});

test('RFC 9276 §3.1: denial_of_existence and dnssec_practice; zones whose denial was not seen are in no share of it', async () => {
  const { read } = await smallCensus({ domains });
  expect(await read('denial_of_existence')).toEqual([
    { denial: 'nsec', iterations: null, opt_out: null, zones: 1, domains: 1, zones_share: '0.333333' },
    { denial: 'nsec3', iterations: 0, opt_out: false, zones: 1, domains: 1, zones_share: '0.333333' },
    { denial: 'nsec3', iterations: 10, opt_out: true, zones: 1, domains: 2, zones_share: '0.333333' },
    { denial: null, iterations: null, opt_out: null, zones: 1, domains: 1, zones_share: null },
  ]);
  expect(await read('dnssec_practice')).toEqual([
    {
      zones: 8,
      secure_zones: 4,
      sha1_algorithm: 2,
      only_deprecated: 1,
      ds_zones: 6,
      sha1_digest: 2,
      sha1_digest_only: 1,
      nsec: 1,
      nsec3: 2,
      denial_not_seen: 1,
      iterated: 1,
      opt_out: 1,
      sha1_algorithm_share: '0.500000',
      sha1_digest_share: '0.333333',
      nsec3_share: '0.666667',
      iterated_share: '0.500000',
      opt_out_share: '0.500000',
    },
  ]);
  expect(await read('dnssec_practice', 2)).toEqual([]);
  const nobody = await smallCensus({ domains: [domain('e.example', unsigned)] });
  expect(await nobody.read('dnssec_practice')).toMatchObject([
    { secure_zones: 0, sha1_algorithm_share: null, sha1_digest_share: null, nsec3_share: null },
  ]);
});
