/**
 * Time for what is played again: it stands still while there is work, and leaps to the next thing that happens when there is none.
 * So that waits of seconds take none, and budgets of time end where they ended.
 */

interface Event {
  readonly atMs: number;
  readonly happen: () => void;
}

export class VirtualTime {
  #nowMs = 0;
  /** By time; of the same time in the order in which they were put in. */
  readonly #events: Event[] = [];
  #awaited = 0;
  #isDue = false;

  readonly clockMs = (): number => this.#nowMs;

  /** Resolves so many milliseconds from now. */
  after(milliseconds: number): Promise<void> {
    return new Promise((happen) => {
      const atMs = this.#nowMs + milliseconds;
      const next = this.#events.findLastIndex((event) => event.atMs <= atMs) + 1;
      this.#events.splice(next, 0, { atMs, happen });
      this.#goOn();
    });
  }

  /** Stands still until `work`, which takes real time, has ended. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#awaited++;
    try {
      return await work;
    } finally {
      this.#awaited--;
      this.#goOn();
    }
  }

  /** Promises that are ripe come before an immediate: until then everybody has done what can be done now. */
  #goOn(): void {
    if (this.#isDue || this.#awaited > 0 || this.#events.length === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (this.#awaited === 0) {
        const { atMs, happen } = this.#events.shift()!;
        this.#nowMs = atMs;
        happen();
      }
      this.#goOn();
    });
  }
}
