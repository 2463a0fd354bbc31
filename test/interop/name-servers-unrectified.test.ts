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
import { missingForPrograms, outputOf, startTogether } from './name-servers-process.ts';
import { minimisations, type Resolved, resolveWithin } from './name-servers-resolve.ts';
import { delegationTo } from './name-servers-zones.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { type PowerDnsZone, startPowerDns } from './powerdns.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';
import { startUnbound } from './unbound.ts';

const missing =
  missingForNsd() ??
  missingForPrograms(
    '/usr/bin/dig',
    '/usr/bin/dnssec-dsfromkey',
    '/usr/sbin/named',
    '/usr/sbin/unbound',
    '/usr/sbin/kresd',
    '/usr/sbin/pdns_server',
    '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql',
  );
if (missing !== undefined) console.warn(`the broken ancestor of a real PowerDNS needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const POWERDNS = '5.45.0.13';
/** What becomes of a TLSA lookup: DANE applies, mail goes out unprotected without a word, or mail is deferred. */
type Outcome = 'found' | 'denied' | 'failed';

/** Each with an empty memory, and which of our ways of asking it behaves as. */
const peers = {
  Unbound: { address: '5.45.0.53', as: 'strict', start: startUnbound },
  'Unbound, qname-minimisation: no': {
    address: '5.45.0.54',
    as: 'off',
    start: (to: ResolverToStart) => startUnbound(to, ['qname-minimisation: no']),
  },
  'Knot Resolver': { address: '5.45.0.55', as: 'relaxed', start: startKnotResolver },
  BIND: { address: '5.45.0.56', as: 'relaxed', start: startBindResolver },
  'BIND, qname-minimization strict': {
    address: '5.45.0.57',
    as: 'strict',
    start: (to: ResolverToStart) => startBindResolver(to, ['qname-minimization strict']),
  },
} as const;

interface Case extends Omit<PowerDnsZone, 'origin' | 'algorithm'> {
  readonly title: string;
  readonly label: string;
  /** What is wrong with `_tcp.mx`, and with nothing else. */
  readonly finding: 'ancestor-denied' | 'ancestor-proof-contradicts' | null;
  readonly strict: Outcome;
  readonly relaxed: Outcome;
  readonly off: Outcome;
  /** A peer that does otherwise than it is said to. */
  readonly butFor?: { readonly peer: keyof typeof peers; readonly outcome: Outcome };
}

const intact = { finding: null, strict: 'found', relaxed: 'found', off: 'found' } as const;
const denied = { finding: 'ancestor-denied', strict: 'denied', relaxed: 'found', off: 'found' } as const;
const contradicted = {
  finding: 'ancestor-proof-contradicts',
  strict: 'failed',
  relaxed: 'found',
  off: 'found',
  // Its minimising ends at a denial only; after any other failure it goes on with the full name.
  butFor: { peer: 'BIND, qname-minimization strict', outcome: 'found' },
} as const;

const cases: readonly Case[] = [
  { title: 'rectified, NSEC', label: 'rectified-nsec', denial: 'nsec', ...intact },
  { title: 'rectified, NSEC3', label: 'rectified-nsec3', denial: 'nsec3', ...intact },
  { title: 'rectified, narrow', label: 'rectified-narrow', denial: 'nsec3', narrow: true, ...intact },
  {
    title: 'SQL row with order name, NSEC3',
    label: 'row-nsec3',
    denial: 'nsec3',
    lateTlsa: 'row-with-order-name',
    ...denied,
  },
  {
    title: 'SQL row with order name, NSEC',
    label: 'row-nsec',
    denial: 'nsec',
    lateTlsa: 'row-with-order-name',
    ...contradicted,
  },
  {
    title: 'SQL row with order name, narrow',
    label: 'row-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'row-with-order-name',
    ...denied,
  },
  {
    title: 'bare SQL row, NSEC3',
    label: 'bare-nsec3',
    denial: 'nsec3',
    lateTlsa: 'bare-row',
    ...denied,
  },
  { title: 'bare SQL row, NSEC', label: 'bare-nsec', denial: 'nsec', lateTlsa: 'bare-row', ...denied },
  {
    title: 'bare SQL row, narrow',
    label: 'bare-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'bare-row',
    ...denied,
  },
  {
    title: 'add-record, NSEC3',
    label: 'added-nsec3',
    denial: 'nsec3',
    lateTlsa: 'add-record',
    ...denied,
  },
  {
    title: 'add-record, narrow',
    label: 'added-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'add-record',
    ...denied,
  },
];
const originOf = (label: string) => `${label}.nl.`;

interface Printed {
  readonly domain: string;
  readonly hosts: readonly {
    readonly tlsaOutcome: string;
    readonly findings: readonly { readonly key: string; readonly detail: string }[];
    readonly ancestors: readonly { readonly name: string; readonly rcode: string; readonly proof: string }[];
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
    await startTogether(
      running,
      Object.values(peers).map(({ address, start }) => start({ ...known, address })),
    );
    for (const [peer, { address }] of Object.entries(peers)) {
      const questions = cases.map(({ label }) => `_25._tcp.mx.${originOf(label)} TLSA`);
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
    const domains = cases.map(({ label }) => originOf(label));
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
    const detail = `_tcp.mx.${label}.nl`;
    // Whoever asks for the full name sees the records: that is why their owner sees no fault.
    expect(tlsaOutcome).toBe('usable');
    expect(aboutAncestors).toEqual(finding === null ? [] : [{ key: finding, detail }]);
    expect(ancestors.map(({ name }) => name)).toEqual([detail, `mx.${label}.nl`]);
    expect(ancestors.map(({ rcode }) => rcode)).toEqual([
      finding === null ? 'NOERROR' : 'NXDOMAIN',
      'NOERROR',
    ]);
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

function outcomeOf({ status, rcode }: { readonly status: string; readonly rcode: string }): Outcome {
  if (status !== 'secure') return 'failed';
  return rcode === 'NXDOMAIN' ? 'denied' : 'found';
}
