/** Writes what lists tell of domains: names, tags, delegations, addresses; one batch in one transaction. */
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { delegationSetKey, tagSetKey } from './dictionary-key.ts';
import type { ApartRecords, ListedAddress, ListedDomain } from './listing.ts';

const nameColumns = columns('census_id int, ordinal int, name text');
const domainColumns = columns(
  'census_id int, ordinal int, name text, tag_set bigint, rank int, weight float8',
);
const tagColumns = columns('tag_set bigint, tags jsonb');
const setColumns = columns('delegation_set bigint, name_servers text[]');
const delegationColumns = columns(
  'census_id int, ordinal int, source smallint, delegation_set bigint, ds bytea[]',
);
const apartColumns = columns(
  'census_id int, source smallint, line bigint, owner text, name_servers text[], ds bytea[]',
);
const addressColumns = columns('census_id int, source smallint, host text, address inet');

/** Keys of sets that are in the database: whoever writes many batches need not write them again. */
export class KnownKeys {
  readonly #keys = new Set<bigint>();

  /** The sets that are to be written, by key: two writers that insert the same in different orders would wait for each other. */
  fresh<T>(sets: ReadonlyMap<bigint, T>): [bigint, T][] {
    return [...sets].filter(([key]) => !this.#keys.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** To be called when they are committed, or when nothing goes on that rests on it where they are not. */
  note(sets: Iterable<bigint>): void {
    if (this.#keys.size > MAX_KEYS) this.#keys.clear();
    for (const key of sets) this.#keys.add(key);
  }
}

/** Of both dictionaries. */
export interface WrittenSets {
  readonly tags: KnownKeys;
  readonly delegations: KnownKeys;
}

/** Own limit: some 10 MB. */
const MAX_KEYS = 100_000;

/** How many of the names were new; of the others nothing is written. */
export async function writeListedDomains(
  session: Session,
  census: number,
  domains: readonly ListedDomain[],
  written = new KnownKeys(),
): Promise<number> {
  if (domains.every(({ tags, rank, weight }) => (tags ?? rank ?? weight ?? null) === null)) {
    const rows = domains.map(({ ordinal, name }) => [census, ordinal, name]);
    return session.bulk('dane.domain', nameColumns, rows);
  }
  const sets = new Map<bigint, object>();
  const rows = domains.map(({ ordinal, name, tags, rank, weight }) => {
    const key = tags ? tagSetKey(tags) : null;
    if (key !== null) sets.set(key, tags!);
    return [census, ordinal, name, key, rank, weight];
  });
  await session.bulk('dane.tag_set', tagColumns, written.fresh(sets));
  written.note(sets.keys());
  return session.bulk('dane.domain', domainColumns, rows);
}

/** Delegations of the domains that are in the database; where one came before, its records are kept apart. `added` of the domains were new. */
export async function writeDelegations(
  session: Session,
  census: number,
  source: number,
  domains: readonly ListedDomain[],
  added: number,
  written: KnownKeys,
): Promise<void> {
  const delegated = domains.filter(({ delegation }) => delegation);
  if (delegated.length === 0) return;
  const isNew = added === domains.length ? () => true : await newOrdinals(session, census, domains);
  const sets = new Map<bigint, readonly string[]>();
  const rows: unknown[][] = [];
  const apart: ApartRecords[] = [];
  for (const { ordinal, name, delegation } of delegated) {
    if (!isNew(ordinal)) {
      apart.push({ owner: name, ...delegation! });
      continue;
    }
    const { nameServers, ds } = delegation!;
    const key = nameServers === null ? null : delegationSetKey(nameServers);
    if (key !== null) sets.set(key, nameServers!);
    rows.push([census, ordinal, source, key, ds.length === 0 ? null : ds]);
  }
  await session.bulk('dane.delegation_set', setColumns, written.fresh(sets));
  written.note(sets.keys());
  await session.bulk('dane.delegation', delegationColumns, rows);
  await writeApart(session, census, source, apart);
}

export async function writeApart(
  session: Session,
  census: number,
  source: number,
  apart: readonly ApartRecords[],
): Promise<void> {
  await session.bulk(
    'dane.delegation_apart',
    apartColumns,
    apart.map(({ line, owner, nameServers, ds }) => [
      census,
      source,
      line,
      owner,
      nameServers,
      ds.length === 0 ? null : ds,
    ]),
  );
}

export async function writeListedAddresses(
  session: Session,
  census: number,
  source: number,
  addresses: readonly ListedAddress[],
): Promise<void> {
  await session.bulk(
    'dane.listed_address',
    addressColumns,
    addresses.map(({ host, address }) => [census, source, host, address]),
  );
}

async function newOrdinals(
  session: Session,
  census: number,
  domains: readonly ListedDomain[],
): Promise<(ordinal: number) => boolean> {
  const rows = await session.query<{ ordinal: number }>(
    'SELECT ordinal FROM dane.domain WHERE census_id = $1 AND ordinal BETWEEN $2 AND $3',
    [census, domains[0]!.ordinal, domains.at(-1)!.ordinal],
  );
  const stored = new Set(rows.map(({ ordinal }) => ordinal));
  return (ordinal) => stored.has(ordinal);
}
