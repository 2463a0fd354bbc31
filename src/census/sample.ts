/**
 * A random sample of names in one pass: those whose SHA-256 with the seed is least (E. Cohen, "Size-Estimation Framework", JCSS 55
 * (1997): bottom-k). So it hangs on the seed and on the set of names alone, not on their order, on duplicates or on how the lists
 * are cut. Drawn by a tag, each of its values is a stratum and has its part of the sample (largest remainder), and so every domain
 * counts alike in figures of the whole. A name that is listed twice counts once, in the stratum of its first line.
 */
import { hash } from 'node:crypto';
import { UsageError } from '../base/usage-error.ts';
import type { Tags } from '../store/listing.ts';
import { DistinctNames } from './distinct-names.ts';
import { Least, type Prioritised } from './least.ts';

export interface SampleConfig {
  readonly size: number;
  readonly seed: string;
  /** A tag; null for one stratum. */
  readonly by: string | null;
}

export interface Sampled extends Prioritised {
  readonly rank: number | null;
  readonly weight: number | null;
  readonly tags: Tags | null;
}

/** `stratum` is a value of the tag, empty where a domain has none, and where there is one stratum. */
export interface Stratum {
  readonly stratum: string;
  readonly population: number;
  readonly drawn: number;
}

export interface Draw {
  /** The least priority first, so that the first of them are a smaller sample. */
  readonly names: readonly Sampled[];
  readonly strata: readonly Stratum[];
  /** Whether populations are counted, not estimated. */
  readonly isExact: boolean;
}

/** Own limit: what is larger is nearly as dear as a whole census, and is held in memory. */
export const LARGEST_SAMPLE = 1_000_000;
/** Own limit; a tag with more values is no stratum. */
export const MAX_STRATA = 1000;
/** Names held over all strata, each of which may come to be the whole sample: own limit, some 500 MB. */
const MAX_HELD = 2_000_000;

export class Sampler {
  readonly #config: SampleConfig;
  readonly #distinct: DistinctNames;
  readonly #strata = new Map<string, { readonly number: number; readonly least: Least<Sampled> }>();
  #held = 0;

  constructor(config: SampleConfig, distinct = new DistinctNames()) {
    this.#config = config;
    this.#distinct = distinct;
  }

  /** False for a name that came before. Throws UsageError where there are too many strata. */
  offer(name: string, given: Omit<Sampled, 'name' | 'priority'>): boolean {
    const digest = hash('sha256', `${this.#config.seed}\0${name}`, 'buffer');
    const high = digest.readUInt32BE(0);
    const low = digest.readUInt32BE(4);
    const { number, least } = this.#stratumOf(given.tags);
    const entered = this.#distinct.enter(high, low, number);
    if (entered === 'known') return false;
    // 53 bits, which a number holds.
    const priority = high * 2 ** 21 + (low >>> 11);
    if (!least.wants(priority) || (entered === 'beyond' && least.has(priority, name))) return true;
    const before = least.count;
    least.offer({ name, priority, ...given });
    this.#held += least.count - before;
    if (this.#held > MAX_HELD)
      throw tooMany(`a sample of ${this.#config.size} in each of ${this.#strata.size} strata`);
    return true;
  }

  draw(): Draw {
    const { size } = this.#config;
    const counts = this.#distinct.counts(this.#strata.size);
    const all = [...this.#strata].sort(([a], [b]) => (a < b ? -1 : 1));
    // An estimate can be below what was seen.
    const populations = all.map(([, { number, least }]) => Math.max(counts[number]!, least.count));
    const parts = allocate(size, populations);
    const drawn = all.map(([, { least }], at) => least.sorted().slice(0, parts[at]));
    return {
      names: drawn.flat().sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1)),
      strata: all.map(([stratum], at) => ({
        stratum,
        population: populations[at]!,
        drawn: drawn[at]!.length,
      })),
      isExact: this.#distinct.isExact,
    };
  }

  #stratumOf(tags: Tags | null): { readonly number: number; readonly least: Least<Sampled> } {
    const { by, size } = this.#config;
    const stratum = by === null ? '' : (tags?.[by] ?? '');
    const known = this.#strata.get(stratum);
    if (known !== undefined) return known;
    if (this.#strata.size === MAX_STRATA) throw tooMany(`over ${MAX_STRATA} values`);
    const made = { number: this.#strata.size, least: new Least<Sampled>(size) };
    this.#strata.set(stratum, made);
    return made;
  }
}

function tooMany(got: string): UsageError {
  return new UsageError(
    '--sample-by',
    got,
    `at most ${MAX_STRATA} strata, and ${MAX_HELD} names in all of them`,
    'choose a tag with fewer values, or a smaller sample',
  );
}

/**
 * How much of a sample falls to each stratum, in proportion to its population, by the largest remainder, of equal ones the first; never
 * more than it has. The parts add up to `size`, or to all there are.
 */
export function allocate(size: number, populations: readonly number[]): number[] {
  const total = populations.reduce((sum, population) => sum + population, 0);
  if (size >= total) return [...populations];
  const shares = populations.map((population) => BigInt(size) * BigInt(population));
  const parts = shares.map((share) => Number(share / BigInt(total)));
  const left = size - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = shares
    .map((share, at) => ({ at, remainder: share % BigInt(total) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1));
  for (const { at } of byRemainder.slice(0, left)) parts[at]!++;
  return parts;
}
