/**
 * PowerDNS with a SQLite database (gsqlite3): zones loaded, secured and rectified by pdnsutil, or left as raw SQL rows, which
 * is how an unrectified zone comes about. Debian packages `pdns-server` and `pdns-backend-sqlite3`.
 */
import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import {
  askServer,
  type ServerProcess,
  serverDirectory,
  startServer,
  writeLines,
} from './name-servers-process.ts';
import { type ZoneToHost, zoneLines } from './name-servers-zones.ts';
import type { NetworkNamespace } from './network-namespace.ts';

const run = promisify(execFile);
const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

/** How the TLSA record comes into the zone after all else was rectified. */
export type LateTlsa =
  /** As a row with the name that orders it among the denials, as rectify-zone would write, but without one for `_tcp.mx`. */
  | 'row-with-order-name'
  /** As a row without it. */
  | 'bare-row'
  /** By `pdnsutil add-record`, which does not rectify. */
  | 'add-record';

export interface PowerDnsZone extends ZoneToHost {
  /** NSEC3 records made for each answer, around the name asked for. */
  readonly narrow?: boolean;
  /** Undefined: it is loaded with the rest, and everything is rectified. */
  readonly lateTlsa?: LateTlsa;
}

export async function startPowerDns(
  namespace: NetworkNamespace,
  address: string,
  zones: readonly PowerDnsZone[],
): Promise<ServerProcess> {
  const { directory } = await prepare(address, zones);
  return start(namespace, address, directory, zones);
}

/** Two servers with the same zones and keys: as they were left at the first address, rectified at the second. */
export async function startPowerDnsPair(
  namespace: NetworkNamespace,
  [left, rectified]: readonly [string, string],
  zones: readonly PowerDnsZone[],
): Promise<AsyncDisposable> {
  const { directory, file } = await prepare(left, zones);
  const second = await configured(rectified);
  await copyFile(file, second.file);
  for (const { origin } of zones) await second.pdnsutil('rectify-zone', origin);
  const both = await Promise.all([
    start(namespace, left, directory, zones),
    start(namespace, rectified, second.directory, zones),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      for (const server of both) await server[Symbol.asyncDispose]();
    },
  };
}

interface Configured {
  readonly directory: string;
  readonly file: string;
  readonly pdnsutil: (...args: string[]) => Promise<unknown>;
}

async function configured(address: string): Promise<Configured> {
  const directory = await serverDirectory('pdns');
  const file = join(directory, 'pdns.sqlite3');
  await writeLines(join(directory, 'pdns.conf'), [
    'launch=gsqlite3',
    `gsqlite3-database=${file}`,
    'gsqlite3-dnssec=yes',
    `local-address=${address}`,
    `socket-dir=${directory}`,
    'daemon=no',
    'guardian=no',
    'write-pid=no',
    'dname-processing=yes',
    'security-poll-suffix=',
    'cache-ttl=0',
    'query-cache-ttl=0',
    'negquery-cache-ttl=0',
    'zone-cache-refresh-interval=0',
    'loglevel=4',
  ]);
  const pdnsutil = (...args: string[]) => run('pdnsutil', [`--config-dir=${directory}`, ...args]);
  return { directory, file, pdnsutil };
}

/** A directory with configuration and database; nothing of the zones is left to be written when it is handed over. */
async function prepare(address: string, zones: readonly PowerDnsZone[]): Promise<Configured> {
  const made = await configured(address);
  const { directory, file, pdnsutil } = made;
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF');
  database.exec(await readFile(SCHEMA, 'utf8'));
  try {
    for (const zone of zones) await loadZone(zone, { address, directory, database, pdnsutil });
  } finally {
    database.close();
  }
  return made;
}

function start(
  namespace: NetworkNamespace,
  address: string,
  directory: string,
  zones: readonly PowerDnsZone[],
): Promise<ServerProcess> {
  return startServer({
    namespace,
    directory,
    command: ['pdns_server', `--config-dir=${directory}`],
    isReady: async () => (await askServer(namespace, address, zones[0]!.origin, 'SOA')).length > 0,
  });
}

interface Loading {
  readonly address: string;
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly pdnsutil: (...args: string[]) => Promise<unknown>;
}

async function loadZone(zone: PowerDnsZone, loading: Loading): Promise<void> {
  const { origin, algorithm, denial, narrow, lateTlsa } = zone;
  const { directory, database, pdnsutil } = loading;
  const lines = zoneLines(loading.address);
  const early = lateTlsa === undefined ? lines : lines.filter((line) => !line.includes(' TLSA '));
  const path = await writeLines(join(directory, 'zone'), [`$ORIGIN ${origin}`, '$TTL 3600', ...early]);
  await pdnsutil('load-zone', origin, path);
  const bits = algorithm === 'RSASHA256' ? ['2048'] : [];
  await pdnsutil('add-zone-key', origin, 'ksk', ...bits, 'active', algorithm.toLowerCase());
  await pdnsutil('add-zone-key', origin, 'zsk', ...bits, 'active', algorithm.toLowerCase());
  if (denial === 'nsec3') await pdnsutil('set-nsec3', origin, '1 0 0 -', ...(narrow ? ['narrow'] : []));
  await pdnsutil('rectify-zone', origin);

  const [owner, data] = lines.find((line) => line.includes(' TLSA '))!.split(' TLSA ') as [string, string];
  switch (lateTlsa) {
    case undefined:
      break;
    case 'add-record':
      await pdnsutil('add-record', origin, owner, 'TLSA', '3600', data);
      break;
    case 'bare-row':
      insertRow(database, origin, owner, data, null);
      break;
    case 'row-with-order-name':
      insertRow(database, origin, owner, data, await orderName(zone, owner, pdnsutil));
      break;
  }
}

function insertRow(
  database: DatabaseSync,
  origin: string,
  owner: string,
  data: string,
  orderedAs: string | null,
): void {
  const zoneName = origin.slice(0, -1);
  database
    .prepare(
      `INSERT INTO records (domain_id, name, type, content, ttl, disabled, ordername, auth)
       SELECT id, ?, 'TLSA', ?, 3600, 0, ?, 1 FROM domains WHERE name = ?`,
    )
    .run(`${owner}.${zoneName}`, data, orderedAs, zoneName);
}

/** NSEC: the labels below the zone, last first; NSEC3: the hash of the name, by the server's own tool. */
async function orderName(
  { origin, denial }: ZoneToHost,
  owner: string,
  pdnsutil: Loading['pdnsutil'],
): Promise<string> {
  if (denial === 'nsec') return owner.split('.').reverse().join(' ');
  const { stdout } = (await pdnsutil('hash-zone-record', origin, `${owner}.${origin}`)) as { stdout: string };
  return stdout.trim();
}
