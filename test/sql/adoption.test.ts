/** Adoption by whatever a registry asks for: a census of twelve domains, each figure by hand. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import { replaceUserOperators } from '../../src/store/operators.ts';
import { listViews, readView } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';
import { type HandMadeDomain, type HandMadeHost, lookup, writeCensus } from './hand-made-census.ts';

const insecure = { mx: lookup('insecure', 'insecure-delegation') } as const;
const none = { tlsaOutcome: 'none', tlsaRecords: [], verdict: 'no-dane' } as const;

const hosts: readonly HandMadeHost[] = [
  { host: 'mx.good.example', verdict: 'dane' },
  { host: 'mx.bad.example', verdict: 'dane-failed', reason: 'tlsa-mismatch' },
  { host: 'a.mail.plain.example', ...none, reason: 'address-insecure' },
  { host: 'b.plain.example', ...none, reason: 'address-insecure' },
];

const domains: readonly HandMadeDomain[] = [
  {
    name: 'one.nl',
    rank: 1,
    weight: 8,
    tags: { sector: 'gov', region: 'north' },
    seen: { mtaSts: true, tlsRpt: true },
    mx: ['mx.good.example'],
    nameServers: ['ns1.dns.example', 'ns2.dns.example'],
    verdict: 'dane',
  },
  {
    name: 'two.nl',
    rank: 1000,
    weight: 4,
    tags: { sector: 'gov' },
    seen: {},
    mx: ['mx.bad.example'],
    nameServers: ['ns1.dns.example', 'ns.other.example'],
    verdict: 'dane-failed',
    reason: 'tlsa-mismatch',
  },
  {
    name: 'three.nl',
    rank: 1001,
    weight: 2,
    seen: {},
    mx: ['mx.good.example', 'mx.bad.example'],
    verdict: 'dane-degraded',
    reason: 'some-hosts-fail',
  },
  {
    name: 'four.nl',
    rank: 10_001,
    seen: { mtaSts: null },
    mx: ['mx.good.example', 'b.plain.example'],
    verdict: 'dane-partial',
    reason: 'some-hosts-without-dane',
  },
  {
    name: 'five.com',
    seen: insecure,
    mx: ['mx.good.example'],
    verdict: 'insecure-mx',
    reason: 'domain-unsigned',
  },
  {
    name: 'six.com',
    weight: 1,
    seen: { ...insecure, mtaSts: true },
    mx: ['a.mail.plain.example', 'b.plain.example'],
    verdict: 'no-dane',
    reason: 'domain-unsigned',
  },
  {
    name: 'seven.com',
    seen: {},
    mx: ['a.mail.plain.example'],
    verdict: 'no-dane',
    reason: 'address-insecure',
  },
  {
    name: 'eight.com',
    seen: { mail: 'unknown', mx: lookup('bogus', 'rrsig-expired') },
    nameServers: null,
    verdict: 'lookup-failed',
    reason: 'rrsig-expired',
  },
  // in no rate
  { name: 'nine.com', weight: 16, seen: { mail: 'null-mx' }, verdict: 'no-mail', reason: 'null-mx' },
  {
    name: 'ten.com',
    seen: { mail: 'unknown', mx: lookup('indeterminate', 'network-unreachable') },
    verdict: 'unknown',
    reason: 'network-unreachable',
  },
  { name: 'eleven.com', seen: {}, mx: ['mx.good.example'] },
  { name: 'twelve.com', tags: { sector: 'edu' } },
];

let db: Db;
beforeEach(async () => {
  db = await freshDatabase();
  await writeCensus(db, 1, domains, hosts);
});
type Row = Record<string, unknown>;
const read = (view: string, census = 1) => readView<Row>(db, view, census);
const pick = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]));

test('the whole census: what is in no rate is shown', async () => {
  expect(await read('adoption')).toEqual([
    expect.objectContaining({
      domains: 12,
      not_judged: 2,
      no_mail: 1,
      unknown: 1,
      judged: 8,
      mx_secure: 5,
      dane_any: 4,
      dane: 1,
      dane_degraded: 1,
      dane_partial: 1,
      dane_failed: 1,
      insecure_mx: 1,
      lookup_failed: 1,
      no_dane: 2,
      mta_sts: 2,
      mta_sts_unknown: 1,
      dane_and_mta_sts: 1,
      tls_rpt: 1,
      tls_rpt_unknown: 0,
      mx_secure_share: '0.625000',
      dane_any_share: '0.500000',
      dane_any_of_secure_share: '0.800000',
      dane_failed_of_dane_share: '0.250000',
      mta_sts_share: '0.285714',
      dane_and_mta_sts_share: '0.142857',
      tls_rpt_share: '0.125000',
      dane_any_share_low: null,
      dane_any_share_high: null,
    }),
  ]);
});

test.each<[string, readonly string[], readonly (readonly unknown[])[]]>([
  [
    'adoption_by_tld',
    ['tld', 'domains', 'not_judged', 'no_mail', 'unknown', 'judged', 'dane_any', 'dane_any_share'],
    [
      ['com', 8, 2, 1, 1, 4, 0, '0.000000'],
      ['nl', 4, 0, 0, 0, 4, 4, '1.000000'],
    ],
  ],
  [
    'adoption_by_tag',
    ['tag', 'value', 'domains', 'not_judged', 'judged', 'dane', 'dane_share'],
    [
      ['region', 'north', 1, 0, 1, 1, '1.000000'],
      ['sector', 'edu', 1, 1, 0, 0, null],
      ['sector', 'gov', 2, 0, 2, 1, '0.500000'],
    ],
  ],
  [
    'adoption_by_rank',
    ['first_rank', 'last_rank', 'domains', 'judged', 'dane_any'],
    [
      [1, 1000, 2, 2, 2],
      [1001, 10_000, 1, 1, 1],
      [10_001, 100_000, 1, 1, 1],
      [null, null, 8, 4, 0],
    ],
  ],
  [
    // a domain with hosts of two providers counts for both
    'adoption_by_provider',
    ['provider', 'hosts', 'domains', 'not_judged', 'judged', 'dane_any', 'insecure_mx'],
    [
      ['bad.example', 1, 2, 0, 2, 2, 0],
      ['good.example', 1, 5, 1, 4, 3, 1],
      ['plain.example', 2, 3, 0, 3, 1, 0],
    ],
  ],
  [
    'adoption_by_operator',
    ['operator', 'hosts', 'domains', 'judged'],
    [
      ['bad.example', 1, 2, 2],
      ['good.example', 1, 5, 4],
      ['plain.example', 2, 3, 3],
    ],
  ],
  [
    // a zone with name servers of two operators counts for both; who serves two domains is not known
    'adoption_by_dns_operator',
    ['dns_operator', 'domains', 'judged', 'dane_any'],
    [
      ['dns.example', 10, 7, 4],
      ['other.example', 1, 1, 1],
      [null, 2, 1, 0],
    ],
  ],
])('%s', async (view, columns, rows) => expect(pick(await read(view), ...columns)).toEqual(rows));

test('the longest suffix decides, label by label, for MX hosts and name servers alike', async () => {
  await replaceUserOperators(db, [
    { suffix: 'plain.example', operator: 'Plain' },
    { suffix: 'mail.plain.example', operator: 'Outsourced' },
    { suffix: 'ood.example', operator: 'No label' },
    { suffix: 'ns2.dns.example', operator: 'Secondary' },
    { suffix: 'bad.example', operator: 'Plain' },
  ]);
  expect(pick(await read('adoption_by_operator'), 'operator', 'hosts', 'domains')).toEqual([
    ['Outsourced', 1, 2],
    ['Plain', 2, 4],
    ['good.example', 1, 5],
  ]);
  expect(pick(await read('adoption_by_dns_operator'), 'dns_operator', 'domains')).toEqual([
    ['Secondary', 1],
    ['dns.example', 10],
    ['other.example', 1],
    [null, 2],
  ]);
});

test('weighted by what the list says, and by rank', async () => {
  const rows = (await read('adoption_weighted')).filter(({ dimension }) => dimension === 'census');
  expect(
    pick(rows, 'weighting', 'domains', 'without_weight', 'judged', 'dane_any', 'dane', 'dane_any_share'),
  ).toEqual([
    ['inverse-rank', 4, 8, '1.002099', '1.002099', '1.000000', '1.000000'],
    ['weight', 5, 7, '15.000000', '14.000000', '8.000000', '0.933333'],
  ]);
  const gov = (await read('adoption_weighted')).find(
    ({ value, weighting }) => value === 'gov' && weighting === 'weight',
  );
  expect(gov).toMatchObject({
    dimension: 'tag',
    tag: 'sector',
    domains: 2,
    judged: '12.000000',
    dane_share: '0.666667',
  });
});

test('DANE beside MTA-STS and TLS reporting', async () => {
  const rows = await read('dane_beside_mta_sts');
  expect(pick(rows, 'dane', 'mta_sts', 'tls_rpt', 'domains', 'judged', 'share_of_dane', 'weight')).toEqual([
    ['fails', 'no', 'no', 1, 8, '1.000000', '4'],
    ['in-part', 'no', 'no', 1, 8, '0.500000', '2'],
    ['in-part', 'unknown', 'no', 1, 8, '0.500000', '0'],
    ['lookup-failed', 'no', 'no', 1, 8, '1.000000', '0'],
    ['none', 'no', 'no', 2, 8, '0.666667', '0'],
    ['none', 'yes', 'no', 1, 8, '0.333333', '1'],
    ['works', 'yes', 'yes', 1, 8, '1.000000', '8'],
  ]);
});

test('what is in no rate, and whose fault that is', async () => {
  const rows = await read('left_out_of_rates');
  expect(pick(rows, 'unit', 'left_out_as', 'fault', 'reason', 'left_out', 'all_units')).toEqual([
    ['domain', 'no-mail', 'nobody', 'null-mx', 1, 12],
    ['domain', 'not-judged', 'ours', null, 2, 12],
    ['domain', 'unknown', 'ours', 'network-unreachable', 1, 12],
  ]);
});

describe('other censuses', () => {
  test('an empty one divides nothing by 0', async () => {
    await writeCensus(db, 2, [], []);
    for (const view of await listViews(db)) await read(view, 2);
    expect(await read('adoption', 2)).toEqual([]);
    expect(
      (await read('mismatch_rates', 2)).every(
        ({ share, denominator }) => share === null && denominator === '0',
      ),
    ).toBe(true);
    expect(
      (await read('concentration', 2)).every(({ share, total }) => share === null && total === '0'),
    ).toBe(true);
  });

  test('one where nothing could be looked at has counts and no shares', async () => {
    const lost = { seen: { mail: 'unknown', mx: lookup('indeterminate', 'network-unreachable') } } as const;
    const unknown = { ...lost, verdict: 'unknown', reason: 'network-unreachable' } as const;
    await writeCensus(
      db,
      2,
      [
        { name: 'a.nl', weight: 1, rank: 1, ...unknown },
        { name: 'b.nl', ...unknown },
      ],
      [],
    );
    for (const view of await listViews(db)) await read(view, 2);
    const [adoption] = await read('adoption', 2);
    expect(adoption).toMatchObject({
      domains: 2,
      unknown: 2,
      judged: 0,
      dane_any_share: null,
      mta_sts_share: null,
    });
    expect(await read('adoption_by_tld', 2)).toMatchObject([
      { tld: 'nl', domains: 2, judged: 0, dane_share: null },
    ]);
  });

  test('a sample has the Wilson interval of each rate of domains', async () => {
    await writeCensus(db, 2, domains, hosts, { size: 12, seed: 's', by: null });
    const [adoption] = await read('adoption', 2);
    // 4 of 8: 0.5 ± 1.959964 · √(0.25 / 8 + 3.841459 / 256) / (1 + 3.841459 / 8)
    expect(adoption).toMatchObject({
      dane_any_share: '0.500000',
      dane_any_share_low: '0.215216',
      dane_any_share_high: '0.784784',
    });
    for (const [view, share] of [
      ['mismatch_rates', 'share'],
      ['published_definitions', 'share'],
      ['levers', 'gain_share'],
      ['concentration', 'share'],
      ['left_out_of_rates', 'share'],
    ] as const) {
      const rows = await read(view, 2);
      const bounds = rows.filter((row) => row[`${share}_low`] !== null);
      expect(bounds.length, view).toBeGreaterThan(0);
      for (const row of bounds) {
        expect(Number(row[`${share}_low`]), view).toBeLessThanOrEqual(Number(row[share]));
        expect(Number(row[`${share}_high`]), view).toBeGreaterThanOrEqual(Number(row[share]));
      }
    }
  });
});
