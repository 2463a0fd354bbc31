/**
 * Manners towards one server address: so many queries a second and no more (a token bucket for each address). In: an
 * address. Out: a promise that is kept when it is this caller's turn, none where it is at once; turns are given in the order of
 * asking.
 */

export interface PaceOptions {
  /** Queries a second to one address; 0 for no bound. */
  readonly perSecond: number;
  /** Milliseconds, monotonic. */
  readonly clockMs: () => number;
}

/** Share of a second's allowance that may go at once. */
const BURST_SECONDS = 0.25;
/** Addresses without traffic are forgotten when more than this many are known. */
const MAX_ADDRESSES = 10_000;

export class Pace {
  readonly #perSecond: number;
  readonly #clockMs: () => number;
  /** When the next query to the address may go, in milliseconds of the clock. */
  readonly #next = new Map<string, number>();

  constructor(options: PaceOptions) {
    this.#perSecond = options.perSecond;
    this.#clockMs = options.clockMs;
  }

  turn(address: string): Promise<void> | undefined {
    if (this.#perSecond === 0) return undefined;
    const now = this.#clockMs();
    const earliest = Math.max(now - BURST_SECONDS * 1000, this.#next.get(address) ?? 0);
    if (this.#next.size > MAX_ADDRESSES) this.#forgetIdle(now);
    this.#next.set(address, earliest + 1000 / this.#perSecond);
    if (earliest <= now) return undefined;
    return new Promise((resolve) => setTimeout(resolve, earliest - now));
  }

  #forgetIdle(now: number): void {
    for (const [address, next] of this.#next) if (next < now) this.#next.delete(address);
  }
}
