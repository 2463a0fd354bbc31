/** The options that every command has which resolves names or dials servers, and the configuration that they make. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { parseInstant } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import {
  DEFAULT_SESSIONS,
  DEFAULT_SESSIONS_PER_PROVIDER,
  type SurveyConfig,
} from '../census/survey-config.ts';
import { MAX_NSEC3_ITERATIONS, NSEC3_ITERATION_LIMITS } from '../dnssec/limits.ts';
import { formatAddressAndPort, parseAddressAndPort } from '../net/address-and-port.ts';
import { DEFAULT_TIMEOUT_MS } from '../resolve/limits.ts';
import { type Minimisation, minimisations } from '../resolve/session.ts';
import { fileText } from './file-text.ts';
import { wholeNumber } from './whole-number.ts';

export interface NetworkOptions {
  readonly rootHints?: string;
  readonly forward?: readonly string[];
  readonly trustAnchor?: string;
  readonly now?: string;
  readonly qnameMinimization: Minimisation;
  readonly hardenBelowNxdomain?: boolean;
  readonly aggressiveNsec?: boolean;
  readonly aggressiveNsec3: boolean;
  readonly nsec3InsecureAbove: string;
  readonly nsec3IndeterminateAbove: string;
  readonly timeout: string;
  readonly dnsPort: string;
  readonly smtpPort: string;
  readonly smtpTimeout: string;
  readonly addressMap?: string;
  readonly allowPrivate?: boolean;
  readonly ehloName: string;
  readonly queriesPerSecond: string;
  readonly sessions: string;
  readonly sessionsPerProvider: string;
  readonly optOut?: string;
}

/** Defaults of what is in flight at once in one thread: enough for two cores against servers 100 ms away. */
const IN_FLIGHT = { domainsInFlight: 400, hostsInFlight: 100 } as const;
/** RFC 5321 §4.5.3.2 gives minutes; a census asks once and shall end. Milliseconds. */
const SMTP_TIMEOUT_MS = 30_000;
/** Manners: what a small name server does not notice; the many addresses of a large zone add up. */
const QUERIES_PER_SECOND = 100;
/** Each holds a port of this machine, of which there are some 28,000 (net.ipv4.ip_local_port_range). */
const MOST_SESSIONS = 20_000;

/** Commander reads the environment for each: `DANE_CENSUS_` and the option's name. */
function option(flags: string, description: string): Option {
  const name = /--([a-z0-9-]+)/.exec(flags)![1]!;
  return new Option(flags, description).env(`DANE_CENSUS_${name.replaceAll('-', '_').toUpperCase()}`);
}

export function addNetworkOptions(command: Command): Command {
  return command
    .addOption(
      option('--root-hints <file>', 'root name servers, a zone file as named.root (default: built in)'),
    )
    .addOption(
      option(
        '--forward <address>',
        'ask this recursive resolver and validate what it hands over, in place of asking the world; ' +
          'ADDRESS, ADDRESS:PORT or [IPV6]:PORT, given again or with commas for several (default port: --dns-port)',
      ).argParser((text, before: readonly string[] = []) => [...before, ...text.split(',')]),
    )
    .addOption(
      option('--trust-anchor <file>', 'DS or DNSKEY records as a zone file (default: the root’s, built in)'),
    )
    .addOption(option('--now <time>', 'validation clock, ISO 8601 (default: the system’s)'))
    .addOption(
      option('--qname-minimization <mode>', 'how names are asked for (RFC 9156)')
        .choices([...minimisations])
        .default('relaxed'),
    )
    .addOption(
      option(
        '--harden-below-nxdomain',
        'take nothing to be below a name whose NXDOMAIN was secure (RFC 8020), as Unbound does; off by default: a census sees what is there',
      ),
    )
    .addOption(
      option(
        '--aggressive-nsec',
        'answer what remembered NSEC and NSEC3 records deny without asking (RFC 8198); off by default, likewise',
      ),
    )
    .addOption(option('--no-aggressive-nsec3', 'only what NSEC records deny, as Unbound and BIND do'))
    .addOption(
      option(
        '--nsec3-insecure-above <number>',
        'NSEC3 iterations above which an answer counts as insecure (RFC 9276 §3.2)',
      ).default(String(NSEC3_ITERATION_LIMITS.insecureAbove)),
    )
    .addOption(
      option(
        '--nsec3-indeterminate-above <number>',
        `NSEC3 iterations above which an answer counts as a failure (RFC 9276 §3.2); ${MAX_NSEC3_ITERATIONS} for none`,
      ).default(String(NSEC3_ITERATION_LIMITS.indeterminateAbove)),
    )
    .addOption(option('--timeout <ms>', 'how long one DNS query waits').default(String(DEFAULT_TIMEOUT_MS)))
    .addOption(option('--dns-port <number>', 'port of name servers').default('53'))
    .addOption(option('--smtp-port <number>', 'port of mail servers').default('25'))
    .addOption(
      option('--smtp-timeout <ms>', 'how long one step of an SMTP dialogue waits').default(
        String(SMTP_TIMEOUT_MS),
      ),
    )
    .addOption(option('--address-map <file>', 'what to dial in place of an address (see README)'))
    .addOption(option('--allow-private', 'dial private, loopback and other special-use addresses too'))
    .addOption(
      option(
        '--opt-out <file>',
        'leave alone who asks for it: names (with all below them), addresses and prefixes, one a line; read again when it changes',
      ),
    )
    .addOption(option('--ehlo-name <name>', 'how to introduce ourselves to mail servers').default(hostname()))
    .addOption(
      option('--queries-per-second <number>', 'DNS queries to one server address, 0 for no bound').default(
        String(QUERIES_PER_SECOND),
      ),
    )
    .addOption(
      option('--sessions <number>', 'SMTP sessions at once, of all threads together').default(
        String(DEFAULT_SESSIONS),
      ),
    )
    .addOption(
      option(
        '--sessions-per-provider <number>',
        'of these, with the MX hosts of one registrable domain; with one address there is never more than one',
      ).default(String(DEFAULT_SESSIONS_PER_PROVIDER)),
    );
}

/** Throws `UsageError` for a value that cannot be used or a file that cannot be read. */
export function surveyConfigFrom(options: NetworkOptions): SurveyConfig {
  const now = options.now === undefined ? null : parseInstant(options.now);
  if (now === undefined) {
    throw new UsageError('--now', options.now!, 'an ISO 8601 time', 'try --now 2026-11-24T12:00:00Z');
  }
  const sessionCount = (flag: string, text: string) => wholeNumber(flag, text, 1, MOST_SESSIONS);
  return {
    rootHints: fileText('--root-hints', options.rootHints),
    forwarders: forwardersFrom(options.forward ?? []),
    trustAnchors: fileText('--trust-anchor', options.trustAnchor),
    now,
    minimisation: options.qnameMinimization,
    hardenBelowNxdomain: options.hardenBelowNxdomain === true,
    aggressiveNsec: options.aggressiveNsec === true,
    aggressiveNsec3: options.aggressiveNsec3,
    nsec3Iterations: {
      insecureAbove: iterations('--nsec3-insecure-above', options.nsec3InsecureAbove),
      indeterminateAbove: iterations('--nsec3-indeterminate-above', options.nsec3IndeterminateAbove),
    },
    timeoutMs: wholeNumber('--timeout', options.timeout, 1, 600_000),
    dnsPort: wholeNumber('--dns-port', options.dnsPort, 1, 65_535),
    smtpPort: wholeNumber('--smtp-port', options.smtpPort, 1, 65_535),
    smtpTimeoutMs: wholeNumber('--smtp-timeout', options.smtpTimeout, 1, 600_000),
    addressMap: fileText('--address-map', options.addressMap),
    allowPrivate: options.allowPrivate === true,
    ehloName: options.ehloName,
    queriesPerSecond: wholeNumber('--queries-per-second', options.queriesPerSecond, 0, 1_000_000),
    askEveryNameServer: false,
    sessions: sessionCount('--sessions', options.sessions),
    sessionsPerProvider: sessionCount('--sessions-per-provider', options.sessionsPerProvider),
    everyTlsQuestion: false,
    optOut: options.optOut === undefined ? null : resolve(options.optOut),
    ...IN_FLIGHT,
  };
}

function forwardersFrom(texts: readonly string[]): string[] {
  const forwarders = texts.map((text) => {
    const parsed = parseAddressAndPort(text.trim());
    if (parsed !== undefined) return formatAddressAndPort(parsed);
    throw new UsageError(
      '--forward',
      text,
      'ADDRESS or ADDRESS:PORT',
      'try --forward 192.0.2.53, --forward 192.0.2.53:5353 or --forward [2001:db8::53]:5353',
    );
  });
  return [...new Set(forwarders)];
}

function iterations(flag: string, text: string): number {
  return wholeNumber(flag, text, 0, MAX_NSEC3_ITERATIONS);
}
