/** Whom to tell: every broken host and domain is somewhere, and one operator has one row. */
import { beforeEach, expect, test } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import { readView } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';
import { type HandMadeDomain, type HandMadeHost, lookup, writeCensus } from './hand-made-census.ts';

const bogus = {
  tlsaOutcome: 'lookup-failed',
  tlsaRecords: [],
  verdict: 'lookup-failed',
  reason: 'denial-missing',
} as const;
const hosts: readonly HandMadeHost[] = [
  { host: 'mx.good.example', verdict: 'dane' },
  { host: 'mx1.stale.example', verdict: 'dane-failed', reason: 'tlsa-mismatch' },
  { host: 'mx2.stale.example', verdict: 'dane-failed', reason: 'starttls-not-offered' },
  // its zone is known, for a domain lies in it, and it has two DNS operators
  { host: 'mx.a.zone.example', ...bogus },
  // nobody knows its zone
  { host: 'mx.far.example', ...bogus },
  // fails by its name alone: the domains that its certificate names have DANE
  { host: 'mx.named.example', verdict: 'dane-failed', reason: 'ta-name-mismatch' },
];
const domains: readonly HandMadeDomain[] = [
  { name: 'good.test', seen: {}, mx: ['mx.good.example'], verdict: 'dane' },
  {
    name: 'a.test',
    weight: 2,
    seen: {},
    mx: ['mx1.stale.example', 'mx2.stale.example'],
    verdict: 'dane-failed',
    reason: 'tlsa-mismatch',
  },
  {
    name: 'b.test',
    weight: 1,
    seen: {},
    mx: ['mx.good.example', 'mx1.stale.example'],
    verdict: 'dane-degraded',
    reason: 'some-hosts-fail',
  },
  {
    name: 'zone.example',
    seen: {},
    mx: ['mx.a.zone.example', 'mx.far.example'],
    nameServers: ['ns.p.example', 'ns.q.example'],
    verdict: 'lookup-failed',
    reason: 'denial-missing',
  },
  { name: 'named.test', seen: {}, mx: ['mx.named.example'], verdict: 'dane' },
  {
    name: 'expired.test',
    seen: { mail: 'unknown', mx: lookup('bogus', 'rrsig-expired') },
    nameServers: ['ns.p.example'],
    verdict: 'lookup-failed',
    reason: 'rrsig-expired',
  },
  {
    name: 'lame.test',
    seen: { mail: 'unknown', mx: lookup('indeterminate', 'lame'), zone: null, soa: null },
    verdict: 'lookup-failed',
    reason: 'lame',
  },
  {
    name: 'unsigned.test',
    weight: 4,
    seen: { mx: lookup('insecure', 'insecure-delegation') },
    mx: ['mx1.stale.example'],
    verdict: 'insecure-mx',
    reason: 'domain-unsigned',
  },
  { name: 'unknown.test', seen: { mail: 'unknown' }, verdict: 'unknown', reason: 'network-unreachable' },
];

type Row = Record<string, unknown>;
let db: Db;
beforeEach(async () => {
  db = await freshDatabase();
  await writeCensus(db, 1, domains, hosts);
});
const pick = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]));

test('broken_detail: who is responsible for each, and how to reach them', async () => {
  const rows = await readView<Row>(db, 'broken_detail', 1);
  expect(
    pick(
      rows,
      'responsible',
      'subject',
      'name',
      'reason',
      'mender',
      'soa_contact',
      'postmaster',
      'domains',
      'weight',
    ),
  ).toEqual([
    [
      'far.example',
      'domain',
      'zone.example',
      'denial-missing',
      'dns',
      'host.master@zone.example',
      'postmaster@zone.example',
      1,
      '0',
    ],
    [
      'far.example',
      'host',
      'mx.far.example',
      'denial-missing',
      'dns',
      null,
      'postmaster@far.example',
      1,
      '0',
    ],
    ['lame.test', 'domain', 'lame.test', 'lame', 'dns', null, 'postmaster@lame.test', 1, '0'],
    [
      'p.example',
      'domain',
      'expired.test',
      'rrsig-expired',
      'dns',
      'host.master@expired.test',
      'postmaster@expired.test',
      1,
      '0',
    ],
    [
      'p.example',
      'domain',
      'zone.example',
      'denial-missing',
      'dns',
      'host.master@zone.example',
      'postmaster@zone.example',
      1,
      '0',
    ],
    [
      'p.example',
      'host',
      'mx.a.zone.example',
      'denial-missing',
      'dns',
      'host.master@zone.example',
      'postmaster@zone.example',
      1,
      '0',
    ],
    [
      'q.example',
      'domain',
      'zone.example',
      'denial-missing',
      'dns',
      'host.master@zone.example',
      'postmaster@zone.example',
      1,
      '0',
    ],
    [
      'q.example',
      'host',
      'mx.a.zone.example',
      'denial-missing',
      'dns',
      'host.master@zone.example',
      'postmaster@zone.example',
      1,
      '0',
    ],
    [
      'stale.example',
      'domain',
      'a.test',
      'tlsa-mismatch',
      'mail',
      'host.master@a.test',
      'postmaster@a.test',
      1,
      '2',
    ],
    [
      'stale.example',
      'domain',
      'b.test',
      'some-hosts-fail',
      'mail',
      'host.master@b.test',
      'postmaster@b.test',
      1,
      '1',
    ],
    [
      'stale.example',
      'host',
      'mx1.stale.example',
      'tlsa-mismatch',
      'mail',
      null,
      'postmaster@stale.example',
      3,
      '7',
    ],
    [
      'stale.example',
      'host',
      'mx2.stale.example',
      'starttls-not-offered',
      'mail',
      null,
      'postmaster@stale.example',
      1,
      '2',
    ],
  ]);
  expect(rows.every(({ says, hint, source }) => says !== null && hint !== null && source !== null)).toBe(
    true,
  );
});

test('broken: one operator, one row', async () => {
  const rows = await readView<Row>(db, 'broken', 1);
  expect(
    pick(
      rows,
      'responsible',
      'menders',
      'hosts',
      'host_names',
      'domains',
      'domain_names',
      'weight',
      'reasons',
      'affected',
    ),
  ).toEqual([
    ['far.example', ['dns'], 1, ['mx.far.example'], 1, ['zone.example'], '0', ['denial-missing'], [2]],
    ['lame.test', ['dns'], 0, [], 1, ['lame.test'], '0', ['lame'], [1]],
    [
      'p.example',
      ['dns'],
      1,
      ['mx.a.zone.example'],
      2,
      ['expired.test', 'zone.example'],
      '0',
      ['denial-missing', 'rrsig-expired'],
      [2, 1],
    ],
    ['q.example', ['dns'], 1, ['mx.a.zone.example'], 1, ['zone.example'], '0', ['denial-missing'], [2]],
    [
      'stale.example',
      ['mail'],
      2,
      ['mx1.stale.example', 'mx2.stale.example'],
      2,
      ['a.test', 'b.test'],
      '3',
      ['tlsa-mismatch', 'some-hosts-fail', 'starttls-not-offered'],
      [2, 1, 1],
    ],
  ]);
  const stale = rows.at(-1)!;
  expect(stale.soa_contacts).toEqual(['host.master@a.test', 'host.master@b.test']);
  expect(stale.postmasters).toEqual(['postmaster@a.test', 'postmaster@b.test', 'postmaster@stale.example']);
  expect(stale.says).toHaveLength(3);
  expect(stale.hints).toHaveLength(3);
});

test('every broken host and domain is somewhere, but for those that work by another name', async () => {
  const there = new Set((await readView<Row>(db, 'broken_detail', 1)).map(({ name }) => name));
  const broken = [
    ...hosts
      .filter(({ verdict }) => ['dane-failed', 'lookup-failed'].includes(verdict))
      .map(({ host }) => host),
    ...domains
      .filter(({ verdict }) => ['dane-failed', 'dane-degraded', 'lookup-failed'].includes(verdict!))
      .map(({ name }) => name),
  ];
  expect(broken.filter((name) => !there.has(name))).toEqual(['mx.named.example']);
});
