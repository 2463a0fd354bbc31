/** What an aggregate view must say of a census of the lab: its figures by the keys of its rows, counted one by one. */

/** A row of a view as the database hands it over: counts as numbers or text, shares as text with six decimals, or null. */
export type ViewRow = Readonly<Record<string, unknown>>;

export interface ExpectedTable {
  readonly view: string;
  /** The columns that are compared; of rows with one key their sum. `ROWS` counts the rows themselves. */
  readonly counts: readonly string[];
  readonly shares: readonly Share[];
  /** What is counted by key, in the order of `counts`, and behind them what only shares need. A key that is not in it has 0. */
  readonly figures: ReadonlyMap<string, readonly number[]>;
  /** Undefined for rows of which the truth does not tell. */
  keyOf(row: ViewRow): string | undefined;
  /** To six places as the view has it (half away from zero); null where it must be. */
  shareOf(share: Share, key: string): number | null;
}

export interface Share {
  readonly column: string;
  /** The count that is divided. */
  readonly of: string;
  /** The count that it is divided by; or the divisor of a key, null where there is no share. */
  readonly by: string | ((key: string) => number | null);
}

export const ROWS = 'rows';

export interface TallyPlan {
  readonly view: string;
  readonly keys: readonly string[];
  readonly counts: readonly string[];
  /** Counts that only shares need. */
  readonly uncompared?: readonly string[];
  readonly shares?: readonly Share[];
  /** Where only some rows are compared: whether this is one. */
  readonly concerns?: (row: ViewRow) => boolean;
}

/** Counts as truths go by. */
export class Tally implements ExpectedTable {
  readonly figures = new Map<string, number[]>();
  readonly #plan: TallyPlan;
  /** Where each count stands in the figures of a key. */
  readonly #places: ReadonlyMap<string, number>;

  constructor(plan: TallyPlan) {
    this.#plan = plan;
    this.#places = new Map([...plan.counts, ...(plan.uncompared ?? [])].map((name, at) => [name, at]));
  }

  get view(): string {
    return this.#plan.view;
  }

  get counts(): readonly string[] {
    return this.#plan.counts;
  }

  get shares(): readonly Share[] {
    return this.#plan.shares ?? [];
  }

  keyOf(row: ViewRow): string | undefined {
    const { keys, concerns } = this.#plan;
    return concerns?.(row) === false ? undefined : keyText(keys.map((name) => row[name]));
  }

  /** Raises the counts that are named; true counts as 1. */
  add(key: readonly unknown[], by: Readonly<Record<string, number | boolean>>): void {
    const text = keyText(key);
    const figures = this.figures.get(text) ?? Array.from(this.#places, () => 0);
    for (const [name, more] of Object.entries(by)) figures[this.#place(name)]! += Number(more);
    this.figures.set(text, figures);
  }

  count(name: string, key: string): number {
    return this.figures.get(key)?.[this.#place(name)] ?? 0;
  }

  /** Over the keys for which it is true. */
  total(name: string, among: (key: string) => boolean = () => true): number {
    return [...this.figures.keys()].filter(among).reduce((sum, key) => sum + this.count(name, key), 0);
  }

  shareOf({ of, by }: Share, key: string): number | null {
    const divisor = typeof by === 'string' ? this.count(by, key) : by(key);
    return divisor === null || divisor === 0 ? null : sixPlaces(this.count(of, key), divisor);
  }

  #place(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`internal error: ${this.view} does not count ${name}`);
    return place;
  }
}

export function keyText(values: readonly unknown[]): string {
  return values.map((value) => (value === null ? '(none)' : String(value))).join(' ');
}

/** Exact: floating point would decide ties by chance. */
function sixPlaces(dividend: number, divisor: number): number {
  const doubled = (2_000_000n * BigInt(dividend) + BigInt(divisor)) / (2n * BigInt(divisor));
  return Number(doubled) / 1_000_000;
}
