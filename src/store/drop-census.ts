/**
 * Takes a census away with everything that is its own: partitions (in no time), lists, parts, kept figures. What is kept once over
 * all censuses stays: certificates until `collectDictionaries`, and what was learnt of roll-overs.
 * The jobs of the queue are the caller's to remove, who has the queue.
 */
import { UsageError } from '../base/usage-error.ts';
import type { CensusRecord } from './census-record.ts';
import type { Db, Session } from './db.ts';
import { orderTransactions } from './part.ts';

/** Octets of the partitions of a census, with indexes and what is stored apart. */
export async function censusOctets(session: Session, census: number): Promise<number> {
  const [row] = await session.query<{ octets: number }>(
    `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS octets
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
      WHERE p.relnamespace = 'dane'::regnamespace AND pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%s)', $1::int)`,
    [census],
  );
  return row!.octets;
}

/**
 * Returns the octets that came free. Throws UsageError where others stand beside the census: they would lose what they are held
 * against. A census whose evidence another one judged again may go: that one has rows of its own, and can be judged no more.
 */
export function dropCensus(db: Db, census: CensusRecord): Promise<number> {
  return db.tx(async (session) => {
    await orderTransactions(session, census.id);
    const others = await session.query<{ id: number }>(
      'SELECT census_id AS id FROM dane.census WHERE beside = $1 ORDER BY census_id',
      [census.id],
    );
    if (others.length > 0) {
      throw new UsageError(
        'census delete',
        String(census.id),
        `a census that no other one stands beside (${others.map(({ id }) => id).join(', ')})`,
        'delete those first',
      );
    }
    const octets = await censusOctets(session, census.id);
    await session.query('SELECT dane.drop_census($1::int)', [census.id]);
    return octets;
  });
}

/** Its row of `published.adoption_over_time`, which retention keeps. */
export async function forgetTotals(session: Session, census: number): Promise<void> {
  await session.query('DELETE FROM dane.census_total WHERE census_id = $1', [census]);
}
