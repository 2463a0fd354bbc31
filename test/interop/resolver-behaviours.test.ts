/**
 * The broken ancestor, made with a real server: PowerDNS with a SQL backend denies `_tcp.mx` while `_25._tcp.mx` has TLSA
 * records, since nobody rectified the zone after they had been added. Which resolvers lose them, by their way of asking and by what they were asked before: real ones, and ours in the same behaviour.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBindResolver } from './bind.ts';
import { askResolver, type ResolverToStart } from './differential-resolvers.ts';
import { startKnotResolver } from './knot-resolver.ts';
import { startTogether } from './name-servers-process.ts';
import { type Asked, resolveWithin } from './name-servers-resolve.ts';
import { delegationTo } from './name-servers-zones.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { signZones, startNsd } from './nsd.ts';
import { startPowerDns } from './powerdns.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';
import { startUnbound } from './unbound.ts';
import {
  unrectifiedZones as cases,
  missingForUnrectified as missing,
  type Outcome,
  originOf,
  outcomeOf,
  type UnrectifiedZone,
} from './unrectified-zones.ts';

if (missing !== undefined) console.warn(`the broken ancestor of a real PowerDNS needs ${missing}`);

const POWERDNS = '5.45.0.13';
/** The last octet of the first resolver's address. */
const FIRST_PEER = 53;
const HARDEN = '--harden-below-nxdomain';
const AGGRESSIVE = '--aggressive-nsec';
const AGGRESSIVE_NSEC = [AGGRESSIVE, '--no-aggressive-nsec3'] as const;

/** What a resolver does with what it knows; ours plays each. */
const behaviours = {
  strict: { minimisation: 'strict', options: [] },
  'strict, aggressive NSEC': { minimisation: 'strict', options: AGGRESSIVE_NSEC },
  relaxed: { minimisation: 'relaxed', options: [] },
  'relaxed, harden': { minimisation: 'relaxed', options: [HARDEN] },
  'relaxed, harden, aggressive NSEC': { minimisation: 'relaxed', options: [HARDEN, ...AGGRESSIVE_NSEC] },
  'relaxed, aggressive NSEC': { minimisation: 'relaxed', options: AGGRESSIVE_NSEC },
  'relaxed, aggressive': { minimisation: 'relaxed', options: [AGGRESSIVE] },
  off: { minimisation: 'off', options: [] },
  'off, harden': { minimisation: 'off', options: [HARDEN] },
  'off, harden, aggressive NSEC': { minimisation: 'off', options: [HARDEN, ...AGGRESSIVE_NSEC] },
  'off, aggressive NSEC': { minimisation: 'off', options: AGGRESSIVE_NSEC },
  'off, aggressive': { minimisation: 'off', options: [AGGRESSIVE] },
} as const satisfies Record<string, { minimisation: Asked['minimisation']; options: readonly string[] }>;
type Behaviour = keyof typeof behaviours;

const histories = ['asked first', 'after its ancestor'] as const;
type History = (typeof histories)[number];

type Start = (to: ResolverToStart) => ReturnType<typeof startUnbound>;
interface Peer {
  readonly start: Start;
  /** Which of our behaviours it has. */
  readonly as: Behaviour;
  /** Where it does otherwise. */
  readonly butFor?: readonly Exception[];
}

interface Exception {
  readonly history: History;
  readonly isSo: (one: UnrectifiedZone) => boolean;
  readonly outcome: Outcome;
}

/** An ancestor that it remembers as bogus it passes over, and goes on with the full name. */
const bogusAncestorKnown: Exception = {
  history: 'after its ancestor',
  isSo: ({ finding }) => finding === 'ancestor-proof-contradicts',
  outcome: 'found',
};

/** Real resolvers with an empty memory each. Their defaults conclude from NSEC records alone (RFC 8198), but for Knot's. */
const peers: Readonly<Record<string, Peer>> = {
  Unbound: {
    as: 'relaxed, harden, aggressive NSEC',
    start: startUnbound,
    butFor: [bogusAncestorKnown],
  },
  'Unbound, aggressive-nsec: no': {
    as: 'relaxed, harden',
    start: (to) => startUnbound(to, ['aggressive-nsec: no']),
    butFor: [bogusAncestorKnown],
  },
  'Unbound, qname-minimisation: no': {
    as: 'off, harden, aggressive NSEC',
    start: (to) => startUnbound(to, ['qname-minimisation: no']),
  },
  'Unbound, qname-minimisation and aggressive-nsec: no': {
    as: 'off, harden',
    start: (to) => startUnbound(to, ['qname-minimisation: no', 'aggressive-nsec: no']),
  },
  'Unbound, qname-minimisation and harden-below-nxdomain: no': {
    as: 'off, aggressive NSEC',
    start: (to) => startUnbound(to, ['qname-minimisation: no', 'harden-below-nxdomain: no']),
  },
  BIND: { as: 'relaxed, aggressive NSEC', start: startBindResolver },
  'BIND, synth-from-dnssec no': {
    as: 'relaxed',
    start: (to) => startBindResolver(to, ['synth-from-dnssec no']),
  },
  'BIND, qname-minimization strict': {
    as: 'strict, aggressive NSEC',
    start: (to) => startBindResolver(to, ['qname-minimization strict']),
    butFor: [
      // Its minimising ends at a denial only; after any other failure it goes on with the full name.
      {
        history: 'asked first',
        isSo: ({ finding }) => finding === 'ancestor-proof-contradicts',
        outcome: 'found',
      },
      {
        history: 'after its ancestor',
        isSo: ({ finding }) => finding === 'ancestor-proof-contradicts',
        outcome: 'found',
      },
      // It does not ask again for an ancestor that it remembers, and denies by NSEC alone: the full name is its next question.
      { history: 'after its ancestor', isSo: ({ denial }) => denial === 'nsec3', outcome: 'found' },
    ],
  },
  'Knot Resolver': {
    as: 'relaxed, aggressive',
    start: startKnotResolver,
    butFor: [
      // As seen with version 5.6: nothing is denied by NSEC3 records that were made for one answer, nor by those of this zone.
      {
        history: 'after its ancestor',
        isSo: ({ narrow, label }) => narrow === true || label === 'row-nsec3',
        outcome: 'found',
      },
    ],
  },
};

/** What our resolver makes of a case: whether it meets the ancestor's denial, on its way or in its memory, and believes it. */
function expectedOf({ finding, denial }: UnrectifiedZone, behaviour: Behaviour, history: History): Outcome {
  const { minimisation, options } = behaviours[behaviour];
  const has = (option: string) => (options as readonly string[]).includes(option);
  const asksAncestors = minimisation === 'strict' || (minimisation === 'relaxed' && has(HARDEN));
  const concludes = has(AGGRESSIVE) && (denial === 'nsec' || !has('--no-aggressive-nsec3'));
  const remembers = history === 'after its ancestor' && (has(HARDEN) || concludes);
  if (finding === 'ancestor-denied') return asksAncestors || remembers ? 'denied' : 'found';
  return finding === 'ancestor-proof-contradicts' && asksAncestors ? 'failed' : 'found';
}

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')(
  'what resolvers make of a PowerDNS left unrectified',
  () => {
    let namespace: NetworkNamespace;
    let directory: string;
    const running: AsyncDisposable[] = [];
    /** By "behaviour, history" and "peer, history". */
    const ours = new Map<string, readonly Outcome[]>();
    const theirs = new Map<string, readonly Outcome[]>();

    beforeAll(async () => {
      expect(missing).toBeUndefined();
      namespace = await makeNetworkNamespace();
      const hosted = cases.map((one) => ({
        ...one,
        origin: originOf(one.label),
        algorithm: 'ECDSAP256SHA256' as const,
      }));
      running.push(await startPowerDns(namespace, POWERDNS, hosted));
      const delegations = await Promise.all(
        hosted.map(({ origin }) => delegationTo(namespace, POWERDNS, origin)),
      );
      const [root, nl] = internetOf([]);
      const signed = await signZones([root!, { ...nl!, lines: [...nl!.lines, ...delegations.flat()] }]);
      for (const level of ['root', 'nl'] as const) {
        const origin = level === 'root' ? '.' : 'nl.';
        const zone = signed.filter((one) => one.origin === origin);
        running.push(await startNsd(namespace, [addresses[level]], zone));
      }
      const known = { namespace, hints: rootHints, anchor: signed.find(({ origin }) => origin === '.')!.ds };
      const ancestors = cases.map(({ label }) => `_tcp.mx.${originOf(label)}`);
      const records = cases.map(({ label }) => `_25._tcp.mx.${originOf(label)}`);
      // A resolver for each history, for what was asked first is remembered.
      const instances = Object.entries(peers).flatMap(([peer, { start }]) =>
        histories.map((history) => ({ start, history, title: `${peer}, ${history}` })),
      );
      const addressOf = (i: number) => `5.45.0.${FIRST_PEER + i}`;
      await startTogether(
        running,
        instances.map(({ start }, i) => start({ ...known, address: addressOf(i) })),
      );
      for (const [i, { title, history }] of instances.entries()) {
        // Unbound without minimisation looks for an ancestor's NXDOMAIN under the type that it is asked for (RFC 8020 §2: any).
        const before = ancestors.flatMap((name) => [`${name} A`, `${name} TLSA`]);
        if (history === 'after its ancestor') await askResolver(namespace, addressOf(i), before);
        const questions = records.map((name) => `${name} TLSA`);
        const verdicts = await askResolver(namespace, addressOf(i), questions);
        theirs.set(
          title,
          questions.map((question) => outcomeOf(verdicts.get(question)!)),
        );
      }
      directory = await mkdtemp(join(tmpdir(), 'unrectified-'));
      await writeFile(join(directory, 'hints'), rootHints);
      await writeFile(join(directory, 'anchor'), signed.find(({ origin }) => origin === '.')!.ds);
      const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
      // A process for each behaviour and history: what one has learnt shall not answer for another.
      for (const [behaviour, { minimisation, options }] of Object.entries(behaviours)) {
        for (const history of histories) {
          const before = ancestors.map((name) => ({ name, type: 'A', minimisation }));
          const then = records.map((name) => ({ name, type: 'TLSA', minimisation }));
          const rounds = history === 'asked first' ? [then] : [before, then];
          const resolved = await resolveWithin(namespace, [...files, ...options], ...rounds);
          ours.set(`${behaviour}, ${history}`, resolved.slice(-cases.length).map(outcomeOf));
        }
      }
    });

    afterAll(async () => {
      for (const server of running) await server[Symbol.asyncDispose]();
      await namespace[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    });

    const ways = Object.keys(behaviours).flatMap((behaviour) =>
      histories.map((history) => [behaviour as Behaviour, history] as const),
    );
    test.each(ways)('our resolver, %s, %s: what becomes of each record', (behaviour, history) => {
      const expected = cases.map((one) => [one.label, expectedOf(one, behaviour, history)]);
      expect(byLabel(ours.get(`${behaviour}, ${history}`)!)).toEqual(Object.fromEntries(expected));
    });

    const others = Object.entries(peers).flatMap(([title, peer]) =>
      histories.map((history) => [title, history, peer] as const),
    );
    test.each(others)('%s, %s: the same as ours', (title, history, { as, butFor = [] }) => {
      const expected = cases.map((one, i) => {
        const exception = butFor.find((each) => each.history === history && each.isSo(one));
        return [one.label, exception?.outcome ?? ours.get(`${as}, ${history}`)![i]];
      });
      expect(byLabel(theirs.get(`${title}, ${history}`)!)).toEqual(Object.fromEntries(expected));
    });
  },
);

function byLabel(outcomes: readonly Outcome[]): Record<string, Outcome> {
  return Object.fromEntries(cases.map(({ label }, i) => [label, outcomes[i]!]));
}
