/** Some rows of a public view: filtered, sorted, bounded. For people at a terminal; exports read whole views (`read-view.ts`). */
import { UsageError } from '../base/usage-error.ts';
import type { Row, Session } from './db.ts';
import { type ViewColumn, viewColumns } from './read-view.ts';

export interface ViewQuery {
  /** Null for the rows of every census. */
  readonly census: number | null;
  /** Columns, and the text that each must have. */
  readonly where: readonly { readonly column: string; readonly value: string }[];
  /** By these first, then by all columns, so that the order is always the same. */
  readonly sort: readonly { readonly column: string; readonly descending: boolean }[];
  readonly limit: number;
}

/** Throws UsageError, with what there is, for a view or a column that there is not. */
export async function queryView(
  session: Session,
  view: string,
  { census, where, sort, limit }: ViewQuery,
): Promise<{ columns: ViewColumn[]; rows: Row[] }> {
  const columns = await viewColumns(session, view);
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const known = (flag: string, column: string) => {
    if (typeOf.has(column)) return `"${column}"`;
    throw new UsageError(flag, column, `a column of ${view}`, `there are: ${[...typeOf.keys()].join(', ')}`);
  };
  const conditions = where.map(({ column }, at) => `${known('--where', column)}::text = $${at + 1}::text`);
  if (census !== null) conditions.push(`census_id = ${Math.trunc(census)}`);
  const ordered = sort.map(({ column, descending }) => {
    return `${known('--sort', column)}${descending ? ' DESC NULLS LAST' : ' NULLS FIRST'}`;
  });
  const rest = columns.map(({ name, type }) => (type === 'text' ? `"${name}" COLLATE "C"` : `"${name}"`));
  const rows = await session.query(
    `SELECT * FROM published.${view} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY ${[...ordered, ...rest].join(', ')} LIMIT ${Math.trunc(limit)}`,
    where.map(({ value }) => value),
  );
  return { columns, rows };
}
