/** Which name to ask next on the way down (RFC 9156 §2.3). Pure. */
import { labelCount, type Name, rightmost } from '../dns/name.ts';
import { MAX_MINIMISE_COUNT, MINIMISE_ONE_LAB } from './limits.ts';

/**
 * The next name to ask: some labels longer than `known`, at most `name` itself. `step` counts the minimised questions of
 * this lookup so far: the first add one label each, the rest share what remains, so that no name costs more than ten.
 */
export function nextName(name: Name, known: Name, step: number): Name {
  const have = labelCount(known);
  const missing = labelCount(name) - have;
  if (missing <= 1 || step >= MAX_MINIMISE_COUNT) return name;
  const add = step < MINIMISE_ONE_LAB ? 1 : Math.ceil(missing / (MAX_MINIMISE_COUNT - step));
  return rightmost(name, have + add);
}
