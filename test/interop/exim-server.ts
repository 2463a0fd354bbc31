/**
 * A real Exim as a server: one daemon with what each address shows, in a directory of its own within a network namespace that has
 * Debian's user for Exim (see `exim.ts`). It takes no mail.
 */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eximProgram } from './exim.ts';
import { serverDirectory, startServer, writeLines } from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

export interface EximListener {
  /** IPv4 or IPv6 address; port 25. */
  readonly address: string;
  /** PEM files, each with a key and its chain, readable for every user; empty where STARTTLS is not offered. */
  readonly chainFiles: readonly string[];
  /** tls_require_ciphers: a GnuTLS priority string. */
  readonly priority?: string;
}

export interface EximServer extends AsyncDisposable {
  /** What it logged so far. */
  log(): string;
}

export async function startEximServer(
  namespace: NetworkNamespace,
  listeners: readonly EximListener[],
): Promise<EximServer> {
  const directory = await serverDirectory('exim');
  await mkdir(join(directory, 'spool'));
  // Exim writes there as its own user, whose number is known in the namespace alone.
  await chmod(join(directory, 'spool'), 0o777);
  const program = eximProgram();
  /** An expansion that gives what `of` says of the address that was connected to. */
  const byAddress = (of: (listener: EximListener) => string) =>
    listeners.reduceRight((otherwise, listener) => {
      return `\${if eq{$received_ip_address}{${listener.address}}{${of(listener)}}{${otherwise}}}`;
    }, '');
  const configuration = await writeLines(join(directory, 'exim.conf'), [
    `spool_directory = ${directory}/spool`,
    `log_file_path = ${directory}/spool/%slog`,
    `pid_file_path = ${directory}/spool/pid`,
    `exim_path = ${program}`,
    'primary_hostname = mx.example',
    'keep_environment =',
    'notifier_socket =',
    'log_selector = +smtp_connection +smtp_protocol_error +smtp_syntax_error +tls_cipher',
    'daemon_smtp_ports = 25',
    `local_interfaces = <; ${listeners.map(({ address }) => address).join(' ; ')}`,
    `tls_advertise_hosts = ${byAddress(({ chainFiles }) => (chainFiles.length > 0 ? '*' : ''))}`,
    `tls_certificate = ${byAddress(({ chainFiles }) => chainFiles.join(' : '))}`,
    `tls_require_ciphers = ${byAddress(({ priority }) => priority ?? 'NORMAL')}`,
    'acl_smtp_mail = deny',
    'acl_smtp_rcpt = deny',
    'begin acl',
    'deny:',
    '  deny',
  ]);
  const log = () => {
    const path = join(directory, 'spool/mainlog');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const command = [program, '-C', configuration, '-bdf'];
  const isReady = async () => log().includes('listening for SMTP');
  const server = await startServer({ namespace, directory, command, isReady });
  return { log, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
