/** TLSA records as published, their TTL, and the SOA of their zones: hand-made hosts, counts and denominators by hand. */
import { expect, test } from 'vitest';
import type { HostFacts } from '../../src/survey/facts.ts';
import { atLeaf, host, smallCensus, tlsaFact } from './small-census.ts';

const secure = (ttl: number | null): HostFacts['tlsa'] => ({
  outcome: 'data',
  status: 'secure',
  reason: null,
  rcode: 'NOERROR',
  ttl,
});
const zone = (refresh: number, expire: number, minimum: number): HostFacts['tlsaZone'] => ({
  apex: 'a.example',
  soa: { rname: 'h.a.example', serial: 1, refresh, retry: 900, expire, minimum },
});
const current = tlsaFact('3 1 1', 'current', atLeaf('ec'));
const pkix = tlsaFact('1 1 1', 'pkix', { reason: 'usage-pkix' });
const superseded = tlsaFact('3 1 1', 'old', { reason: 'superseded-digest' });

const hosts = [
  host('mx1.a.example', {
    tlsa: secure(1800),
    tlsaRecords: [current],
    tlsaZone: zone(1800, 1_209_600, 1800),
  }),
  host('mx2.a.example', {
    tlsa: secure(3600),
    tlsaRecords: [current, pkix],
    tlsaZone: zone(3601, 1_209_599, 3601),
  }),
  host('mx3.a.example', {
    tlsa: secure(1799),
    tlsaOutcome: 'unusable',
    tlsaRecords: [pkix, { ...pkix, selector: 0 }],
    tlsaZone: null,
  }),
  host('mx4.a.example', {
    tlsa: secure(3601),
    tlsaRecords: [superseded, { ...current, matchingType: 2 }],
    tlsaZone: zone(86_400, 3_600_000, 300),
  }),
  host('mx5.a.example', { tlsa: secure(null), tlsaRecords: [current], tlsaZone: zone(1, 1, 1) }),
  // Not secure: in none of these views.
  host('mx6.a.example', {
    tlsa: { ...secure(60)!, status: 'insecure', reason: 'tlsa-insecure' },
    tlsaOutcome: 'none',
  }),
];
const domains = [
  { name: 'd1.example', hosts: ['mx1.a.example', 'mx2.a.example'], weight: 1 },
  { name: 'd2.example', hosts: ['mx2.a.example', 'mx3.a.example'], weight: 2 },
  { name: 'd3.example', hosts: ['mx6.a.example', 'mx4.a.example'] },
  { name: 'd4.example', hosts: ['mx6.a.example'], weight: 50 },
];

const stored = () => smallCensus({ hosts, domains });

test('tlsa_parameters: a host with several kinds counts at each, a domain once in a row', async () => {
  const { read } = await stored();
  const common = { of_hosts: 5 };
  expect(await read('tlsa_parameters')).toEqual([
    {
      ...common,
      usage: 1,
      selector: 0,
      matching_type: 1,
      reason: 'usage-pkix',
      records: 1,
      records_share: '0.125000',
      hosts: 1,
      hosts_share: '0.200000',
      domains: 1,
      weight: 2,
    },
    {
      ...common,
      usage: 1,
      selector: 1,
      matching_type: 1,
      reason: 'usage-pkix',
      records: 2,
      records_share: '0.250000',
      hosts: 2,
      hosts_share: '0.400000',
      domains: 2,
      weight: 3,
    },
    {
      ...common,
      usage: 3,
      selector: 1,
      matching_type: 1,
      reason: 'superseded-digest',
      records: 1,
      records_share: '0.125000',
      hosts: 1,
      hosts_share: '0.200000',
      domains: 1,
      weight: null,
    },
    {
      ...common,
      usage: 3,
      selector: 1,
      matching_type: 1,
      reason: null,
      records: 3,
      records_share: '0.375000',
      hosts: 3,
      hosts_share: '0.600000',
      domains: 2,
      weight: 3,
    },
    {
      ...common,
      usage: 3,
      selector: 1,
      matching_type: 2,
      reason: null,
      records: 1,
      records_share: '0.125000',
      hosts: 1,
      hosts_share: '0.200000',
      domains: 1,
      weight: null,
    },
  ]);
  expect(await read('tlsa_parameters', 2)).toEqual([]);
});

test('tlsa_combinations', async () => {
  const { read } = await stored();
  const rows = (await read('tlsa_combinations')) as Record<string, unknown>[];
  expect(
    rows.map(({ combination, hosts: of, usable_hosts, domains: named, domains_share }) => [
      combination,
      of,
      usable_hosts,
      named,
      domains_share,
    ]),
  ).toEqual([
    ['1 0 1 + 1 1 1', 1, 0, 1, '0.333333'],
    ['1 1 1 + 3 1 1', 1, 1, 2, '0.666667'],
    ['3 1 1', 2, 2, 1, '0.333333'],
    ['3 1 1 + 3 1 2', 1, 1, 1, '0.333333'],
  ]);
  expect(rows[0]).toMatchObject({
    of_domains: 3,
    hosts_share: '0.200000',
    domains_share_low: null,
    weight: 2,
  });
});

test('tlsa_unusable: records that a usable one stands beside apart from hosts with none', async () => {
  const { read } = await stored();
  expect(await read('tlsa_unusable')).toMatchObject([
    { reason: 'superseded-digest', records: 1, hosts: 1, hosts_without_usable: 0, domains_without_usable: 0 },
    {
      reason: 'usage-pkix',
      records: 3,
      hosts: 2,
      hosts_without_usable: 1,
      of_hosts: 5,
      hosts_share: '0.400000',
      domains: 2,
      domains_without_usable: 1,
      weight: 3,
    },
  ]);
});

test('tlsa_ttl: the bounds are within; what was not seen has no share', async () => {
  const { read } = await stored();
  expect(await read('tlsa_ttl')).toMatchObject([
    { position: 'above', hosts: 1, hosts_share: '0.250000', domains: 1, weight: null },
    { position: 'below', hosts: 1, hosts_share: '0.250000', domains: 1, weight: 2 },
    { position: 'not-seen', hosts: 1, hosts_share: null, domains: 0, domains_share: null },
    {
      position: 'within',
      hosts: 2,
      hosts_share: '0.500000',
      domains: 2,
      of_domains: 3,
      domains_share: '0.666667',
      weight: 3,
    },
  ]);
});

test('tlsa_timing_quantiles: each host once, and once for each domain that names it', async () => {
  const { read } = await stored();
  const rows = (await read('tlsa_timing_quantiles')) as { field: string; unit: string }[];
  const ttl = rows.filter(({ field }) => field === 'ttl');
  expect(ttl).toEqual([
    {
      field: 'ttl',
      unit: 'host',
      counted: 4,
      least: 1799,
      tenth: 1799,
      quarter: 1799,
      median: 1800,
      three_quarters: 3600,
      nine_tenths: 3601,
      most: 3601,
    },
    {
      field: 'ttl',
      unit: 'use',
      counted: 5,
      least: 1799,
      tenth: 1799,
      quarter: 1800,
      median: 3600,
      three_quarters: 3600,
      nine_tenths: 3601,
      most: 3601,
    },
  ]);
  expect(rows.filter(({ field, unit }) => field === 'minimum' && unit === 'host')).toMatchObject([
    { counted: 4, least: 1, median: 300, most: 3601 },
  ]);
  expect(await read('tlsa_timing_quantiles', 2)).toEqual([]);
});

test('tlsa_soa_advice: equal is not longer; two weeks are enough; what was not seen is in no share', async () => {
  const { read } = await stored();
  expect(await read('tlsa_soa_advice')).toEqual([
    {
      hosts: 5,
      not_seen: 2,
      refresh_long: 2,
      negative_long: 1,
      expire_short: 1,
      refresh_long_share: '0.666667',
      negative_long_share: '0.333333',
      expire_short_share: '0.333333',
      domains: 3,
      domains_refresh_long: 3,
      domains_refresh_long_share: '1.000000',
      domains_refresh_long_share_low: null,
      domains_refresh_long_share_high: null,
      weight_refresh_long: 3,
    },
  ]);
  const nothing = await smallCensus({ hosts: [hosts[2]!] });
  expect(await nothing.read('tlsa_soa_advice')).toMatchObject([
    { hosts: 1, not_seen: 1, refresh_long_share: null, domains: null, domains_refresh_long_share: null },
  ]);
});
