/** What `check` prints of name servers: what is wrong at which address, and who loses a TLSA RRset whose ancestor is denied. Pure. */
import { never } from '../base/never.ts';
import { reasonOf } from '../base/reasons/catalogue.ts';
import type {
  AncestorConsequence,
  BehaviourFact,
  Fate,
  Fates,
  ResolverBehaviour,
} from '../survey/ancestor-consequence.ts';
import type { HostFacts, LookupFact } from '../survey/facts.ts';
import type { AncestorFact, ServerAnswerFact } from '../survey/name-server-facts.ts';

/** One line for each address with a fault; the findings say how to mend it. */
export function nameServerLines(indent: string, answers: readonly ServerAnswerFact[]): string[] {
  const faulty = answers.filter(({ faults }) => faults.length > 0);
  if (answers.length === 0) return [];
  return [
    `${indent}name servers: ${answers.length} addresses asked, ${faulty.length} with faults`,
    ...faulty.map(({ server, address, rcode, status, serial, faults }) => {
      const seen = [rcode, status, serial === null ? null : `serial ${serial}`].filter(
        (part) => part !== null,
      );
      return `${indent}  ${server} ${address}: ${faults.join(', ')} (${seen.join(', ')})`;
    }),
  ];
}

/** Servers that were of no use on the way to the answer. */
export function uselessLines(indent: string, what: string, { useless = [] }: LookupFact): string[] {
  return useless.map(({ address, because }) => `${indent}${what} lookup: no use of ${address} (${because})`);
}

/** Nothing where no ancestor is denied. */
export function ancestorLines(
  indent: string,
  {
    ancestors,
    behaviours,
    ancestorConsequence,
  }: Pick<HostFacts, 'ancestors' | 'behaviours' | 'ancestorConsequence'>,
): string[] {
  if (behaviours.length === 0) return [];
  const isForwarded = ancestors.every(({ servers }) => servers.length === 0);
  const who = isForwarded ? 'a forwarder' : 'each name server';
  const lines = [`${indent}ancestors of the TLSA name, as ${who} answers for them:`];
  const line = (place: string, { rcode, proof, reason }: Omit<AncestorFact, 'name' | 'servers'>) =>
    `${indent}  ${place}: ${rcode}, ${proof}${reason === null ? '' : `: ${reasonOf(reason).says}`}`;
  for (const { name, servers, ...seen } of ancestors) {
    if (isForwarded) lines.push(line(name, seen));
    for (const one of servers) lines.push(line(`${name} at ${one.server} ${one.address}`, one));
  }
  lines.push(`${indent}what becomes of the TLSA records, by the resolver of the sender:`);
  for (const behaviour of behaviours) lines.push(`${indent}  ${behaviourSentence(behaviour)}`);
  if (ancestorConsequence !== null) {
    lines.push(`${indent}consequence: ${consequenceSentence(ancestorConsequence)}`);
    lines.push(
      `${indent}to mend it: let every name server answer NOERROR for these names (rectify the zone and sign it again)`,
    );
  }
  return lines;
}

function behaviourSentence({ behaviour, fates, fatesAfterAncestor }: BehaviourFact): string {
  const cold = fatesSentence(fates);
  const warm = fatesSentence(fatesAfterAncestor);
  const after = warm === cold ? '' : `; once the ancestor was asked for, ${warm}`;
  return `${behaviour} (${behaviourWords(behaviour)}): ${cold}${after}`;
}

function behaviourWords(behaviour: ResolverBehaviour): string {
  switch (behaviour) {
    case 'strict-minimisation':
      return 'RFC 9156 to the letter';
    case 'relaxed-minimisation':
      return 'as BIND and Knot Resolver by default';
    case 'harden-below-nxdomain':
      return 'as Unbound by default';
    case 'aggressive-nsec':
      return 'RFC 8198';
    case 'no-minimisation':
      return 'asks for the full name';
    default:
      return never(behaviour);
  }
}

function fatesSentence(fates: Fates): string {
  return fates.length === 1 ? fateWords(fates[0]!) : `sometimes ${fates.map(fateWords).join(', sometimes ')}`;
}

function fateWords(fate: Fate): string {
  switch (fate) {
    case 'found':
      return 'found';
    case 'lost':
      return 'lost (silently unprotected)';
    case 'fails':
      return 'the lookup fails (mail deferred)';
    default:
      return never(fate);
  }
}

function consequenceSentence(consequence: AncestorConsequence): string {
  switch (consequence) {
    case 'silently-unprotected':
      return 'some senders see no TLSA records and deliver unprotected, without a word';
    case 'mail-deferred':
      return 'some senders cannot look up the TLSA records and defer the mail';
    case 'either':
      return 'some senders deliver unprotected without a word, others defer the mail';
    default:
      return never(consequence);
  }
}
