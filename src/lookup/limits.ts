/** What one validated lookup may cost and remember. */

/** Links of one chain of CNAME and DNAME records: BIND follows 16, Unbound 11. */
export const MAX_ALIASES = 12;
/**
 * Server addresses that a bogus answer is asked of before it counts as bogus: thirteen servers with two addresses each, as the
 * root and the largest zones have. The query budget of the lookup bounds it as well (RFC 1034 §5.3.3 leaves the number open).
 */
export const MAX_SERVERS_ASKED = 26;
/** Of these, servers whose answers each spend what a validation may cost (CVE-2023-50387): one of them is no accident. */
export const MAX_SERVERS_THAT_SPEND_THE_BUDGET = 3;
/** Longest time that a zone's keys are believed without looking at them again, in seconds. */
export const ZONE_SECURITY_SECONDS = 3600;
/** Shortest time, so that a TTL of 0 does not multiply queries, in seconds. */
export const MIN_ZONE_SECURITY_SECONDS = 30;
/** How long a bogus or failed zone is remembered as such, in seconds (RFC 9520 §3.2: 1 to 300; RFC 4035 §4.7). */
export const FAILURE_SECONDS = 60;
/** Answers, negative ones included, that one worker remembers. */
export const MAX_ANSWERS = 20_000;
/** Longest time that an answer is remembered, in seconds; for negative ones RFC 2308 §5 advises one to three hours. */
export const MAX_ANSWER_SECONDS = 3600;
