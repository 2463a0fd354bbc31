/** The files of `sql/`: migrations, views and what the program brings with it. */
import { readFileSync } from 'node:fs';

/** `sql/` of this program. */
export const sqlDirectory = new URL('../../sql/', import.meta.url);

/** `file` is relative to `sql/`. */
export function readSql(file: string): string {
  return readFileSync(new URL(file, sqlDirectory), 'utf8');
}
