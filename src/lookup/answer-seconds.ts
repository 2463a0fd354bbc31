/** How long an answer may be remembered, in seconds: no longer than TTLs and proofs allow (RFC 2308 §5, RFC 4035 §4.5, §5.3.3). */
import type { Instant } from '../base/instant.ts';
import { negativeTtl } from '../dns/negative-ttl.ts';
import { ttlOf } from '../dns/rrset.ts';
import type { Answer, Link } from './answer.ts';
import { MAX_ANSWER_SECONDS } from './limits.ts';

/** The least of its TTLs, aliases included, and of what its proofs allow; a denial as long as the SOA says. */
export function secondsOf({ aliasRecords, rrset, links }: Answer, at: Instant): number {
  const seconds = [MAX_ANSWER_SECONDS, ...aliasRecords.map(({ ttl }) => ttl)];
  for (const { until } of links) if (until !== undefined) seconds.push(until - at);
  seconds.push(rrset === undefined ? secondsOfDenial(links.at(-1)!, at) : ttlOf(rrset));
  return Math.max(0, Math.min(...seconds));
}

/** RFC 2308 §5: nothing without an SOA. The NSEC or NSEC3 records of the proof shorten it (RFC 9077 §3). */
export function secondsOfDenial({ message, name, cut, until }: Link, at: Instant): number {
  const ttl = message === undefined ? undefined : negativeTtl(message.authority, name, cut.apex);
  return Math.min(ttl ?? 0, until === undefined ? Number.POSITIVE_INFINITY : until - at);
}
