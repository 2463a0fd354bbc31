/** Holds the rows of aggregate views against the figures that the truth of the lab asks for. */
import { type ExpectedTable, ROWS, type Share, type ViewRow } from './expected-table.ts';

export interface RateDisagreement {
  readonly view: string;
  /** What the row is about; empty where the view has one row. */
  readonly key: string;
  readonly column: string;
  readonly expected: string;
  readonly seen: string;
}

export interface RateComparison {
  readonly views: number;
  /** Figures compared: one for each key and column, whether the truth or the view has the key. */
  readonly compared: number;
  readonly agreed: number;
  readonly disagreements: readonly RateDisagreement[];
}

/** `rowsOf` hands over the rows of a view batch by batch. Throws where a view has no such column. */
export async function compareRates(
  tables: readonly ExpectedTable[],
  rowsOf: (view: string, take: (rows: readonly ViewRow[]) => void) => Promise<void>,
): Promise<RateComparison> {
  const disagreements: RateDisagreement[] = [];
  let compared = 0;
  for (const table of tables) {
    const { view, counts, shares } = table;
    const figures = table.figures;
    const seen = new Map<string, SeenRow>();
    await rowsOf(view, (rows) => {
      for (const row of rows) {
        const key = table.keyOf(row);
        if (key !== undefined) seen.set(key, addedUp(seen.get(key), row, table));
      }
    });
    for (const key of new Set([...figures.keys(), ...seen.keys()])) {
      const check = (column: string, expected: number | null, got: number | null) => {
        compared++;
        if (expected === got) return;
        disagreements.push({ view, key, column, expected: String(expected), seen: String(got) });
      };
      const found = seen.get(key);
      for (const [at, column] of counts.entries()) {
        check(column, figures.get(key)?.[at] ?? 0, found?.counts[at] ?? 0);
      }
      // A row that is not there has no share; that it is missing shows in its counts.
      if (found === undefined) continue;
      for (const [at, share] of shares.entries()) {
        check(share.column, table.shareOf(share, key), found.shares[at]!);
      }
    }
  }
  return {
    views: new Set(tables.map(({ view }) => view)).size,
    compared,
    agreed: compared - disagreements.length,
    disagreements,
  };
}

interface SeenRow {
  readonly counts: readonly number[];
  readonly shares: readonly (number | null)[];
}

function addedUp(
  before: SeenRow | undefined,
  row: ViewRow,
  { view, counts, shares }: Pick<ExpectedTable, 'view' | 'counts' | 'shares'>,
): SeenRow {
  const cell = (column: string) => {
    const value = row[column];
    if (value === undefined) throw new Error(`internal error: the view ${view} has no column ${column}`);
    return value === null ? null : Number(value);
  };
  return {
    counts: counts.map(
      (column, at) => (before?.counts[at] ?? 0) + (column === ROWS ? 1 : (cell(column) ?? 0)),
    ),
    shares: shares.map(({ column }: Share) => cell(column)),
  };
}
