/** What one lookup carries with it: its budget, what it is in the middle of, and, where wanted, its trace. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Name } from '../dns/name.ts';
import { MAX_QUERIES_PER_LOOKUP } from './limits.ts';

/**
 * QNAME minimisation (RFC 9156).
 * - `strict`: an NXDOMAIN or an error for an ancestor ends the lookup (RFC 8020).
 * - `relaxed`: after it the full name is asked.
 * - `off`: the full name is asked from the start.
 */
export const minimisations = ['strict', 'relaxed', 'off'] as const;
export type Minimisation = (typeof minimisations)[number];

/** One query as `--trace` shows it. */
export interface TraceEntry {
  /** The zone whose server was asked; null for a forwarder. */
  readonly zone: Name | null;
  readonly server: string;
  readonly name: Name;
  readonly type: number;
  readonly heard: string;
  readonly milliseconds: number | null;
}

export interface Session {
  readonly minimisation: Minimisation;
  /** Shared by all that the lookup does. The deadline moves by what our own manners hold queries back. */
  readonly budget: { queries: number; deadlineMs: number };
  /** Server names whose addresses are being looked up: a name that needs itself finds nothing. */
  readonly inProgress: ReadonlySet<Name>;
  readonly trace: TraceEntry[] | undefined;
  /** Servers not to be asked again: a bogus answer is asked for elsewhere. */
  readonly avoid: ReadonlySet<string>;
}

export function newSession(deadlineMs: number, minimisation: Minimisation, trace?: TraceEntry[]): Session {
  return {
    minimisation,
    budget: { queries: MAX_QUERIES_PER_LOOKUP, deadlineMs },
    inProgress: new Set(),
    trace,
    avoid: new Set(),
  };
}

/** True where the lookup may send no more, for its queries or its time are used up. */
export function isSpent({ budget }: Session, nowMs: number): boolean {
  return budget.queries <= 0 || budget.deadlineMs <= nowMs;
}

/** Why a question stays without a usable reply. */
export type LookupFailure = Extract<
  ReasonKey,
  | 'timeout'
  | 'servfail'
  | 'refused'
  | 'notimp'
  | 'formerr'
  | 'lame'
  | 'malformed-reply'
  | 'tcp-failed'
  | 'no-name-server-address'
  | 'special-use-address'
  | 'network-unreachable'
  | 'referral-loop'
  | 'query-budget-spent'
  | 'forwarder-silent'
  | 'forwarder-servfail'
  | 'forwarder-refuses'
  | 'forwarder-not-recursive'
  | 'forwarder-without-dnssec'
  | 'forwarder-malformed-reply'
  | 'forwarder-tcp-failed'
>;
