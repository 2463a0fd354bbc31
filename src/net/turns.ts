/**
 * At most so many at once for each key, and turns in the order of asking: a place that is given back goes to whoever has waited
 * longest, never to one who asks later. A place is held until its task has ended, also where that is aborted: p-queue frees it
 * then while the task still closes its sockets.
 */

interface Places {
  taken: number;
  /** In the order of asking. */
  readonly waiting: Set<() => void>;
}

export class Turns {
  readonly #most: number;
  /** Only keys that somebody holds a place of. */
  readonly #places = new Map<string, Places>();

  /** `most`: tasks of one key at once, at least 1. */
  constructor(most: number) {
    if (!(most >= 1)) throw new RangeError(`internal error: ${most} at once`);
    this.#most = most;
  }

  /**
   * Runs `task` when it is its turn, and ends as it does. Rejects with the signal's reason where that comes first; a task that runs
   * has to look at the signal itself.
   */
  async run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const turn = this.#turn(key, signal);
    if (turn !== undefined) await turn;
    try {
      return await task();
    } finally {
      this.#giveBack(key);
    }
  }

  /** Takes a place at once, or promises to have taken one. */
  #turn(key: string, signal: AbortSignal | undefined): Promise<void> | undefined {
    const places = this.#places.get(key);
    if (places === undefined) {
      this.#places.set(key, { taken: 1, waiting: new Set() });
      return undefined;
    }
    if (places.taken < this.#most) {
      places.taken++;
      return undefined;
    }
    const { waiting } = places;
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(begin);
        reject(signal!.reason);
      };
      waiting.add(begin);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #giveBack(key: string): void {
    const places = this.#places.get(key)!;
    const [longest] = places.waiting;
    if (longest !== undefined) {
      places.waiting.delete(longest);
      longest();
    } else if (--places.taken === 0) {
      this.#places.delete(key);
    }
  }
}
