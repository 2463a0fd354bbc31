/** How much room the tables, the censuses and their domains and endpoints take, with indexes and what is stored apart. */
import type { Session } from './db.ts';

export interface Sizes {
  /** Those of schema dane, partitions added up under the table that they are of; largest first. */
  readonly tables: readonly { readonly table: string; readonly octets: number }[];
  readonly censuses: readonly CensusSize[];
}

/** `octets` are those of the partitions of the census; what is stored once over all censuses is in none. */
export interface CensusSize {
  readonly census: number;
  readonly octets: number;
  readonly domains: number;
  readonly endpoints: number;
  /** All `octets` divided by the domains, and by the endpoints; null without any. */
  readonly octetsPerDomain: number | null;
  readonly octetsPerEndpoint: number | null;
}

/** Of the whole database, whatever its schema. */
export async function databaseOctets(session: Session): Promise<number> {
  const [row] = await session.query<{ octets: number }>(
    'SELECT pg_database_size(current_database())::bigint AS octets',
  );
  return row!.octets;
}

/** The schema must be this program's. */
export async function readSizes(session: Session): Promise<Sizes> {
  const tables = await session.query<Sizes['tables'][number]>(
    `SELECT coalesce(p.relname, c.relname)::text AS "table", sum(pg_total_relation_size(c.oid))::bigint AS octets
       FROM pg_class c
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
       LEFT JOIN pg_class p ON p.oid = i.inhparent
      WHERE c.relkind = 'r' AND coalesce(p.relnamespace, c.relnamespace) = 'dane'::regnamespace
      GROUP BY coalesce(p.relname, c.relname)
     HAVING sum(pg_total_relation_size(c.oid)) > 0
      ORDER BY octets DESC, 1`,
  );
  const censuses = await session.query<Omit<CensusSize, 'octetsPerDomain' | 'octetsPerEndpoint'>>(
    `SELECT n.census_id AS census, coalesce(s.octets, 0)::bigint AS octets,
            (SELECT count(*) FROM dane.domain d WHERE d.census_id = n.census_id) AS domains,
            (SELECT count(*) FROM dane.endpoint e WHERE e.census_id = n.census_id) AS endpoints
       FROM dane.census n
       LEFT JOIN (SELECT pg_get_expr(c.relpartbound, c.oid) AS bound, sum(pg_total_relation_size(c.oid)) AS octets
                    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
                   WHERE c.relkind = 'r' AND p.relnamespace = 'dane'::regnamespace GROUP BY 1) s
         ON s.bound = format('FOR VALUES IN (%s)', n.census_id)
      ORDER BY n.census_id`,
  );
  return {
    tables,
    censuses: censuses.map((one) => ({
      ...one,
      octetsPerDomain: per(one.octets, one.domains),
      octetsPerEndpoint: per(one.octets, one.endpoints),
    })),
  };
}

function per(octets: number, count: number): number | null {
  return count === 0 ? null : Math.round(octets / count);
}
