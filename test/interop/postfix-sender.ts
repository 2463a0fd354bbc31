/** A real Postfix as a sender, with one transport for each of its settings, and what its log says of each delivery. */
import { execFile } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SenderKey } from '../../src/dane/senders.ts';
import type { SenderOutcome } from '../../src/survey/sender-verdicts.ts';
import type { NetworkNamespace } from './network-namespace.ts';
import { type Postfix, queueServices, startPostfix } from './postfix.ts';

const run = promisify(execFile);

/** Senders as our own rules name them, each a transport with its settings. */
const transports = {
  'postfix-dane': ['smtp_tls_security_level=dane'],
  'postfix-dane-mx-may': ['smtp_tls_security_level=dane', 'smtp_tls_dane_insecure_mx_policy=may'],
  'postfix-dane-only': ['smtp_tls_security_level=dane-only'],
  opportunistic: ['smtp_tls_security_level=may'],
} satisfies Partial<Record<SenderKey, readonly string[]>>;
const names = Object.keys(transports);

const SUBMISSION = '5.45.0.25';
/** Milliseconds. */
const PATIENCE = 90_000;
const BETWEEN_LOOKS = 100;

export function startSender(namespace: NetworkNamespace): Promise<Postfix> {
  const bySender = names.map((name) => `{ ${name}@sender.example = ${name}: }`);
  return startPostfix({
    namespace,
    hostname: 'sender.example',
    listeners: [{ address: SUBMISSION, chainFiles: [], level: 'none' }],
    main: [
      'mynetworks = 0.0.0.0/0 [::]/0',
      'smtpd_recipient_limit = 1000',
      'transport_maps = inline:{ sender.example=discard: }',
      `sender_dependent_default_transport_maps = inline:{ ${bySender.join(', ')} }`,
      'smtp_dns_support_level = dnssec',
      'smtp_host_lookup = dns',
      'smtp_tls_loglevel = 1',
      'smtp_connect_timeout = 5s',
      'smtp_connection_cache_on_demand = no',
    ],
    services: [
      ...queueServices,
      ...Object.entries(transports).map(([name, settings]) =>
        [
          `${name} unix - - n - 20 smtp`,
          ...settings.map((setting) => `  -o ${setting}`),
          `  -o syslog_name=${name}`,
        ].join('\n'),
      ),
    ],
  });
}

/** Sends one message by each transport to all recipients. */
export async function submit(namespace: NetworkNamespace, recipients: readonly string[]): Promise<void> {
  const client = `
    const [host, senders, recipients] = process.argv.slice(1).map((text) => text.split(','));
    const socket = require('node:net').connect({ host: host[0], port: 25 });
    const lines = ['EHLO client.example'];
    for (const sender of senders) {
      lines.push('MAIL FROM:<' + sender + '@sender.example>', ...recipients.map((to) => 'RCPT TO:<' + to + '>'));
      lines.push('DATA', 'Subject: test\\r\\n\\r\\ntest\\r\\n.');
    }
    lines.push('QUIT');
    let text = '';
    socket.setEncoding('utf8').on('data', (more) => {
      text += more;
      for (let end; (end = text.indexOf('\\r\\n')) >= 0; text = text.slice(end + 2)) {
        const reply = text.slice(0, end);
        if (reply[3] === '-') continue;
        if (!/^[23]/.test(reply)) { console.error(reply); process.exit(1); }
        if (lines.length > 0) socket.write(lines.shift() + '\\r\\n');
      }
    });`;
  const [command, args] = namespace.enter(
    process.execPath,
    '-e',
    client,
    SUBMISSION,
    names.join(),
    recipients.join(),
  );
  await run(command, args);
}

export interface Delivery {
  readonly outcome: SenderOutcome;
  readonly line: string;
}

/** Outcomes by "sender recipient", once there is one for each: of a second attempt where the first was deferred. */
export async function outcomesOf(
  sender: Postfix,
  recipients: readonly string[],
): Promise<ReadonlyMap<string, Delivery>> {
  const keys = names.flatMap((name) => recipients.map((recipient) => `${name} ${recipient}`));
  const first = await settled(sender, (seen) => keys.every((key) => seen.has(key)));
  const again = keys.filter((key) => first.get(key)?.outcome === 'deferred');
  // Mail that has waited so long goes on in clear where TLS fails and is not demanded.
  await run(...sender.command('postconf', '-e', 'minimal_backoff_time=1s'));
  await run(...sender.command('postfix', 'reload'));
  for (const queueId of new Set(again.map((key) => first.get(key)!.queueId))) {
    await run(...sender.command('postqueue', '-i', queueId));
  }
  return settled(sender, (seen) => again.every((key) => (seen.get(key)?.attempts ?? 0) > 1));
}

interface Logged extends Delivery {
  readonly queueId: string;
  readonly attempts: number;
}

async function settled(
  { log }: Postfix,
  isDone: (seen: ReadonlyMap<string, Logged>) => boolean,
): Promise<ReadonlyMap<string, Logged>> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const seen = readOutcomes(log());
    if (isDone(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`some mail has no outcome:\n${log()}`);
    await after(BETWEEN_LOOKS);
  }
}

/**
 * A line about TLS names no recipient: it belongs to the next line with a status of the same process, if that is about the same
 * server.
 */
function readOutcomes(log: string): Map<string, Logged> {
  const established = new Map<string, { server: string; how: string; line: string }>();
  const seen = new Map<string, Logged>();
  for (const line of log.split('\n')) {
    const [, name, pid, rest] = / ([a-z-]+)\/smtp\[(\d+)\]: (.*)/.exec(line) ?? [];
    if (name === undefined || pid === undefined || rest === undefined) continue;
    const [, how, connected] = /^(\w+) TLS connection established to (\S+):25:/.exec(rest) ?? [];
    if (how !== undefined && connected !== undefined) {
      established.set(pid, { server: connected, how, line: rest });
    }
    const [, queueId, recipient, relay, status] =
      /^(\w+): to=<([^>]+)>, relay=(\S+?)(?::25)?, .*status=(\w+)/.exec(rest) ?? [];
    if (queueId === undefined || recipient === undefined || status === undefined) continue;
    const last = established.get(pid);
    established.delete(pid);
    const tls = last?.server === relay ? last : undefined;
    const key = `${name} ${recipient}`;
    seen.set(key, {
      outcome: outcomeOf(status, tls?.how),
      line: `${tls?.line ?? 'no TLS'}; ${rest}`,
      queueId,
      attempts: (seen.get(key)?.attempts ?? 0) + 1,
    });
  }
  return seen;
}

function outcomeOf(status: string, how: string | undefined): SenderOutcome {
  if (status === 'bounced') return 'bounced';
  if (status !== 'sent') return 'deferred';
  // "Trusted" is a match behind an insecure MX RRset: the server is the one that was found, but anybody could have named it.
  return how === 'Verified' ? 'authenticated' : how === undefined ? 'clear' : 'encrypted';
}
