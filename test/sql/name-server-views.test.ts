/** Denied ancestors (RFC 8020) and what is wrong with name servers, counted: hand-made hosts, denominators by hand. */
import { expect, test } from 'vitest';
import type { HostFacts } from '../../src/survey/facts.ts';
import type { AncestorFact, NameServerFault, ServerAnswerFact } from '../../src/survey/name-server-facts.ts';
import { host, smallCensus, tlsaFact } from './small-census.ts';

const ancestor = (proof: AncestorFact['proof']): AncestorFact => ({
  name: '_tcp.mx.example',
  rcode: 'NXDOMAIN',
  proof,
  reason: null,
  servers: [],
});
const answer = (
  server: string,
  address: string,
  ...faults: readonly NameServerFault[]
): ServerAnswerFact => ({
  server,
  address,
  name: '_25._tcp.mx.example',
  rcode: 'NOERROR',
  answer: 'aa',
  status: 'secure',
  reason: null,
  serial: 1,
  faults,
});
const usable = [tlsaFact('3 1 1', 'any')];
const denied = (consequence: HostFacts['ancestorConsequence']): Partial<HostFacts> => ({
  tlsaRecords: usable,
  ancestors: [ancestor('exists'), ancestor('denied-validly')],
  ancestorConsequence: consequence,
});

const hosts = [
  host('mx1.a.example', {
    ...denied('silently-unprotected'),
    behaviours: [
      { behaviour: 'strict-minimisation', fates: ['lost'], fatesAfterAncestor: ['lost'] },
      { behaviour: 'aggressive-nsec', fates: ['found'], fatesAfterAncestor: ['lost'] },
    ],
    serverAnswers: [
      answer('ns1.bad.test', '192.0.2.1', 'ancestor-denied'),
      answer('ns2.bad.test', '192.0.2.2', 'ancestor-denied', 'name-server-stale'),
    ],
  }),
  host('mx2.a.example', {
    ...denied('either'),
    behaviours: [
      { behaviour: 'strict-minimisation', fates: ['fails', 'lost'], fatesAfterAncestor: ['fails', 'lost'] },
    ],
    serverAnswers: [
      answer('ns1.bad.test', '192.0.2.1', 'ancestor-nxdomain-unproven'),
      answer('ns.good.test', '192.0.2.3'),
    ],
  }),
  host('mx3.a.example', {
    tlsaOutcome: 'unusable',
    tlsaRecords: usable,
    ancestors: [ancestor('exists')],
    serverAnswers: [answer('ns1.bad.test', '192.0.2.1')],
  }),
  host('mx4.a.example', { tlsaRecords: usable, ancestors: [ancestor('failed'), ancestor('exists')] }),
  host('mx5.a.example', { tlsaRecords: usable }),
  // Its lookup fails: in the counts of server faults, in none of ancestors.
  host('mx6.a.example', {
    tlsaOutcome: 'lookup-failed',
    ancestors: [ancestor('denied-validly')],
    serverAnswers: [answer('ns.drops.test', '192.0.2.4', 'name-server-drops-type')],
  }),
];
const domains = [
  { name: 'd1.example', hosts: ['mx1.a.example', 'mx2.a.example'], weight: 4 },
  { name: 'd2.example', hosts: ['mx3.a.example'], weight: 12 },
  { name: 'd3.example', hosts: ['mx5.a.example', 'mx6.a.example'], weight: 100 },
  {
    name: 'd4.example',
    hosts: [],
    facts: {
      mail: 'unknown' as const,
      serverAnswers: [answer('ns.good.test', '192.0.2.3', 'name-server-lame')],
    },
  },
];

test('ancestor_prevalence: those that nobody could look at are in no share', async () => {
  const { read } = await smallCensus({ hosts, domains });
  expect(await read('ancestor_prevalence')).toEqual([
    {
      hosts: 5,
      not_seen: 2,
      denied: 2,
      denied_share: '0.666667',
      domains: 2,
      domains_denied: 1,
      domains_denied_share: '0.500000',
      domains_denied_share_low: null,
      domains_denied_share_high: null,
      weight: 16,
      weight_denied: 4,
      weight_denied_share: '0.250000',
    },
  ]);
  expect(await read('ancestor_prevalence', 2)).toEqual([]);
  const unseen = await smallCensus({ hosts: [hosts[4]!] });
  expect(await unseen.read('ancestor_prevalence')).toMatchObject([
    { hosts: 1, not_seen: 1, denied_share: null, domains: null, weight_denied_share: null },
  ]);
});

test('ancestors_denied by consequence and by operator', async () => {
  const { read } = await smallCensus({ hosts, domains });
  expect(await read('ancestors_denied_by_consequence')).toEqual([
    { consequence: 'either', hosts: 1, of_hosts: 3, hosts_share: '0.333333', domains: 1, weight: 4 },
    {
      consequence: 'silently-unprotected',
      hosts: 1,
      of_hosts: 3,
      hosts_share: '0.333333',
      domains: 1,
      weight: 4,
    },
  ]);
  expect(await read('ancestors_denied_by_operator')).toEqual([
    {
      operator_domain: 'bad.test',
      hosts: 3,
      denied: 2,
      denied_share: '0.666667',
      servers_denying: 2,
      addresses_denying: 2,
      silently_unprotected: 2,
      mail_deferred: 1,
      domains: 1,
      weight: 4,
    },
    {
      operator_domain: 'good.test',
      hosts: 1,
      denied: 0,
      denied_share: '0.000000',
      servers_denying: 0,
      addresses_denying: 0,
      silently_unprotected: 0,
      mail_deferred: 0,
      domains: 0,
      weight: null,
    },
  ]);
});

test('ancestor_losses: always and sometimes, hosts and domains; behaviours that lose nothing are there with 0', async () => {
  const { read } = await smallCensus({ hosts, domains });
  const rows = (await read('ancestor_losses')) as Record<string, unknown>[];
  expect(rows.map(({ behaviour }) => behaviour)).toEqual([
    'aggressive-nsec',
    'harden-below-nxdomain',
    'no-minimisation',
    'relaxed-minimisation',
    'strict-minimisation',
  ]);
  expect(rows[0]).toMatchObject({ hosts: 5, lost: 0, sometimes_lost: 1, lost_share: '0.200000' });
  expect(rows[1]).toMatchObject({ hosts: 5, lost: 0, sometimes_lost: 0, domains: 3, domains_lost: 0 });
  expect(rows[4]).toEqual({
    behaviour: 'strict-minimisation',
    hosts: 5,
    lost: 1,
    sometimes_lost: 1,
    failing: 0,
    sometimes_failing: 1,
    lost_share: '0.400000',
    failing_share: '0.200000',
    domains: 3,
    domains_lost: 1,
    domains_lost_share: '0.333333',
    domains_lost_share_low: null,
    domains_lost_share_high: null,
    domains_failing: 1,
    domains_failing_share: '0.333333',
    domains_failing_share_low: null,
    domains_failing_share_high: null,
    weight_lost: 4,
    weight_failing: 4,
  });
  expect(await read('ancestor_losses', 2)).toEqual([]);
});

test('name_server_faults: names, servers and addresses among those looked at', async () => {
  const { read } = await smallCensus({ hosts, domains });
  const rows = (await read('name_server_faults')) as Record<string, unknown>[];
  expect(
    rows.map((row) => [
      row.subject,
      row.finding,
      row.names,
      row.of_names,
      row.operators,
      row.servers,
      row.addresses,
      row.of_addresses,
      row.domains,
      row.weight,
    ]),
  ).toEqual([
    ['domain', 'name-server-lame', 1, 1, 1, 1, 1, 1, 1, null],
    ['host', 'ancestor-denied', 1, 4, 1, 2, 2, 4, 1, 4],
    ['host', 'ancestor-nxdomain-unproven', 1, 4, 1, 1, 1, 4, 1, 4],
    ['host', 'name-server-drops-type', 1, 4, 1, 1, 1, 4, 1, 100],
    ['host', 'name-server-stale', 1, 4, 1, 1, 1, 4, 1, 4],
  ]);
  expect(await read('name_server_faults_by_operator')).toMatchObject([
    {
      operator_domain: 'bad.test',
      finding: 'ancestor-denied',
      names: 1,
      of_names: 3,
      addresses_share: '1.000000',
    },
    { operator_domain: 'bad.test', finding: 'ancestor-nxdomain-unproven', addresses: 1, of_addresses: 2 },
    { operator_domain: 'bad.test', finding: 'name-server-stale', names_share: '0.333333' },
    { operator_domain: 'drops.test', finding: 'name-server-drops-type', names_share: '1.000000' },
    { operator_domain: 'good.test', subject: 'domain', finding: 'name-server-lame', of_names: 1 },
  ]);
  expect(await read('name_server_faults', 2)).toEqual([]);
});
