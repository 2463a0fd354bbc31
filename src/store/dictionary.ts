/**
 * Dictionaries: what repeats from row to row is stored once over all censuses, under a key that follows from the entry. The key is the
 * first 8 octets of the SHA-256 of the entry as JSON: of a million different entries two would have one key in one of 3.7 * 10^7
 * databases.
 */
import type { LookupFact } from '../survey/facts.ts';
import { type Column, columns } from './bulk.ts';
import type { Session } from './db.ts';
import { keyOf } from './dictionary-key.ts';
import { storableJson } from './storable.ts';

/** A signed 64-bit number, as `bigint` columns hold. */
export type EntryKey = bigint;

export function entryKey(entry: readonly unknown[]): EntryKey {
  return keyOf(JSON.stringify(storableJson(entry)));
}

/** Collects the entries of one slice, each once, and writes those that the database does not have. */
export class Entries {
  readonly #table: string;
  readonly #columns: readonly Column[];
  readonly #rows = new Map<EntryKey, readonly (readonly unknown[])[]>();

  /** `of` are the columns behind the key, such as `outcome text, status text`. */
  constructor(name: string, of: string) {
    this.#table = `dane.${name}`;
    this.#columns = columns(`${name} bigint, ${of}`);
  }

  /** The key of an entry of one row. */
  add(values: readonly unknown[]): EntryKey {
    return this.addRows(values, [values]);
  }

  /** The key of an entry of several rows; `entry` is what the key is made of. */
  addRows(entry: readonly unknown[], rows: readonly (readonly unknown[])[]): EntryKey {
    const key = entryKey(entry);
    if (!this.#rows.has(key)) this.#rows.set(key, rows);
    return key;
  }

  /** Sorted: two writers that insert the same entries in different orders would wait for each other. */
  async write(session: Session): Promise<void> {
    const sorted = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1));
    await session.bulk(
      this.#table,
      this.#columns,
      sorted.flatMap(([key, rows]) => rows.map((row) => [key, ...row])),
    );
  }
}

/** What a lookup came to, but for its TTL, which is the row's. */
export function lookupEntries(): { entries: Entries; keyOf: (fact: LookupFact) => EntryKey } {
  const entries = new Entries('lookup', 'outcome text, status text, reason text, rcode text');
  return {
    entries,
    keyOf: ({ outcome, status, reason, rcode }) => entries.add([outcome, status, reason, rcode]),
  };
}
