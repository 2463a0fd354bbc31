/** What is surveyed through a forwarder: the facts of asking directly, without those that a forwarder does not show. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { ReplyParts } from '../../src/dns/message-writer.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import type { HostFacts, LookupFact } from '../../src/survey/facts.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import { surveyDomain } from '../../src/survey/survey-domain.ts';
import { surveyHost } from '../../src/survey/survey-host.ts';
import { forwarders, type SpoilForwarded } from '../lookup/fake-forwarder.ts';
import { AT, stripped, type World } from '../lookup/signed-internet.ts';
import { portsOver, small, TLSA_RDATA } from './small-world.ts';

const lines = [
  '@ MX 10 mx',
  'mx A 203.0.113.2',
  `_25._tcp.mx ${TLSA_RDATA}`,
  '_mta-sts TXT "v=STSv1; id=1"',
  'alias CNAME mx',
];
const plain = ['@ MX 10 mx', 'mx A 203.0.113.3'];
const direct = (denied: readonly string[] = []) => small(lines, { plain, denied });
const through = (spoil?: SpoilForwarded, denied: readonly string[] = []) =>
  small(lines, { plain, denied, forwarders: forwarders(spoil) });
const domain = ({ lookup }: World, name: string) =>
  surveyDomain(name, { lookup, clock: () => AT, random: seededRandom(1), askEveryServer: false });
const host = (world: World, name: string) => surveyHost(name, portsOver(world).ports);

/** A forwarder is no server of the zone, whatever it hands on. */
const withoutServers = ({ useless: _, ...fact }: LookupFact): LookupFact => fact;

describe('the facts of asking directly', () => {
  test.each(['example.test', 'plain.test', 'nothing.test', 'expired.test', 'mx.example.test'])(
    'of the domain %s; the servers that its parent names are not seen',
    async (name) => {
      const asked = await domain(direct(), name);
      expect(asked.zone?.nameServers).not.toEqual([]);
      expect(await domain(through(), name)).toEqual({
        ...asked,
        mx: { ...withoutServers(asked.mx), ttl: asked.mx.status === 'secure' ? asked.mx.ttl : null },
        zone: { ...asked.zone, nameServers: null },
        serverAnswers: [],
        findings: [],
      });
    },
  );

  test.each(['mx.example.test', 'alias.example.test', 'mx.plain.test', 'nothing.example.test'])(
    'of the host %s; what each server of the zone answers is not seen',
    async (name) => {
      for (const denied of [[], ['_tcp.mx']]) {
        const asked = await host(direct(denied), name);
        const ttl = (fact: HostFacts['a']) => ({ ...fact, ttl: fact.status === 'secure' ? fact.ttl : null });
        expect(asked.serverAnswers).toHaveLength(asked.tlsaOutcome === 'usable' ? 1 : 0);
        expect(await host(through(undefined, denied), name)).toEqual({
          ...asked,
          a: ttl(asked.a),
          aaaa: ttl(asked.aaaa),
          serverAnswers: [],
          tlsaZone: null,
          ancestors: asked.ancestors.map((ancestor) => ({ ...ancestor, servers: [] })),
          findings: asked.findings.map(({ key, detail }) => ({ key, detail: detail.split(' ')[0] })),
        });
      }
    },
  );

  test('RFC 4034 §3.1.4: TTLs that a cache has run down are none; signatures tell the true one', async () => {
    const runDown: SpoilForwarded = (parts) => ({
      ...parts,
      answer: (parts.answer ?? []).map((record) => ({ ...record, ttl: 7 })),
    });
    expect((await domain(through(runDown), 'example.test')).mx).toMatchObject({
      status: 'secure',
      ttl: 3600,
    });
    expect((await domain(through(runDown), 'plain.test')).mx).toMatchObject({
      status: 'insecure',
      ttl: null,
    });
  });
});

describe('could not look: unknown, in no rate, and nothing is said of the domain', () => {
  const empty = (parts: ReplyParts, rcode: number): ReplyParts => ({
    ...parts,
    rcode,
    answer: [],
    authority: [],
  });

  test.each<[string, SpoilForwarded]>([
    ['forwarder-silent', () => ({ kind: 'timeout' })],
    ['network-unreachable', () => ({ kind: 'unreachable' })],
    ['forwarder-servfail', (parts) => empty(parts, Rcode.SERVFAIL)],
    ['forwarder-refuses', (parts) => empty(parts, Rcode.REFUSED)],
    ['forwarder-without-dnssec', (parts) => stripped(parts)],
  ])('%s', async (reason, spoil) => {
    for (const name of ['example.test', 'plain.test']) {
      const facts = await domain(through(spoil), name);
      expect(facts).toMatchObject({
        mail: 'unknown',
        mx: { outcome: 'failed', reason },
        zone: null,
        soa: null,
        mtaSts: null,
        tlsRpt: null,
        findings: [],
      });
      expect(judgeDomain(facts, new Map())).toEqual({ verdict: 'unknown', reason });
      expect(await host(through(spoil), `mx.${name}`)).toMatchObject({
        tlsaOutcome: 'lookup-failed',
        verdict: 'unknown',
        reason,
        findings: [],
        endpoints: [],
      });
    }
  });

  test('the TLSA lookup alone: no finding against the host', async () => {
    const spoil: SpoilForwarded = (parts, { text }) =>
      text.endsWith(' TLSA') ? empty(parts, Rcode.SERVFAIL) : undefined;
    expect(await host(through(spoil), 'mx.example.test')).toMatchObject({
      tlsaOutcome: 'lookup-failed',
      tlsaReason: 'forwarder-servfail',
      verdict: 'unknown',
      findings: [],
    });
  });
});
