/**
 * One process per embedded database directory: two processes on one directory lose rows without a word.
 * The lock is an exclusive SQLite transaction on `<directory>.lock`, which the kernel releases with its owner,
 * however that dies, and which nobody can take from a live one: there is no file to be judged stale, so no robbing race.
 * `<directory>.owner` says who, for the message only. Does not guard against the lock file being deleted by hand.
 */
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../base/usage-error.ts';

/** SQLite primary result code SQLITE_BUSY (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;

export interface DirectoryLock {
  /** The directory with links resolved: one directory has one lock, whatever it is called. */
  readonly directory: string;
  release(): void;
}

/** Throws UsageError, with the owner, where another holder lives. The directory itself need not exist. */
export async function lockDirectory(path: string): Promise<DirectoryLock> {
  const directory = canonical(path);
  const { DatabaseSync } = await importSqlite();
  const holder = new DatabaseSync(`${directory}.lock`, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new UsageError(
      'database',
      path,
      `a directory that no other process has open (${ownerOf(directory)})`,
      'wait until it has ended, or name another directory with --db',
    );
  }
  writeFileSync(`${directory}.owner`, `process ${process.pid}, since ${new Date().toISOString()}\n`);
  return {
    directory,
    release() {
      rmSync(`${directory}.owner`, { force: true });
      holder.close();
    },
  };
}

function canonical(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    mkdirSync(dirname(full), { recursive: true });
    return join(realpathSync(dirname(full)), basename(full));
  }
}

function ownerOf(directory: string): string {
  try {
    return readFileSync(`${directory}.owner`, 'utf8').trim();
  } catch {
    return 'its owner is just starting or ending';
  }
}

/** Node 24 warns that SQLite is experimental; only a lock is asked of it, and the warning would stand in every run. */
async function importSqlite(): Promise<typeof import('node:sqlite')> {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emit;
  }
}
