/** What the judge of domains reads from rows is what the survey saw. */
import { expect, test } from 'vitest';
import { beginCensus } from '../../src/store/census-record.ts';
import type { HostToJudge } from '../../src/store/hosts-to-judge.ts';
import { writeIntakeBatch } from '../../src/store/intake-record.ts';
import { type DomainToJudge, pendingVerdicts, writeVerdicts } from '../../src/store/pending.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { DomainFacts, HostFacts } from '../../src/survey/facts.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import { judgeSenders } from '../../src/survey/judge-senders.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';
import { lettersOf } from '../../src/survey/sender-letters.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase } from './template.ts';

const signal = new AbortController().signal;
const { domains: seen } = await fakeSurveyor().domains([{ name: 'd1.example', delegation: null }], signal);
const aDomain = seen[0]!;
const aHost = (await fakeSurveyor().hosts(['mx.example'], signal)).hosts[0]!;
const anEndpoint = aHost.endpoints[0]!;
const matches: HandshakeFact = { ...anEndpoint.handshakes[0]!, reason: null, namesInstead: null };
const differs: HandshakeFact = { ...matches, reason: 'tlsa-mismatch' };
const looser: HandshakeFact = {
  ...differs,
  inOtherManners: { 'every-digest': null, 'every-digest-as-sent': 'ta-chain-invalid' },
};
const naming = (...namesInstead: readonly string[]): HandshakeFact => ({
  ...matches,
  reason: 'ta-name-mismatch',
  namesInstead,
});

function endpoint(address: string, ...handshakes: readonly HandshakeFact[]): EndpointFacts {
  const failures = handshakes.map(({ reason }) => reason).filter((reason) => reason !== null);
  const verdict =
    failures.length === 0 ? 'authenticated' : failures.length < handshakes.length ? 'degraded' : 'failed';
  return { ...anEndpoint, address, handshakes, verdict, reason: failures[0] ?? null };
}

function host(name: string, ...endpoints: readonly EndpointFacts[]): HostFacts {
  const isDane = endpoints.every(({ verdict }) => verdict === 'authenticated');
  const reason = endpoints.find((one) => one.reason !== null)?.reason ?? null;
  return { ...aHost, host: name, endpoints, verdict: isDane ? 'dane' : 'dane-failed', reason };
}

const hosts = [
  host('named.example', endpoint('2001:db8::1', naming('a.example', '*.b.example', 'with "quotes", {\\}'))),
  host('half.example', endpoint('192.0.2.1', differs, naming('a.example'))),
  host(
    'several.example',
    // In the order of the survey, which is not that of numbers.
    endpoint('192.0.2.10', naming('other.example')),
    endpoint('192.0.2.9', differs),
    endpoint('2001:db8::9', naming('a.example')),
  ),
  host('plain.example', endpoint('192.0.2.4', matches)),
  {
    ...host('looser.example', endpoint('192.0.2.5', looser, matches), endpoint('192.0.2.6', looser)),
    aliases: [],
  },
];

function domain(name: string, at: readonly string[], rest: Partial<DomainFacts> = {}): DomainFacts {
  const edges = at.map((label, preference) => ({ host: `${label}.example`, preference }));
  return { ...aDomain, domain: name, mail: 'mx', aliases: [], edges, ...rest };
}

const domains = [
  domain('a.example', ['named']),
  domain('c.b.example', ['named', 'plain']),
  domain('c.example', ['named']),
  domain('alias.example', ['named'], { aliases: ['way.example', 'a.example'] }),
  domain('way.example', ['half'], { aliases: ['a.example', 'way.test'] }),
  domain('b.example', ['half'], { aliases: ['a.example'] }),
  domain('other.example', ['several']),
  domain('looser.example', ['looser']),
];

test('RFC 7672 §3.2.2: domains are judged from rows as from what was seen', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['list'], 'test', 1);
  const rows = domains.map((facts, at) => ({ ordinal: at + 1, facts }));
  await db.tx(async (session) => {
    const names = rows.map(({ ordinal, facts }) => ({ ordinal, name: facts.domain }));
    const batch = { names, invalid: [], skipped: 0, lines: 1, digest: new Uint8Array(), complete: true };
    await writeIntakeBatch(session, census, 0, 0, batch);
    await writeDomains(session, census, rows, (name) => ({ provider: name, bucket: 0 }));
    await writeHosts(session, census, hosts, []);
  });
  const range = { first: 1, last: domains.length };
  const pending = await pendingVerdicts(db, census, range);
  const byName = new Map(hosts.map((one) => [one.host, one]));
  const judge = (facts: DomainToJudge['facts'], of: ReadonlyMap<string, HostToJudge>) => ({
    judged: judgeDomain(facts, of),
    mail: lettersOf(judgeSenders(facts, of)),
  });
  const judged = pending.domains.map(({ ordinal, facts }) => ({ ordinal, ...judge(facts, pending.hosts) }));
  expect(judged).toEqual(rows.map(({ ordinal, facts }) => ({ ordinal, ...judge(facts, byName) })));
  expect(new Set(judged.map(({ mail }) => mail.senders)).size).toBeGreaterThan(2);
  expect(judged.map(({ judged: { verdict } }) => verdict)).toEqual([
    'dane',
    'dane',
    'dane-failed',
    'dane',
    'dane-failed',
    'dane-degraded',
    'dane-degraded',
    'dane-failed',
  ]);
  expect(pending.hosts.get('several.example')?.endpoints).toHaveLength(3);

  await writeVerdicts(db, census, judged.slice(0, 3));
  expect((await pendingVerdicts(db, census, range)).domains.map(({ ordinal }) => ordinal)).toEqual([
    4, 5, 6, 7, 8,
  ]);
});
