/** Who has how much of mail and of DANE, and whose act would change it. */
import { beforeEach, expect, test } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import { readView } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';
import { type HandMadeDomain, type HandMadeHost, lookup, writeCensus } from './hand-made-census.ts';

const none = { tlsaOutcome: 'none', tlsaRecords: [], verdict: 'no-dane' } as const;
const hosts: readonly HandMadeHost[] = [
  { host: 'mx.one.example', verdict: 'dane' },
  { host: 'mx.two.example', verdict: 'dane' },
  { host: 'mx1.unsigned.example', ...none, tlsaReason: 'address-insecure' },
  { host: 'mx2.unsigned.example', ...none, tlsaReason: 'tlsa-insecure' },
  { host: 'mx.bare.example', ...none, tlsaReason: 'tlsa-absent' },
  { host: 'mx.gone.example', ...none, tlsaReason: null, verdict: 'no-address' },
  {
    host: 'mx.lost.example',
    verdict: 'unknown',
    tlsaOutcome: 'lookup-failed',
    tlsaReason: 'network-unreachable',
    tlsaRecords: [],
  },
];
const insecure = { mx: lookup('insecure', 'insecure-delegation') } as const;
const secure = (
  name: string,
  verdict: HandMadeDomain['verdict'],
  mx: readonly string[],
  weight = 1,
): HandMadeDomain => ({
  name: `${name}.test`,
  weight,
  seen: {},
  mx,
  ...(verdict && { verdict }),
});
const domains: readonly HandMadeDomain[] = [
  secure('a', 'dane', ['mx.one.example'], 1),
  secure('b', 'dane', ['mx.one.example'], 1),
  secure('c', 'dane', ['mx.one.example', 'mx.two.example'], 6),
  secure('d', 'dane', ['mx.two.example'], 2),
  // its second provider has no DANE
  secure('e', 'dane-partial', ['mx.two.example', 'mx.bare.example'], 2),
  // all hosts unsigned, at one operator
  secure('f', 'no-dane', ['mx1.unsigned.example', 'mx2.unsigned.example'], 5),
  secure('g', 'no-dane', ['mx1.unsigned.example', 'mx.gone.example'], 3),
  // it takes two
  secure('h', 'no-dane', ['mx1.unsigned.example', 'mx.bare.example'], 1),
  // nobody knows of the other host
  secure('i', 'no-dane', ['mx.bare.example', 'mx.lost.example'], 1),
  {
    name: 'j.test',
    weight: 9,
    tags: { registrar: 'R1' },
    seen: insecure,
    mx: ['mx.one.example'],
    verdict: 'insecure-mx',
  },
  {
    name: 'k.test',
    tags: { registrar: 'R1' },
    seen: insecure,
    mx: ['mx.one.example'],
    nameServers: ['ns.x.example', 'ns.y.example'],
    verdict: 'insecure-mx',
  },
  { name: 'l.test', seen: insecure, mx: ['mx.one.example'], nameServers: null, verdict: 'insecure-mx' },
  // unsigned, at an unsigned operator: neither act alone would do
  { name: 'm.test', seen: insecure, mx: ['mx1.unsigned.example'], verdict: 'no-dane' },
  // in no rate
  secure('n', 'unknown', ['mx1.unsigned.example'], 100),
  secure('o', undefined, ['mx1.unsigned.example'], 100),
];

type Row = Record<string, unknown>;
let db: Db;
beforeEach(async () => {
  db = await freshDatabase();
  await writeCensus(db, 1, domains, hosts);
});
const pick = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]));

test('levers: who could bring DANE to how many domains', async () => {
  const rows = await readView<Row>(db, 'levers', 1);
  expect(
    pick(
      rows,
      'lever',
      'actor',
      'name',
      'hosts',
      'domains',
      'domains_alone',
      'gain_share',
      'weight',
      'weight_alone',
    ),
  ).toEqual([
    ['publish-tlsa', 'mail-operator', 'bare.example', 1, 3, 1, '0.076923', '4', '2'],
    ['sign-domain', 'dns-operator', 'dns.example', null, 1, 1, '0.076923', '9', '9'],
    ['sign-domain', 'dns-operator', 'x.example', null, 1, 0, '0.000000', '0', '0'],
    ['sign-domain', 'dns-operator', 'y.example', null, 1, 0, '0.000000', '0', '0'],
    ['sign-domain', 'dns-operator', null, null, 1, 1, '0.076923', '0', '0'],
    ['sign-domain', 'registrar', 'R1', null, 2, 2, '0.153846', '9', '9'],
    ['sign-domain', 'registrar', null, null, 1, 0, '0.000000', '0', '0'],
    ['sign-mx-host', 'mail-operator', 'unsigned.example', 2, 3, 2, '0.153846', '9', '8'],
  ]);
});

test('concentration: a domain with two providers counts once among the first', async () => {
  const rows = (await readView<Row>(db, 'concentration', 1)).filter(
    ({ grouping }) => grouping === 'provider',
  );
  expect(pick(rows, 'population', 'weighting', 'first', 'amount', 'total', 'share')).toEqual([
    // one and two have three each, of five with DANE
    ['dane', 'domains', 1, '3', '5', '0.600000'],
    ['dane', 'domains', 5, '5', '5', '1.000000'],
    ['dane', 'domains', 10, '5', '5', '1.000000'],
    ['dane', 'domains', 20, '5', '5', '1.000000'],
    // two has 6 + 2 + 2, one has 1 + 1 + 6
    ['dane', 'weight', 1, '10', '12', '0.833333'],
    ['dane', 'weight', 5, '12', '12', '1.000000'],
    ['dane', 'weight', 10, '12', '12', '1.000000'],
    ['dane', 'weight', 20, '12', '12', '1.000000'],
    // one: a b c j k l
    ['mail', 'domains', 1, '6', '13', '0.461538'],
    ['mail', 'domains', 5, '13', '13', '1.000000'],
    ['mail', 'domains', 10, '13', '13', '1.000000'],
    ['mail', 'domains', 20, '13', '13', '1.000000'],
    ['mail', 'weight', 1, '17', '31', '0.548387'],
    ['mail', 'weight', 5, '31', '31', '1.000000'],
    ['mail', 'weight', 10, '31', '31', '1.000000'],
    ['mail', 'weight', 20, '31', '31', '1.000000'],
  ]);
});

test('the leaders, one after the other', async () => {
  const rows = (await readView<Row>(db, 'concentration_leaders', 1)).filter(
    (row) => row.grouping === 'operator' && row.weighting === 'domains',
  );
  expect(pick(rows, 'population', 'place', 'name', 'amount', 'cumulative', 'cumulative_share')).toEqual([
    ['dane', 1, 'one.example', '3', '3', '0.600000'],
    ['dane', 2, 'two.example', '3', '5', '1.000000'],
    ['mail', 1, 'one.example', '6', '6', '0.461538'],
    ['mail', 2, 'unsigned.example', '4', '10', '0.769231'],
    ['mail', 3, 'bare.example', '3', '12', '0.923077'],
    ['mail', 4, 'two.example', '3', '13', '1.000000'],
    ['mail', 5, 'gone.example', '1', '13', '1.000000'],
    ['mail', 6, 'lost.example', '1', '13', '1.000000'],
  ]);
});

test('the Herfindahl-Hirschman index divides a domain among its providers', async () => {
  const rows = (await readView<Row>(db, 'concentration_index', 1)).filter(
    (row) => row.grouping === 'provider' && row.population === 'dane',
  );
  // in domains one 2.5 and two 2.5 of 5; in weight one 5 and two 7 of 12
  expect(pick(rows, 'weighting', 'names', 'herfindahl', 'effective_names')).toEqual([
    ['domains', 2, '0.500000', '2.00'],
    ['weight', 2, '0.513889', '1.95'],
  ]);
});
