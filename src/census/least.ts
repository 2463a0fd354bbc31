/** The `size` things with the least priorities, of any number that are offered: a heap with the greatest of them on top. */

export interface Prioritised {
  readonly priority: number;
  /** Decides between equal priorities. */
  readonly name: string;
}

export class Least<T extends Prioritised> {
  readonly #size: number;
  readonly #heap: T[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get count(): number {
    return this.#heap.length;
  }

  /** Whether it would be among them, before it is made. */
  wants(priority: number): boolean {
    return this.#heap.length < this.#size || priority <= this.#heap[0]!.priority;
  }

  offer(thing: T): void {
    if (this.#heap.length < this.#size) {
      this.#heap.push(thing);
      this.#up(this.#heap.length - 1);
    } else if (isBefore(thing, this.#heap[0]!)) {
      this.#heap[0] = thing;
      this.#down(0);
    }
  }

  has(priority: number, name: string): boolean {
    return this.#heap.some((held) => held.priority === priority && held.name === name);
  }

  /** The least first. */
  sorted(): T[] {
    return [...this.#heap].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #up(from: number): void {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!isBefore(this.#heap[above]!, this.#heap[at]!)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #down(from: number): void {
    for (let at = from; ; ) {
      let greatest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && isBefore(this.#heap[greatest]!, this.#heap[child]!))
          greatest = child;
      }
      if (greatest === at) return;
      this.#swap(at, greatest);
      at = greatest;
    }
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}

function isBefore(a: Prioritised, b: Prioritised): boolean {
  return a.priority < b.priority || (a.priority === b.priority && a.name < b.name);
}
