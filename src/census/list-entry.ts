/** What the readers of lists hand over, entry by entry. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { ApartRecords, ListedAddress, ListedDomain } from '../store/listing.ts';

export type ListEntry =
  | ({ readonly kind: 'name' } & Omit<ListedDomain, 'ordinal'>)
  | { readonly kind: 'invalid'; readonly line: number; readonly reason: ReasonKey; readonly text: string }
  /** A line from which nothing is taken. */
  | { readonly kind: 'skipped' }
  | ({ readonly kind: 'apart' } & ApartRecords)
  | ({ readonly kind: 'address' } & ListedAddress);

export type Emit = (entry: ListEntry) => void;

export const listFormats = ['plain', 'csv', 'zone'] as const;
export type ListFormat = (typeof listFormats)[number];

/**
 * Reads one list, line by line, and emits what it finds, at once or with a later line. What it emits hangs on the lines alone, so
 * that a reading that was cut off is taken up by reading the same lines again.
 */
export interface ListReader {
  readonly format: ListFormat;
  /** The zone that the list holds, without the final dot; null in lists other than zone files. */
  readonly apex: string | null;
  /** The names of the columns that become tags. */
  readonly tagNames: readonly string[];
  /** `number` counts from 1. Throws UsageError where the list cannot be read any further. */
  line(text: string, number: number): void;
  /** A line that is no text: too long, or not UTF-8. */
  unreadable(reason: ReasonKey, text: string, number: number): void;
  /** After the last line. */
  end(): void;
}
