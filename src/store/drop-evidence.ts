/** Takes the evidence of a census away, and nothing else of it: it can be judged no more, and everything that was judged stays. */
import type { Db } from './db.ts';

/** Returns the octets that came free; 0 where there is no evidence, or none is kept in this database. */
export function dropEvidence(db: Db, census: number, dryRun: boolean): Promise<number> {
  return db.tx(async (session) => {
    const [found] = await session.query<{ partition: string | null; octets: number }>(
      `SELECT to_regclass(format('dane_census.%I', 'evidence_' || $1::int))::text AS partition,
              coalesce(pg_total_relation_size(to_regclass(format('dane_census.%I', 'evidence_' || $1::int))), 0)::bigint AS octets`,
      [census],
    );
    const { partition, octets } = found!;
    if (partition === null) return 0;
    if (!dryRun) await session.exec(`DROP TABLE ${partition}`);
    return octets;
  });
}
