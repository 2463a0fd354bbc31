/** What a census that is a sample was drawn from, and the intervals of its rates. */
import type { Session } from './db.ts';

export interface SampleRecord {
  readonly size: number;
  readonly seed: string;
  readonly by: string | null;
  readonly population: number;
  readonly drawn: number;
  readonly strata: number;
  /** Whether the population is counted, not estimated. */
  readonly exact: boolean;
}

/** Null where the whole population is looked at. */
export async function readSample(session: Session, census: number): Promise<SampleRecord | null> {
  const [row] = await session.query<SampleRecord>(
    `SELECT (c.sample ->> 'size')::int AS size, c.sample ->> 'seed' AS seed, c.sample ->> 'by' AS by,
            coalesce(sum(s.population), 0)::bigint AS population, coalesce(sum(s.drawn), 0)::bigint AS drawn,
            count(s.stratum)::int AS strata, coalesce(bool_and(s.exact), true) AS exact
       FROM dane.census c LEFT JOIN dane.sample_stratum s ON s.census_id = c.census_id
      WHERE c.census_id = $1 AND c.sample IS NOT NULL GROUP BY c.census_id`,
    [census],
  );
  return row ?? null;
}

/** Fractions of 1, as text with six decimals. */
export interface Interval {
  readonly low: string;
  readonly high: string;
}

/** Of each of the counts among `total`: the Wilson score interval at 95 % (`dane.wilson`). None where the census is no sample. */
export async function sampleIntervals(
  session: Session,
  census: number,
  counts: readonly number[],
  total: number,
): Promise<readonly (Interval | null)[]> {
  const rows = await session.query<{ low: string | null; high: string | null }>(
    `SELECT dane.share_low($1::int, k, $3::bigint) AS low, dane.share_high($1::int, k, $3::bigint) AS high
       FROM unnest($2::text::bigint[]) WITH ORDINALITY AS given(k, place) ORDER BY place`,
    [census, `{${counts.join(',')}}`, total],
  );
  return rows.map(({ low, high }) => (low === null || high === null ? null : { low, high }));
}
