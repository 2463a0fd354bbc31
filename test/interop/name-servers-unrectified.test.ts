/**
 * The broken ancestor, made with a real server: PowerDNS with a SQL backend denies `_tcp.mx` while `_25._tcp.mx` has TLSA
 * records, since nobody rectified the zone after they had been added. What `check` finds, and which way of asking loses them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBindResolver } from './bind.ts';
import { askResolver, type ResolverToStart, type Verdict } from './differential-resolvers.ts';
import { startKnotResolver } from './knot-resolver.ts';
import { outputOf, startTogether } from './name-servers-process.ts';
import { minimisations, type Resolved, resolveWithin } from './name-servers-resolve.ts';
import { delegationTo } from './name-servers-zones.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { signZones, startNsd } from './nsd.ts';
import { startPowerDnsPair } from './powerdns.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';
import { startUnbound } from './unbound.ts';
import {
  missingForUnrectified as missing,
  type Outcome,
  originOf,
  outcomeOf,
  type UnrectifiedZone,
  unrectifiedZones,
} from './unrectified-zones.ts';

if (missing !== undefined) console.warn(`the broken ancestor of a real PowerDNS needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const POWERDNS = '5.45.0.13';
/** The same zones and keys, rectified. */
const RECTIFIED = '5.45.0.14';
/** The same in the words of the consequence. */
const fateOf = { found: 'found', denied: 'lost', failed: 'fails' } as const;

/** Each with an empty memory, and which of our ways of asking, and of the behaviours, it is like. */
const peers = {
  Unbound: {
    address: '5.45.0.53',
    as: 'strict',
    behaviour: 'harden-below-nxdomain',
    start: startUnbound,
  },
  'Unbound, qname-minimisation: no': {
    address: '5.45.0.54',
    as: 'off',
    behaviour: 'no-minimisation',
    start: (to: ResolverToStart) => startUnbound(to, ['qname-minimisation: no']),
  },
  'Knot Resolver': {
    address: '5.45.0.55',
    as: 'relaxed',
    behaviour: 'relaxed-minimisation',
    start: startKnotResolver,
  },
  BIND: { address: '5.45.0.56', as: 'relaxed', behaviour: 'relaxed-minimisation', start: startBindResolver },
  'BIND, qname-minimization strict': {
    address: '5.45.0.57',
    as: 'strict',
    behaviour: 'strict-minimisation',
    start: (to: ResolverToStart) => startBindResolver(to, ['qname-minimization strict']),
  },
} as const;

interface Fates {
  readonly strict: Outcome;
  readonly relaxed: Outcome;
  readonly off: Outcome;
  /** A peer that does otherwise than it is said to. */
  readonly butFor?: { readonly peer: keyof typeof peers; readonly outcome: Outcome };
}
const intact: Fates = { strict: 'found', relaxed: 'found', off: 'found' };
const denied: Fates = { strict: 'denied', relaxed: 'found', off: 'found' };
const contradicted: Fates = {
  strict: 'failed',
  relaxed: 'found',
  off: 'found',
  // Its minimising ends at a denial only; after any other failure it goes on with the full name.
  butFor: { peer: 'BIND, qname-minimization strict', outcome: 'found' },
};
const fatesAt = { 'ancestor-denied': denied, 'ancestor-proof-contradicts': contradicted } as const;

interface Case extends UnrectifiedZone, Fates {}
const cases: readonly Case[] = unrectifiedZones.map((zone) => ({
  ...zone,
  ...(zone.finding === null ? intact : fatesAt[zone.finding]),
}));
const pairOf = (label: string) => `${label}-pair`;
const broken = cases.filter(({ finding }) => finding !== null);

interface Printed {
  readonly domain: string;
  readonly hosts: readonly {
    readonly tlsaOutcome: string;
    readonly findings: readonly { readonly key: string; readonly detail: string }[];
    readonly ancestors: readonly {
      readonly name: string;
      readonly rcode: string;
      readonly servers: readonly { readonly address: string; readonly rcode: string }[];
    }[];
    readonly ancestorConsequence: string | null;
    readonly behaviours: readonly { readonly behaviour: string; readonly fates: readonly string[] }[];
    readonly serverAnswers: readonly { readonly address: string; readonly faults: readonly string[] }[];
  }[];
}

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('PowerDNS, left unrectified', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];
  const resolved = new Map<string, Resolved>();
  const peerVerdicts = new Map<string, ReadonlyMap<string, Verdict>>();
  const checked = new Map<string, Printed>();

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    namespace = await makeNetworkNamespace();
    const hosted = cases.map((one) => ({
      ...one,
      origin: originOf(one.label),
      algorithm: 'ECDSAP256SHA256' as const,
    }));
    // The broken ones once more, with a second name server that is rectified.
    const pairs = hosted
      .filter(({ finding }) => finding !== null)
      .map((one) => ({ ...one, origin: originOf(pairOf(one.label)) }));
    running.push(await startPowerDnsPair(namespace, [POWERDNS, RECTIFIED], [...hosted, ...pairs]));
    const delegations = await Promise.all(
      [...hosted, ...pairs].map(({ origin }) => delegationTo(namespace, POWERDNS, origin)),
    );
    const seconds = pairs.flatMap(({ origin }) => [
      `${origin} NS ns2.${origin}`,
      `ns2.${origin} A ${RECTIFIED}`,
    ]);
    delegations.push(seconds);
    const [root, nl] = internetOf([]);
    const signed = await signZones([root!, { ...nl!, lines: [...nl!.lines, ...delegations.flat()] }]);
    for (const level of ['root', 'nl'] as const) {
      const origin = level === 'root' ? '.' : 'nl.';
      const zone = signed.filter((one) => one.origin === origin);
      running.push(await startNsd(namespace, [addresses[level]], zone));
    }
    const known = { namespace, hints: rootHints, anchor: signed.find(({ origin }) => origin === '.')!.ds };
    await startTogether(
      running,
      Object.values(peers).map(({ address, start }) => start({ ...known, address })),
    );
    for (const [peer, { address }] of Object.entries(peers)) {
      const questions = [...hosted, ...pairs].map(({ origin }) => `_25._tcp.mx.${origin} TLSA`);
      peerVerdicts.set(peer, await askResolver(namespace, address, questions));
    }
    directory = await mkdtemp(join(tmpdir(), 'unrectified-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), signed.find(({ origin }) => origin === '.')!.ds);
    const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
    // A process for each mode: what one mode has learnt shall not answer for another.
    for (const minimisation of minimisations) {
      const asked = cases.map(({ label }) => ({
        name: `_25._tcp.mx.${originOf(label)}`,
        type: 'TLSA',
        minimisation,
      }));
      for (const [i, one] of (await resolveWithin(namespace, files, asked)).entries()) {
        resolved.set(`${cases[i]!.label} ${minimisation}`, one);
      }
    }
    const domains = [...hosted, ...pairs].map(({ origin }) => origin);
    const options = ['--json', '--timeout', '1000', '--smtp-timeout', '1000', ...files];
    const printed = await outputOf(namespace, [
      process.execPath,
      commandLine,
      'check',
      ...domains,
      ...options,
    ]);
    for (const line of printed.trim().split('\n')) {
      const one = JSON.parse(line) as Printed;
      checked.set(one.domain, one);
    }
  });

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(cases)('$title: what check finds', ({ label, finding }) => {
    const { hosts } = checked.get(`${label}.nl`)!;
    expect(hosts).toHaveLength(1);
    const { tlsaOutcome, findings, ancestors } = hosts[0]!;
    const aboutAncestors = findings.filter(({ key }) => key.startsWith('ancestor-'));
    const denied = `_tcp.mx.${label}.nl`;
    const detail = `${denied} ns.${label}.nl/${POWERDNS}`;
    // Whoever asks for the full name sees the records: that is why their owner sees no fault.
    expect(tlsaOutcome).toBe('usable');
    expect(aboutAncestors).toEqual(finding === null ? [] : [{ key: finding, detail }]);
    expect(ancestors.map(({ name }) => name)).toEqual([denied, `mx.${label}.nl`]);
    expect(ancestors.map(({ rcode }) => rcode)).toEqual([
      finding === null ? 'NOERROR' : 'NXDOMAIN',
      'NOERROR',
    ]);
  });

  test.each(broken)(
    '$title, and a second server that is rectified: the bad one is seen',
    ({ label, finding }) => {
      const pair = pairOf(label);
      const { tlsaOutcome, ancestors, findings, serverAnswers, behaviours } = checked.get(`${pair}.nl`)!
        .hosts[0]!;
      expect(tlsaOutcome).toBe('usable');
      expect(findings).toEqual([{ key: finding, detail: `_tcp.mx.${pair}.nl ns.${pair}.nl/${POWERDNS}` }]);
      expect(serverAnswers).toMatchObject([
        { address: POWERDNS, faults: [finding] },
        { address: RECTIFIED, faults: [] },
      ]);
      expect(ancestors[0]!.servers).toMatchObject([
        { address: POWERDNS, rcode: 'NXDOMAIN' },
        { address: RECTIFIED, rcode: 'NOERROR' },
      ]);
      // Which of the two a resolver asks is chance; what became of the record is one of the things said to be possible.
      for (const [peer, { as, behaviour }] of Object.entries(peers)) {
        const shown = outcomeOf(peerVerdicts.get(peer)!.get(`_25._tcp.mx.${pair}.nl. TLSA`)!);
        const said = behaviours.find((one) => one.behaviour === behaviour)!.fates;
        expect([peer, said]).toEqual([peer, expect.arrayContaining([fateOf[shown]])]);
        expect(said).toHaveLength(as === 'strict' ? 2 : 1);
      }
    },
  );

  test.each(cases)('$title: who is said to lose the record is who loses it', ({ label, finding }) => {
    const { behaviours, ancestorConsequence } = checked.get(`${label}.nl`)!.hosts[0]!;
    const consequences = {
      'ancestor-denied': 'silently-unprotected',
      'ancestor-proof-contradicts': 'mail-deferred',
    } as const;
    expect(ancestorConsequence).toBe(finding === null ? null : consequences[finding]);
    const said = (behaviour: string) =>
      behaviours.find((one) => one.behaviour === behaviour)?.fates ?? ['found'];
    const shown = (peer: keyof typeof peers) =>
      fateOf[outcomeOf(peerVerdicts.get(peer)!.get(`_25._tcp.mx.${originOf(label)} TLSA`)!)];
    expect(said('harden-below-nxdomain')).toEqual([shown('Unbound')]);
    expect(said('relaxed-minimisation')).toEqual([shown('BIND')]);
    expect(said('relaxed-minimisation')).toEqual([shown('Knot Resolver')]);
    expect(said('no-minimisation')).toEqual([shown('Unbound, qname-minimisation: no')]);
    const strict = fateOf[outcomeOf(resolved.get(`${label} strict`)!)];
    expect(said('strict-minimisation')).toEqual([strict]);
  });

  test.each(cases)('$title: which way of asking loses the record', ({ label, strict, relaxed, off }) => {
    const seen = minimisations.map((minimisation) => [
      minimisation,
      outcomeOf(resolved.get(`${label} ${minimisation}`)!),
    ]);
    expect(Object.fromEntries(seen)).toEqual({ strict, relaxed, off });
  });

  test.each(cases)('$title: which resolvers lose the record', ({ label, butFor, ...expected }) => {
    for (const [peer, { as }] of Object.entries(peers)) {
      const outcome = outcomeOf(peerVerdicts.get(peer)!.get(`_25._tcp.mx.${originOf(label)} TLSA`)!);
      expect([peer, outcome]).toEqual([peer, peer === butFor?.peer ? butFor.outcome : expected[as]]);
    }
  });
});
