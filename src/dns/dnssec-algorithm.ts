/**
 * IANA "DNS Security Algorithm Numbers" and "DS RR Type Digest Algorithms", as of 2026-06.
 * https://www.iana.org/assignments/dns-sec-alg-numbers/ and https://www.iana.org/assignments/ds-rr-types/
 */
export const DnssecAlgorithm = {
  RSAMD5: 1,
  DSA: 3,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  'RSASHA1-NSEC3-SHA1': 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  SM2SM3: 17,
  'ECC-GOST12': 23,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
} as const;

export const DigestType = {
  'SHA-1': 1,
  'SHA-256': 2,
  'GOST R 34.11-94': 3,
  'SHA-384': 4,
  'GOST R 34.11-2012': 5,
  SM3: 6,
} as const;

/** IANA "DNSSEC NSEC3 Hash Algorithms" (RFC 5155 §11). */
export const Nsec3Hash = { 'SHA-1': 1 } as const;

/** RFC 5155 §3.1.2.1. */
export const NSEC3_FLAG_OPT_OUT = 0x01;

/** RFC 4034 §2.1.1: Zone Key flag. */
export const DNSKEY_FLAG_ZONE = 0x0100;
/** RFC 5011 §3: REVOKE flag. */
export const DNSKEY_FLAG_REVOKE = 0x0080;
/** RFC 4034 §2.1.1: Secure Entry Point flag. */
export const DNSKEY_FLAG_SEP = 0x0001;
/** RFC 4034 §2.1.2: the only protocol value. */
export const DNSKEY_PROTOCOL = 3;
