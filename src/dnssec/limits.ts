/**
 * What one validation may cost. Crypto is counted by its price, not by its number: one P-384 signature costs as much as
 * nine P-256 ones (see CVE-2023-50387, CVE-2023-50868).
 */

/**
 * Signatures of one budget, in microseconds of a core by the prices in `algorithms.ts`. Some hundred P-256 signatures; an
 * honest answer of several aliases and wildcards needs ten.
 */
export const MAX_SIGNATURE_MICROSECONDS = 50_000;
/** Signatures verified for one RRset before it is given up: as Unbound's MAX_VALIDATE_RRSIGS. */
export const MAX_SIGNATURES_PER_RRSET = 8;
/** DNSKEY records of one key tag and algorithm that are tried for one signature: as Unbound's limit for CVE-2023-50387. */
export const MAX_COLLIDING_KEYS = 4;
/** DS digests computed for one budget: more pairs of DS and DNSKEY with equal key tags than any honest chain has. */
export const MAX_DS_DIGESTS = 64;
/** SHA-1 blocks of one budget: 256 names at the most iterations that are looked at (CVE-2023-50868). */
export const MAX_NSEC3_BLOCKS = 25_600;
/** NSEC or NSEC3 records of one message that are looked at: an honest proof needs three (RFC 5155 §7.2). */
export const MAX_DENIAL_RECORDS = 32;
/** Verifications that a memo remembers: the opt-out spans of some large zones at about 150 octets each. */
export const MAX_REMEMBERED_SIGNATURES = 65_536;

/** Where iterations begin to count against an answer (RFC 9276 §3.2). */
export interface Nsec3IterationLimits {
  /** More than these: the answer is insecure. */
  readonly insecureAbove: number;
  /** More than these: the answer is bogus, without a hash being computed. */
  readonly bogusAbove: number;
}

/**
 * RFC 9276 §3.2 leaves the values open and calls 100 interoperable. No number is bogus by default: it may be, but no resolver in
 * wide use does so (Unbound, BIND and Knot Resolver were asked), and a census counts what senders meet.
 */
export const NSEC3_ITERATION_LIMITS: Nsec3IterationLimits = { insecureAbove: 100, bogusAbove: 65_535 };
