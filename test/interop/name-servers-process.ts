/**
 * A name server or resolver as a child process within a network namespace: ready when it answers as it should, ended and its
 * directory removed with the test. Readiness is found out by asking, with `dig` of the Debian package `bind9-dnsutils`.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { missingForNamespace, type NetworkNamespace } from './network-namespace.ts';

/** Debian packages by the program that each is wanted for. */
const packageOf = {
  '/usr/bin/dig': 'bind9-dnsutils',
  '/usr/bin/delv': 'bind9-dnsutils',
  '/usr/bin/dnssec-dsfromkey': 'bind9-utils',
  '/usr/bin/dnssec-signzone': 'bind9-utils',
  '/usr/sbin/named': 'bind9',
  '/usr/sbin/knotd': 'knot',
  '/usr/sbin/pdns_server': 'pdns-server',
  '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql': 'pdns-backend-sqlite3',
  '/usr/sbin/pdns_recursor': 'pdns-recursor',
  '/usr/sbin/unbound': 'unbound',
  '/usr/sbin/kresd': 'knot-resolver',
  '/usr/bin/dnsdist': 'dnsdist',
} as const;

export type Program = keyof typeof packageOf;

/** What is missing for the programs and for a namespace to run them in; undefined where all is there. */
export function missingForPrograms(...programs: readonly Program[]): string | undefined {
  const missing = programs.find((program) => !existsSync(program));
  return missing === undefined ? missingForNamespace() : `the Debian package ${packageOf[missing]}`;
}

export interface ServerProcess extends AsyncDisposable {
  log(): string;
}

export interface ServerToStart {
  readonly namespace: NetworkNamespace;
  /** The server's own directory; it is removed at the end, or where the start fails. */
  readonly directory: string;
  readonly command: readonly string[];
  /** Asked again and again until it is true. */
  readonly isReady: () => Promise<boolean>;
}

/** Milliseconds: signing two dozen zones on a busy machine takes a few seconds. */
const PATIENCE_TO_START = 60_000;
const PATIENCE_TO_STOP = 10_000;
const BETWEEN_QUESTIONS = 50;
/** Octets: what `check --json` says of a hundred domains, and much room. */
const MOST_OUTPUT = 2 ** 24;

/** A directory that daemons may enter which give up root. */
export async function serverDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  await chmod(directory, 0o755);
  return directory;
}

/** Writes a file, one line after the other; hands back its path. */
export async function writeLines(path: string, lines: readonly string[]): Promise<string> {
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** Throws with the log of the server where it ends at once or is not ready in time. */
export async function startServer(server: ServerToStart): Promise<ServerProcess> {
  const { namespace, directory, isReady } = server;
  const [program, args] = namespace.enter(...server.command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!hasEnded()) {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_TO_STOP);
      await exited;
      clearTimeout(force);
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const deadline = performance.now() + PATIENCE_TO_START;
    while (!(await isReady())) {
      if (hasEnded()) throw new Error(`${server.command[0]} ended:\n${log}`);
      if (performance.now() > deadline) throw new Error(`${server.command[0]} is not ready:\n${log}`);
      await after(BETWEEN_QUESTIONS);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { log: () => log, [Symbol.asyncDispose]: stop };
}

/** Hands over all that came up to whoever stops them, and throws where one did not. */
export async function startTogether(
  running: AsyncDisposable[],
  starting: readonly Promise<ServerProcess>[],
): Promise<void> {
  const settled = await Promise.allSettled(starting);
  for (const one of settled) if (one.status === 'fulfilled') running.push(one.value);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

/** What a program within the namespace printed, whatever it exited with. */
export function outputOf(namespace: NetworkNamespace, command: readonly string[]): Promise<string> {
  const [program, args] = namespace.enter(...command);
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: MOST_OUTPUT }, (error, stdout) => {
      // A number is the exit status: dig's 9 says that nobody answered.
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}

/** The answer section that the server at `address` gives, a record a line; empty where it gives none. */
export async function askServer(
  namespace: NetworkNamespace,
  address: string,
  name: string,
  type: string,
  recursion: 'recurse' | 'norecurse' = 'norecurse',
): Promise<readonly string[]> {
  const options = [`+${recursion}`, '+dnssec', '+time=1', '+tries=1', '+noall', '+answer'];
  const printed = await outputOf(namespace, ['dig', `@${address}`, ...options, name, type]);
  return printed.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
}
