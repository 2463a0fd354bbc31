/** What a job still has to do: read from what is not there yet, so that a job that runs twice does nothing twice. */

import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { TlsaOutcome } from '../dane/tlsa-record.ts';
import type { DomainFacts, MxEdge } from '../survey/facts.ts';
import type { HostVerdict, JudgedDomain } from '../survey/verdicts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import type { OrdinalRange } from './part.ts';

export interface PendingDomain {
  readonly ordinal: number;
  readonly name: string;
}

/** Domains of the range that have not been looked at, in order. */
export function pendingDomains(
  session: Session,
  census: number,
  { first, last }: OrdinalRange,
): Promise<PendingDomain[]> {
  return session.query<PendingDomain>(
    `SELECT d.ordinal, d.name FROM dane.domain d
      WHERE d.census_id = $1 AND d.ordinal BETWEEN $2 AND $3
        AND NOT EXISTS (SELECT FROM dane.domain_fact f WHERE f.census_id = $1 AND f.ordinal = d.ordinal)
      ORDER BY d.ordinal`,
    [census, first, last],
  );
}

/** At most `limit` hosts of the bucket that have not been looked at, those of one provider beside each other. */
export async function pendingHosts(
  session: Session,
  census: number,
  bucket: number,
  limit: number,
): Promise<string[]> {
  const rows = await session.query<{ host: string }>(
    `SELECT host FROM dane.host WHERE census_id = $1 AND bucket = $2 AND pending
      ORDER BY provider, host LIMIT $3`,
    [census, bucket, limit],
  );
  return rows.map(({ host }) => host);
}

export type JudgedHost = { verdict: HostVerdict; reason: ReasonKey | null; tlsaOutcome: TlsaOutcome };

/** What the judge of a domain reads. */
export interface DomainToJudge {
  readonly ordinal: number;
  readonly facts: Pick<DomainFacts, 'mail' | 'mx' | 'edges'>;
}

/** Domains of the range that were looked at and have no verdict, and the hosts that they name. */
export async function pendingVerdicts(
  session: Session,
  census: number,
  { first, last }: OrdinalRange,
): Promise<{ domains: DomainToJudge[]; hosts: Map<string, JudgedHost> }> {
  const facts = await session.query<Pick<DomainFacts, 'mail' | 'mx'> & { ordinal: number }>(
    `SELECT f.ordinal, f.mail,
            json_build_object('outcome', f.mx_outcome, 'status', f.mx_status, 'reason', f.mx_reason,
                              'rcode', f.mx_rcode, 'ttl', f.mx_ttl) AS mx
       FROM dane.domain_fact f
      WHERE f.census_id = $1 AND f.ordinal BETWEEN $2 AND $3
        AND NOT EXISTS (SELECT FROM dane.domain_verdict v WHERE v.census_id = $1 AND v.ordinal = f.ordinal)
      ORDER BY f.ordinal`,
    [census, first, last],
  );
  const edges = new Map<number, MxEdge[]>();
  for (const { ordinal, host, preference } of await session.query<MxEdge & { ordinal: number }>(
    `SELECT ordinal, host, preference FROM dane.mx_edge
      WHERE census_id = $1 AND ordinal BETWEEN $2 AND $3 ORDER BY ordinal, preference, host COLLATE "C"`,
    [census, first, last],
  )) {
    const known = edges.get(ordinal);
    if (known === undefined) edges.set(ordinal, [{ host, preference }]);
    else known.push({ host, preference });
  }
  const hosts = new Map<string, JudgedHost>();
  for (const { host, ...judged } of await session.query<JudgedHost & { host: string }>(
    `SELECT f.host, f.verdict, f.reason, f.tlsa_outcome AS "tlsaOutcome"
       FROM dane.host_fact f
      WHERE f.census_id = $1
        AND f.host IN (SELECT e.host FROM dane.mx_edge e WHERE e.census_id = $1 AND e.ordinal BETWEEN $2 AND $3)`,
    [census, first, last],
  )) {
    hosts.set(host, judged);
  }
  const domains = facts.map(({ ordinal, mail, mx }) => ({
    ordinal,
    facts: { mail, mx, edges: edges.get(ordinal) ?? [] },
  }));
  return { domains, hosts };
}

const verdictColumns = columns('census_id int, ordinal int, verdict text, reason text');

/** How many of the verdicts were new. */
export function writeVerdicts(
  session: Session,
  census: number,
  verdicts: readonly { readonly ordinal: number; readonly judged: JudgedDomain }[],
): Promise<number> {
  return session.bulk(
    'dane.domain_verdict',
    verdictColumns,
    verdicts.map(({ ordinal, judged }) => [census, ordinal, judged.verdict, judged.reason]),
  );
}
