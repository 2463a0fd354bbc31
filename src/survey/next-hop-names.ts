/**
 * The names of the domain itself by which its senders know an MX host, beside the TLSA base domain, where a DANE-TA record
 * matches (RFC 7672 §3.2.2): the next-hop domain, and its CNAME-expanded name where the MX lookup gave one. Without MX records
 * the expanded name counts only as the TLSA base domain.
 */
import type { DomainFacts } from './facts.ts';

export function nextHopNames({
  domain,
  mail,
  aliases,
}: Pick<DomainFacts, 'domain' | 'mail' | 'aliases'>): readonly string[] {
  return mail === 'mx' ? [domain, ...aliases.slice(-1)] : [domain];
}
