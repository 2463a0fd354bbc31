/**
 * The delegations that zone files hold of a range of domains, brought together from wherever their records stand. In: ordinals.
 * Out, by ordinal: name servers, DS records, and addresses of those servers. A delegation is left out, so that the parent is asked,
 * where a part of it could not be read, and where the file delegates a name above it as well: the zone does not speak for it then
 * (RFC 1034 §4.2.1), whatever records it still holds.
 */
import type { ListedDelegation } from '../resolve/listed-delegation.ts';
import type { Session } from './db.ts';
import type { OrdinalRange } from './part.ts';

interface Delegation {
  readonly ordinal: number;
  readonly name: string;
  readonly source: number;
  readonly zone: string;
  readonly nameServers: readonly string[] | null;
  readonly ds: string;
}

type Apart = Pick<Delegation, 'source' | 'nameServers' | 'ds'> & { readonly owner: string };

export async function listedDelegations(
  session: Session,
  census: number,
  { first, last }: OrdinalRange,
): Promise<ReadonlyMap<number, ListedDelegation>> {
  const rows = await session.query<Delegation>(
    `SELECT g.ordinal, d.name, g.source, s.apex AS zone, n.name_servers AS "nameServers", ${hexOf('g.ds')} AS ds
       FROM dane.delegation g
       JOIN dane.domain d ON d.census_id = g.census_id AND d.ordinal = g.ordinal
       JOIN dane.source s ON s.census_id = g.census_id AND s.source = g.source
       LEFT JOIN dane.delegation_set n ON n.delegation_set = g.delegation_set
      WHERE g.census_id = $1 AND g.ordinal BETWEEN $2 AND $3`,
    [census, first, last],
  );
  if (rows.length === 0) return new Map();
  const apart = await recordsApart(session, census, rows);
  const above = await delegatedAbove(session, census, rows);
  const whole = new Map<
    number,
    { readonly row: Delegation; readonly nameServers: string[]; readonly ds: string[] }
  >();
  for (const row of rows) {
    const parts = [row, ...(apart.get(`${row.source} ${row.name}`) ?? [])];
    if (above.has(row.name) || parts.some(({ nameServers }) => nameServers === null)) continue;
    const nameServers = [...new Set(parts.flatMap((part) => part.nameServers!))].sort();
    const ds = [...new Set(parts.flatMap((part) => part.ds.split(' ')))].filter((rdata) => rdata !== '');
    whole.set(row.ordinal, { row, nameServers, ds });
  }
  const servers = [...whole.values()].flatMap(({ row, nameServers }) =>
    nameServers.map((server) => `${row.source} ${server}`),
  );
  const addresses = await addressesOf(session, census, [...new Set(servers)]);
  const found = new Map<number, ListedDelegation>();
  for (const [ordinal, { row, nameServers, ds }] of whole) {
    const glue = nameServers.flatMap((server) => {
      const listed = addresses.get(`${row.source} ${server}`);
      return listed === undefined ? [] : ([[server, listed]] as const);
    });
    found.set(ordinal, { zone: row.zone, nameServers, glue, ds });
  }
  return found;
}

/** That of one domain by its name; null where no list holds one that counts. */
export async function listedDelegationOf(
  session: Session,
  census: number,
  name: string,
): Promise<ListedDelegation | null> {
  const [row] = await session.query<{ ordinal: number }>(
    'SELECT ordinal FROM dane.domain WHERE census_id = $1 AND name = $2',
    [census, name],
  );
  if (row === undefined) return null;
  const { ordinal } = row;
  return (await listedDelegations(session, census, { first: ordinal, last: ordinal })).get(ordinal) ?? null;
}

/** A `bytea[]` as text: the drivers differ in how they give arrays of octets. */
function hexOf(column: string): string {
  return `coalesce((SELECT string_agg(encode(r, 'hex'), ' ') FROM unnest(${column}) r), '')`;
}

/** By source and owner. */
async function recordsApart(
  session: Session,
  census: number,
  rows: readonly Delegation[],
): Promise<ReadonlyMap<string, readonly Apart[]>> {
  const found = await session.query<Apart>(
    `SELECT owner, source, name_servers AS "nameServers", ${hexOf('ds')} AS ds FROM dane.delegation_apart
       JOIN unnest($2::text::text[]) AS given(owner) USING (owner) WHERE census_id = $1`,
    [census, arrayOf(rows.map(({ name }) => name))],
  );
  return Map.groupBy(found, ({ source, owner }) => `${source} ${owner}`);
}

/** Those of the names that stand below another delegation of the same file. */
async function delegatedAbove(
  session: Session,
  census: number,
  rows: readonly Delegation[],
): Promise<ReadonlySet<string>> {
  const between = new Map<string, readonly string[]>();
  for (const { name, zone } of rows) {
    const labels = name.slice(0, zone === '.' ? undefined : -(zone.length + 1)).split('.');
    const suffix = zone === '.' ? '' : `.${zone}`;
    if (labels.length > 1)
      between.set(
        name,
        labels.slice(1).map((_, at) => `${labels.slice(at + 1).join('.')}${suffix}`),
      );
  }
  if (between.size === 0) return new Set();
  const found = await session.query<{ name: string }>(
    `SELECT d.name FROM unnest($2::text::text[]) AS given(name)
       JOIN dane.domain d ON d.census_id = $1 AND d.name = given.name
       JOIN dane.delegation g ON g.census_id = d.census_id AND g.ordinal = d.ordinal
     UNION SELECT a.owner FROM unnest($2::text::text[]) AS given(name)
       JOIN dane.delegation_apart a ON a.census_id = $1 AND a.owner = given.name`,
    [census, arrayOf([...new Set([...between.values()].flat())])],
  );
  const delegated = new Set(found.map(({ name }) => name));
  return new Set(
    [...between].filter(([, names]) => names.some((name) => delegated.has(name))).map(([name]) => name),
  );
}

/** Of and by "source host". */
async function addressesOf(
  session: Session,
  census: number,
  servers: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pairs = servers.map((server) => server.split(/ (.*)/s));
  const found = await session.query<{ source: number; host: string; address: string }>(
    `SELECT a.source, a.host, host(a.address) AS address
       FROM unnest($2::text::smallint[], $3::text::text[]) AS given(source, host)
       JOIN dane.listed_address a ON a.census_id = $1 AND a.source = given.source AND a.host = given.host
      ORDER BY a.source, a.host, a.address`,
    [census, `{${pairs.map(([source]) => source).join(',')}}`, arrayOf(pairs.map(([, host]) => host!))],
  );
  const byHost = Map.groupBy(found, ({ source, host }) => `${source} ${host}`);
  return new Map([...byHost].map(([key, rows]) => [key, rows.map(({ address }) => address)]));
}

/** An array literal (Postgres manual §8.15.2), the same for both drivers. */
function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
