/**
 * A real Postfix: one smtpd for each listener, in a directory of its own, within a network namespace, without systemd and syslog.
 * It takes no mail unless told to. Needs the Debian package `postfix`; no running instance is touched.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingForNamespace, type NetworkNamespace } from './network-namespace.ts';

const run = promisify(execFile);

export interface PostfixListener {
  /** IPv4 or IPv6 address; port 25. */
  readonly address: string;
  /** PEM files, each with a key first and its chain behind it; several for several key algorithms. */
  readonly chainFiles: readonly string[];
  /** smtpd_tls_security_level; `none` offers no STARTTLS. */
  readonly level: 'may' | 'none';
  /** Further settings of this listener, as `-o` takes them. */
  readonly settings?: readonly string[];
}

export interface Postfix extends AsyncDisposable {
  /** What it logged so far. */
  log(): string;
  /** The argument list that runs one of its tools, such as `postqueue`, on this instance. */
  command(tool: string, ...args: readonly string[]): [string, string[]];
}

/** What is missing; undefined where all is there. */
export function missingForPostfix(): string | undefined {
  return existsSync('/usr/sbin/postfix') ? missingForNamespace() : 'the Debian package postfix';
}

export async function startPostfix(options: {
  readonly listeners: readonly PostfixListener[];
  readonly namespace: NetworkNamespace;
  readonly hostname?: string;
  /** Lines of main.cf in place of those that refuse all mail. */
  readonly main?: readonly string[];
  /** Lines of master.cf beside those that a listener needs. */
  readonly services?: readonly string[];
}): Promise<Postfix> {
  const { listeners, namespace, hostname = 'mx.example', main = refuseAllMail, services = [] } = options;
  const directory = await mkdtemp(join(tmpdir(), 'postfix-'));
  const user = await userIds('postfix');
  // Its processes run as the user postfix and must pass through.
  await chmod(directory, 0o755);
  const configuration = join(directory, 'etc');
  for (const name of ['etc', 'queue', 'data']) await mkdir(join(directory, name));
  await chown(join(directory, 'data'), user.uid, user.gid);
  await writeFile(join(configuration, 'main.cf'), mainCf(directory, hostname, main));
  await writeFile(join(configuration, 'master.cf'), masterCf(listeners, services));

  const [command, args] = namespace.enter('postfix', '-c', configuration, 'start-fg');
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const alive = () => child.exitCode === null && child.signalCode === null;
  const log = () => {
    const path = join(directory, 'log');
    return complaints + (existsSync(path) ? readFileSync(path, 'utf8') : '');
  };
  const stop = async () => {
    // Master leads a process group of its own, and takes its children along.
    if (alive()) await run(...namespace.enter('postfix', '-c', configuration, 'stop'));
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await greets(
      namespace,
      listeners.map(({ address }) => address),
      alive,
    );
  } catch (error) {
    const reason = new Error(`Postfix did not start:\n${log()}`, { cause: error });
    await stop();
    throw reason;
  }
  const tool: Postfix['command'] = (name, ...rest) => namespace.enter(name, '-c', configuration, ...rest);
  return { log, command: tool, [Symbol.asyncDispose]: stop };
}

const refuseAllMail = ['smtpd_relay_restrictions = reject', 'smtpd_recipient_restrictions = reject'];

/** What a Postfix needs that takes mail: into the queue, and out of it to where `default_transport` leads. */
export const queueServices = [
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'flush unix n - n 1000? 0 flush',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
];

function mainCf(directory: string, hostname: string, main: readonly string[]): string {
  return `${[
    'compatibility_level = 3.6',
    `queue_directory = ${directory}/queue`,
    `data_directory = ${directory}/data`,
    'command_directory = /usr/sbin',
    'daemon_directory = /usr/lib/postfix/sbin',
    'mail_owner = postfix',
    'setgid_group = postdrop',
    `maillog_file = ${directory}/log`,
    `maillog_file_prefixes = ${directory}`,
    `myhostname = ${hostname}`,
    'mydestination =',
    'alias_maps =',
    'inet_protocols = all',
    'smtpd_tls_loglevel = 1',
    'smtpd_peername_lookup = no',
    ...main,
  ].join('\n')}\n`;
}

function masterCf(listeners: readonly PostfixListener[], more: readonly string[]): string {
  const smtpd = listeners.map(({ address, chainFiles, level, settings = [] }) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const chains = chainFiles.length === 0 ? [] : [`smtpd_tls_chain_files=${chainFiles.join(',')}`];
    const all = [`smtpd_tls_security_level=${level}`, ...chains, ...settings];
    return [`${host}:25 inet n - n - - smtpd`, ...all.map((setting) => `  -o ${setting}`)].join('\n');
  });
  const services = [
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'anvil unix - - n - 1 anvil',
    'proxymap unix - - n - - proxymap',
    'rewrite unix - - n - - trivial-rewrite',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  return `${[...smtpd, ...services, ...more].join('\n')}\n`;
}

async function userIds(name: string): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await run('id', [flag, name])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Waits until connections from within the namespace are greeted. */
async function greets(
  namespace: NetworkNamespace,
  addresses: readonly string[],
  alive: () => boolean,
): Promise<void> {
  const client = `
    const { connect } = require('node:net');
    setTimeout(() => process.exit(1), 15000);
    const greeted = (host) => new Promise((resolve) => (function again() {
      const socket = connect({ host, port: 25 });
      socket.once('data', () => socket.end('QUIT\\r\\n', resolve));
      socket.once('error', () => setTimeout(again, 50));
    })());
    (async () => {
      for (const address of process.argv.slice(1)) await greeted(address);
      process.exit(0);
    })();`;
  const [command, args] = namespace.enter(process.execPath, '-e', client, ...addresses);
  const waiting = spawn(command, args, { stdio: 'ignore' });
  const watch = setInterval(() => {
    if (!alive()) waiting.kill();
  }, 100);
  const code = await new Promise<number | null>((resolve) => waiting.once('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`no greeting at port 25 of one of ${addresses.join(' ')}`);
}
