/** Writes a sample that was drawn from the lists of a census, and what it was drawn from: all of it in one transaction. */
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { readElsewhere, type SourceRecord } from './intake-record.ts';
import type { ListedDomain } from './listing.ts';
import { writeListedDomains } from './write-listed.ts';

/** Rows per statement. */
const CHUNK = 5000;

export interface DrawnStratum {
  readonly stratum: string;
  readonly population: number;
  readonly drawn: number;
}

/** What a list came to, read to its end. */
export type ReadSource = Omit<SourceRecord, 'name' | 'complete'> & {
  readonly format: string | null;
  readonly apex: string | null;
};

const strataColumns = columns('census_id int, stratum text, population bigint, drawn bigint, exact boolean');

/** Forgets what a draw before has left. A list that can be read once only is marked as begun, so that nobody takes it up again. */
export async function beginDraw(session: Session, census: number): Promise<void> {
  await session.query('DELETE FROM dane.invalid_name WHERE census_id = $1', [census]);
  await session.query("UPDATE dane.source SET digest = '' WHERE census_id = $1 AND name = '-'", [census]);
}

/** Throws UsageError where another process has read the lists meanwhile. */
export async function writeSample(
  session: Session,
  census: number,
  sample: object,
  names: readonly ListedDomain[],
  strata: readonly DrawnStratum[],
  isExact: boolean,
): Promise<void> {
  for (let at = 0; at < names.length; at += CHUNK) {
    await writeListedDomains(session, census, names.slice(at, at + CHUNK));
  }
  await session.bulk(
    'dane.sample_stratum',
    strataColumns,
    strata.map(({ stratum, population, drawn }) => [census, stratum, population, drawn, isExact]),
  );
  await session.query('UPDATE dane.census SET sample = $2::text::jsonb WHERE census_id = $1', [
    census,
    JSON.stringify(sample),
  ]);
}

export async function closeSource(session: Session, census: number, read: ReadSource): Promise<void> {
  const { source, lines, digest, skipped, names, duplicates, invalid, format, apex } = read;
  const closed = await session.query(
    `UPDATE dane.source
        SET complete = true, lines = $3, digest = $4, skipped = $5, names = $6, duplicates = $7, invalid = $8, format = $9, apex = $10
      WHERE census_id = $1 AND source = $2 AND NOT complete RETURNING 1`,
    [census, source, lines, digest, skipped, names, duplicates, invalid, format, apex],
  );
  if (closed.length === 0) throw readElsewhere(census);
}
