/** `--vantage`: what a place is called that measurements are made from. */
import { UsageError } from '../base/usage-error.ts';

/** What it is called where nobody names it; the default of `dane.census.vantage` too. */
export const DEFAULT_VANTAGE = 'default';

/** Names stand in lists such as `tokyo: dane`, so that they are one word: letters, digits, and `.`, `_`, `-` within. */
export function vantageName(text: string): string {
  if (/^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/i.test(text)) return text;
  throw new UsageError(
    '--vantage',
    text,
    'at most 64 letters, digits, dots, underscores and hyphens',
    'try: --vantage ams-1',
  );
}
