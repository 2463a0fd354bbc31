/**
 * A private Postgres cluster for tests: its own directory, a Unix socket in it, no TCP, gone afterwards. As root it
 * runs as the user postgres, which Postgres insists on.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian installs versions beside each other; the oldest one that is supported says most. */
const installed = '/usr/lib/postgresql';
const OLDEST = 15;
const version = (existsSync(installed) ? readdirSync(installed) : [])
  .map(Number)
  .filter((number) => number >= OLDEST)
  .sort((a, b) => a - b)[0];
const binaries = join(installed, String(version ?? OLDEST), 'bin');

export interface Cluster {
  /** A new database, and the URL of it. */
  create(name: string, ...options: readonly string[]): string;
  stop(): Promise<void>;
}

/** Why there can be no cluster here; undefined where there can. */
export function missingForPostgres(): string | undefined {
  if (!existsSync(join(binaries, 'initdb'))) return `${binaries}/initdb (Debian: postgresql)`;
  if (process.getuid?.() === 0 && !existsSync('/usr/bin/setpriv')) return 'setpriv (Debian: util-linux)';
  return undefined;
}

export async function startPostgres(): Promise<Cluster> {
  const base = mkdtempSync(join(tmpdir(), 'dane-census-pg-'));
  const prefix = asPostgres(base);
  const command = (name: string) => {
    const [first, ...rest] = [...prefix, join(binaries, name)];
    return [first!, ...rest] as const;
  };
  const data = join(base, 'data');
  const [initdb, ...initdbPrefix] = command('initdb');
  execFileSync(
    initdb,
    [...initdbPrefix, '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { stdio: 'pipe' },
  );
  const [postgres, ...postgresPrefix] = command('postgres');
  const server = spawn(
    postgres,
    [...postgresPrefix, '-D', data, '-k', base, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await ready(server);
  return {
    create(name, ...options) {
      const [createdb, ...createdbPrefix] = command('createdb');
      execFileSync(createdb, [...createdbPrefix, '-h', base, '-U', 'postgres', ...options, name], {
        stdio: 'pipe',
      });
      return `postgres://postgres@localhost/${name}?host=${encodeURIComponent(base)}`;
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function asPostgres(base: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  chownSync(base, id('-u'), id('-g'));
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'];
}

async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    said.push(line);
    if (!line.includes('database system is ready to accept connections')) continue;
    server.stderr!.resume();
    return;
  }
  throw new Error(`Postgres did not start:\n${said.join('\n')}`);
}
