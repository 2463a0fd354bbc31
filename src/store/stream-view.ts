/**
 * Rows of a public view, streamed through a cursor with flat memory, in an order and a form that both databases, whatever
 * their locale and settings, agree on: the same census gives the same rows in the same order.
 */
import type { Db, Row, Session } from './db.ts';
import type { ViewColumn } from './read-view.ts';
import { viewKeys } from './view-keys.ts';

/** Rows that a cursor hands over at once: some hundred of them cost less than the way there, and 5000 are a few megabytes. */
const FETCH_SIZE = 5000;

/** What the text of values hangs on, and that a cursor is read to its end. */
const SETTINGS = `
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO, YMD';
  SET LOCAL IntervalStyle = 'iso_8601';
  SET LOCAL extra_float_digits = 1;
  SET LOCAL cursor_tuple_fraction = 1`;

/** Everything that `work` reads is of one moment, however long it takes and whatever is written meanwhile. */
export function inOneMoment<T>(db: Db, work: (session: Session) => Promise<T>): Promise<T> {
  return db.tx(async (session) => {
    await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await session.exec(SETTINGS);
    return work(session);
  });
}

export interface ColumnsOfView {
  readonly view: string;
  readonly columns: readonly ViewColumn[];
}

/**
 * Hands over the rows of one census batch by batch, sorted by the key of the view, or by all columns where it has none.
 * With `exact`, values whose driver would round or rearrange them come as the database's own text: JSON, and types that no driver
 * is asked for (arrays of such as JSON); infinite
 * instants are null. The session must be of `inOneMoment`; `take` must not use it.
 */
export async function streamView(
  session: Session,
  { view, columns }: ColumnsOfView,
  census: number,
  take: (rows: readonly Row[]) => Promise<void> | void,
  { exact = false }: { exact?: boolean } = {},
): Promise<void> {
  const sorting = viewKeys[view]?.map((key) => columns.find(({ name }) => name === key)!) ?? columns;
  const selected = columns.map((column) => (exact ? exactly(column) : `"${column.name}"`));
  await session.query(
    `DECLARE view_rows NO SCROLL CURSOR FOR
     SELECT ${selected.join(', ')} FROM published.${view} v WHERE census_id = ${Math.trunc(census)}
      ORDER BY ${sorting.map(sortKey).join(', ')}`,
  );
  for (;;) {
    const rows = await session.query(`FETCH ${FETCH_SIZE} FROM view_rows`);
    if (rows.length === 0) break;
    await take(rows);
  }
  await session.query('CLOSE view_rows');
}

/** Types that both drivers read alike and without loss (`db.ts`); `numeric` they leave as text. */
const read = new Set([
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double precision',
  'text',
  'text[]',
  'smallint[]',
  'integer[]',
]);

function exactly({ name, type }: ViewColumn): string {
  // Infinity is no instant outside Postgres.
  if (type === 'timestamp with time zone')
    return `CASE WHEN isfinite("${name}") THEN "${name}" END AS "${name}"`;
  if (read.has(type) || type.startsWith('numeric')) return `"${name}"`;
  const value = type.endsWith('[]') ? `array_to_json(v."${name}")` : `v."${name}"`;
  return `${value}::text AS "${name}"`;
}

/** Text in the order of its octets. JSON sorts its own text by the locale of the database, and so is sorted as a text. */
function sortKey({ name, type }: ViewColumn): string {
  if (type === 'json' || type === 'jsonb') return `v."${name}"::text COLLATE "C"`;
  return /^(text|character|name)/.test(type) ? `v."${name}" COLLATE "C"` : `v."${name}"`;
}
