/**
 * Postgres 15 or later, reached by a `postgres://` URL through a small pool. Several processes may share the database.
 * The URL may carry a password: it is never repeated in a message.
 */
import pg from 'pg';
import { UsageError } from '../base/usage-error.ts';
import { bulkParameters, bulkStatement } from './bulk.ts';
import { type Db, PLANNER_SETTINGS, type Row, type Session } from './db.ts';
import { storableParameter } from './storable.ts';

/** Writers of slices, a heartbeat and a reader: more would only wait for each other. */
const POOL_SIZE = 6;

/** The oldest server that the SQL files are tested with. */
const OLDEST_SERVER = 150_000;

/** Throws UsageError where the server cannot be reached, is too old, or does not store UTF-8. */
export async function openPostgres(url: string): Promise<Db> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    types: { getTypeParser },
    onConnect: async (client) => {
      await client.query(PLANNER_SETTINGS);
    },
  });
  // A connection that breaks while nobody uses it is replaced by the pool; the next statement meets a lasting fault.
  pool.on('error', () => {});
  const db = postgresOver(pool);
  try {
    await refuseUnfit(db, url);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

function postgresOver(pool: pg.Pool): Db {
  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>, end: 'ROLLBACK' | undefined) => {
    const client = await pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      if (end !== undefined) {
        await client.query(end).catch(() => {
          broken = true;
        });
      }
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return {
    kind: 'postgres',
    ...sessionOver(pool),
    exec: (text) => withClient((client) => execOver(client, text), 'ROLLBACK'),
    tx: (work) =>
      withClient(async (client) => {
        await client.query('BEGIN');
        const result = await work(sessionOver(client));
        await client.query('COMMIT');
        return result;
      }, 'ROLLBACK'),
    close: () => pool.end(),
  };
}

function sessionOver(on: pg.Pool | pg.PoolClient): Session {
  return {
    async query<R extends object = Row>(text: string, params: readonly unknown[] = []) {
      const given = params.map(storableParameter);
      return (await on.query(text, given)).rows as R[];
    },
    exec: (text) => execOver(on, text),
    async bulk(table, columns, rows) {
      if (rows.length === 0) return 0;
      const result = await on.query(bulkStatement(table, columns), [...bulkParameters(columns, rows)]);
      return result.rows[0].count as number;
    },
  };
}

async function execOver<R extends object>(on: pg.Pool | pg.PoolClient, text: string): Promise<R[]> {
  // Several statements answer with an array of results, one with the result itself.
  const results = (await on.query(text)) as unknown as { rows: R[] } | { rows: R[] }[];
  return [results].flat().flatMap(({ rows }) => rows);
}

async function refuseUnfit(db: Db, url: string): Promise<void> {
  const [server] = await db
    .query<{ version: number; encoding: string }>(
      "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
    )
    .catch((error: Error) => {
      throw new UsageError(
        '--db',
        withoutPassword(url),
        `a Postgres database that can be reached (${told(error)})`,
        'see whether the server runs, the database exists and the user may log in: psql URL',
      );
    });
  if (server!.version < OLDEST_SERVER) {
    throw new UsageError('--db', `Postgres ${server!.version}`, 'Postgres 15 or later');
  }
  if (server!.encoding !== 'UTF8') {
    throw new UsageError(
      '--db',
      `a database in ${server!.encoding}`,
      'one in UTF8',
      'create it with: createdb --encoding=UTF8 --template=template0 NAME',
    );
  }
}

/** Connection errors to several addresses come as one AggregateError without a message. */
function told(error: Error & { errors?: Error[] }): string {
  return error.message || (error.errors ?? []).map(({ message }) => message).join(', ') || error.name;
}

function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/:@]*):[^@]*@/, '$1:…@').replace(/([?&]password=)[^&]*/, '$1…');
}

/** `bigint` as PGlite gives it: a number where that is exact. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8 && format !== 'binary') return wholeNumber;
  return pg.types.getTypeParser(oid, format as 'text');
}

function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
