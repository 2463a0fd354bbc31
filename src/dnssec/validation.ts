/** What every judgement needs beside the message: the instant, what it may cost, what was verified before. */
import type { Instant } from '../base/instant.ts';
import type { dnssecReasons } from '../base/reasons/dnssec.ts';
import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Budget } from './budget.ts';
import type { Nsec3IterationLimits } from './limits.ts';
import type { SigningKeys } from './rrset-signature.ts';
import type { SignatureMemo } from './signature-memo.ts';

export interface Validation {
  /** The validation clock: signature times are compared with it. */
  readonly at: Instant;
  readonly budget: Budget;
  /** Shared by as many validations as one likes. */
  readonly memo: SignatureMemo;
  /** Where denials are kept that were proven on the way; nowhere where it is left out. */
  readonly denials?: DenialKeeper | undefined;
  /** `NSEC3_ITERATION_LIMITS` where it is left out. */
  readonly nsec3Iterations?: Nsec3IterationLimits;
}

/** For one message: it draws on the same budget, but not on all of it. */
export function forMessage(v: Validation): Validation {
  return { ...v, budget: v.budget.forMessage() };
}

/** Keeps verified records for questions to come (RFC 8198). `until` is by the validation clock, of which `at` is the present. */
export interface DenialKeeper {
  /** An NSEC or NSEC3 RRset that belongs to its name alone. */
  keepDenial(zone: SigningKeys, rrset: RRset, at: Instant, until: Instant): void;
  /** An RRset that was expanded from the wildcard below `encloser`. */
  keepWildcard(zone: SigningKeys, encloser: Name, rrset: RRset, at: Instant, until: Instant): void;
}

/** Why a chain of trust ends: keys of `base/reasons/dnssec.ts`. */
export type DnssecReason = keyof typeof dnssecReasons;

/** The signed RRsets that a verdict of insecure rests on: at least one. */
export type Witness = readonly { readonly name: Name; readonly type: number }[];

export interface Bogus {
  readonly status: 'bogus';
  readonly because: DnssecReason;
}

/** More work than is done for any answer (RFC 9276 §3.2): what is true nobody can tell. */
export interface Indeterminate {
  readonly status: 'indeterminate';
  readonly because: 'nsec3-iterations-indeterminate';
}

export function bogus(because: DnssecReason): Bogus {
  return { status: 'bogus', because };
}
