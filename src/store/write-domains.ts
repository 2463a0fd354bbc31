/** Writes what was seen of domains: one slice in one transaction. Rows whose key is there already stay as they are. */
import type { DomainFacts } from '../survey/facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { Entries, type EntryKey, lookupEntries } from './dictionary.ts';
import { findingColumns, findingRows } from './write-findings.ts';
import { serverAnswerColumns, serverAnswerRows } from './write-name-servers.ts';

export interface SeenDomain {
  readonly ordinal: number;
  readonly facts: DomainFacts;
}

/** Where an MX host or a name server belongs: its provider, and the bucket that a provider of MX hosts is dealt with in. */
export type Placement = (host: string) => { readonly provider: string; readonly bucket: number };

/** How many of each were new. */
export interface WrittenDomains {
  readonly domains: number;
  readonly hosts: number;
}

/** TTLs are 31 bits (RFC 2181 §8); larger ones must not break a row. */
export const LARGEST_TTL = 2 ** 31 - 1;

/** Stands for the row's own name (RFC 1035 §5.1). */
export const AT_ITSELF = '@';

const seenColumns = columns(
  `census_id int, ordinal int, mx_lookup bigint, mx_set bigint, zone_setup bigint, soa_serial bigint,
   seen_at timestamptz, mx_ttl int, mta_sts boolean, tls_rpt boolean, delegation_from_list boolean, mail text, zone_apex text, soa_rname text,
   mx_aliases text[]`,
);
const SETUP_COLUMNS = `zone_status text, zone_reason text, ds_algorithms smallint[], ds_digest_types smallint[],
   dnskey_algorithms smallint[], denial text, nsec3_iterations int, nsec3_opt_out boolean, name_servers text[],
   dns_providers text[], soa_refresh bigint, soa_retry bigint, soa_expire bigint, soa_minimum bigint`;
const hostColumns = columns('census_id int, host text, provider text, bucket int');

export async function writeDomains(
  session: Session,
  census: number,
  seen: readonly SeenDomain[],
  placement: Placement,
): Promise<WrittenDomains> {
  const lookups = lookupEntries();
  const setups = new Entries('zone_setup', SETUP_COLUMNS);
  const mxSets = new Entries('mx_set', 'number smallint, preference int, host text');
  const rows = seen.map(({ ordinal, facts }) => [
    census,
    ordinal,
    lookups.keyOf(facts.mx),
    mxSetOf(facts, mxSets),
    setupOf(facts, setups, placement),
    ...seenCells(facts),
  ]);
  for (const entries of [lookups.entries, setups, mxSets]) await entries.write(session);
  const domains = await session.bulk('dane.domain_look', seenColumns, rows);
  await session.bulk(
    'dane.finding',
    findingColumns,
    seen.flatMap(({ facts }) => findingRows(census, 'domain', facts.domain, facts.findings)),
  );
  await session.bulk(
    'dane.server_answer',
    serverAnswerColumns,
    seen.flatMap(({ facts }) => serverAnswerRows(census, 'domain', facts.domain, facts.serverAnswers)),
  );
  // Sorted: two writers that insert the same hosts in different orders would wait for each other.
  const named = [...new Set(seen.flatMap(({ facts }) => facts.edges.map(({ host }) => host)))].sort();
  const placed = named.map((host) => {
    const { provider, bucket } = placement(host);
    return [census, host, provider, bucket];
  });
  return { domains, hosts: await session.bulk('dane.host', hostColumns, placed) };
}

/** Null without MX hosts. */
function mxSetOf({ edges }: DomainFacts, mxSets: Entries): EntryKey | null {
  if (edges.length === 0) return null;
  const pairs = edges.map(({ preference, host }) => [preference, host]);
  return mxSets.addRows(
    pairs,
    pairs.map((pair, number) => [number, ...pair]),
  );
}

/** Null where nothing is known of the zone. */
function setupOf({ zone, soa }: DomainFacts, setups: Entries, placement: Placement): EntryKey | null {
  if (zone === null && soa === null) return null;
  const providers = zone?.nameServers?.map((server) => placement(server).provider);
  return setups.add([
    zone?.security,
    zone?.reason,
    zone?.dsAlgorithms,
    zone?.dsDigestTypes,
    zone?.dnskeyAlgorithms,
    zone?.denial,
    zone?.nsec3Iterations,
    zone?.nsec3OptOut,
    zone?.nameServers,
    providers && [...new Set(providers)].sort(),
    soa?.refresh,
    soa?.retry,
    soa?.expire,
    soa?.minimum,
  ]);
}

function seenCells(facts: DomainFacts): readonly unknown[] {
  const { mx, zone, soa, domain, aliases } = facts;
  return [
    soa?.serial,
    facts.seenAt,
    mx.ttl === null ? null : Math.min(mx.ttl, LARGEST_TTL),
    facts.mtaSts,
    facts.tlsRpt,
    facts.delegationFromList === true,
    facts.mail,
    zone?.apex === domain ? AT_ITSELF : zone?.apex,
    soa?.rname,
    aliases.length === 0 ? null : aliases,
  ];
}
