/**
 * What one validation may cost. Crypto is counted by its price, not by its number: one P-384 signature costs as much as
 * nine P-256 ones (see CVE-2023-50387, CVE-2023-50868).
 */

/** What may be spent, and when it is too much of one thing. Injected where a benchmark lifts them. */
export interface ValidationLimits {
  /** Of all messages of a lookup, or of the work on one zone that lookups share. */
  readonly whole: Costs;
  /** Of one message, so that what one server sends leaves something for what another sends. */
  readonly message: Costs;
  /** Signatures verified for one RRset before it is given up. */
  readonly signaturesPerRRset: number;
  /** DNSKEY records of one key tag and algorithm that are tried for one signature. */
  readonly collidingKeys: number;
  /** DNSKEY records of one zone. */
  readonly dnskeys: number;
  /** RDATA of all of them, which is remembered. */
  readonly dnskeyOctets: number;
  /** NSEC or NSEC3 records of one message that are looked at. */
  readonly denialRecords: number;
}

export interface Costs {
  /** In microseconds of a core by the prices in `algorithms.ts`. */
  readonly signatureMicroseconds: number;
  /** DS digests computed. */
  readonly dsDigests: number;
  /** SHA-1 computations of one block; one takes some 0.4 microseconds. */
  readonly nsec3Blocks: number;
}

export const VALIDATION_LIMITS: ValidationLimits = {
  whole: {
    // Some six hundred P-256 signatures; an honest answer of several aliases and wildcards needs ten.
    signatureMicroseconds: 60_000,
    // More pairs of DS and DNSKEY with equal key tags than any honest chain has.
    dsDigests: 64,
    // 256 names at 100 iterations (CVE-2023-50868).
    nsec3Blocks: 25_600,
  },
  message: {
    signatureMicroseconds: 20_000,
    dsDigests: 32,
    // A name of 127 labels (RFC 1035 §2.3.4) and its wildcard at 100 iterations.
    nsec3Blocks: 13_000,
  },
  // As Unbound's MAX_VALIDATE_RRSIGS.
  signaturesPerRRset: 8,
  // As Unbound's limit for CVE-2023-50387.
  collidingKeys: 4,
  // As BIND's max-records-per-type (CVE-2024-1737).
  dnskeys: 100,
  // Thirty RSA keys of 4096 bits.
  dnskeyOctets: 16_384,
  // An honest proof needs three (RFC 5155 §7.2).
  denialRecords: 32,
};

/** Verifications that a memo remembers: the opt-out spans of some large zones at 150 to 600 octets each. */
export const MAX_REMEMBERED_SIGNATURES = 65_536;

/** Denial records and wildcards that are kept of all zones together, at some 500 octets each. */
export const MAX_DENIALS_KEPT = 32_768;
/** Zones that denials are kept of. */
export const MAX_ZONES_WITH_DENIALS = 10_000;
/** Longest time that a denial is kept for other questions, in seconds (RFC 8198 §5.4, RFC 2308 §5). */
export const MAX_DENIAL_SECONDS = 10_800;

/** Where iterations begin to count against an answer (RFC 9276 §3.2). */
export interface Nsec3IterationLimits {
  /** More than these: the answer is insecure. */
  readonly insecureAbove: number;
  /** More than these: nobody can tell, for no hash is computed; a resolver answers SERVFAIL. */
  readonly indeterminateAbove: number;
}

/** The field has 16 bits (RFC 5155 §3.2). */
export const MAX_NSEC3_ITERATIONS = 65_535;

/**
 * RFC 9276 §3.2 leaves the values open and calls 100 interoperable. No number is a failure by default: it may be, but no resolver
 * in wide use does so (Unbound, BIND and Knot Resolver were asked), and a census counts what senders meet.
 */
export const NSEC3_ITERATION_LIMITS: Nsec3IterationLimits = {
  insecureAbove: 100,
  indeterminateAbove: MAX_NSEC3_ITERATIONS,
};
