/**
 * The parts of a census: what jobs work on, and the only word on what is still open. A part is closed in the
 * transaction that ends its job; `advance` then makes the parts that follow. Jobs themselves stand in the queue.
 *
 * One advisory lock per census orders all these transactions, so that of two that end at the same time the second
 * sees the hosts, parts and closings of the first: otherwise each could leave the follow-up to the other.
 */
import type { Instant } from '../base/instant.ts';
import { analyzeCensus, type CensusStage, setCensusStage } from './census-record.ts';
import type { Session } from './db.ts';
import { rememberCensus } from './remember.ts';

export const partStages = ['domains', 'hosts', 'verdicts'] as const;
export type PartStage = (typeof partStages)[number];

export interface Part {
  readonly stage: PartStage;
  readonly part: number;
}

/** A range of ordinals, both ends included. */
export interface OrdinalRange {
  readonly first: number;
  readonly last: number;
}

/** First key of the advisory lock; the second is the census. */
const ADVANCE_LOCK = 25;

export async function addDomainPart(
  session: Session,
  census: number,
  part: number,
  range: OrdinalRange,
): Promise<Part> {
  await session.query(
    `INSERT INTO dane.part (census_id, stage, part, first_ordinal, last_ordinal) VALUES ($1, 'domains', $2, $3, $4)`,
    [census, part, range.first, range.last],
  );
  return { stage: 'domains', part };
}

export async function countDomainParts(session: Session, census: number): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM dane.part WHERE census_id = $1 AND stage = 'domains'`,
    [census],
  );
  return row!.count;
}

/** Null where the part is closed already (or there is none). */
export async function readRange(
  session: Session,
  census: number,
  { stage, part }: Part,
): Promise<OrdinalRange | null> {
  const rows = await session.query<OrdinalRange>(
    `SELECT first_ordinal AS first, last_ordinal AS last FROM dane.part
      WHERE census_id = $1 AND stage = $2 AND part = $3 AND NOT done`,
    [census, stage, part],
  );
  return rows[0] ?? null;
}

/** Null where the part is closed already. */
export async function readBucket(session: Session, census: number, part: number): Promise<number | null> {
  const rows = await session.query<{ bucket: number }>(
    `SELECT bucket FROM dane.part WHERE census_id = $1 AND stage = 'hosts' AND part = $2 AND NOT done`,
    [census, part],
  );
  return rows[0]?.bucket ?? null;
}

export async function closePart(session: Session, census: number, { stage, part }: Part): Promise<void> {
  await session.query('UPDATE dane.part SET done = true WHERE census_id = $1 AND stage = $2 AND part = $3', [
    census,
    stage,
    part,
  ]);
}

/** How often the job of this part has failed now. */
export async function countFailure(
  session: Session,
  census: number,
  { stage, part }: Part,
  error: string,
): Promise<number> {
  const [row] = await session.query<{ failures: number }>(
    `UPDATE dane.part SET failures = failures + 1, last_error = $4
      WHERE census_id = $1 AND stage = $2 AND part = $3 RETURNING failures`,
    [census, stage, part, error],
  );
  return row!.failures;
}

export async function forgetFailures(session: Session, census: number): Promise<void> {
  await session.query('UPDATE dane.part SET failures = 0 WHERE census_id = $1 AND NOT done', [census]);
}

/** Every part that is open, whether a job stands in the queue for it or not. */
export function openParts(session: Session, census: number): Promise<Part[]> {
  return session.query<Part>(
    'SELECT stage, part FROM dane.part WHERE census_id = $1 AND NOT done ORDER BY stage, part',
    [census],
  );
}

/**
 * Waits for the other transactions that change parts or jobs of this census, until they end. To be called before the
 * first such change of a transaction: whoever waits here must not hold a job that another one waits for.
 */
export async function orderTransactions(session: Session, census: number): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1::int, $2::int)', [ADVANCE_LOCK, census]);
}

/**
 * Makes the parts that what is stored now calls for, and moves the census to its next stage where the present one has
 * nothing left: a host part for each bucket with hosts to look at and no part open; verdict parts when the survey has
 * nothing open; the end when no verdict part is. Called in every transaction that closes a part; to call it once more
 * changes nothing. Returns the new parts, for which the caller puts jobs into the queue in the same transaction.
 */
export async function advance(session: Session, census: number, at: Instant): Promise<Part[]> {
  await orderTransactions(session, census);
  const [{ stage } = { stage: 'finished' as CensusStage }] = await session.query<{ stage: CensusStage }>(
    'SELECT stage FROM dane.census WHERE census_id = $1',
    [census],
  );
  if (stage === 'finished') return [];
  const made = stage === 'judging' ? [] : await addHostParts(session, census);
  if (stage === 'intake' || made.length > 0 || (await hasOpenParts(session, census))) return made;
  if (stage === 'survey') {
    const verdicts = await addVerdictParts(session, census);
    await setCensusStage(session, census, 'judging');
    if (verdicts.length > 0) return verdicts;
  }
  await session.query(
    `UPDATE dane.census SET stage = 'finished', finished_at = to_timestamp($2::bigint) WHERE census_id = $1`,
    [census, at],
  );
  // Before anything is read of all its rows.
  await analyzeCensus(session, census);
  await rememberCensus(session, census);
  return [];
}

async function addHostParts(session: Session, census: number): Promise<Part[]> {
  return session.query<Part>(
    `INSERT INTO dane.part (census_id, stage, part, bucket)
     SELECT $1, 'hosts', coalesce(m.last, -1) + row_number() OVER (ORDER BY b.bucket), b.bucket
       FROM (SELECT DISTINCT bucket FROM dane.host WHERE census_id = $1 AND pending) b
      CROSS JOIN (SELECT max(part) AS last FROM dane.part WHERE census_id = $1 AND stage = 'hosts') m
      WHERE NOT EXISTS (SELECT FROM dane.part p
                         WHERE p.census_id = $1 AND p.stage = 'hosts' AND NOT p.done AND p.bucket = b.bucket)
     RETURNING stage, part`,
    [census],
  );
}

async function addVerdictParts(session: Session, census: number): Promise<Part[]> {
  return session.query<Part>(
    `INSERT INTO dane.part (census_id, stage, part, first_ordinal, last_ordinal)
     SELECT census_id, 'verdicts', part, first_ordinal, last_ordinal
       FROM dane.part WHERE census_id = $1 AND stage = 'domains'
     RETURNING stage, part`,
    [census],
  );
}

async function hasOpenParts(session: Session, census: number): Promise<boolean> {
  const rows = await session.query('SELECT 1 FROM dane.part WHERE census_id = $1 AND NOT done LIMIT 1', [
    census,
  ]);
  return rows.length > 0;
}
