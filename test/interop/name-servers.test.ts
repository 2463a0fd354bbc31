/**
 * Our resolver and validator before four name servers, each signing its zones by its own means: NSD (with ldns-signzone), Knot
 * DNS, BIND 9 and PowerDNS, with NSEC and NSEC3 and with RSA, ECDSA and Ed25519.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBind } from './bind.ts';
import { startKnot } from './knot.ts';
import { missingForPrograms, startTogether } from './name-servers-process.ts';
import { minimisations, type Resolved, resolveWithin } from './name-servers-resolve.ts';
import {
  CHILDREN_ADDRESS,
  delegationTo,
  questions,
  unsignedChild,
  type ZoneToHost,
  zoneLines,
  zonesToHost,
} from './name-servers-zones.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { startPowerDns } from './powerdns.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';

const missing =
  missingForNsd() ??
  missingForPrograms(
    '/usr/bin/dig',
    '/usr/bin/dnssec-dsfromkey',
    '/usr/sbin/named',
    '/usr/sbin/knotd',
    '/usr/sbin/pdns_server',
    '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql',
  );
if (missing !== undefined) console.warn(`resolving through four name servers needs ${missing}`);

const NSD = '5.45.0.10';
const nsdZones = zonesToHost('nsd');
/** The servers that sign by themselves. */
const signers = [
  { address: '5.45.0.11', zones: zonesToHost('knot'), start: startKnot },
  { address: '5.45.0.12', zones: zonesToHost('bind'), start: startBind },
  {
    address: '5.45.0.13',
    zones: [
      ...zonesToHost('powerdns'),
      {
        origin: 'powerdns-narrow-p256.nl.',
        algorithm: 'ECDSAP256SHA256',
        denial: 'nsec3',
        narrow: true,
      } as const,
    ],
    start: startPowerDns,
  },
];
const zones: ZoneToHost[] = [...nsdZones, ...signers.flatMap((signer) => signer.zones)];

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('four name servers', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];
  const resolved = new Map<string, Resolved>();

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    namespace = await makeNetworkNamespace();
    await startTogether(
      running,
      signers.map(({ address, zones: hosted, start }) => start(namespace, address, hosted)),
    );
    const delegations = await Promise.all(
      signers.flatMap(({ address, zones: hosted }) =>
        hosted.map(({ origin }) => delegationTo(namespace, address, origin)),
      ),
    );
    const nsdDelegations = nsdZones.map(({ origin }) => [
      `${origin} NS ns.${origin}`,
      `ns.${origin} A ${NSD}`,
    ]);
    const [root, nl] = internetOf([]);
    const signed = await signZones([
      root!,
      { ...nl!, lines: [...nl!.lines, ...delegations.flat(), ...nsdDelegations.flat()] },
      ...nsdZones.map(({ origin, algorithm, denial }) => ({
        origin,
        lines: zoneLines(NSD),
        algorithm,
        signing: denial === 'nsec3' ? ['-n', '-s', 'abcd'] : [],
      })),
      ...zones.map(unsignedChild),
    ]);
    const isChild = (origin: string) => origin.startsWith('unsigned.');
    const isAbove = (origin: string) => origin === '.' || origin === 'nl.';
    const served = (which: (origin: string) => boolean) => signed.filter(({ origin }) => which(origin));
    running.push(
      await startNsd(namespace, [addresses.root, addresses.nl], served(isAbove)),
      await startNsd(namespace, [CHILDREN_ADDRESS], served(isChild)),
      await startNsd(
        namespace,
        [NSD],
        served((origin) => !isChild(origin) && !isAbove(origin)),
      ),
    );
    directory = await mkdtemp(join(tmpdir(), 'name-servers-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), signed.find(({ origin }) => origin === '.')!.ds);
    const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
    // A process for each mode: what one mode has learnt shall not answer for another.
    for (const minimisation of minimisations) {
      const asked = zones.flatMap(({ origin }) =>
        questions.map(([, label, type]) => ({ name: absolute(label, origin), type, minimisation })),
      );
      for (const [i, one] of (await resolveWithin(namespace, files, asked)).entries()) {
        const { name, type } = asked[i]!;
        resolved.set(`${name} ${type} ${minimisation}`, one);
      }
    }
  });

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  describe.each(zones)('$origin', ({ origin }) => {
    test.each(questions)('%s', (_title, label, type, expected) => {
      for (const minimisation of minimisations) {
        const seen = resolved.get(`${absolute(label, origin)} ${type} ${minimisation}`);
        expect({ minimisation, ...seen }).toMatchObject({ minimisation, ...expected });
      }
    });
  });
});

function absolute(label: string, origin: string): string {
  return label === '' ? origin : `${label}.${origin}`;
}
