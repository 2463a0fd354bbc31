/** What one lookup carries with it: its budget, what it is in the middle of, and, where wanted, its trace. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Name } from '../dns/name.ts';
import { LOOKUP_LIMITS, type LookupLimits } from './limits.ts';
import type { ZoneCut } from './zone-cut.ts';

/**
 * QNAME minimisation (RFC 9156).
 * - `strict`: an NXDOMAIN or an error for an ancestor ends the lookup (RFC 8020).
 * - `relaxed`: after it the full name is asked; labels with an underscore are asked for together (§2.3).
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

/** What is left. The deadline moves by what our own manners hold queries back. */
export type SessionBudget = { -readonly [cost in keyof LookupLimits]: number } & { deadlineMs: number };

export interface Session {
  readonly minimisation: Minimisation;
  /** Under `relaxed`: an NXDOMAIN for an ancestor ends it nevertheless, so that it can be judged; an error does not. */
  readonly endsAtNxdomain: boolean;
  /** Shared by all that the lookup does. */
  readonly budget: SessionBudget;
  /** Server names whose addresses are being looked up: a name that needs itself finds nothing. */
  readonly inProgress: ReadonlySet<Name>;
  /** Server names that this lookup could not find an address of for where it stood, not for what they are. */
  readonly outOfReach: Map<Name, OutOfReach>;
  readonly trace: TraceEntry[] | undefined;
  /** Servers not to be asked again: a bogus answer is asked for elsewhere. */
  readonly avoid: ReadonlySet<string>;
  /** A delegation from a list, which holds for this lookup and for no other; undefined without one. */
  readonly listed?: ZoneCut | undefined;
}

export interface OutOfReach {
  readonly because: 'name-server-loop' | 'name-server-depth';
  /** The size of `inProgress` then: from less far down it may be within reach. */
  readonly depth: number;
}

const none: ReadonlySet<never> = new Set();

export function newSession(
  deadlineMs: number,
  minimisation: Minimisation,
  trace?: TraceEntry[],
  limits = LOOKUP_LIMITS,
): Session {
  return {
    minimisation,
    endsAtNxdomain: false,
    budget: { ...limits, deadlineMs },
    inProgress: none,
    outOfReach: new Map(),
    trace,
    avoid: none,
  };
}

export type SpentSession =
  | 'query-budget-spent'
  | 'reply-octets-budget-spent'
  | 'server-name-budget-spent'
  | 'time-budget-spent';

/** Which budget ended, so that the lookup may send no more; undefined while none has. */
export function spentOf({ budget }: Session, nowMs: number): SpentSession | undefined {
  if (budget.queries <= 0) return 'query-budget-spent';
  if (budget.replyOctets <= 0) return 'reply-octets-budget-spent';
  return budget.deadlineMs <= nowMs ? 'time-budget-spent' : undefined;
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
  | 'forwarder-silent'
  | 'forwarder-servfail'
  | 'forwarder-refuses'
  | 'forwarder-not-recursive'
  | 'forwarder-without-dnssec'
  | 'forwarder-malformed-reply'
  | 'forwarder-tcp-failed'
  | 'referrals-too-many'
  | 'name-server-loop'
  | 'name-server-depth'
  | SpentSession
>;
