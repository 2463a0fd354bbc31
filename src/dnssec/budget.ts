/**
 * Counts what validation costs, so that no message and no lookup costs more than the limits (CVE-2023-50387, CVE-2023-50868).
 *
 * One budget for a whole lookup, or for the work on one zone that lookups share; of it one for each message. What is taken from
 * a message's budget is taken from the whole as well.
 */
import { type Costs, VALIDATION_LIMITS, type ValidationLimits } from './limits.ts';

/** Which budget ended: keys of `base/reasons/dnssec.ts`. */
export type SpentBudget = 'signature-budget-spent' | 'ds-digest-budget-spent' | 'nsec3-hash-budget-spent';

const endings: Readonly<Record<keyof Costs, SpentBudget>> = {
  signatureMicroseconds: 'signature-budget-spent',
  dsDigests: 'ds-digest-budget-spent',
  nsec3Blocks: 'nsec3-hash-budget-spent',
};

/** Every `take` returns false once the work asked for would pass a limit, and goes on doing so: what is spent stays spent. */
export class Budget {
  readonly limits: ValidationLimits;
  readonly #whole: Budget | undefined;
  readonly #left: { -readonly [cost in keyof Costs]: number };

  constructor(limits: ValidationLimits = VALIDATION_LIMITS, whole?: Budget) {
    this.limits = limits;
    this.#whole = whole;
    this.#left = { ...(whole === undefined ? limits.whole : limits.message) };
  }

  forMessage(): Budget {
    return new Budget(this.limits, this);
  }

  takeSignature(microseconds: number): boolean {
    return this.#take('signatureMicroseconds', microseconds);
  }

  takeDsDigest(): boolean {
    return this.#take('dsDigests', 1);
  }

  /** `blocks` as `nsec3HashBlocks` counts them. */
  takeNsec3Hash(blocks: number): boolean {
    return this.#take('nsec3Blocks', blocks);
  }

  /** The first that has nothing left; undefined while all have. */
  get ended(): SpentBudget | undefined {
    return costs.map((cost) => (this.#left[cost] <= 0 ? endings[cost] : undefined)).find(Boolean);
  }

  /** What was asked for so far, granted or not. */
  get spent(): Costs {
    const all = this.#whole === undefined ? this.limits.whole : this.limits.message;
    return {
      signatureMicroseconds: all.signatureMicroseconds - this.#left.signatureMicroseconds,
      dsDigests: all.dsDigests - this.#left.dsDigests,
      nsec3Blocks: all.nsec3Blocks - this.#left.nsec3Blocks,
    };
  }

  /** Takes what another budget has spent so far. */
  charge({ spent }: Budget): void {
    for (const cost of costs) this.#left[cost] -= spent[cost];
  }

  #take(cost: keyof Costs, amount: number): boolean {
    const isLeft = this.#whole === undefined || this.#whole.#take(cost, amount);
    this.#left[cost] -= amount;
    return isLeft && this.#left[cost] >= 0;
  }
}

const costs = Object.keys(endings) as (keyof Costs)[];
