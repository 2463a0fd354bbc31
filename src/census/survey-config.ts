/** How a survey asks and dials: what the command line says, in a form that crosses threads and is kept with the census. */
import type { Instant } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import { NSEC3_ITERATION_LIMITS, type Nsec3IterationLimits } from '../dnssec/limits.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import type { Minimisation } from '../resolve/session.ts';

export interface SurveyConfig {
  /** A zone file as named.root; null for the built-in one. Not used where there are forwarders. */
  readonly rootHints: string | null;
  /** Recursive servers to ask in place of the world's, as address or address and port; empty to ask the world. */
  readonly forwarders: readonly string[];
  /** DS or DNSKEY records as a zone file; null for the built-in root anchors. */
  readonly trustAnchors: string | null;
  /** A fixed validation clock; null for the system's. */
  readonly now: Instant | null;
  readonly minimisation: Minimisation;
  /** RFC 8020 §2: nothing is below a name whose secure NXDOMAIN is remembered. */
  readonly hardenBelowNxdomain: boolean;
  /** RFC 8198: what remembered NSEC and NSEC3 records deny is not asked for. */
  readonly aggressiveNsec: boolean;
  /** Whether that holds for NSEC3 too. */
  readonly aggressiveNsec3: boolean;
  readonly nsec3Iterations: Nsec3IterationLimits;
  /** How long one DNS query waits, in milliseconds. */
  readonly timeoutMs: number;
  readonly dnsPort: number;
  readonly smtpPort: number;
  /** How long one SMTP step (connection, greeting, command, handshake) waits, in milliseconds. */
  readonly smtpTimeoutMs: number;
  /** The text of an address map; null for none. */
  readonly addressMap: string | null;
  readonly allowPrivate: boolean;
  readonly ehloName: string;
  /** DNS queries a second from one thread to one server address; 0 for no bound. */
  readonly queriesPerSecond: number;
  /** Every name server of a domain is asked for MX, not only where the lookup fails. */
  readonly askEveryNameServer: boolean;
  /** Every endpoint is asked whatever can be asked of TLS, in some connections more; not only what a verdict hangs on. */
  readonly everyTlsQuestion: boolean;
  /** Path of the list of those who asked not to be looked at; null for none. */
  readonly optOut: string | null;
  /** In flight at once in one thread. */
  readonly domainsInFlight: number;
  readonly hostsInFlight: number;
  /** SMTP sessions at once: of a node as the census keeps it, of a thread as the thread is given it. */
  readonly sessions: number;
  /** Of these, with the MX hosts of one provider (registrable domain). */
  readonly sessionsPerProvider: number;
}

/** Own choice: what keeps two cores busy with servers 100 ms away that answer, while some of them are silent. */
export const DEFAULT_SESSIONS = 200;
/** Half of what Postfix opens to one destination (default_destination_concurrency_limit, 20). */
export const DEFAULT_SESSIONS_PER_PROVIDER = 10;

/** What censuses of earlier versions do not say: as it was done then, but for manners, which they have from now on. */
const ADDED_LATER = {
  forwarders: [],
  hardenBelowNxdomain: false,
  aggressiveNsec: false,
  aggressiveNsec3: true,
  nsec3Iterations: NSEC3_ITERATION_LIMITS,
  askEveryNameServer: false,
  sessions: DEFAULT_SESSIONS,
  sessionsPerProvider: DEFAULT_SESSIONS_PER_PROVIDER,
  everyTlsQuestion: false,
  optOut: null,
} satisfies Partial<SurveyConfig>;

/** The configuration that a census was begun with, of whatever version; `kept` is as the database has it. */
export function surveyConfigOf(kept: object): SurveyConfig {
  return { ...ADDED_LATER, ...(kept as Omit<SurveyConfig, keyof typeof ADDED_LATER>) };
}

/** What a thread is started with. */
export interface ThreadConfig {
  readonly survey: SurveyConfig;
  readonly evidence: EvidencePolicy;
}

/** What one of `threads` threads of a node is given. Throws UsageError where there is no session for each. */
export function configOfThread(config: SurveyConfig, threads: number): SurveyConfig {
  const sessions = Math.floor(config.sessions / threads);
  if (sessions === 0) {
    throw new UsageError(
      '--sessions',
      String(config.sessions),
      `at least one for each of ${threads} threads`,
      `try --sessions ${threads}, or fewer --workers`,
    );
  }
  return { ...config, sessions };
}
