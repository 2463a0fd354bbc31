/**
 * What is stored once over all censuses, and which columns refer to it: rows that no census refers to any more can go. A table
 * that is added to the schema in this way is added here.
 */
import type { Db, Session } from './db.ts';

interface Dictionary {
  readonly table: string;
  readonly key: string;
  /** Tables by census, and what of their rows yields the keys that each refers to; null does no harm. */
  readonly references: readonly { readonly table: string; readonly keys: string }[];
}

const chains = [
  { table: 'dane.handshake_look', keys: 'chain' },
  { table: 'dane.endpoint_look', keys: 'chain_without_sni' },
];
const certificates = [
  { table: 'dane.handshake', keys: 'unnest(chain)' },
  { table: 'dane.endpoint', keys: 'unnest(chain_without_sni)' },
];

const dictionaries: readonly Dictionary[] = [
  { table: 'dane.certificate', key: 'sha256', references: certificates },
  { table: 'dane.certificate_sha512', key: 'sha256', references: certificates },
  { table: 'dane.chain', key: 'chain', references: chains },
  {
    table: 'dane.ehlo',
    key: 'ehlo',
    references: [
      { table: 'dane.endpoint_look', keys: 'ehlo' },
      { table: 'dane.endpoint_look', keys: 'ehlo_in_tls' },
    ],
  },
  {
    table: 'dane.lookup',
    key: 'lookup',
    references: [
      { table: 'dane.domain_look', keys: 'mx_lookup' },
      ...['a_lookup', 'aaaa_lookup', 'tlsa_lookup'].map((keys) => ({ table: 'dane.host_look', keys })),
    ],
  },
  {
    table: 'dane.zone_setup',
    key: 'zone_setup',
    references: [{ table: 'dane.domain_look', keys: 'zone_setup' }],
  },
  { table: 'dane.tag_set', key: 'tag_set', references: [{ table: 'dane.domain', keys: 'tag_set' }] },
  {
    table: 'dane.delegation_set',
    key: 'delegation_set',
    references: [{ table: 'dane.delegation', keys: 'delegation_set' }],
  },
  { table: 'dane.mx_set', key: 'mx_set', references: [{ table: 'dane.domain_look', keys: 'mx_set' }] },
];

export interface CollectedDictionary {
  readonly table: string;
  readonly rows: number;
  /** Of these rows, as stored: given free inside the table, for rows to come. */
  readonly octets: number;
}

/**
 * Deletes the rows that nothing refers to. Writers wait meanwhile: one that has found its certificate there already, and has not
 * yet written what refers to it, must not lose it.
 */
export async function collectDictionaries(db: Db): Promise<CollectedDictionary[]> {
  const collected: CollectedDictionary[] = [];
  for (const dictionary of dictionaries) {
    const { table } = dictionary;
    const [row] = await db.tx(async (session) => {
      await session.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
      const counted = await countOne(session, dictionary, []);
      await session.query(`DELETE ${unused(dictionary)}`, [literal([])]);
      return counted;
    });
    collected.push({ table, ...row! });
  }
  return collected;
}

/** What `collectDictionaries` would delete if these censuses were gone. */
export async function countUnused(
  session: Session,
  without: readonly number[],
): Promise<CollectedDictionary[]> {
  const counted: CollectedDictionary[] = [];
  for (const dictionary of dictionaries) {
    const [row] = await countOne(session, dictionary, without);
    counted.push({ table: dictionary.table, ...row! });
  }
  return counted;
}

type Counted = Omit<CollectedDictionary, 'table'>;

function countOne(session: Session, dictionary: Dictionary, without: readonly number[]): Promise<Counted[]> {
  return session.query<Counted>(
    `SELECT count(*) AS rows, coalesce(sum(pg_column_size(d.*)), 0)::bigint AS octets ${unused(dictionary)}`,
    [literal(without)],
  );
}

/** From `FROM` on; $1 are censuses whose references do not count. */
function unused({ table, key, references }: Dictionary): string {
  const used = references.map(
    (one) => `SELECT ${one.keys} FROM ${one.table} WHERE census_id <> ALL ($1::text::int[])`,
  );
  return `FROM ${table} d WHERE NOT EXISTS (SELECT FROM (${used.join(' UNION ALL ')}) AS r (key) WHERE r.key = d.${key})`;
}

function literal(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}
