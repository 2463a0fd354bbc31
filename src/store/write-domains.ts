/** Writes what was seen of domains: one slice in one transaction. Rows whose key is there already stay as they are. */
import type { DomainFacts } from '../survey/facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { findingColumns, findingRows } from './write-findings.ts';
import { serverAnswerColumns, serverAnswerRows } from './write-name-servers.ts';

export interface SeenDomain {
  readonly ordinal: number;
  readonly facts: DomainFacts;
}

/** Where the host of an MX record belongs: its provider, and the bucket that the provider is dealt with in. */
export type Placement = (host: string) => { readonly provider: string; readonly bucket: number };

/** How many of each were new. */
export interface WrittenDomains {
  readonly domains: number;
  readonly hosts: number;
}

/** TTLs are 31 bits (RFC 2181 §8); larger ones must not break a row. */
export const LARGEST_TTL = 2 ** 31 - 1;

const factColumns = columns(
  `census_id int, ordinal int, mail text, mx_outcome text, mx_status text, mx_reason text, mx_rcode text, mx_ttl int,
   mx_aliases text[],
   zone_apex text, zone_status text, zone_reason text, ds_algorithms smallint[], ds_digest_types smallint[],
   dnskey_algorithms smallint[], denial text, nsec3_iterations int, nsec3_opt_out boolean, name_servers text[],
   soa_rname text, soa_serial bigint, soa_refresh bigint, soa_retry bigint, soa_expire bigint, soa_minimum bigint,
   mta_sts boolean, tls_rpt boolean, seen_at timestamptz`,
);
const edgeColumns = columns('census_id int, ordinal int, preference int, host text');
const hostColumns = columns('census_id int, host text, provider text, bucket int');

export async function writeDomains(
  session: Session,
  census: number,
  seen: readonly SeenDomain[],
  placement: Placement,
): Promise<WrittenDomains> {
  const domains = await session.bulk(
    'dane.domain_fact',
    factColumns,
    seen.map((one) => factRow(census, one)),
  );
  await session.bulk(
    'dane.mx_edge',
    edgeColumns,
    seen.flatMap(({ ordinal, facts }) =>
      facts.edges.map(({ preference, host }) => [census, ordinal, preference, host]),
    ),
  );
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
  const rows = named.map((host) => {
    const { provider, bucket } = placement(host);
    return [census, host, provider, bucket];
  });
  return { domains, hosts: await session.bulk('dane.host', hostColumns, rows) };
}

function factRow(census: number, { ordinal, facts }: SeenDomain): readonly unknown[] {
  const { mx, zone, soa } = facts;
  return [
    census,
    ordinal,
    facts.mail,
    mx.outcome,
    mx.status,
    mx.reason,
    mx.rcode,
    mx.ttl === null ? null : Math.min(mx.ttl, LARGEST_TTL),
    facts.aliases,
    zone?.apex,
    zone?.security,
    zone?.reason,
    zone?.dsAlgorithms,
    zone?.dsDigestTypes,
    zone?.dnskeyAlgorithms,
    zone?.denial,
    zone?.nsec3Iterations,
    zone?.nsec3OptOut,
    zone?.nameServers,
    soa?.rname,
    soa?.serial,
    soa?.refresh,
    soa?.retry,
    soa?.expire,
    soa?.minimum,
    facts.mtaSts,
    facts.tlsRpt,
    facts.seenAt,
  ];
}
