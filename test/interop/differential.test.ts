/**
 * Our verdicts beside those of Unbound, Knot Resolver, BIND 9 and delv, on the same zones, good and bad: the status of every
 * name must be the same. What differs, and why it may, is written down in `differential-exceptions.ts`; a difference that is
 * not there fails, and so does one that is there and no longer seen. The same for our own verdicts where one of those resolvers is
 * asked in place of the world (--forward): they must be those of asking directly.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBindResolver } from './bind.ts';
import { askDelv } from './delv.ts';
import {
  type Exception,
  exceptions,
  exceptionsThroughForwarders,
  type ResolverName,
  resolvers,
} from './differential-exceptions.ts';
import { askResolver, type Verdict } from './differential-resolvers.ts';
import { signByDnssecSignzone } from './differential-signzone.ts';
import { aboveQuestions, everyZone, zonesBelow } from './differential-zone-parts.ts';
import { zoo } from './differential-zoo.ts';
import { zooOfRules } from './differential-zoo-rules.ts';
import { zooBySignzone } from './differential-zoo-signzone.ts';
import { startKnotResolver } from './knot-resolver.ts';
import { missingForPrograms, startTogether } from './name-servers-process.ts';
import { type Asked, minimisations, type Resolved, resolveWithin } from './name-servers-resolve.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { startPowerDnsRecursor } from './powerdns-recursor.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';
import { startUnbound } from './unbound.ts';

const missing =
  missingForNsd() ??
  missingForPrograms(
    '/usr/bin/dig',
    '/usr/bin/delv',
    '/usr/bin/dnssec-signzone',
    '/usr/sbin/named',
    '/usr/sbin/unbound',
    '/usr/sbin/kresd',
    '/usr/sbin/pdns_recursor',
  );
if (missing !== undefined) console.warn(`comparing with other validators needs ${missing}`);

const tlsa = `3 1 1 ${'ab'.repeat(32)}`;
const { zones: ofEveryKind, below } = zoo(tlsa);
const byLdns = [...ofEveryKind, ...zooOfRules(tlsa)];
const bySignzone = zooBySignzone(tlsa);
const zones = [...byLdns, ...bySignzone];
const questions = [
  ...aboveQuestions,
  ...zones.flatMap(({ zone: { origin }, further = [], only = everyZone }) =>
    [...new Set([...only, ...further])].map((relative) => {
      const [label, type] = relative.split(' ');
      return `${label === '@' ? '' : `${label}.`}${origin} ${type}`;
    }),
  ),
];
const UNBOUND = '5.45.0.53';
/** Those that can be asked in place of the world. */
const forwarders = ['Unbound', 'Knot Resolver', 'BIND'] as const;
const POWERDNS = '5.45.0.56';
/** Some ten thousand questions to a dozen servers, of which some take seconds for a bogus answer; longer where others work too. */
const PATIENCE_MS = 300_000;

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('beside other validators', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];
  let ours: ReadonlyMap<string, Resolved>;
  const oursBy = new Map<string, ReadonlyMap<string, Resolved>>();
  const forwarded = new Map<ResolverName | 'PowerDNS Recursor', ReadonlyMap<string, Resolved>>();
  const theirs = new Map<string, ReadonlyMap<string, Verdict>>();

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    const signedAlready = await Promise.all(bySignzone.map(({ zone }) => signByDnssecSignzone(zone)));
    const [root, nl, ...domains] = internetOf(byLdns.map(({ zone }) => zone));
    const delegations = signedAlready.flatMap(({ origin, ds }) => [
      `${origin} NS ns.${origin}`,
      `ns.${origin} A ${addresses.domains}`,
      ds,
    ]);
    const signed = await signZones([
      root!,
      { ...nl!, lines: [...nl!.lines, ...delegations] },
      ...domains,
      ...below,
    ]);
    signed.push(...signedAlready, ...(await signZones(zonesBelow('spans.nl.'))));
    namespace = await makeNetworkNamespace();
    const levelOf = (origin: string) => (origin === '.' ? 'root' : origin === 'nl.' ? 'nl' : 'domains');
    for (const level of ['root', 'nl', 'domains'] as const) {
      const served = signed.filter(({ origin }) => levelOf(origin) === level);
      running.push(await startNsd(namespace, [addresses[level]], served));
    }
    const anchor = signed.find(({ origin }) => origin === '.')!.ds;
    directory = await mkdtemp(join(tmpdir(), 'differential-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), anchor);
    const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];

    const known = { namespace, hints: rootHints, anchor };
    const started = [
      ['Unbound', UNBOUND, startUnbound],
      ['Knot Resolver', '5.45.0.54', startKnotResolver],
      ['BIND', '5.45.0.55', startBindResolver],
    ] as const;
    await startTogether(
      running,
      started.map(([, address, start]) => start({ ...known, address })),
    );
    await Promise.all(
      started.map(async ([name, address]) =>
        theirs.set(name, await askResolver(namespace, address, questions)),
      ),
    );
    theirs.set('delv', await askDelv(namespace, UNBOUND, anchor, questions));
    const resolveAll = async (options: readonly string[], minimisation: Asked['minimisation']) => {
      const asked = questions.map((question) => {
        const [name, type] = question.split(' ') as [string, string];
        return { name, type, minimisation };
      });
      const resolved = await resolveWithin(namespace, options, asked);
      return new Map(resolved.map((one, i) => [questions[i]!, one]));
    };
    for (const minimisation of minimisations) {
      oursBy.set(minimisation, await resolveAll(files, minimisation));
    }
    ours = oursBy.get('relaxed')!;
    running.push(await startPowerDnsRecursor({ ...known, address: POWERDNS }));
    for (const [name, address] of [...started, ['PowerDNS Recursor', POWERDNS] as const]) {
      const options = ['--trust-anchor', join(directory, 'anchor'), '--forward', address];
      forwarded.set(name, await resolveAll(options, 'relaxed'));
    }
  }, PATIENCE_MS);

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(zones)('$label is as it was meant: $status', ({ zone: { origin }, status, because }) => {
    expect(ours.get(`${origin} MX`)).toMatchObject({ status, reason: because });
  });

  test.each(['strict', 'off'])('minimisation does not change our verdicts: %s', (minimisation) => {
    const differing = questions.filter(
      (question) => oursBy.get(minimisation)!.get(question)!.status !== ours.get(question)!.status,
    );
    expect(differing).toEqual([]);
  });

  test.each([...exceptions, ...exceptionsThroughForwarders])(
    '$resolvers: $because: is about something that is asked',
    (exception) => {
      expect(questions.filter((question) => exception.questions.test(question))).not.toEqual([]);
    },
  );

  describe.each(resolvers)('%s', (resolver) => {
    test.each(questions)('%s', (question) => {
      const seen = ours.get(question)!;
      const verdict = theirs.get(resolver)!.get(question)!;
      const status = resolver === 'delv' && isFailure(seen.status) ? 'failed' : seen.status;
      const exception = exceptionFor(exceptions, resolver, question);
      expect({ ours: status, theirs: verdict.status }).toEqual({
        ours: exception?.ours ?? status,
        theirs: exception?.theirs ?? status,
      });
      if (!isFailure(seen.status) && !isFailure(verdict.status)) expect(verdict.rcode).toBe(seen.rcode);
    });
  });

  // It answers SERVFAIL in spite of CD now and then, which ones depends on what is in its cache (4.8.8).
  describe('our own verdicts through PowerDNS Recursor: the same, or nobody could tell', () => {
    test.each(questions)('%s', (question) => {
      const direct = ours.get(question)!;
      const through = forwarded.get('PowerDNS Recursor')!.get(question)!;
      if (through.reason === 'forwarder-servfail') expect(isFailure(direct.status)).toBe(true);
      else expect(through.status).toBe(direct.status);
      if (!isFailure(direct.status)) expect(through).toEqual(direct);
    });
  });

  describe.each(forwarders)('our own verdicts through %s', (forwarder) => {
    test.each(questions)('%s', (question) => {
      const direct = ours.get(question)!;
      const through = forwarded.get(forwarder)!.get(question)!;
      const exception = exceptionFor(exceptionsThroughForwarders, forwarder, question);
      expect({ direct: direct.status, through: through.status }).toEqual({
        direct: exception?.ours ?? direct.status,
        through: exception?.theirs ?? direct.status,
      });
      // Why an answer failed is told more exactly by the name's own servers.
      if (!isFailure(direct.status) && !isFailure(through.status)) expect(through).toEqual(direct);
    });
  });
});

function isFailure(status: string): boolean {
  return status !== 'secure' && status !== 'insecure';
}

function exceptionFor(
  among: readonly Exception[],
  resolver: ResolverName,
  question: string,
): Exception | undefined {
  return among.find((one) => one.resolvers.includes(resolver) && one.questions.test(question));
}
