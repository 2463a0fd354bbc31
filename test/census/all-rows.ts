/** All rows of a census, without what may lawfully differ between two runs: times of running, and the turns of host parts. */
import type { Session } from '../../src/store/db.ts';

const tables = [
  'source',
  'invalid_name',
  'domain',
  'domain_fact',
  'mx_edge',
  'host',
  'host_fact',
  'tlsa_record',
  'tlsa_zone',
  'tlsa_ancestor',
  'server_answer',
  'ancestor_server',
  'ancestor_behaviour',
  'endpoint',
  'handshake',
  'verified_otherwise',
  'finding',
  'domain_verdict',
];

export async function allRows(session: Session, census: number): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const table of tables) {
    const found = await session.query<{ row: string }>(
      `SELECT (to_jsonb(t) - 'census_id')::text AS row FROM (SELECT * FROM dane.${table} WHERE census_id = $1) t
        ORDER BY 1`,
      [census],
    );
    rows[table] = found.map(({ row }) => row);
  }
  const certificates = await session.query<{ row: string }>(
    'SELECT to_jsonb(c)::text AS row FROM dane.certificate c ORDER BY 1',
  );
  rows.certificate = certificates.map(({ row }) => row);
  const parts = await session.query<{ row: string }>(
    `SELECT to_jsonb(p)::text AS row FROM (SELECT stage, part, first_ordinal, last_ordinal, done, failures
       FROM dane.part WHERE census_id = $1 AND stage <> 'hosts') p ORDER BY 1`,
    [census],
  );
  rows.part = parts.map(({ row }) => row);
  const stages = await session.query<{ stage: string }>(
    'SELECT stage FROM dane.census WHERE census_id = $1',
    [census],
  );
  rows.stage = stages.map(({ stage }) => stage);
  return rows;
}
