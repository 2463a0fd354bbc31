/** How programs verify a certificate chain against TLSA records, where they differ. */

export interface VerifyingManner {
  /** Whether a stronger digest sets weaker ones aside (RFC 7671 §9). */
  readonly digestAgility: boolean;
  /** Whether a trust anchor that a 2 0 0 or 2 1 0 record gives in full need not be sent (RFC 7671 §5.2.1, §5.2.2). */
  readonly anchorsFromDns: boolean;
}

/** As RFC 7671 has it, and Postfix, through OpenSSL. */
export const rfc7671: VerifyingManner = { digestAgility: true, anchorsFromDns: true };
