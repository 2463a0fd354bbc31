/** Issuer sets of 2 x x users (facts of the field, 4.8): what is missing, what is retired, what fails at the next change of the CA. */
import { expect, test } from 'vitest';
import { type IssuerKey, putIssuerKeys } from '../../src/store/issuer-keys.ts';
import type { HostFacts } from '../../src/survey/facts.ts';
import {
  above,
  atLeaf,
  certificate,
  endpoint,
  host,
  sha256,
  shown,
  smallCensus,
  tlsaFact,
  unseen,
} from './small-census.ts';

const key = (name: string, state: IssuerKey['state'], retiredOn: string | null = null): IssuerKey => ({
  spki: sha256(name),
  family: 'CA',
  name,
  state,
  retiredOn,
  source: 'test',
});
const ca = [key('A1', 'current'), key('A2', 'current'), key('A0', 'retired', '2025-06-01')];

const [a1, a2, a0] = ['A1', 'A2', 'A0'].map((name) => tlsaFact('2 1 1', name)) as [
  HostFacts['tlsaRecords'][number],
  HostFacts['tlsaRecords'][number],
  HostFacts['tlsaRecords'][number],
];
const used = above('ec');
const endpoints = [endpoint('192.0.2.1', { handshakes: [shown('leaf', 'key')] })];
const publishing = (name: string, ...tlsaRecords: HostFacts['tlsaRecords']) =>
  host(name, { tlsaRecords, endpoints });

const hosts = [
  publishing('mx1.whole.example', { ...a1, ...used }, a2),
  publishing('mx2.lacking.example', { ...a1, ...used }, a0),
  publishing('mx3.lacking-with-leaf.example', { ...a1, ...used }, tlsaFact('3 1 1', 'leaf', atLeaf('ec'))),
  publishing('mx4.retired-only.example', { ...a0, ...used }),
  publishing('mx5.not-in-use.example', a1, tlsaFact('2 1 1', 'other CA', used)),
  host('mx6.not-seen.example', { tlsaRecords: [{ ...a1, ...unseen }] }),
  publishing('mx7.by-certificate.example', tlsaFact('2 0 1', 'certificate of A2', used)),
  publishing('mx8.sha512.example', { ...a1, matchingType: 2, data: 'ab'.repeat(64) }),
  // Not usable, and of a host whose records cannot be used: neither counts.
  publishing('mx9.superseded.example', { ...a1, reason: 'superseded-digest' }),
  host('mx10.none.example', { tlsaOutcome: 'none', tlsaRecords: [a1] }),
];
const certificates = [certificate('certificate of A2', 'A2'), certificate('of another CA', 'other CA')];
const domains = [
  { name: 'd1.example', hosts: ['mx1.whole.example', 'mx2.lacking.example'], weight: 3 },
  { name: 'd2.example', hosts: ['mx1.whole.example'], weight: 1 },
  { name: 'd3.example', hosts: ['mx6.not-seen.example'], weight: 10 },
  { name: 'd4.example', hosts: ['mx2.lacking.example', 'mx4.retired-only.example'] },
];

async function stored(isSample = false) {
  const census = await smallCensus({ hosts, certificates, domains, isSample });
  await census.db.exec('DELETE FROM dane.issuer_key');
  await census.db.tx((session) => putIssuerKeys(session, ca));
  return census;
}

test('issuer_set_list', async () => {
  const { read } = await stored();
  const rows = (await read('issuer_set_list')) as Record<string, unknown>[];
  const told = rows.map((row) => [
    (row.host as string).split('.')[0],
    row.family,
    row.current_keys,
    row.missing_keys,
    row.retired_keys,
    row.in_use,
    row.rests_on_issuer,
    row.at_risk,
  ]);
  expect(told).toEqual([
    ['mx1', 'CA', 2, 0, 0, true, true, false],
    ['mx2', 'CA', 1, 1, 1, true, true, true],
    ['mx3', 'CA', 1, 1, 0, true, false, false],
    ['mx4', 'CA', 0, 2, 1, true, true, true],
    ['mx5', 'CA', 1, 1, 0, false, true, false],
    ['mx5', 'CN=of another CA', 0, null, null, true, true, null],
    ['mx6', 'CA', 1, 1, 0, null, true, null],
    ['mx7', 'CA', 1, 1, 0, true, true, true],
    ['mx8', 'unknown', 0, null, null, false, true, false],
  ]);
  expect(rows[1]).toMatchObject({ current_names: 'A1', retired_names: 'A0', domains: 2, is_known: true });
});

test('issuer_set_health', async () => {
  const { read } = await stored();
  const [known, another, unknown] = await read('issuer_set_health');
  expect(known).toEqual({
    family: 'CA',
    is_known: true,
    hosts: 7,
    whole: 1,
    lacking: 6,
    lacking_all: 1,
    retired: 2,
    not_seen: 1,
    at_risk: 3,
    lacking_share: '0.857143',
    retired_share: '0.285714',
    at_risk_share: '0.500000',
    domains: 4,
    domains_at_risk: 2,
    // d3 names a host that nobody could look at: of three domains it can be told.
    domains_at_risk_share: '0.666667',
    domains_at_risk_share_low: null,
    domains_at_risk_share_high: null,
    weight_at_risk: 3,
  });
  expect(another).toMatchObject({
    family: 'CN=of another CA',
    is_known: false,
    hosts: 1,
    at_risk_share: null,
  });
  expect(unknown).toMatchObject({ family: 'unknown', hosts: 1, domains: 0, lacking_share: null });
  expect(await read('issuer_set_health', 2)).toEqual([]);
});

test('issuer_set_health: a sample has intervals', async () => {
  const { read } = await stored(true);
  // Wilson, 2 of 3 at 95 %.
  expect((await read('issuer_set_health'))[0]).toMatchObject({
    domains_at_risk_share_low: '0.207660',
    domains_at_risk_share_high: '0.938508',
  });
});

test('issuer_keys: how many hosts publish each key', async () => {
  const { read } = await stored();
  const rows = (await read('issuer_keys')) as Record<string, unknown>[];
  expect(
    rows.map(({ name, state, retired_on, hosts: of, hosts_in_use }) => [
      name,
      state,
      retired_on,
      of,
      hosts_in_use,
    ]),
  ).toEqual([
    ['A0', 'retired', '2025-06-01', 2, 1],
    ['A1', 'current', null, 5, 3],
    ['A2', 'current', null, 2, 1],
  ]);
  expect(((await read('issuer_keys', 2)) as { hosts: number }[]).map(({ hosts: of }) => of)).toEqual([
    0, 0, 0,
  ]);
});
