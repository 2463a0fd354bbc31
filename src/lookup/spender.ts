/**
 * Who spends: a lookup, or the work on one zone that lookups share. Both have budgets of their own, so that no lookup pays for
 * another's; what a zone cost is then counted in the budgets of the lookup that began it, so that a chain of many zones is
 * bounded as well.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Validation } from '../dnssec/validation.ts';
import { type Session, spentOf } from '../resolve/session.ts';

export interface Spender {
  readonly session: Session;
  readonly validation: Validation;
}

/** The budget that ended; undefined while none has. */
export function endedBudget({ session, validation }: Spender, nowMs: number): ReasonKey | undefined {
  return spentOf(session, nowMs) ?? validation.budget.ended;
}

/** Counts what `zone`, which began with the budget `before`, has spent; time is not counted twice, since it passed for both. */
export function charge(lookup: Spender, zone: Spender, before: Session['budget']): void {
  const { budget } = lookup.session;
  const now = zone.session.budget;
  budget.queries -= before.queries - now.queries;
  budget.replyOctets -= before.replyOctets - now.replyOctets;
  budget.serverNames -= before.serverNames - now.serverNames;
  budget.deadlineMs += now.deadlineMs - before.deadlineMs;
  lookup.validation.budget.charge(zone.validation.budget);
}
