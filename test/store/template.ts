/**
 * A migrated embedded database to copy: making one takes seconds, copying it a fraction of one. It is kept in the
 * temporary directory under a digest of everything that it is made from.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { reasons } from '../../src/base/reasons/catalogue.ts';
import { openJobQueue } from '../../src/census/job-queue.ts';
import type { Db } from '../../src/store/db.ts';
import { openDatabase } from '../../src/store/open.ts';
import { sqlDirectory } from '../../src/store/sql-files.ts';

/** A directory of its own, gone when the test has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'dane-census-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The path of a fresh, migrated database that nobody has open. */
export async function freshDirectory(): Promise<string> {
  const path = join(temporaryDirectory(), 'database');
  cpSync(await template(), path, { recursive: true });
  return path;
}

/** The same, open; closed when the test has ended. */
export async function freshDatabase(): Promise<Db> {
  const db = await openDatabase(await freshDirectory(), 'create');
  onTestFinished(() => db.close());
  return db;
}

async function template(): Promise<string> {
  const kept = join(tmpdir(), `dane-census-template-${digest()}`);
  if (existsSync(kept)) return kept;
  const making = mkdtempSync(join(tmpdir(), 'dane-census-making-'));
  const made = join(making, 'database');
  const db = await openDatabase(made, 'create');
  const queue = await openJobQueue(db, 0, (error) => {
    throw error;
  });
  await queue.remove();
  await queue.close();
  await db.close();
  try {
    renameSync(made, kept);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(kept)) throw error;
  }
  rmSync(making, { recursive: true, force: true });
  return kept;
}

function digest(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(sqlDirectory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(sql|csv)$/.test(file)) hash.update(readFileSync(new URL(file, sqlDirectory)));
  }
  const versions = ['@electric-sql/pglite', 'pg-boss'].map((name) =>
    readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  );
  return hash
    .update(JSON.stringify([reasons, versions]))
    .digest('hex')
    .slice(0, 16);
}
