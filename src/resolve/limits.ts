/** What one lookup may cost. Each limit that is spent ends in a reason key, never in a silent guess. */

/** What one lookup may spend in all, aliases and name server addresses included. Injected where a benchmark lifts it. */
export interface LookupLimits {
  readonly queries: number;
  /** Octets of all replies: reading them costs time, however few queries brought them. */
  readonly replyOctets: number;
  /** Names of servers whose addresses are looked up. */
  readonly serverNames: number;
}

/** NXNSAttack (CVE-2020-8616): queries are counted, and server names as Unbound's MAX_TARGET_COUNT counts them. */
export const LOOKUP_LIMITS: LookupLimits = { queries: 150, replyOctets: 524_288, serverNames: 64 };
/**
 * The work on one zone's delegation and keys, which lookups share: so that no lookup pays for another's it has a budget of its
 * own, which is then counted in the budget of the lookup that began it.
 */
export const ZONE_LIMITS: LookupLimits = { queries: 75, replyOctets: 262_144, serverNames: 32 };
/** Referrals from the root to an answer: a name has at most 127 labels, an honest one far fewer cuts. */
export const MAX_REFERRALS = 30;
/** Names of servers whose addresses are looked up for one zone cut at a time (NXNSAttack, CVE-2020-8616). */
export const MAX_SERVER_NAMES_LOOKED_UP = 4;
/** Server names kept of one delegation: RFC 1034 sets no limit, the root has 13. */
export const MAX_SERVER_NAMES = 20;
/** Addresses of one zone cut that are tried: thirteen servers with two addresses each, as the root and the largest zones have. */
export const MAX_ADDRESSES_TRIED = 26;
/** Look-ups of server addresses that may stand within one another (TsuNAME, chains of unsigned glue). */
export const MAX_DEPTH = 7;
/** Rounds over all addresses before a question fails. */
export const ROUNDS = 2;
/** Addresses that the last round comes back to: packets get lost now and then, not at every server of a zone. */
export const ADDRESSES_IN_LAST_ROUND = 3;
/** Rounds over all forwarders that stay silent: they wait for servers of the world longer than we wait for one. */
export const FORWARDER_ROUNDS = 4;
/** Server addresses that stay silent, with no answer from anybody in between, until it is our own network that seems down. */
export const SILENT_SERVERS_UNTIL_NETWORK_DOWN = 40;
/** RFC 9156 §2.3: MAX_MINIMISE_COUNT. */
export const MAX_MINIMISE_COUNT = 10;
/** RFC 9156 §2.3: MINIMISE_ONE_LAB. */
export const MINIMISE_ONE_LAB = 4;
/** Zone cuts that one worker remembers. */
export const MAX_CUTS = 50_000;
/** Server names whose addresses one worker remembers. */
export const MAX_SERVER_ADDRESSES = 50_000;
/** Server addresses whose behaviour one worker remembers. */
export const MAX_SERVERS_REMEMBERED = 50_000;
/** Longest time that a delegation or an address is believed, in seconds: as Unbound's cache-max-ttl. */
export const MAX_CACHE_SECONDS = 86_400;
/** Shortest time, so that TTL 0 does not multiply queries to parents, in seconds. */
export const MIN_CACHE_SECONDS = 30;
/** How long a name server name without an address is remembered as such, in seconds (RFC 9520 §3.2: 1 to 300). */
export const FAILURE_CACHE_SECONDS = 30;
/** Consecutive silences after which a server counts as down (RFC 9520 §2.2 wants repeated failures remembered). */
export const SILENCES_UNTIL_DOWN = 6;
/** How long a server that is down is left alone, in milliseconds (RFC 9520 §3.2). */
export const DOWN_MS = 30_000;
/** One query this often goes to a server that is down all the same, in milliseconds: after a gap of ours it is soon up again. */
export const DOWN_PROBE_MS = 1000;
/** How long one UDP query waits when nothing else is configured, in milliseconds; RFC 1536 §1 warns of shorter ones. */
export const DEFAULT_TIMEOUT_MS = 2000;
/** One lookup may take this many times the timeout of one query. */
export const DEADLINE_FACTOR = 12;
