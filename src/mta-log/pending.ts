/** What lines before said and a later line may need, bounded: the log may be of any size, and its ends of any kind. */

/** Own limit: sessions and messages that are open at once; a busy server has some hundreds. */
export const MAX_PENDING = 10_000;

export class Pending<V> {
  readonly #entries = new Map<string, V>();

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** The newest entry of its key; what falls out at the other end comes back. */
  set(key: string, value: V): V | undefined {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= MAX_PENDING) return undefined;
    const [oldest, dropped] = this.#entries.entries().next().value!;
    this.#entries.delete(oldest);
    return dropped;
  }

  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  /** Everything that is left, and nothing is left then. */
  drain(): readonly V[] {
    const values = [...this.#entries.values()];
    this.#entries.clear();
    return values;
  }

  get size(): number {
    return this.#entries.size;
  }
}
