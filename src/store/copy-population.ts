/**
 * The population of another census: its names with their ordinals, tags, ranks and weights, copied inside the database, so that
 * the same domains are looked at from another vantage without a list.
 */
import { UsageError } from '../base/usage-error.ts';
import { type CensusRecord, findCensus } from './census-record.ts';
import type { Db, Session } from './db.ts';

/**
 * The census that a new one from `vantage` may stand beside: the one named, or the one that this stands beside itself.
 * Throws UsageError where there is none, where its lists are still being read, or where that vantage has one already.
 */
export async function besideWhich(db: Db, number: number, vantage: string): Promise<CensusRecord> {
  const named = await findCensus(db, number);
  const census = named === undefined || named.beside === null ? named : (await findCensus(db, named.beside))!;
  if (census === undefined) {
    throw new UsageError(
      '--beside',
      String(number),
      'the number of a census in this database',
      'see: dane-census census list',
    );
  }
  if (census.stage === 'intake') {
    throw new UsageError(
      '--beside',
      String(number),
      'a census whose lists have been read',
      `go on with it first: dane-census run --resume ${census.id}`,
    );
  }
  const taken = await db.query<{ id: number }>(
    `SELECT census_id AS id FROM dane.census
      WHERE (census_id = $1 OR beside = $1) AND rejudged_from IS NULL AND vantage = $2 ORDER BY census_id LIMIT 1`,
    [census.id, vantage],
  );
  if (taken.length > 0) {
    throw new UsageError(
      '--vantage',
      vantage,
      `a vantage that has not looked at this population (census ${taken[0]!.id} has)`,
      'name this place: --vantage NAME',
    );
  }
  return census;
}

/** Into a census in stage `intake` that has no names yet. Returns the last ordinal; 0 for a population without a name. */
export async function copyPopulation(session: Session, from: number, to: number): Promise<number> {
  await session.query(
    `INSERT INTO dane.domain (census_id, ordinal, name, tag_set, rank, weight)
     SELECT $2::int, ordinal, name, tag_set, rank, weight FROM dane.domain WHERE census_id = $1::int`,
    [from, to],
  );
  await session.query(
    `INSERT INTO dane.sample_stratum (census_id, stratum, population, drawn, exact)
     SELECT $2::int, stratum, population, drawn, exact FROM dane.sample_stratum WHERE census_id = $1::int`,
    [from, to],
  );
  await session.query(
    `UPDATE dane.census c SET beside = $1::int, sample = o.sample FROM dane.census o
      WHERE c.census_id = $2::int AND o.census_id = $1::int`,
    [from, to],
  );
  const [row] = await session.query<{ last: number }>(
    'SELECT coalesce(max(ordinal), 0) AS last FROM dane.domain WHERE census_id = $1',
    [to],
  );
  return row!.last;
}
