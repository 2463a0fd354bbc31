/** Which name to ask next on the way down (RFC 9156 §2.3). Pure. */
import { labelCount, type Name, rightmost } from '../dns/name.ts';
import { MAX_MINIMISE_COUNT, MINIMISE_ONE_LAB } from './limits.ts';

export interface Minimising {
  /** Minimised questions of this lookup so far. */
  readonly step: number;
  /**
   * Whether labels that begin with an underscore are asked for together, as RFC 9156 §2.3 allows, for they are no administrative
   * boundaries. A resolver that does so never meets the denial of an ancestor such as `_tcp`.
   */
  readonly underscoresTogether: boolean;
}

/**
 * The next name to ask: some labels longer than `known`, at most `name` itself. The first questions add one label each; what
 * remains is divided over the rest, the remainder added to the last ones, so that no name costs more than ten.
 */
export function nextName(name: Name, known: Name, { step, underscoresTogether }: Minimising): Name {
  const have = labelCount(known);
  const missing = labelCount(name) - have;
  if (missing <= 1 || step >= MAX_MINIMISE_COUNT) return name;
  const share = Math.max(1, Math.floor(missing / (MAX_MINIMISE_COUNT - step)));
  let next = rightmost(name, have + (step < MINIMISE_ONE_LAB ? 1 : share));
  while (underscoresTogether && next !== name && isUnderscored(next)) {
    const longer = rightmost(name, labelCount(next) + 1);
    if (!isUnderscored(longer)) break;
    next = longer;
  }
  return next;
}

function isUnderscored(name: Name): boolean {
  return name[1] === '_';
}
