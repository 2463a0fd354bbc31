/**
 * What is remembered over all censuses of a vantage: figures of adoption, and when each TLSA record and certificate of the MX
 * hosts that have DANE was seen first and last (`sql/012-time.sql` says why). The work is SQL: `sql/views/90-remember.sql`.
 */
import type { Session } from './db.ts';

/** In the transaction that finishes the census. Called again, or for a census that is not finished or re-judges, it changes nothing. */
export async function rememberCensus(session: Session, census: number): Promise<void> {
  await session.query('SELECT dane.remember($1::int)', [census]);
}

/** Those that were finished before there was this memory, oldest first. */
export async function rememberFinished(session: Session): Promise<void> {
  await session.query(
    `SELECT dane.remember(c.census_id)
       FROM (SELECT census_id FROM dane.census
              WHERE stage = 'finished' AND rejudged_from IS NULL AND NOT remembered ORDER BY census_id) c`,
  );
}
