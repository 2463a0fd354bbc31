import { expect, test } from 'vitest';
import {
  compareWithTruth,
  type SeenDomain,
  type SeenEndpoint,
  type SeenHost,
  type SeenServerFault,
} from '../../src/lab/compare-with-truth.ts';
import type { DomainTruth, HostTruth, LabTruth } from '../../src/lab/truth.ts';

const domain: DomainTruth = {
  domain: 'a.xa',
  scenario: 'one',
  mail: 'mx',
  mxStatus: 'secure',
  verdict: 'dane',
  reasons: [null],
  mtaSts: false,
  hosts: ['mx.a.xa'],
};
const host: HostTruth = {
  host: 'mx.a.xa',
  scenario: 'one',
  tlsaOutcome: 'usable',
  tlsaRecords: ['3 1 1'],
  tlsaTtl: 3600,
  verdict: 'dane',
  reasons: [null],
  findings: ['ancestor-denied'],
  serverFaults: [{ address: '5.45.0.9', fault: 'ancestor-denied' }],
  endpoints: [
    {
      address: '5.45.0.1',
      verdict: 'authenticated',
      reasons: [null],
      tls: { protocol: 'TLSv1.3', tls12: true, tls13: true, withoutSni: 'same-chain', keys: ['ec 256'] },
    },
  ],
};
const truth: LabTruth = {
  domains: () => [domain],
  domain: (name) => (name === domain.domain ? domain : undefined),
  hosts: () => [host],
  host: (name) => (name === host.host ? host : undefined),
};

const seenDomain: SeenDomain = {
  domain: 'a.xa',
  mail: 'mx',
  mxStatus: 'secure',
  verdict: 'dane',
  reason: null,
};
const seenHost: SeenHost = {
  host: 'mx.a.xa',
  tlsaOutcome: 'usable',
  verdict: 'dane',
  reason: null,
  findings: ['ancestor-denied', 'mx-is-cname'],
};
const seenEndpoint: SeenEndpoint = {
  host: 'mx.a.xa',
  address: '5.45.0.1',
  verdict: 'authenticated',
  reason: null,
  protocol: 'TLSv1.3',
  tls12: true,
  tls13: true,
  withoutSni: 'same-chain',
};

const seenFault: SeenServerFault = {
  subject: 'host',
  name: 'mx.a.xa',
  address: '5.45.0.9',
  finding: 'ancestor-denied',
};

async function compare(
  domains: SeenDomain[],
  hosts: SeenHost[],
  endpoints: SeenEndpoint[],
  serverFaults: SeenServerFault[] = [seenFault],
  everyTlsQuestion = true,
) {
  const { compared, agreed, disagreements, missing } = await compareWithTruth(truth, {
    domains,
    hosts,
    endpoints,
    serverFaults,
    everyTlsQuestion,
  });
  expect(agreed).toBe(compared - disagreements.length - missing.length);
  return [...disagreements.map(({ subject, field }) => `${subject}: ${field}`), ...missing];
}

test('a census that saw what is so agrees in everything', async () => {
  expect(await compare([seenDomain], [seenHost], [seenEndpoint])).toEqual([]);
});

test('streams may be asynchronous', async () => {
  async function* later<T>(...all: T[]) {
    yield* all;
  }
  const seen = { domains: later(seenDomain), hosts: later(seenHost), endpoints: later(seenEndpoint) };
  const all = { ...seen, serverFaults: later(seenFault), everyTlsQuestion: true };
  expect((await compareWithTruth(truth, all)).disagreements).toEqual([]);
});

const spoilt: readonly (readonly [string, SeenDomain[], SeenHost[], SeenEndpoint[], string])[] = [
  ['domain mail', [{ ...seenDomain, mail: 'none' }], [seenHost], [seenEndpoint], 'domain a.xa: mail'],
  [
    'domain status',
    [{ ...seenDomain, mxStatus: 'bogus' }],
    [seenHost],
    [seenEndpoint],
    'domain a.xa: mxStatus',
  ],
  [
    'domain verdict',
    [{ ...seenDomain, verdict: 'no-dane' }],
    [seenHost],
    [seenEndpoint],
    'domain a.xa: verdict',
  ],
  [
    'domain reason',
    [{ ...seenDomain, reason: 'timeout' }],
    [seenHost],
    [seenEndpoint],
    'domain a.xa: reason',
  ],
  ['domain never seen', [], [seenHost], [seenEndpoint], 'domain a.xa'],
  ['domain seen twice', [seenDomain, seenDomain], [seenHost], [seenEndpoint], 'domain a.xa: subject'],
  [
    'outcome',
    [seenDomain],
    [{ ...seenHost, tlsaOutcome: 'none' }],
    [seenEndpoint],
    'host mx.a.xa: tlsaOutcome',
  ],
  [
    'finding missed',
    [seenDomain],
    [{ ...seenHost, findings: [] }],
    [seenEndpoint],
    'host mx.a.xa: finding ancestor-denied',
  ],
  [
    'finding without cause',
    [seenDomain],
    [{ ...seenHost, findings: ['ancestor-denied', 'tlsa-servers-differ'] }],
    [seenEndpoint],
    'host mx.a.xa: finding tlsa-servers-differ',
  ],
  ['host never seen', [seenDomain], [], [seenEndpoint], 'host mx.a.xa'],
  [
    'host not in the lab',
    [seenDomain],
    [seenHost, { ...seenHost, host: 'b.xa' }],
    [seenEndpoint],
    'host b.xa: subject',
  ],
  ['endpoint never seen', [seenDomain], [seenHost], [], 'endpoint mx.a.xa 5.45.0.1'],
  [
    'endpoint verdict',
    [seenDomain],
    [seenHost],
    [{ ...seenEndpoint, verdict: 'failed' }],
    'endpoint mx.a.xa 5.45.0.1: verdict',
  ],
  [
    'endpoint not in the lab',
    [seenDomain],
    [seenHost],
    [seenEndpoint, { ...seenEndpoint, address: '5.45.0.2' }],
    'endpoint mx.a.xa 5.45.0.2: subject',
  ],
];

test.each(spoilt)('%s is a disagreement', async (_, domains, hosts, endpoints, told) => {
  expect(await compare(domains, hosts, endpoints)).toEqual([told]);
});

test.each<[string, SeenServerFault[], string]>([
  ['missed', [], 'server fault host mx.a.xa 5.45.0.9 ancestor-denied: subject'],
  ['seen twice', [seenFault, seenFault], 'server fault host mx.a.xa 5.45.0.9 ancestor-denied: subject'],
  [
    'at another address',
    [seenFault, { ...seenFault, address: '5.45.0.8' }],
    'server fault host mx.a.xa 5.45.0.8 ancestor-denied: subject',
  ],
  [
    'of a domain',
    [seenFault, { ...seenFault, subject: 'domain', name: 'a.xa', finding: 'name-server-lame' }],
    'server fault domain a.xa 5.45.0.9 name-server-lame: subject',
  ],
])('a fault of a name server %s is a disagreement', async (_, faults, told) => {
  expect(await compare([seenDomain], [seenHost], [seenEndpoint], faults)).toEqual([told]);
});

const tlsUnasked: SeenEndpoint = { ...seenEndpoint, tls12: null, withoutSni: null };

test.each<[string, boolean, SeenEndpoint, string[]]>([
  ['a lower protocol', true, { ...seenEndpoint, protocol: 'TLSv1.2' }, ['protocol']],
  ['TLS 1.2 unseen', true, { ...seenEndpoint, tls12: null }, ['tls12']],
  ['TLS 1.3 unseen', true, { ...seenEndpoint, tls13: null }, ['tls13']],
  ['another answer without SNI', true, { ...seenEndpoint, withoutSni: 'other-key' }, ['withoutSni']],
  ['what was not asked for, unseen', false, tlsUnasked, []],
  ['TLS 1.2, seen by chance', false, { ...tlsUnasked, tls12: true }, []],
  ['TLS 1.2 denied', false, { ...tlsUnasked, tls12: false }, ['tls12']],
  ['TLS 1.3 unseen, though it is always asked for', false, { ...tlsUnasked, tls13: null }, ['tls13']],
  ['an answer to what was not asked', false, { ...tlsUnasked, withoutSni: 'same-chain' }, ['withoutSni']],
])('TLS of an endpoint: %s', async (_, everyTlsQuestion, endpoint, fields) => {
  const told = await compare([seenDomain], [seenHost], [endpoint], [seenFault], everyTlsQuestion);
  expect(told).toEqual(fields.map((field) => `endpoint mx.a.xa 5.45.0.1: ${field}`));
});

test.each([
  [true, ['host mx.a.xa: finding tlsa-match-needs-sni']],
  [false, []],
])('a finding that only a census with every TLS question can make: %s', async (everyTlsQuestion, told) => {
  const host = { ...seenHost, findings: [...seenHost.findings, 'tlsa-match-needs-sni'] };
  const endpoint = everyTlsQuestion ? seenEndpoint : tlsUnasked;
  expect(await compare([seenDomain], [host], [endpoint], [seenFault], everyTlsQuestion)).toEqual(told);
});
