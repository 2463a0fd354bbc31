/** Counts what validation costs, so that no answer costs more than the limits (CVE-2023-50387, CVE-2023-50868). */
import { MAX_DS_DIGESTS, MAX_NSEC3_BLOCKS, MAX_SIGNATURE_MICROSECONDS } from './limits.ts';

export interface BudgetLimits {
  readonly signatureMicroseconds: number;
  readonly dsDigests: number;
  readonly nsec3Blocks: number;
}

const DEFAULT_LIMITS: BudgetLimits = {
  signatureMicroseconds: MAX_SIGNATURE_MICROSECONDS,
  dsDigests: MAX_DS_DIGESTS,
  nsec3Blocks: MAX_NSEC3_BLOCKS,
};

/**
 * One for each lookup, or for each message where more is wanted. Every `take` returns false once the work asked for would
 * pass the limit, and goes on doing so: what is spent stays spent.
 */
export class Budget {
  #signatureMicroseconds: number;
  #dsDigests: number;
  #nsec3Blocks: number;

  constructor(limits: Partial<BudgetLimits> = {}) {
    const { signatureMicroseconds, dsDigests, nsec3Blocks } = { ...DEFAULT_LIMITS, ...limits };
    this.#signatureMicroseconds = signatureMicroseconds;
    this.#dsDigests = dsDigests;
    this.#nsec3Blocks = nsec3Blocks;
  }

  takeSignature(microseconds: number): boolean {
    this.#signatureMicroseconds -= microseconds;
    return this.#signatureMicroseconds >= 0;
  }

  takeDsDigest(): boolean {
    return --this.#dsDigests >= 0;
  }

  /** `blocks` as `nsec3HashBlocks` counts them. */
  takeNsec3Hash(blocks: number): boolean {
    this.#nsec3Blocks -= blocks;
    return this.#nsec3Blocks >= 0;
  }
}
