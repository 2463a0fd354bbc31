/**
 * Writes docs/data-dictionary.md anew from the comments in sql/views. Run it after every change of a view:
 *   node scripts/data-dictionary.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDictionary } from '../src/report/data-dictionary.ts';
import { openDatabase } from '../src/store/open.ts';

const file = join(import.meta.dirname, '../docs/data-dictionary.md');
const directory = mkdtempSync(join(tmpdir(), 'dane-census-dictionary-'));
try {
  const db = await openDatabase(join(directory, 'database'), 'create');
  try {
    writeFileSync(file, await dataDictionary(db));
  } finally {
    await db.close();
  }
} finally {
  rmSync(directory, { recursive: true });
}
