/**
 * Where the reading of each list stands: names, unusable lines and the position behind them go in one transaction, so
 * that a reading that was cut off goes on from there.
 */
import { UsageError } from '../base/usage-error.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';

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
  readonly names: readonly { readonly ordinal: number; readonly name: string }[];
  readonly invalid: readonly { readonly line: number; readonly reason: string; readonly text: string }[];
  /** Lines of the batch that hold no name: blank, comment, header. */
  readonly skipped: number;
  readonly lines: number;
  readonly digest: Uint8Array;
  readonly complete: boolean;
}

const domainColumns = columns('census_id int, ordinal int, name text');
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
): Promise<number> {
  const added = await session.bulk(
    'dane.domain',
    domainColumns,
    batch.names.map(({ ordinal, name }) => [census, ordinal, name]),
  );
  await session.bulk(
    'dane.invalid_name',
    invalidColumns,
    batch.invalid.map(({ line, reason, text }) => [census, source, line, reason, text]),
  );
  const moved = await session.query(
    `UPDATE dane.source
        SET lines = $4, digest = $5, complete = $6, skipped = skipped + $7, names = names + $8,
            duplicates = duplicates + $9, invalid = invalid + $10
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
    ],
  );
  if (moved.length === 0) {
    throw new UsageError(
      'run',
      `census ${census}`,
      'a census whose lists no other process is reading',
      'wait until the other process has read the lists, then join with --resume',
    );
  }
  return added;
}
