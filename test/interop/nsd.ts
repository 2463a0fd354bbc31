/**
 * Real name servers for tests: NSD, with zones signed by ldns-signzone, within a network namespace. Needs the Debian packages
 * `nsd` and `ldnsutils`; no running instance is touched.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingForNamespace, type NetworkNamespace } from './network-namespace.ts';

const run = promisify(execFile);

export function missingForNsd(): string | undefined {
  if (!existsSync('/usr/sbin/nsd')) return 'the Debian package nsd';
  if (!existsSync('/usr/bin/ldns-signzone')) return 'the Debian package ldnsutils';
  return missingForNamespace();
}

export interface ZoneToServe {
  readonly origin: string;
  /** Master file lines without the DS records of the zones below, which are added. */
  readonly lines: readonly string[];
  /** ldns-keygen's name of the algorithm; undefined for an unsigned zone. */
  readonly algorithm?: string;
  /** Further arguments of ldns-signzone: `-n` for NSEC3, `-p` for opt-out, `-e`, `-i`. */
  readonly signing?: readonly string[];
  /** What becomes of the signed file, a record a line, before it is served. */
  readonly spoil?: (signed: string) => string;
  /** The DS records that the parent publishes; the right ones where it is left out. */
  readonly ds?: (ds: string) => string;
}

export interface SignedZone {
  readonly origin: string;
  readonly text: string;
  readonly ds: string;
}

/** Signs the zones from the leaves up; each parent gets the DS records of those below it. */
export async function signZones(zones: readonly ZoneToServe[]): Promise<SignedZone[]> {
  const directory = await mkdtemp(join(tmpdir(), 'zones-'));
  try {
    const deepestFirst = [...zones].sort((a, b) => depthOf(b.origin) - depthOf(a.origin));
    const done: SignedZone[] = [];
    for (const zone of deepestFirst) {
      const below = done.filter(({ origin }) => parentAmong(origin, zones) === zone.origin);
      done.push(await signZone(zone, below, directory));
    }
    return done;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function depthOf(origin: string): number {
  return origin.split('.').filter((label) => label !== '').length;
}

/** The nearest zone above. */
function parentAmong(origin: string, zones: readonly ZoneToServe[]): string | undefined {
  return zones
    .map((zone) => zone.origin)
    .filter((other) => other !== origin && (other === '.' || origin.endsWith(`.${other}`)))
    .sort((a, b) => depthOf(b) - depthOf(a))[0];
}

async function signZone(
  zone: ZoneToServe,
  below: readonly SignedZone[],
  directory: string,
): Promise<SignedZone> {
  const { origin, algorithm } = zone;
  const lines = [`$ORIGIN ${origin}`, '$TTL 3600', ...zone.lines, ...below.map(({ ds }) => ds)];
  const text = `${lines.join('\n')}\n`;
  if (algorithm === undefined) return { origin, text, ds: '' };
  const inside = (command: string, ...args: string[]) => run(command, args, { cwd: directory });
  const keygen = [
    '-a',
    algorithm,
    '-k',
    '-r',
    '/dev/urandom',
    ...(algorithm.startsWith('RSA') ? ['-b', '2048'] : []),
  ];
  const key = (await inside('ldns-keygen', ...keygen, origin)).stdout.trim();
  await writeFile(join(directory, 'zone'), text);
  await inside('ldns-signzone', ...(zone.signing ?? []), '-f', 'signed', 'zone', key);
  const signed = await readFile(join(directory, 'signed'), 'utf8');
  const ds = await readFile(join(directory, `${key}.ds`), 'utf8');
  return { origin, text: zone.spoil?.(signed) ?? signed, ds: zone.ds?.(ds) ?? ds };
}

export interface NsdServer extends AsyncDisposable {
  readonly address: string;
}

/** One NSD on port 53 of the addresses, serving the zones. */
export async function startNsd(
  namespace: NetworkNamespace,
  addresses: readonly string[],
  zones: readonly SignedZone[],
): Promise<AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'nsd-'));
  await chmod(directory, 0o755);
  const config = [
    'server:',
    ...addresses.map((address) => `  ip-address: ${address}`),
    '  username: ""',
    '  chroot: ""',
    '  server-count: 1',
    '  database: ""',
    `  zonesdir: "${directory}"`,
    `  pidfile: "${directory}/nsd.pid"`,
    `  xfrdfile: "${directory}/xfrd.state"`,
    `  xfrdir: "${directory}"`,
    `  zonelistfile: "${directory}/zone.list"`,
    '  minimal-responses: no',
    '  refuse-any: no',
    '  round-robin: no',
    'remote-control:',
    '  control-enable: no',
  ];
  for (const [i, { origin, text }] of zones.entries()) {
    await writeFile(join(directory, `${i}.zone`), text);
    config.push('zone:', `  name: "${origin}"`, `  zonefile: "${i}.zone"`);
  }
  await writeFile(join(directory, 'nsd.conf'), `${config.join('\n')}\n`);
  const [command, args] = namespace.enter('nsd', '-d', '-c', join(directory, 'nsd.conf'));
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const started = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('nsd started')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`nsd ended:\n${log}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await started;
  } catch (error) {
    await stop();
    throw error;
  }
  return { [Symbol.asyncDispose]: stop };
}
