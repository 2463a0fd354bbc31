/** Options that name a file to be read. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../base/usage-error.ts';

/** Null where no file is named. Throws `UsageError` where it cannot be read. */
export function fileText(flag: string, path: string | undefined): string | null {
  if (path === undefined) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new UsageError(flag, path, 'a file that can be read', because);
  }
}
