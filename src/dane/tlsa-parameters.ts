/** IANA "DNS-Based Authentication of Named Entities (DANE) Parameters", as of 2025-09 (RFC 6698 §7, RFC 7218 §2). */

export const CertificateUsage = { 'PKIX-TA': 0, 'PKIX-EE': 1, 'DANE-TA': 2, 'DANE-EE': 3 } as const;

export const Selector = { Cert: 0, SPKI: 1 } as const;

export const MatchingType = { Full: 0, 'SHA2-256': 1, 'SHA2-512': 2 } as const;

/** The digests by matching type: Node's name of the algorithm, and its length in octets. */
export const digestOfMatchingType: Readonly<
  Record<number, { algorithm: string; octets: number } | undefined>
> = {
  [MatchingType['SHA2-256']]: { algorithm: 'sha256', octets: 32 },
  [MatchingType['SHA2-512']]: { algorithm: 'sha512', octets: 64 },
};
