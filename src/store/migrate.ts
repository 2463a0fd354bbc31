/**
 * Brings a database to this program's schema: the numbered files of `sql/` forwards, each once and in a transaction of
 * its own, then the views of `sql/views/` where they changed, then the catalogues of reasons and senders, and
 * the keys of well-known CAs.
 * Two starters at once are safe: each step takes one advisory lock and looks again under it.
 * A schema newer than this program is refused, never used.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type ReasonKey, reasons } from '../base/reasons/catalogue.ts';
import { resultTypeOf } from '../base/reasons/result-type.ts';
import { UsageError } from '../base/usage-error.ts';
import { senderKeys, senders } from '../dane/senders.ts';
import { columns } from './bulk.ts';
import type { Db, Session } from './db.ts';
import { loadIssuerSeed } from './issuer-keys.ts';

/** `sql/` of this program. */
export const sqlDirectory = new URL('../../sql/', import.meta.url);

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
  refuseNewer(await schemaStatus(db));
  for (const migration of migrations) await db.tx((session) => applyOnce(session, migration));
  await db.tx(replaceViews);
  await db.tx(loadReasons);
  await db.tx(loadSenders);
  await db.tx(loadIssuers);
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

export async function schemaStatus(db: Db): Promise<SchemaStatus> {
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

const reasonColumns = columns(
  'reason text, source text, ede smallint, tlsrpt text, mender text, says text, hint text',
);

async function loadReasons(session: Session): Promise<void> {
  await lock(session);
  const rows = Object.entries(reasons).map(([key, reason]) => [
    key,
    reason.source,
    'ede' in reason ? reason.ede : null,
    resultTypeOf(key as ReasonKey),
    reason.mender,
    reason.says,
    reason.hint,
  ]);
  await session.exec('DELETE FROM dane.reason');
  await session.bulk('dane.reason', reasonColumns, rows);
}

const senderColumns = columns(
  'position smallint, sender text, name text, setting text, versions text, seen boolean',
);

/** Rows of old verdicts hang on the positions: where one is another sender's, this program would misread them. */
async function loadSenders(session: Session): Promise<void> {
  await lock(session);
  const rows = senderKeys.map((sender, at) => {
    const { name, setting, versions, situations } = senders[sender];
    const seen = situations['tlsa-usable'].evidence === 'seen';
    return [at + 1, sender, name, setting, versions, seen];
  });
  const known = await session.query<{ position: number; sender: string }>(
    'SELECT position, sender FROM dane.sender',
  );
  for (const { position, sender } of known) {
    const now = senderKeys[position - 1];
    if (now !== undefined && now !== sender) {
      throw new Error(
        `internal error: sender ${position} of the database is ${sender}, of this program ${now}`,
      );
    }
  }
  await session.query('DELETE FROM dane.sender WHERE position <= $1', [senderKeys.length]);
  await session.bulk('dane.sender', senderColumns, rows);
}

async function loadIssuers(session: Session): Promise<void> {
  await lock(session);
  await loadIssuerSeed(session, readSql('issuer-keys.csv'));
}

async function lock(session: Session): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
}

function knownMigrations(): readonly Migration[] {
  return readdirSync(sqlDirectory)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({ number: Number(file.slice(0, 3)), file }));
}

function readSql(file: string): string {
  return readFileSync(new URL(file, sqlDirectory), 'utf8');
}
