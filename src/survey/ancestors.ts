/**
 * The ancestors of a TLSA name, down from the zone cut: none of them may be NXDOMAIN while the TLSA RRset exists (RFC 8020
 * §2). Each is asked for directly, so that it shows what a minimising resolver would be told on its way (RFC 9156 §2).
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { isBelow, type Name, parentOf } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { type Answer, reasonOfSecurity } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { AncestorFact, Finding } from './facts.ts';
import { factName } from './lookup-fact.ts';

/** From the nearest to the name upwards, those strictly below `cut`. */
export async function surveyAncestors(
  tlsaName: Name,
  cut: Name,
  lookup: Lookup,
): Promise<readonly AncestorFact[]> {
  const names: Name[] = [];
  for (let at = parentOf(tlsaName); isBelow(at, cut); at = parentOf(at)) names.push(at);
  const answers = await Promise.all(names.map((name) => lookup.ask(name, RRType.A, { minimisation: 'off' })));
  return answers.map((answer, i) => ({
    name: factName(names[i]!),
    rcode: answer.rcode,
    proof: proofOf(answer),
    reason: reasonOfSecurity(answer.security),
  }));
}

function proofOf(answer: Answer): AncestorFact['proof'] {
  switch (answer.outcome) {
    case 'data':
    case 'nodata':
      return 'exists';
    case 'nxdomain':
      // An alias is there; it is where it leads that does not exist.
      return answer.aliases.length > 0 ? 'exists' : 'denied-validly';
    case 'failed':
      if (answer.rcode !== 'NXDOMAIN') return 'failed';
      return reasonOfSecurity(answer.security) === 'denial-missing'
        ? 'denied-unproven'
        : 'denied-contradictory';
    default:
      return never(answer.outcome);
  }
}

const findingOf: Partial<Record<AncestorFact['proof'], ReasonKey>> = {
  'denied-validly': 'ancestor-denied',
  'denied-unproven': 'ancestor-nxdomain-unproven',
  'denied-contradictory': 'ancestor-proof-contradicts',
};

export function ancestorFindings(ancestors: readonly AncestorFact[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, proof } of ancestors) {
    const key = findingOf[proof];
    if (key !== undefined) findings.push({ key, detail: name });
  }
  return findings;
}
