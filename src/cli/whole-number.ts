/** Options that are whole numbers. */
import { UsageError } from '../base/usage-error.ts';

/** Throws `UsageError` unless `text` is a whole number in the range. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) {
    throw new UsageError(flag, text, `a whole number from ${least} to ${most}`);
  }
  return Number(text);
}
