/** Reads back what was seen of domains, as `write-domains.ts` wrote it. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SecurityStatus } from '../base/security.ts';
import type { DomainFacts, LookupFact, MailKind } from '../survey/facts.ts';
import type { Session } from './db.ts';
import { findingsOf, groupedBy, instantOf, lookupFrom, serverAnswersOf } from './read-facts.ts';

interface FactRow {
  readonly ordinal: number;
  readonly domain: string;
  readonly mail: MailKind;
  readonly mx_outcome: LookupFact['outcome'];
  readonly mx_status: SecurityStatus;
  readonly mx_reason: ReasonKey | null;
  readonly mx_rcode: string;
  readonly mx_ttl: number | null;
  readonly mx_aliases: string[] | null;
  readonly zone_apex: string | null;
  readonly zone_status: SecurityStatus;
  readonly zone_reason: ReasonKey | null;
  readonly ds_algorithms: number[];
  readonly ds_digest_types: number[];
  readonly dnskey_algorithms: number[];
  readonly denial: 'nsec' | 'nsec3' | null;
  readonly nsec3_iterations: number | null;
  readonly nsec3_opt_out: boolean | null;
  readonly name_servers: string[] | null;
  readonly soa_rname: string | null;
  readonly soa_serial: number;
  readonly soa_refresh: number;
  readonly soa_retry: number;
  readonly soa_expire: number;
  readonly soa_minimum: number;
  readonly mta_sts: boolean | null;
  readonly tls_rpt: boolean | null;
  readonly delegation_from_list: boolean;
  readonly seen_at: Date;
}

/** Of these domains those that were looked at, by name. For a few hundred at once. */
export async function readDomainFacts(
  session: Session,
  census: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, DomainFacts>> {
  const named = [census, JSON.stringify(names)];
  const rows = await session.query<FactRow>(
    `SELECT d.name AS domain, f.* FROM dane.domain d JOIN dane.domain_fact f USING (census_id, ordinal)
      WHERE d.census_id = $1 AND d.name IN (SELECT jsonb_array_elements_text($2::text::jsonb))`,
    named,
  );
  const edges = groupedBy(
    await session.query<{ name: string; host: string; preference: number }>(
      `SELECT d.name, e.host, e.preference FROM dane.domain d JOIN dane.mx_edge e USING (census_id, ordinal)
        WHERE d.census_id = $1 AND d.name IN (SELECT jsonb_array_elements_text($2::text::jsonb))
        ORDER BY e.preference, e.host COLLATE "C"`,
      named,
    ),
    ({ name }) => name,
  );
  const findings = await findingsOf(session, census, 'domain', names);
  const answers = await serverAnswersOf(session, census, 'domain', names);
  return new Map(
    rows.map((row) => [
      row.domain,
      {
        domain: row.domain,
        mail: row.mail,
        mx: lookupFrom(row, 'mx'),
        aliases: row.mx_aliases ?? [],
        edges: (edges.get(row.domain) ?? []).map(({ host, preference }) => ({ host, preference })),
        zone: zoneOf(row),
        soa: soaOf(row),
        mtaSts: row.mta_sts,
        tlsRpt: row.tls_rpt,
        serverAnswers: answers.get(row.domain) ?? [],
        findings: findings.get(row.domain) ?? [],
        ...(row.delegation_from_list && { delegationFromList: true }),
        seenAt: instantOf(row.seen_at),
      },
    ]),
  );
}

function zoneOf(row: FactRow): DomainFacts['zone'] {
  if (row.zone_apex === null) return null;
  return {
    apex: row.zone_apex,
    security: row.zone_status,
    reason: row.zone_reason,
    dsAlgorithms: row.ds_algorithms,
    dsDigestTypes: row.ds_digest_types,
    dnskeyAlgorithms: row.dnskey_algorithms,
    denial: row.denial,
    nsec3Iterations: row.nsec3_iterations,
    nsec3OptOut: row.nsec3_opt_out,
    nameServers: row.name_servers,
  };
}

function soaOf(row: FactRow): DomainFacts['soa'] {
  if (row.soa_rname === null) return null;
  return {
    rname: row.soa_rname,
    serial: row.soa_serial,
    refresh: row.soa_refresh,
    retry: row.soa_retry,
    expire: row.soa_expire,
    minimum: row.soa_minimum,
  };
}
