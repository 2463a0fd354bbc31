/** Hands denial records that were proven over to whoever keeps them for questions to come (RFC 8198 §5). */
import type { ResourceRecord } from '../dns/message.ts';
import { negativeTtl } from '../dns/negative-ttl.ts';
import type { RRset } from '../dns/rrset.ts';
import type { SecureRRset, SigningKeys } from './rrset-signature.ts';
import type { Bogus, Validation } from './validation.ts';

/**
 * RFC 8198 §5.4, RFC 9077 §3.4: no longer than the SOA allows that came with them, where one did; a referral has none, and the
 * records' own TTL is then that of the SOA (RFC 9077 §3).
 */
export function keepProven(
  rrset: RRset,
  verdict: SecureRRset | Bogus,
  authority: readonly ResourceRecord[],
  zone: SigningKeys,
  v: Validation,
): void {
  if (v.denials === undefined || verdict.status === 'bogus') return;
  const ttl = negativeTtl(authority, zone.apex, zone.apex);
  const until = ttl === undefined ? verdict.until : Math.min(verdict.until, v.at + ttl);
  v.denials.keepDenial(zone, rrset, v.at, until);
}
