/**
 * The security status of an RRset or of a denial (RFC 4033 §5, RFC 4035 §4.3).
 * Kept on the lowest floor: every room above speaks of it, only `dnssec` decides it.
 */
import type { ReasonKey } from './reasons/catalogue.ts';

export const securityStatuses = ['secure', 'insecure', 'bogus', 'indeterminate'] as const;

/**
 * - `secure`: a chain of signatures from a trust anchor covers it.
 * - `insecure`: a proof shows that the chain ends, lawfully, above it.
 * - `bogus`: there should be a chain, and it does not hold.
 * - `indeterminate`: nobody could tell (no answer, no anchor, a budget spent).
 */
export type SecurityStatus = (typeof securityStatuses)[number];

/**
 * A status with the reason for anything but `secure`; `at` is the owner name, in presentation form, where it was decided. Nothing
 * is insecure without a witness: the signed records that prove it, each as "owner TYPE" in presentation form, at least one; but
 * for `insecure-delegation-listed`, which rests on the registry's own file and on no signature.
 */
export type Security =
  | { readonly status: 'secure' }
  | {
      readonly status: 'insecure';
      readonly because: ReasonKey;
      readonly at: string;
      readonly witness: readonly string[];
    }
  | { readonly status: 'bogus' | 'indeterminate'; readonly because: ReasonKey; readonly at: string };

export const secure: Security = { status: 'secure' };
