/**
 * The embedded database: PGlite (Postgres in WebAssembly) on a directory that only this process has open.
 * A commit is written to the files before it is acknowledged, so that kill -9 loses no acknowledged row; PGlite does
 * not call fsync, so that a power failure may. Copy statements over the wire hang PGlite and are never used.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { UsageError } from '../base/usage-error.ts';
import { bulkParameters, bulkStatement } from './bulk.ts';
import { type Db, PLANNER_SETTINGS, type Row, type Session } from './db.ts';
import { lockDirectory } from './directory-lock.ts';
import { storableParameter } from './storable.ts';

/** The Postgres that PGlite 0.5 is. */
const POSTGRES_MAJOR = '18';

/**
 * Opens `path`, creating the database where there is none.
 * Throws UsageError where another process has it open or the directory holds something else.
 */
export async function openEmbedded(path: string): Promise<Db> {
  const lock = await lockDirectory(path);
  try {
    await createWhereAbsent(lock.directory);
    const pglite = await PGlite.create(lock.directory, { relaxedDurability: true });
    await pglite.exec(PLANNER_SETTINGS);
    return embeddedOver(pglite, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The interface over an open PGlite; `released` runs after it is closed. */
export function embeddedOver(pglite: PGlite, released: () => void = () => {}): Db {
  return {
    kind: 'embedded',
    ...sessionOver(pglite),
    async exec<R extends object = Row>(text: string) {
      try {
        return await execOver<R>(pglite, text);
      } catch (error) {
        // There is one session: a BEGIN in the text must not leave its failed transaction to the next caller.
        await pglite.exec('ROLLBACK');
        throw error;
      }
    },
    tx: (work) => pglite.transaction((transaction) => work(sessionOver(transaction))) as Promise<never>,
    async close() {
      try {
        if (!pglite.closed) await pglite.close();
      } finally {
        released();
      }
    },
  };
}

function sessionOver(on: PGlite | Transaction): Session {
  return {
    query: async <R extends object = Row>(text: string, params: readonly unknown[] = []) => {
      const given = params.map(storableParameter);
      return (await on.query<R>(text, given)).rows;
    },
    exec: (text) => execOver(on, text),
    async bulk(table, columns, rows) {
      if (rows.length === 0) return 0;
      const statement = bulkStatement(table, columns);
      const result = await on.query<{ count: number }>(statement, [...bulkParameters(columns, rows)]);
      return result.rows[0]!.count;
    },
  };
}

async function execOver<R extends object>(on: PGlite | Transaction, text: string): Promise<R[]> {
  return (await on.exec(text)).flatMap(({ rows }) => rows as R[]);
}

/**
 * A database is made beside its place and moved there when it is whole: a process that is killed while it makes one
 * must not leave half of one behind. Runs under the lock.
 */
async function createWhereAbsent(directory: string): Promise<void> {
  if (existsSync(join(directory, 'PG_VERSION'))) {
    const major = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
    if (major === POSTGRES_MAJOR) return;
    throw new UsageError(
      'database',
      directory,
      `a directory of the embedded Postgres ${POSTGRES_MAJOR}, not ${major}`,
      'open it with the version of this program that made it, or name another directory with --db',
    );
  }
  if (existsSync(directory) && !(statSync(directory).isDirectory() && readdirSync(directory).length === 0)) {
    throw new UsageError(
      'database',
      directory,
      'a directory of the embedded database, an empty one or one that does not exist',
      'name another directory with --db',
    );
  }
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await (await PGlite.create(unfinished)).close();
  renameSync(unfinished, directory);
}
