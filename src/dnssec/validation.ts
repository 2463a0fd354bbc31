/** What every judgement needs beside the message: the instant, what it may cost, what was verified before. */
import type { Instant } from '../base/instant.ts';
import type { dnssecReasons } from '../base/reasons/dnssec.ts';
import type { Name } from '../dns/name.ts';
import type { Budget } from './budget.ts';
import type { Nsec3IterationLimits } from './limits.ts';
import type { SignatureMemo } from './signature-memo.ts';

export interface Validation {
  /** The validation clock: signature times are compared with it. */
  readonly at: Instant;
  readonly budget: Budget;
  /** Shared by as many validations as one likes. */
  readonly memo: SignatureMemo;
  /** `NSEC3_ITERATION_LIMITS` where it is left out. */
  readonly nsec3Iterations?: Nsec3IterationLimits;
}

/** For one message: it draws on the same budget, but not on all of it. */
export function forMessage(v: Validation): Validation {
  return { ...v, budget: v.budget.forMessage() };
}

/** Why a chain of trust ends: keys of `base/reasons/dnssec.ts`. */
export type DnssecReason = keyof typeof dnssecReasons;

/** The signed RRsets that a verdict of insecure rests on: at least one. */
export type Witness = readonly { readonly name: Name; readonly type: number }[];

export interface Bogus {
  readonly status: 'bogus';
  readonly because: DnssecReason;
}

export function bogus(because: DnssecReason): Bogus {
  return { status: 'bogus', because };
}
