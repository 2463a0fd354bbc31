/** The public views: which there are, what they and their columns mean, and the rows of those that have few. */
import { readdirSync, readFileSync } from 'node:fs';
import { UsageError } from '../base/usage-error.ts';
import type { Db, Row, Session } from './db.ts';
import { sqlDirectory } from './sql-files.ts';
import { inOneMoment, streamView } from './stream-view.ts';

export interface ViewColumn {
  readonly name: string;
  /** As Postgres calls it: text, bigint, boolean, numeric, text[], timestamp with time zone, … */
  readonly type: string;
  /** The definition of the number, from the SQL comment. */
  readonly comment: string;
}

/** Views that stand in one file of `sql/views/`. */
export interface ViewTheme {
  /** The comment at the head of the file: what they are about. */
  readonly about: string;
  /** In the order in which the file makes them. */
  readonly views: readonly string[];
}

/** Names of all public views, sorted. */
export async function listViews(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'published' ORDER BY viewname COLLATE "C"`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The views named by theme, in an order to be read in: that of the files, and within a file that of its text. A file makes a view by
 * its name, or, where it makes several alike, from a table with the name in quotes.
 */
export function viewThemes(names: readonly string[]): readonly ViewTheme[] {
  const directory = new URL('views/', sqlDirectory);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, directory), 'utf8');
      const [head] = /^(--.*\n)*/.exec(text)!;
      return {
        about: head.replaceAll(/^-- ?/gm, '').replaceAll('\n', ' ').trim(),
        views: names
          .map((name) => ({ name, at: placeOf(name, text) }))
          .filter(({ at }) => at >= 0)
          .sort((a, b) => a.at - b.at)
          .map(({ name }) => name),
      };
    })
    .filter(({ views }) => views.length > 0);
}

function placeOf(view: string, text: string): number {
  const made = text.search(new RegExp(`^CREATE VIEW published\\.${view}\\b`, 'm'));
  return made >= 0 ? made : text.search(new RegExp(`^ +\\('${view}',`, 'm'));
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

/** The definition of each view, from the SQL comments; empty where one has none. */
export async function viewComments(session: Session): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ name: string; comment: string }>(
    `SELECT c.relname AS name, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment
       FROM pg_class c WHERE c.relnamespace = 'published'::regnamespace AND c.relkind = 'v'`,
  );
  return new Map(rows.map(({ name, comment }) => [name, comment]));
}

/** Hands over all rows of one census, batch by batch, as the drivers give them. `take` must not use the database. */
export function readViewBatches(
  db: Db,
  view: string,
  census: number,
  take: (rows: readonly Row[]) => Promise<void> | void,
): Promise<void> {
  return inOneMoment(db, async (session) =>
    streamView(session, { view, columns: await viewColumns(session, view) }, census, take),
  );
}

/** All rows of one census; for views of a few rows. */
export async function readView<R extends object>(db: Db, view: string, census: number): Promise<R[]> {
  const rows: Row[] = [];
  await readViewBatches(db, view, census, (batch) => {
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
