/**
 * A real Exim as a sender, in directories of its own, within a network namespace. Debian's package exim4-daemon-light conflicts with
 * postfix, so that its files may also stand, unpacked, below /opt/exim4 (see .ci/run); no installed instance is touched.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SenderOutcome } from '../../src/survey/sender-verdicts.ts';
import { serverDirectory, writeLines } from './name-servers-process.ts';
import { missingForNamespace, type NetworkNamespace } from './network-namespace.ts';

const programs = ['/usr/sbin/exim4', '/opt/exim4/usr/sbin/exim4'];

/** What is missing; undefined where all is there. */
export function missingForExim(): string | undefined {
  const found = programs.some((path) => existsSync(path));
  return found ? missingForNamespace() : 'the Debian package exim4-daemon-light, unpacked below /opt/exim4';
}

/** Only where none is missing. */
export function eximProgram(): string {
  return programs.find((path) => existsSync(path))!;
}

/** The user that Debian's Exim looks for wherever it starts. */
const USER = 'Debian-exim';

/** /etc/passwd with that user, to be put into the namespace. */
export function passwdWithExim(): string {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const has = passwd.split('\n').some((line) => line.startsWith(`${USER}:`));
  return has ? passwd : `${passwd}${USER}:x:65533:65533::/nonexistent:/usr/sbin/nologin\n`;
}

/** /etc/group likewise. */
export function groupWithExim(): string {
  const group = readFileSync('/etc/group', 'utf8');
  const has = group.split('\n').some((line) => line.startsWith(`${USER}:`));
  return has ? group : `${group}${USER}:x:65533:\n`;
}

/** Sends one message to all recipients and hands back Exim's log of it. `transport`: lines of the SMTP transport. */
export async function sendWithExim(
  namespace: NetworkNamespace,
  transport: readonly string[],
  recipients: readonly string[],
): Promise<string> {
  const directory = await serverDirectory('exim');
  try {
    await mkdir(join(directory, 'spool'));
    // Exim writes there as its own user, whose number is known in the namespace alone.
    await chmod(join(directory, 'spool'), 0o777);
    const program = eximProgram();
    const configuration = await writeLines(join(directory, 'exim.conf'), [
      `spool_directory = ${directory}/spool`,
      `log_file_path = ${directory}/spool/%slog`,
      `exim_path = ${program}`,
      'primary_hostname = exim.example',
      'dns_dnssec_ok = 1',
      'keep_environment =',
      'remote_max_parallel = 20',
      'log_selector = +tls_cipher +tls_certificate_verified +dnssec',
      'begin routers',
      'mx:',
      '  driver = dnslookup',
      '  transport = smtp',
      '  dnssec_request_domains = *',
      '  ignore_target_hosts = 127.0.0.0/8',
      'begin transports',
      'smtp:',
      '  driver = smtp',
      '  hosts_try_fastopen =',
      '  connect_timeout = 5s',
      ...transport.map((line) => `  ${line}`),
      'begin retry',
      '* * F,4d,15m',
    ]);
    const [command, args] = namespace.enter(
      program,
      '-C',
      configuration,
      '-odf',
      '-f',
      'tester@sender.example',
      ...recipients,
    );
    await new Promise<void>((resolve, reject) => {
      const child = execFile(command, args, (error, stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(`${stdout}${stderr}`, { cause: error }));
      });
      child.stdin!.end('Subject: test\n\ntest\n');
    });
    return await readFile(join(directory, 'spool/mainlog'), 'utf8');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What the log says of each recipient: the last line counts. */
export function eximOutcomes(log: string): Map<string, { outcome: SenderOutcome; line: string }> {
  const seen = new Map<string, { outcome: SenderOutcome; line: string }>();
  for (const line of log.split('\n')) {
    // Where the domain is an alias, Exim delivers to the expanded name, and gives the recipient behind it.
    const [, mark, final, given] = / (=>|->|\*\*|==) ([^\s:]+)(?: <([^>]+)>)?/.exec(line) ?? [];
    const recipient = given ?? final;
    if (mark === undefined || recipient === undefined) continue;
    seen.set(recipient, { outcome: outcomeOf(mark, line), line });
  }
  return seen;
}

function outcomeOf(mark: string, line: string): SenderOutcome {
  if (mark === '**') return 'bounced';
  if (mark === '==') return 'deferred';
  if (line.includes(' CV=dane')) return 'authenticated';
  return line.includes(' X=TLS') ? 'encrypted' : 'clear';
}
