/**
 * A map that forgets what was used least lately, and what has expired. Times are milliseconds of the clock passed in.
 *
 * Its order is exact to a quarter of its size: what was used among the latest quarter of entries is left in its place, since moving
 * it at each use would cost more than finding it.
 * Where values differ in size, they can be weighed, so that few large ones take no more memory than many small ones.
 */
export interface LruOptions<V> {
  /** With `maxWeight`, what all values together may weigh. */
  readonly weigh?: (value: V) => number;
  readonly maxWeight?: number;
  /** Told of each value that is no longer held: it expired, another took its place, or there was no room. */
  readonly forgotten?: (value: V) => void;
}

interface Entry<V> {
  readonly value: V;
  readonly expires: number;
  readonly weight: number;
  /** How many entries had been set when it took its place. */
  placed: number;
}

export class LruCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #limit: number;
  readonly #clock: () => number;
  readonly #options: LruOptions<V>;
  #weight = 0;
  #placed = 0;

  constructor(limit: number, clock: () => number, options: LruOptions<V> = {}) {
    this.#limit = limit;
    this.#clock = clock;
    this.#options = options;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expires <= this.#clock()) {
      this.delete(key);
      return undefined;
    }
    if (this.#placed - entry.placed > this.#entries.size >> 2) {
      this.#entries.delete(key);
      this.#place(key, entry);
    }
    return entry.value;
  }

  set(key: K, value: V, seconds: number): void {
    this.delete(key);
    const weight = this.#options.weigh?.(value) ?? 0;
    this.#place(key, { value, expires: this.#clock() + seconds * 1000, weight, placed: 0 });
    this.#weight += weight;
    while (this.#isOverfull) this.delete(this.#entries.keys().next().value as K);
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
    this.#options.forgotten?.(entry.value);
  }

  get size(): number {
    return this.#entries.size;
  }

  #place(key: K, entry: Entry<V>): void {
    entry.placed = ++this.#placed;
    this.#entries.set(key, entry);
  }

  get #isOverfull(): boolean {
    return this.#entries.size > this.#limit || this.#weight > (this.#options.maxWeight ?? 0);
  }
}
