/**
 * Brings a database to this program's schema: the numbered files of `sql/` forwards, each once and in a transaction of
 * its own, then the views of `sql/views/` (and the functions there) where they changed, then the catalogues
 * of the program (`catalogues.ts`).
 * Two starters at once are safe: each step takes one advisory lock and looks again under it, also whether a newer program has
 * been here meanwhile. A schema newer than this program is refused, never used.
 */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { UsageError } from '../base/usage-error.ts';
import { columns } from './bulk.ts';
import { catalogues } from './catalogues.ts';
import type { Db, Session } from './db.ts';
import { rememberFinished } from './remember.ts';
import { readSql, sqlDirectory } from './sql-files.ts';

export interface SchemaStatus {
  /** The newest migration in the database; 0 for an empty one. */
  readonly version: number;
  /** The newest migration that this program knows. */
  readonly known: number;
}

interface Migration {
  readonly number: number;
  readonly file: string;
}

/** Any number will do, as long as every starter takes the same one. */
const MIGRATION_LOCK = 7672;

export async function migrate(db: Db): Promise<SchemaStatus> {
  const migrations = knownMigrations();
  await db.tx(bootstrap);
  for (const migration of migrations) await db.tx((session) => applyOnce(session, migration));
  await db.tx(replaceViews);
  for (const load of catalogues) {
    await db.tx(async (session) => {
      await lock(session);
      await load(session);
    });
  }
  await db.tx(async (session) => {
    await lock(session);
    await rememberFinished(session);
  });
  return schemaStatus(db);
}

/** Throws UsageError unless the database has exactly this program's schema. For commands that only read. */
export async function requireSchema(db: Db): Promise<void> {
  const status = await schemaStatus(db);
  refuseNewer(status);
  if (status.version < status.known) {
    throw new UsageError(
      'database',
      `schema version ${status.version}`,
      `version ${status.known}`,
      'run: dane-census db migrate',
    );
  }
}

export async function schemaStatus(db: Session): Promise<SchemaStatus> {
  const known = knownMigrations().at(-1)!.number;
  const [there] = await db.query<{ there: boolean }>(
    "SELECT to_regclass('dane.migration') IS NOT NULL AS there",
  );
  if (!there!.there) return { version: 0, known };
  const [row] = await db.query<{ version: number | null }>(
    'SELECT max(number)::int AS version FROM dane.migration',
  );
  return { version: row!.version ?? 0, known };
}

function refuseNewer({ version, known }: SchemaStatus): void {
  if (version <= known) return;
  throw new UsageError(
    'database',
    `schema version ${version}`,
    `at most version ${known}`,
    'a newer dane-census made it: use that one, or name another database with --db',
  );
}

async function bootstrap(session: Session): Promise<void> {
  await lock(session);
  await session.exec(`
    CREATE SCHEMA IF NOT EXISTS dane;
    CREATE TABLE IF NOT EXISTS dane.migration (
      number int PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS dane.view_set (sole boolean PRIMARY KEY CHECK (sole), digest text NOT NULL);`);
}

async function applyOnce(session: Session, { number, file }: Migration): Promise<void> {
  await lock(session);
  // Recorded first: where another starter has recorded it, its work is committed too.
  const recorded = await session.bulk('dane.migration', columns('number int, file text'), [[number, file]]);
  if (recorded === 0) return;
  // Tables that views stand on cannot be replaced; the views are made again afterwards.
  await dropViews(session);
  await session.exec('DELETE FROM dane.view_set');
  await session.exec(readSql(file));
}

async function dropViews(session: Session): Promise<void> {
  const old = await session.query<{ view: string }>(
    "SELECT format('%I.%I', schemaname, viewname) AS view FROM pg_views WHERE schemaname IN ('dane', 'published')",
  );
  if (old.length > 0) await session.exec(`DROP VIEW ${old.map(({ view }) => view).join(', ')}`);
}

/** All of them or none: views build on each other. Views of other schemas that build on them stop this with an error. */
async function replaceViews(session: Session): Promise<void> {
  await lock(session);
  const files = readdirSync(new URL('views/', sqlDirectory))
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const texts = files.map((file) => readSql(`views/${file}`));
  const digest = createHash('sha256').update(texts.join('\0')).digest('hex');
  const [kept] = await session.query<{ digest: string }>('SELECT digest FROM dane.view_set');
  if (kept?.digest === digest) return;
  await session.exec('CREATE SCHEMA IF NOT EXISTS published');
  await dropViews(session);
  for (const text of texts) await session.exec(text);
  await session.query(
    'INSERT INTO dane.view_set VALUES (true, $1) ON CONFLICT (sole) DO UPDATE SET digest = excluded.digest',
    [digest],
  );
}

/** Waits for other starters. Throws UsageError where one of them was a newer program. */
async function lock(session: Session): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  refuseNewer(await schemaStatus(session));
}

function knownMigrations(): readonly Migration[] {
  return readdirSync(sqlDirectory)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({ number: Number(file.slice(0, 3)), file }));
}
