/** A validated answer reduced to what is kept of it. */
import { formatNameBare, type Name } from '../dns/name.ts';
import { type Answer, reasonOfSecurity } from '../lookup/answer.ts';
import type { LookupFact } from './facts.ts';

export function lookupFact(answer: Answer): LookupFact {
  const useless = answer.links.flatMap((link) => link.useless);
  return {
    outcome: answer.outcome,
    status: answer.security.status,
    reason: reasonOfSecurity(answer.security),
    rcode: answer.rcode,
    ttl: answer.ttl ?? null,
    ...(useless.length > 0 && { useless }),
  };
}

/** Names in facts: presentation form, lower case, no final dot. */
export function factName(name: Name): string {
  return formatNameBare(name);
}
