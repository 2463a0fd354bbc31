/**
 * How many different names there are in each stratum, and in which stratum the first line of a name put it. In: priorities of names
 * (64 bits of SHA-256) and strata by number. Holds 64 bits of each name: of as many names as the limit two are taken for one with a
 * chance of one in 130,000.
 *
 * Exact up to the limit. Beyond it only the names with the least priorities are held, half of them each time that the table is full,
 * and the counts are estimated from their share of all (M. Wegman's adaptive sampling; P. Flajolet, "On adaptive sampling",
 * Computing 43 (1990)): the standard error is 1.2 divided by the root of the limit, 0.03 %.
 */

/** Own limit: some 320 MB at the most. */
export const EXACT_NAMES = 2 ** 24;
const FIRST_SLOTS = 2 ** 14;
const ALL = 2 ** 32;

export class DistinctNames {
  readonly #limit: number;
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  /** Plus 1; 0 for a slot that is free. */
  #stratum = new Uint16Array(FIRST_SLOTS);
  #held = 0;
  /** Upper halves of the priorities that are held are below it. */
  #below = ALL;

  constructor(limit = EXACT_NAMES) {
    this.#limit = limit;
  }

  get isExact(): boolean {
    return this.#below === ALL;
  }

  /** `known`: a line before named it. `beyond`: nobody can tell any more. */
  enter(high: number, low: number, stratum: number): 'new' | 'known' | 'beyond' {
    if (high >= this.#below) return 'beyond';
    const slot = this.#slotOf(high, low);
    if (this.#stratum[slot] !== 0) return 'known';
    this.#put(slot, high, low, stratum + 1);
    this.#held++;
    if (this.#held > this.#limit) this.#halve();
    else if (this.#held * 2 > this.#stratum.length) this.#rebuild(this.#stratum.length * 2);
    return 'new';
  }

  /** Different names by stratum. */
  counts(strata: number): number[] {
    const counts = new Array<number>(strata).fill(0);
    for (const stratum of this.#stratum) if (stratum > 0) counts[stratum - 1]!++;
    return counts.map((count) => Math.round(count * (ALL / this.#below)));
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#stratum.length - 1;
    let slot = low & mask;
    while (this.#stratum[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, high: number, low: number, stratum: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#stratum[slot] = stratum;
  }

  #halve(): void {
    this.#below /= 2;
    this.#rebuild(this.#stratum.length);
  }

  #rebuild(slots: number): void {
    const [high, low, stratum] = [this.#high, this.#low, this.#stratum];
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#stratum = new Uint16Array(slots);
    this.#held = 0;
    for (let at = 0; at < stratum.length; at++) {
      if (stratum[at] === 0 || high[at]! >= this.#below) continue;
      this.#put(this.#slotOf(high[at]!, low[at]!), high[at]!, low[at]!, stratum[at]!);
      this.#held++;
    }
  }
}
