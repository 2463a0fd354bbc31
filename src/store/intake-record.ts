/**
 * Where the reading of each list stands: names, unusable lines and the position behind them go in one transaction, so
 * that a reading that was cut off goes on from there.
 */
import { UsageError } from '../base/usage-error.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import type { ApartRecords, InvalidEntry, ListedAddress, ListedDomain } from './listing.ts';
import {
  KnownKeys,
  type WrittenSets,
  writeApart,
  writeDelegations,
  writeListedAddresses,
  writeListedDomains,
} from './write-listed.ts';

export interface SourceRecord {
  readonly source: number;
  readonly name: string;
  readonly complete: boolean;
  /** Lines read and stored. */
  readonly lines: number;
  /** SHA-256 of these lines; null before the first. */
  readonly digest: Uint8Array | null;
  readonly skipped: number;
  /** Valid names, duplicates included. */
  readonly names: number;
  readonly duplicates: number;
  readonly invalid: number;
}

/** What a batch of lines came to. */
export interface IntakeBatch {
  readonly names: readonly ListedDomain[];
  readonly invalid: readonly InvalidEntry[];
  readonly apart?: readonly ApartRecords[];
  readonly addresses?: readonly ListedAddress[];
  /** Lines of the batch from which nothing is taken. */
  readonly skipped: number;
  readonly lines: number;
  readonly digest: Uint8Array;
  readonly complete: boolean;
  /** Null before the first line that shows it. */
  readonly format?: string | null;
  /** The zone that a zone file holds, without the final dot. */
  readonly apex?: string | null;
}

const invalidColumns = columns('census_id int, source smallint, line bigint, reason text, text text');

export function readSources(session: Session, census: number): Promise<SourceRecord[]> {
  return session.query<SourceRecord>(
    `SELECT source, name, complete, lines, digest, skipped, names, duplicates, invalid
       FROM dane.source WHERE census_id = $1 ORDER BY source`,
    [census],
  );
}

/**
 * How many of the names were new.
 * Throws UsageError where another process has moved the position on from `from` meanwhile.
 */
export async function writeIntakeBatch(
  session: Session,
  census: number,
  source: number,
  from: number,
  batch: IntakeBatch,
  written: WrittenSets = { tags: new KnownKeys(), delegations: new KnownKeys() },
): Promise<number> {
  const added = await writeListedDomains(session, census, batch.names, written.tags);
  await writeDelegations(session, census, source, batch.names, added, written.delegations);
  await writeApart(session, census, source, batch.apart ?? []);
  await writeListedAddresses(session, census, source, batch.addresses ?? []);
  await writeInvalid(session, census, source, batch.invalid);
  const moved = await session.query(
    `UPDATE dane.source
        SET lines = $4, digest = $5, complete = $6, skipped = skipped + $7, names = names + $8,
            duplicates = duplicates + $9, invalid = invalid + $10, format = $11, apex = $12
      WHERE census_id = $1 AND source = $2 AND lines = $3 AND NOT complete RETURNING 1`,
    [
      census,
      source,
      from,
      batch.lines,
      batch.digest,
      batch.complete,
      batch.skipped,
      batch.names.length,
      batch.names.length - added,
      batch.invalid.length,
      batch.format ?? null,
      batch.apex ?? null,
    ],
  );
  if (moved.length === 0) throw readElsewhere(census);
  return added;
}

export function readElsewhere(census: number): UsageError {
  return new UsageError(
    'run',
    `census ${census}`,
    'a census whose lists no other process is reading',
    'wait until the other process has read the lists, then join with --resume',
  );
}

export async function writeInvalid(
  session: Session,
  census: number,
  source: number,
  invalid: readonly InvalidEntry[],
): Promise<void> {
  await session.bulk(
    'dane.invalid_name',
    invalidColumns,
    invalid.map(({ line, reason, text }) => [census, source, line, reason, text]),
  );
}
