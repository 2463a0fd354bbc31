/** From what `--db` says to an open database: a `postgres://` URL, or the directory of the embedded one. */
import { existsSync } from 'node:fs';
import { UsageError } from '../base/usage-error.ts';
import type { Db } from './db.ts';
import { openEmbedded } from './embedded.ts';
import { migrate, requireSchema } from './migrate.ts';
import { openPostgres } from './postgres.ts';

/**
 * - `create`: make it where there is none, and bring the schema up to date.
 * - `existing`: throw UsageError where there is none or its schema is another one. For commands that only read.
 * - `unchecked`: throw UsageError where there is none; the schema is the caller's business.
 */
export type OpenMode = 'create' | 'existing' | 'unchecked';

export function isPostgresUrl(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}

/** The caller must close it. Throws UsageError where it cannot be opened. */
export async function openDatabase(where: string, mode: OpenMode): Promise<Db> {
  if (!isPostgresUrl(where)) {
    if (/^[a-z]+:\/\//i.test(where)) {
      throw new UsageError('--db', where, 'a postgres:// URL or a directory');
    }
    if (mode !== 'create' && !existsSync(where)) {
      throw new UsageError(
        '--db',
        where,
        'a database that exists',
        'start a census with: dane-census run LIST',
      );
    }
  }
  const db = isPostgresUrl(where) ? await openPostgres(where) : await openEmbedded(where);
  try {
    if (mode === 'create') await migrate(db);
    if (mode === 'existing') await requireSchema(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
