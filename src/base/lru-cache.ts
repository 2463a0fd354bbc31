/**
 * A map that forgets what was used least lately, and what has expired. Times are milliseconds of the clock passed in.
 *
 * Where values differ in size, they can be weighed, so that few large ones take no more memory than many small ones.
 */
export interface Weighing<V> {
  readonly weigh: (value: V) => number;
  readonly maxWeight: number;
}

interface Entry<V> {
  readonly value: V;
  readonly expires: number;
  readonly weight: number;
}

export class LruCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #limit: number;
  readonly #clock: () => number;
  readonly #weighing: Weighing<V> | undefined;
  #weight = 0;

  constructor(limit: number, clock: () => number, weighing?: Weighing<V>) {
    this.#limit = limit;
    this.#clock = clock;
    this.#weighing = weighing;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expires <= this.#clock()) {
      this.#forget(key, entry);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V, seconds: number): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#forget(key, before);
    const weight = this.#weighing?.weigh(value) ?? 0;
    this.#entries.set(key, { value, expires: this.#clock() + seconds * 1000, weight });
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (!this.#isOverfull) break;
      this.#forget(oldest, entry);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get #isOverfull(): boolean {
    return this.#entries.size > this.#limit || this.#weight > (this.#weighing?.maxWeight ?? 0);
  }

  #forget(key: K, entry: Entry<V>): void {
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }
}
