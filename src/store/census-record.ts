/** The censuses of a database: begun, found, carried from stage to stage. */
import type { Instant } from '../base/instant.ts';
import type { Db, Session } from './db.ts';

/**
 * - `intake`: the lists are being read.
 * - `survey`: every name is stored; domains and hosts are being looked at.
 * - `judging`: everything has been looked at; domain verdicts are being written.
 * - `finished`: nothing is left to do.
 */
export type CensusStage = 'intake' | 'survey' | 'judging' | 'finished';

export interface CensusRecord {
  readonly id: number;
  readonly stage: CensusStage;
  readonly software: string;
  readonly config: unknown;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** The place that it is made from, as its user calls it. */
  readonly vantage: string;
  /** The census whose population it looks at too, from another vantage; null for one with lists of its own. */
  readonly beside: number | null;
  /** The census whose evidence it judges again; null for one that looks itself. */
  readonly rejudgedFrom: number | null;
}

/** What a census is called that was given no vantage. */
export const DEFAULT_VANTAGE = 'default';

const selection =
  'census_id AS id, stage, software, config, started_at AS "startedAt", finished_at AS "finishedAt", ' +
  'vantage, beside, rejudged_from AS "rejudgedFrom"';

/** What a census is begun with. */
export interface NewCensus {
  readonly config: object;
  readonly lists: readonly string[];
  readonly software: string;
  readonly at: Instant;
  readonly vantage: string;
}

/** The number of the new census, which is in stage `intake`, with one source for each list. */
export async function insertCensus(session: Session, census: NewCensus): Promise<number> {
  const [row] = await session.query<{ id: number }>(
    `WITH number AS (UPDATE dane.census_number SET last = last + 1 RETURNING last)
     INSERT INTO dane.census (census_id, config, software, started_at, vantage)
     SELECT last, $1::text::jsonb, $2, to_timestamp($3::bigint), $4 FROM number RETURNING census_id AS id`,
    [JSON.stringify(census.config), census.software, census.at, census.vantage],
  );
  await session.query('SELECT dane.add_partitions($1::int)', [row!.id]);
  for (const [number, name] of census.lists.entries()) {
    await session.query('INSERT INTO dane.source (census_id, source, name) VALUES ($1, $2, $3)', [
      row!.id,
      number,
      name,
    ]);
  }
  return row!.id;
}

/** The same in a transaction of its own. */
export function beginCensus(
  db: Db,
  config: object,
  lists: readonly string[],
  software: string,
  at: Instant,
  vantage = DEFAULT_VANTAGE,
): Promise<number> {
  return db.tx((session) => insertCensus(session, { config, lists, software, at, vantage }));
}

/** In order of their numbers. */
export function listCensuses(db: Session): Promise<CensusRecord[]> {
  return db.query<CensusRecord>(`SELECT ${selection} FROM dane.census ORDER BY census_id`);
}

export async function findCensus(db: Session, id: number): Promise<CensusRecord | undefined> {
  const rows = await db.query<CensusRecord>(`SELECT ${selection} FROM dane.census WHERE census_id = $1`, [
    id,
  ]);
  return rows[0];
}

/** The newest one that is not finished. */
export async function findUnfinishedCensus(db: Session): Promise<CensusRecord | undefined> {
  const rows = await db.query<CensusRecord>(
    `SELECT ${selection} FROM dane.census WHERE stage <> 'finished' ORDER BY census_id DESC LIMIT 1`,
  );
  return rows[0];
}

export async function setCensusStage(session: Session, id: number, stage: CensusStage): Promise<void> {
  await session.query('UPDATE dane.census SET stage = $2 WHERE census_id = $1', [id, stage]);
}

/** Tells the planner how much there is now: without, views of a census that has just grown from nothing are planned for nothing. */
export async function analyzeCensus(db: Session, id: number): Promise<void> {
  await db.query('SELECT dane.analyze_census($1::int)', [id]);
}

/** How far a census is, counted from the rows. */
export interface CensusCounts {
  readonly domains: number;
  readonly domainsDone: number;
  readonly hosts: number;
  readonly hostsDone: number;
  readonly judged: number;
}

export async function countCensus(db: Session, id: number): Promise<CensusCounts> {
  const [row] = await db.query<CensusCounts>(
    `SELECT (SELECT count(*)::int FROM dane.domain WHERE census_id = $1) AS domains,
            (SELECT count(*)::int FROM dane.domain_fact WHERE census_id = $1) AS "domainsDone",
            (SELECT count(*)::int FROM dane.host WHERE census_id = $1) AS hosts,
            (SELECT count(*)::int FROM dane.host_fact WHERE census_id = $1) AS "hostsDone",
            (SELECT count(*)::int FROM dane.domain_verdict WHERE census_id = $1) AS judged`,
    [id],
  );
  return row!;
}
