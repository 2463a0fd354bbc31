/** A census that judges another one's evidence again: begun with a copy of its population, and counted. */
import type { Instant } from '../base/instant.ts';
import type { Db, Session } from './db.ts';

/** What of the population is copied as it is; what was seen is not. */
const population = [
  'source',
  'invalid_name',
  'domain',
  'delegation',
  'delegation_apart',
  'listed_address',
  'sample_stratum',
];

/**
 * The number of a new census in stage `survey`, with the names, lists and configuration of census `from`, and its parts to be done.
 * In one transaction.
 */
export function beginRejudgement(db: Db, from: number, software: string, at: Instant): Promise<number> {
  return db.tx(async (session) => {
    const [row] = await session.query<{ id: number }>(
      `WITH number AS (UPDATE dane.census_number SET last = last + 1 RETURNING last)
       INSERT INTO dane.census (census_id, config, software, stage, started_at, vantage, beside, rejudged_from, sample)
       SELECT number.last, c.config, $2, 'survey', to_timestamp($3::bigint), c.vantage, c.beside, c.census_id, c.sample
         FROM number, dane.census c WHERE c.census_id = $1 RETURNING census_id AS id`,
      [from, software, at],
    );
    const census = row!.id;
    await session.query('SELECT dane.add_partitions($1::int)', [census]);
    for (const table of population) await copyRows(session, table, from, census);
    await session.query(
      `INSERT INTO dane.part (census_id, stage, part, first_ordinal, last_ordinal)
       SELECT $2, stage, part, first_ordinal, last_ordinal FROM dane.part WHERE census_id = $1 AND stage = 'domains'`,
      [from, census],
    );
    await session.query('INSERT INTO dane.rejudgement (census_id) VALUES ($1)', [census]);
    return census;
  });
}

/** All columns, whatever later migrations add to them. */
async function copyRows(session: Session, table: string, from: number, to: number): Promise<void> {
  const [row] = await session.query<{ columns: string }>(
    `SELECT string_agg(format('%I', column_name), ', ' ORDER BY ordinal_position) AS columns
       FROM information_schema.columns
      WHERE table_schema = 'dane' AND table_name = $1 AND column_name <> 'census_id' AND is_generated = 'NEVER'`,
    [table],
  );
  await session.query(
    `INSERT INTO dane.${table} (census_id, ${row!.columns}) SELECT $2::int, ${row!.columns} FROM dane.${table} WHERE census_id = $1`,
    [from, to],
  );
}

/** An unfinished census of this software that judges `from` again. */
export async function findRejudgement(
  db: Session,
  from: number,
  software: string,
): Promise<number | undefined> {
  const [row] = await db.query<{ id: number }>(
    `SELECT census_id AS id FROM dane.census
      WHERE rejudged_from = $1 AND software = $2 AND stage <> 'finished' ORDER BY census_id DESC LIMIT 1`,
    [from, software],
  );
  return row?.id;
}

export async function countRejudged(
  session: Session,
  census: number,
  kind: 'domains' | 'hosts',
  { replayed, carried }: { readonly replayed: number; readonly carried: number },
): Promise<void> {
  await session.query(
    `UPDATE dane.rejudgement SET ${kind}_replayed = ${kind}_replayed + $2, ${kind}_carried = ${kind}_carried + $3
      WHERE census_id = $1`,
    [census, replayed, carried],
  );
}

export interface RejudgementCounts {
  readonly domainsReplayed: number;
  readonly domainsCarried: number;
  readonly hostsReplayed: number;
  readonly hostsCarried: number;
}

export async function readRejudgement(db: Session, census: number): Promise<RejudgementCounts> {
  const [row] = await db.query<RejudgementCounts>(
    `SELECT domains_replayed AS "domainsReplayed", domains_carried AS "domainsCarried",
            hosts_replayed AS "hostsReplayed", hosts_carried AS "hostsCarried"
       FROM published.rejudged_census WHERE census_id = $1`,
    [census],
  );
  return row!;
}
