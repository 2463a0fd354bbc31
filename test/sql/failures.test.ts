/** Mismatch in its weightings, who is hurt, insecure beside bogus, the published definitions: each figure by hand. */
import { beforeEach, expect, test } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import { readView } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';
import {
  endpoint,
  type HandMadeDomain,
  type HandMadeHost,
  lookup,
  record,
  writeCensus,
} from './hand-made-census.ts';

const none = { tlsaOutcome: 'none', tlsaRecords: [], verdict: 'no-dane' } as const;
const failed = { verdict: 'dane-failed' } as const;
const plain = endpoint({
  reached: 'ehlo',
  fault: 'theirs',
  because: 'starttls-not-offered',
  starttlsOffered: false,
  verdict: 'failed',
});
const silent = endpoint({
  reached: 'nothing',
  fault: 'network',
  because: 'connection-timeout',
  starttlsOffered: null,
  verdict: 'unknown',
});

const hosts: readonly HandMadeHost[] = [
  // the current key, and a next one
  {
    host: 'mx.good.example',
    verdict: 'dane',
    tlsaRecords: [record(true), record(false)],
    endpoints: [endpoint()],
  },
  {
    host: 'mx.stale.example',
    ...failed,
    reason: 'tlsa-mismatch',
    tlsaRecords: [record(false), record(false)],
    endpoints: [endpoint({ verdict: 'failed' })],
  },
  { host: 'mx.half.example', verdict: 'dane-degraded', reason: 'tlsa-mismatch', tlsaRecords: [record(true)] },
  {
    host: 'mx.plain.example',
    ...failed,
    reason: 'starttls-not-offered',
    tlsaRecords: [record()],
    endpoints: [plain],
  },
  { host: 'mx.old.example', ...failed, reason: 'ta-expired', tlsaRecords: [record(true, 2)] },
  { host: 'mx.name.example', ...failed, reason: 'ta-name-mismatch', tlsaRecords: [record(true, 2)] },
  {
    host: 'mx.tls.example',
    ...failed,
    reason: 'tls-handshake-failed',
    tlsaRecords: [record()],
    endpoints: [endpoint({ reached: 'starttls', fault: 'theirs', verdict: 'failed' })],
  },
  // two names of one RRset: what the one shows, the other shows too
  {
    host: 'alias.stale.example',
    ...failed,
    reason: 'tlsa-mismatch',
    tlsaBase: 'mx.stale.example',
    tlsaRecords: [record(false), record(false)],
  },
  {
    host: 'mx.silent.example',
    verdict: 'unknown',
    reason: 'endpoint-not-reached',
    tlsaRecords: [record()],
    endpoints: [silent],
  },
  {
    host: 'mx.pkix.example',
    verdict: 'dane-unusable',
    reason: 'tlsa-unusable',
    tlsaOutcome: 'unusable',
    tlsaReason: 'tlsa-unusable',
    tlsaRecords: [{ ...record(), usage: 1, reason: 'usage-pkix' }],
  },
  {
    host: 'mx.bogus.example',
    verdict: 'lookup-failed',
    reason: 'denial-missing',
    tlsa: lookup('bogus', 'denial-missing'),
    tlsaOutcome: 'lookup-failed',
    tlsaReason: 'denial-missing',
    tlsaRecords: [],
  },
  {
    host: 'mx.ours.example',
    verdict: 'unknown',
    reason: 'network-unreachable',
    tlsa: lookup('indeterminate', 'network-unreachable'),
    tlsaOutcome: 'lookup-failed',
    tlsaReason: 'network-unreachable',
    tlsaRecords: [],
  },
  {
    host: 'mx.optout.example',
    ...none,
    reason: 'tlsa-insecure',
    tlsaReason: 'tlsa-insecure',
    tlsa: { ...lookup('insecure', 'insecure-opt-out'), outcome: 'nxdomain' },
  },
  {
    host: 'mx.unsigned.example',
    ...none,
    reason: 'address-insecure',
    tlsaReason: 'address-insecure',
    tlsaBase: null,
    tlsa: null,
    a: lookup('insecure', 'insecure-delegation'),
  },
];

const insecure = { mx: lookup('insecure', 'insecure-opt-out') } as const;
const dane = (
  host: string,
  weight: number,
  verdict: HandMadeDomain['verdict'],
  reason?: HandMadeDomain['reason'],
): HandMadeDomain => ({
  name: `${host.split('.')[1]}.test`,
  weight,
  seen: {},
  mx: [host],
  ...(verdict && { verdict }),
  ...(reason && { reason }),
});
const domains: readonly HandMadeDomain[] = [
  { ...dane('mx.good.example', 10, 'dane'), name: 'a.test' },
  { ...dane('mx.good.example', 10, 'dane'), name: 'b.test' },
  dane('mx.stale.example', 1, 'dane-failed', 'tlsa-mismatch'),
  {
    ...dane('mx.good.example', 3, 'dane-degraded', 'some-hosts-fail'),
    name: 'backup.test',
    mx: ['mx.good.example', 'mx.stale.example'],
  },
  { ...dane('mx.plain.example', 2, 'dane-failed', 'starttls-not-offered') },
  { ...dane('mx.bogus.example', 5, 'lookup-failed', 'denial-missing') },
  { ...dane('mx.silent.example', 7, 'unknown', 'endpoint-not-reached') },
  // unsigned domains behind hosts that are broken
  { ...dane('mx.stale.example', 4, 'insecure-mx', 'domain-unsigned'), name: 'hurt.test', seen: insecure },
  {
    ...dane('mx.stale.example', 4, 'insecure-mx', 'domain-unsigned'),
    name: 'not-hurt.test',
    seen: insecure,
    mx: ['mx.stale.example', 'mx.good.example'],
  },
  { ...dane('mx.bogus.example', 4, 'no-dane', 'domain-unsigned'), name: 'hurt-too.test', seen: insecure },
  { ...dane('mx.good.example', 4, 'insecure-mx', 'domain-unsigned'), name: 'well.test', seen: insecure },
  {
    ...dane('mx.good.example', 0, 'lookup-failed', 'rrsig-expired'),
    name: 'expired.test',
    seen: { mail: 'unknown', mx: lookup('bogus', 'rrsig-expired') },
    mx: [],
  },
];

type Row = Record<string, unknown>;
let db: Db;
beforeEach(async () => {
  db = await freshDatabase();
  await writeCensus(db, 1, domains, hosts);
});
const pick = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]));

test('mismatch_rates: by record, RRset, host, domain, weight', async () => {
  const rows = await readView<Row>(db, 'mismatch_rates', 1);
  const of = (unit: string) =>
    pick(
      rows.filter((row) => row.unit === unit),
      'kind',
      'failed',
      'degraded',
      'denominator',
      'left_out',
      'share',
    );
  // good 2 (1 next key), stale 2 and once more by its alias, half 1, old 1, name 1; not shown: plain, tls, silent
  expect(of('record')).toEqual([['mismatch', '5', '0', '9', '3', '0.555556']]);
  // good, stale (both names one), half, old, name; not shown: plain, tls, silent
  expect(of('rrset')).toEqual([['mismatch', '1', '0', '5', '3', '0.200000']]);
  expect(of('host')).toEqual([
    ['any', '6', '1', '9', '1', '0.666667'],
    ['broken-chain', '0', '0', '8', '1', '0.000000'],
    ['lookup-failed', '1', '0', '12', '1', '0.083333'],
    ['mismatch', '2', '1', '8', '1', '0.250000'],
    ['starttls-missing', '1', '0', '9', '1', '0.111111'],
    ['ta-expired', '1', '0', '8', '1', '0.125000'],
    ['tls-failed', '1', '0', '9', '1', '0.111111'],
    ['wrong-name', '1', '0', '8', '1', '0.125000'],
  ]);
  expect(of('domain').filter(([, failed, degraded]) => failed !== '0' || degraded !== '0')).toEqual([
    ['any', '2', '1', '5', '1', '0.400000'],
    ['lookup-failed', '2', '0', '11', '1', '0.181818'],
    ['mismatch', '1', '1', '5', '1', '0.200000'],
    ['starttls-missing', '1', '0', '5', '1', '0.200000'],
  ]);
  expect(of('weight').filter(([, failed, degraded]) => failed !== '0' || degraded !== '0')).toEqual([
    ['any', '3', '3', '26', '7', '0.115385'],
    ['lookup-failed', '5', '0', '47', '7', '0.106383'],
    ['mismatch', '1', '3', '26', '7', '0.038462'],
    ['starttls-missing', '2', '0', '26', '7', '0.076923'],
  ]);
});

test('published_definitions: as others count', async () => {
  const rows = await readView<Row>(db, 'published_definitions', 1);
  expect(pick(rows, 'definition', 'numerator', 'denominator', 'share')).toEqual([
    // a, b, backup (its primary works); of all with a validated MX reply
    ['dane-of-all', 3, 12, '0.250000'],
    ['dane-of-signed', 3, 7, '0.428571'],
    ['mta-sts-of-all', 0, 12, '0.000000'],
    ['partial-of-dane', 0, 3, '0.000000'],
    ['signed-unresolvable', 1, 8, '0.125000'],
    // plain alone; good, stale, tls and the hosts of the model's endpoint offer it
    ['starttls-missing-of-hosts', 1, 13, '0.076923'],
    ['unsigned-behind-tlsa', 3, 8, '0.375000'],
    // backup, stale, plain
    ['wrong-of-dane', 3, 3, '1.000000'],
    ['wrong-of-hosts', 7, 8, '0.875000'],
    ['wrong-of-records', 5, 9, '0.555556'],
    ['wrong-of-rrsets', 1, 5, '0.200000'],
  ]);
});

test('insecure_mx_behind_broken_host: unsigned domains that lose mail by the DANE of their provider', async () => {
  const rows = await readView<Row>(db, 'insecure_mx_behind_broken_host', 1);
  expect(
    pick(rows, 'operator', 'host_verdict', 'reason', 'hosts', 'domains', 'domains_without_other', 'weight'),
  ).toEqual([
    ['bogus.example', 'lookup-failed', 'denial-missing', 1, 1, 1, '4'],
    ['stale.example', 'dane-failed', 'tlsa-mismatch', 1, 2, 1, '8'],
  ]);
});

test('insecure_and_bogus: opt-out, unsigned zones and bogus denials apart', async () => {
  const rows = await readView<Row>(db, 'insecure_and_bogus', 1);
  const columns = ['lookup', 'kind', 'reason', 'lookups', 'all_lookups', 'share'] as const;
  expect(pick(rows, ...columns).filter(([, kind]) => kind !== 'secure-data')).toEqual([
    ['domain-mx', 'opt-out', 'insecure-opt-out', 4, 12, '0.333333'],
    ['domain-mx', 'bogus-otherwise', 'rrsig-expired', 1, 12, '0.083333'],
    ['host-address', 'unsigned-zone', 'insecure-delegation', 1, 14, '0.071429'],
    ['host-tlsa', 'bogus-denial', 'denial-missing', 1, 13, '0.083333'],
    ['host-tlsa', 'indeterminate', 'network-unreachable', 1, 13, null],
    ['host-tlsa', 'opt-out', 'insecure-opt-out', 1, 13, '0.083333'],
  ]);
});
