/**
 * What the NSEC or NSEC3 records of one message prove about one name: the witness that every denial is argued from. `nsec.ts`
 * and `nsec3.ts` find it, `denial.ts` and `delegation.ts` draw the conclusions.
 */
import type { Instant } from '../base/instant.ts';
import type { Name } from '../dns/name.ts';
import type { TypeBitmap } from '../dns/type-bitmap.ts';
import type { DnssecReason, Witness } from './validation.ts';

interface Shown {
  /** The records that show it. */
  readonly witness: Witness;
  readonly until: Instant;
}

export type Standing =
  /** The name owns records of these types (none for an empty non-terminal that has an NSEC3 record). */
  | (Shown & { readonly kind: 'exists'; readonly types: TypeBitmap })
  /** The name owns nothing, but names below it do (RFC 4592 §2.2.2). */
  | (Shown & { readonly kind: 'empty-non-terminal' })
  /**
   * The name does not exist; `encloser` is its deepest ancestor that does (RFC 4592 §3.3.1). With `optOut` an unsigned
   * delegation may hide there (RFC 5155 §6).
   */
  | (Shown & { readonly kind: 'absent'; readonly encloser: Name; readonly optOut: boolean })
  /** The proof is genuine, but nothing may be built on it (RFC 9276 §3.2). */
  | (Shown & { readonly kind: 'not-to-be-trusted'; readonly because: 'nsec3-iterations-insecure' })
  | { readonly kind: 'unproven'; readonly because: DnssecReason };

export type Absent = Extract<Standing, { kind: 'absent' }>;

/** How a zone denies: what a measurement keeps of it. */
export interface DenialKind {
  readonly kind: 'nsec' | 'nsec3';
  /** Additional iterations; NSEC3 only. */
  readonly iterations?: number;
  /** Whether any of the records used has the Opt-Out flag; NSEC3 only. */
  readonly optOut?: boolean;
}

/** The denial records of one message, of one kind. */
export interface DenialRecords {
  readonly denial: DenialKind;
  standing(name: Name): Standing;
  /**
   * Whether no closer match than the wildcard below `encloser` exists for `name`, which was expanded from it (RFC 4035
   * §5.3.4, RFC 5155 §8.8): `absent` where that is proven.
   */
  expansion(name: Name, encloser: Name): Standing;
}
