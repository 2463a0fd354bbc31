/**
 * Under which names the TLSA records of an MX host may stand (RFC 7672 §2.2.2, RFC 7671 §7).
 *
 * In: what the address lookups of the host showed. Out: the TLSA base domains to try, in order; none means that DANE does
 * not apply and that no TLSA query is due. The caller asks at the next one only where the answer at the one before is
 * securely absent or insecure; where it is a failure, the host has failed.
 */

export interface AddressResolution {
  /** The host as the MX record names it. */
  readonly host: string;
  /** The last name of the CNAME chain; null where the host is no alias. */
  readonly canonicalName: string | null;
  /** Whether the whole answer, aliases and address records, is secure. */
  readonly answerSecure: boolean;
  /** Whether the first CNAME record, at `host` itself, is secure; without meaning where the host is no alias. */
  readonly firstAliasSecure: boolean;
}

export function tlsaBaseDomains({
  host,
  canonicalName,
  answerSecure,
  firstAliasSecure,
}: AddressResolution): readonly string[] {
  // RFC 7672 §2.2.2: with insecure addresses DANE does not apply, and the query would only find broken name servers.
  if (canonicalName === null) return answerSecure ? [host] : [];
  // RFC 7671 §7: the expanded name first, which its own operator can keep in step with the certificate.
  if (answerSecure) return [canonicalName, host];
  // RFC 7672 §2.2.2: a secure alias into an insecure zone can still carry records at the original name.
  return firstAliasSecure ? [host] : [];
}
