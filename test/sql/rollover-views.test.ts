/** Roll-over schemes (how-to "Reliable certificate rollover"; RFC 7671 §8.1): the lab's hosts by their plan, and hand-made counts. */
import { expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { parseTlsaRdata } from '../../src/dane/tlsa-text.ts';
import { judgeTlsaSet } from '../../src/dane/tlsa-usability.ts';
import { createChainMaker } from '../../src/lab/mail/chain.ts';
import { endpointProfile } from '../../src/lab/plan/host-profile.ts';
import { mailProfiles } from '../../src/lab/zoo/mail-profiles.ts';
import { tlsaProfiles } from '../../src/lab/zoo/tlsa-profiles.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import type { HostFacts } from '../../src/survey/facts.ts';
import { tlsaMatches } from '../../src/survey/tlsa-matches.ts';
import { schemeOfProfile } from './lab-schemes.ts';
import {
  above,
  atLeaf,
  endpoint,
  host,
  SEEN_AT,
  shown,
  smallCensus,
  tlsaFact,
  unseen,
} from './small-census.ts';

test('the lab: each profile of the zoo by its plan', async () => {
  const maker = createChainMaker(1, SEEN_AT);
  const profiles = Object.entries({ ...tlsaProfiles, ...mailProfiles }).filter(
    ([, { outcome }]) => outcome === 'usable',
  );
  const hosts = profiles.map(([word, profile]): HostFacts => {
    const name = `mx.${word}.example`;
    const parsed = profile.tlsa(name).map((plan) => parseTlsaRdata(maker.tlsaRdata(plan)));
    const records = judgeTlsaSet(parsed.filter((record) => record !== 'tlsa-malformed')).records.map(
      ({ record, reason }) => ({ ...record, data: toHex(record.data), reason }),
    );
    const servers = profile.endpoints.map((_, at) => endpointProfile(profile, at).server(name));
    const chains = servers.flatMap((server) => (server.kind === 'tls' ? server.chains : []));
    const described = chains.map((plan) => maker.chain(plan).sent.map(describeCertificate));
    const ders = new Map(described.flat().map(({ sha256, der }) => [sha256, der]));
    const handshakes = described.map(([leaf, ...rest]) =>
      shown('', '', {
        keyAlgorithm: leaf!.keyAlgorithm,
        chain: [leaf!, ...rest].map(({ sha256 }) => sha256),
        leafSpki: leaf!.spkiSha256,
      }),
    );
    const seen = { handshakes, derOf: (digest: string) => ders.get(digest)!, baseDomain: name, at: SEEN_AT };
    const matches = tlsaMatches(records, seen);
    return host(name, {
      tlsaRecords: records.map((record, at) => ({ ...record, ...matches[at]! })),
      endpoints: [endpoint('192.0.2.1', { handshakes })],
    });
  });
  const { read } = await smallCensus({ hosts });
  const rows = (await read('rollover_scheme_list')) as { host: string; scheme: string; why: string | null }[];
  const seen = Object.fromEntries(rows.map((row) => [row.host.split('.').slice(1, -1).join('.'), row]));
  const told = profiles.map(([word]) => [word, seen[word]?.scheme, seen[word]?.why]);
  expect(told).toEqual(profiles.map(([word]) => [word, ...schemeOfProfile(word)]));
});

const ec = shown('ec', 'ec');
const rsa = shown('rsa', 'rsa', { keyAlgorithm: 'rsa' });
const showing = (...handshakes: readonly (typeof ec)[]) => [endpoint('192.0.2.1', { handshakes })];
const current = tlsaFact('3 1 1', 'current', atLeaf('ec'));
const next = tlsaFact('3 1 1', 'next');
const issuer = tlsaFact('2 1 1', 'issuer', above('ec'));
const currentRsa = tlsaFact('3 1 1', 'current rsa', atLeaf('rsa'));

type Row = readonly [name: string, change: Partial<HostFacts>, scheme: string, why?: string];

const noSchemes: readonly Row[] = [
  [
    'the same key twice (S4)',
    {
      tlsaRecords: [current, tlsaFact('3 1 0', 'current', atLeaf('ec'))],
      endpoints: showing(ec),
    },
    'single',
    'rollover-same-key',
  ],
  [
    'the same certificate and its key',
    {
      tlsaRecords: [current, tlsaFact('3 0 1', 'current', atLeaf('ec'))],
      endpoints: showing(ec),
    },
    'single',
    'rollover-same-key',
  ],
  [
    'usage 3 and usage 2 on one certificate (S5)',
    { tlsaRecords: [current, tlsaFact('2 1 1', 'current', atLeaf('ec'))], endpoints: showing(ec) },
    'single',
    'rollover-ta-is-leaf',
  ],
  [
    'usage 2 on a key that leaf and issuer share',
    {
      tlsaRecords: [current, tlsaFact('2 1 1', 'current', { ...atLeaf('ec'), matchedAbove: true })],
      endpoints: showing(ec),
    },
    'single',
    'rollover-ta-is-leaf',
  ],
  [
    'usage 2 on what is not above the leaf (S5)',
    { tlsaRecords: [current, tlsaFact('2 1 1', 'stranger')], endpoints: showing(ec) },
    'other',
    'rollover-ta-not-served',
  ],
  [
    'RSA and ECDSA both current (S6)',
    { tlsaRecords: [current, currentRsa], endpoints: showing(ec, rsa) },
    'both-key-algorithms',
    'rollover-both-current',
  ],
  [
    'two algorithms, a next key for one of them (S6)',
    { tlsaRecords: [current, currentRsa, next], endpoints: showing(ec, rsa) },
    'other',
    'rollover-one-algorithm',
  ],
  [
    'a superseded record beside the current one (RFC 7671 §9)',
    {
      tlsaRecords: [current, { ...next, matchingType: 2, reason: 'superseded-digest' }],
      endpoints: showing(ec),
    },
    'single',
    'tlsa-single-record',
  ],
  [
    'two addresses with a key of their own each',
    {
      tlsaRecords: [current, tlsaFact('3 1 1', 'at the other', atLeaf('ec'))],
      endpoints: showing(ec, shown('other', 'other')),
    },
    'other',
    'rollover-absent',
  ],
  [
    'nothing matches',
    { tlsaRecords: [next, tlsaFact('2 1 1', 'issuer')], endpoints: showing(ec) },
    'other',
    'tlsa-mismatch',
  ],
];

const schemes: readonly Row[] = [
  ['current + next', { tlsaRecords: [current, next], endpoints: showing(ec) }, 'current-next'],
  [
    'current + next for each algorithm',
    {
      tlsaRecords: [current, currentRsa, next, tlsaFact('3 1 1', 'next rsa')],
      endpoints: showing(ec, rsa),
    },
    'current-next',
  ],
  [
    'an issuer for one algorithm, a next key for the other',
    { tlsaRecords: [current, issuer, currentRsa, next], endpoints: showing(ec, rsa) },
    'current-next',
  ],
  ['current + issuer', { tlsaRecords: [current, issuer], endpoints: showing(ec) }, 'current-issuer'],
  [
    'current + issuer with its siblings',
    { tlsaRecords: [current, issuer, tlsaFact('2 1 1', 'sibling')], endpoints: showing(ec) },
    'current-issuer',
  ],
  ['one issuer', { tlsaRecords: [issuer], endpoints: showing(ec) }, 'issuer-only'],
  [
    'one issuer described twice',
    { tlsaRecords: [issuer, tlsaFact('2 0 1', 'issuer', above('ec'))], endpoints: showing(ec) },
    'issuer-only',
  ],
  [
    'several issuers',
    { tlsaRecords: [issuer, tlsaFact('2 1 1', 'sibling')], endpoints: showing(ec) },
    'issuer-set',
  ],
  ['one record, not seen', { tlsaRecords: [{ ...current, ...unseen }] }, 'single'],
  [
    'several, not seen',
    {
      tlsaRecords: [
        { ...current, ...unseen },
        { ...next, ...unseen },
      ],
    },
    'unknown',
  ],
  ['one issuer, not seen', { tlsaRecords: [{ ...issuer, ...unseen }] }, 'unknown'],
];

test.each([
  ['facts of the field, 1.2: what looks like a scheme and is none', noSchemes],
  ['what is a scheme', schemes],
])('%s', async (_, table) => {
  const hosts = table.map(([, change], at) => host(`mx.${String(at).padStart(3, '0')}.example`, change));
  const { read } = await smallCensus({ hosts });
  const rows = (await read('rollover_scheme_list')) as { scheme: string; why: string | null }[];
  const told = table.map(([name, , , why], at) => [name, rows[at]?.scheme, why && rows[at]?.why]);
  expect(told).toEqual(table.map(([name, , scheme, why]) => [name, scheme, why]));
});

/** d1 and d2 name both of the single hosts, d3 the one with current + next, d4 one of each; the fifth host is unknown, named by d5. */
const hosts = [
  host('mx1.a.example', { tlsaRecords: [current], endpoints: showing(shown('x', 'one key')) }),
  host('mx2.a.example', { tlsaRecords: [current], endpoints: showing(shown('y', 'one key')) }),
  host('mx1.b.example', {
    tlsaRecords: [current, next],
    endpoints: [...showing(ec), endpoint('192.0.2.2', { verdict: 'unknown' })],
  }),
  host('mx3.a.example', {
    tlsaRecords: [current, tlsaFact('3 1 0', 'current', atLeaf('ec'))],
    endpoints: showing(ec),
  }),
  host('mx1.c.example', {
    tlsaRecords: [
      { ...current, ...unseen },
      { ...next, ...unseen },
    ],
  }),
  host('mx1.d.example', { tlsaOutcome: 'none' }),
];
const domains = [
  { name: 'd1.example', hosts: ['mx1.a.example', 'mx2.a.example'], weight: 8 },
  { name: 'd2.example', hosts: ['mx1.a.example', 'mx2.a.example', 'mx1.d.example'] },
  { name: 'd3.example', hosts: ['mx1.b.example'] },
  { name: 'd4.example', hosts: ['mx3.a.example', 'mx1.b.example'], weight: 2 },
  { name: 'd5.example', hosts: ['mx1.c.example'], weight: 1 },
  { name: 'd6.example', hosts: ['mx1.d.example'], weight: 100 },
];

test('rollover_schemes: hosts, domains and weights; what was not seen has no share', async () => {
  const { read } = await smallCensus({ hosts, domains });
  const interval = { domains_share_low: null, domains_share_high: null };
  expect(await read('rollover_schemes')).toEqual([
    {
      scheme: 'current-next',
      hosts: 1,
      partly_seen: 1,
      hosts_share: '0.250000',
      domains: 2,
      of_domains: 4,
      domains_share: '0.500000',
      ...interval,
      weight: 2,
    },
    {
      scheme: 'single',
      hosts: 3,
      partly_seen: 0,
      hosts_share: '0.750000',
      domains: 3,
      of_domains: 4,
      domains_share: '0.750000',
      ...interval,
      weight: 10,
    },
    {
      scheme: 'unknown',
      hosts: 1,
      partly_seen: 0,
      hosts_share: null,
      domains: 1,
      of_domains: 4,
      domains_share: null,
      ...interval,
      weight: 1,
    },
  ]);
  expect(await read('rollover_schemes', 2)).toEqual([]);
});

test('rollover_schemes: a sample has intervals', async () => {
  const { read } = await smallCensus({ hosts, domains, isSample: true });
  const [first, , unknown] = await read('rollover_schemes');
  // Wilson, 2 of 4 at 95 %.
  expect(first).toMatchObject({ domains_share_low: '0.150039', domains_share_high: '0.849961' });
  expect(unknown).toMatchObject({ domains_share_low: null, domains_share_high: null });
});

test('single_points_of_failure: hosts with one record or one key, domains without any other, one key for all hosts (S9)', async () => {
  const { read } = await smallCensus({ hosts, domains });
  expect(await read('single_points_of_failure')).toEqual([
    {
      hosts: 5,
      single_record: 2,
      single_key: 1,
      single_record_share: '0.400000',
      single_key_share: '0.200000',
      domains: 5,
      all_single: 2,
      all_single_share: '0.400000',
      all_single_share_low: null,
      all_single_share_high: null,
      weight_all_single: 8,
      // d1, d2: both show one key; d4: one key in both certificates of different hosts.
      several_hosts: 3,
      one_key: 3,
      one_key_share: '1.000000',
      one_key_share_low: null,
      one_key_share_high: null,
      weight_one_key: 10,
    },
  ]);
  expect(await read('single_points_of_failure', 2)).toEqual([]);
  expect(await read('one_key_domains')).toEqual([
    { domain: 'd1.example', hosts: 2 },
    { domain: 'd2.example', hosts: 2 },
    { domain: 'd4.example', hosts: 2 },
  ]);
});

test('single_points_of_failure: hosts with keys of their own; without domains the shares of domains are null', async () => {
  const apart = [hosts[0]!, hosts[2]!];
  const both = { name: 'd.example', hosts: ['mx1.a.example', 'mx1.b.example'] };
  const { read } = await smallCensus({ hosts: apart, domains: [both] });
  expect(await read('single_points_of_failure')).toMatchObject([
    { several_hosts: 1, one_key: 0, all_single: 0, weight_one_key: null },
  ]);
  const alone = await smallCensus({ hosts: apart });
  expect(await alone.read('single_points_of_failure')).toMatchObject([
    { hosts: 2, domains: null, all_single_share: null, several_hosts: 0, one_key_share: null },
  ]);
});
