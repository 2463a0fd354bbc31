/** What can be fuzzed: makes one input out of a random sequence, feeds it, and throws where an invariant does not hold. */
import type { Random } from '../../src/base/random.ts';
import { seededRandom } from '../../src/base/random.ts';

export interface Target {
  readonly title: string;
  feed(random: Random): void | Promise<void>;
}

/** The random sequence of input `index` of a run: each input can be made again without those before it. */
export function randomOf(seed: number, index: number): Random {
  return seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b));
}

export class InvariantBroken extends Error {}

export function holds(isSo: boolean, otherwise: () => string): void {
  if (!isSo) throw new InvariantBroken(otherwise());
}

/** Feeds inputs `first` to `first + count - 1`; an error says which input it was. */
export async function feed(target: Target, seed: number, count: number, first = 0): Promise<void> {
  for (let index = first; index < first + count; index++) {
    try {
      await target.feed(randomOf(seed, index));
    } catch (error) {
      throw new Error(`${target.title}, seed ${seed}, input ${index}`, { cause: error });
    }
  }
}
