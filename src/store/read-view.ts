/** The public views: which there are, their columns, and their rows, streamed through a cursor with flat memory. */
import { UsageError } from '../base/usage-error.ts';
import type { Db, Row, Session } from './db.ts';

/** Rows that a cursor hands over at once. */
const FETCH_SIZE = 5000;

export interface ViewColumn {
  readonly name: string;
  /** As Postgres calls it: text, bigint, boolean, numeric, text[], timestamp with time zone, … */
  readonly type: string;
  /** The definition of the number, from the SQL comment. */
  readonly comment: string;
}

/** Names of all public views, sorted. */
export async function listViews(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'published' ORDER BY viewname COLLATE "C"`,
  );
  return rows.map(({ name }) => name);
}

/** Throws UsageError, with the list of views, where there is none of that name. */
export async function viewColumns(session: Session, view: string): Promise<ViewColumn[]> {
  const views = await listViews(session);
  if (!views.includes(view)) {
    throw new UsageError('--view', view, 'the name of a view', `there are: ${views.join(', ')}`);
  }
  return session.query<ViewColumn>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            coalesce(col_description(a.attrelid, a.attnum), '') AS comment
       FROM pg_attribute a
      WHERE a.attrelid = format('published.%I', $1::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`,
    [view],
  );
}

/**
 * Hands over the rows of one census batch by batch, sorted by all columns, so that the same census gives the same rows
 * in the same order. All batches are from one moment. `take` must not use the database.
 */
export async function streamView(
  db: Db,
  view: string,
  census: number,
  take: (rows: readonly Row[]) => Promise<void> | void,
): Promise<void> {
  const columns = await viewColumns(db, view);
  const order = columns.map(({ name, type }) => (type === 'text' ? `"${name}" COLLATE "C"` : `"${name}"`));
  await db.tx(async (session) => {
    await session.query(
      `DECLARE view_rows NO SCROLL CURSOR FOR
       SELECT * FROM published.${view} WHERE census_id = ${Math.trunc(census)} ORDER BY ${order.join(', ')}`,
    );
    for (;;) {
      const rows = await session.query(`FETCH ${FETCH_SIZE} FROM view_rows`);
      if (rows.length === 0) break;
      await take(rows);
    }
  });
}

/** All rows of one census; for views of a few rows. */
export async function readView<R extends object>(db: Db, view: string, census: number): Promise<R[]> {
  const rows: Row[] = [];
  await streamView(db, view, census, (batch) => {
    rows.push(...batch);
  });
  return rows as R[];
}

/**
 * Those rows of one census whose `column` (of type text) is among `values`, with the columns named. For a few thousand values
 * at once. Throws UsageError where there is no such view; the columns are the caller's to get right.
 */
export async function readViewRows<R extends object>(
  db: Db,
  view: string,
  census: number,
  { column, values, columns }: { column: string; values: readonly string[]; columns: readonly string[] },
): Promise<R[]> {
  const known = new Set((await viewColumns(db, view)).map(({ name }) => name));
  for (const name of [column, ...columns]) {
    if (!known.has(name)) throw new Error(`internal error: the view ${view} has no column ${name}`);
  }
  return db.query<R>(
    `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM published.${view}
      WHERE census_id = $1 AND "${column}" IN (SELECT jsonb_array_elements_text($2::text::jsonb))`,
    [Math.trunc(census), JSON.stringify(values)],
  );
}
