/** What a job still has to do: read from what is not there yet, so that a job that runs twice does nothing twice. */

import type { DomainFacts, DomainToSurvey, MxEdge } from '../survey/facts.ts';
import type { SenderLetters } from '../survey/sender-letters.ts';
import type { JudgedDomain } from '../survey/verdicts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { type HostToJudge, hostsToJudge } from './hosts-to-judge.ts';
import { listedDelegations } from './listed-delegations.ts';
import type { OrdinalRange } from './part.ts';

export interface PendingDomain extends DomainToSurvey {
  readonly ordinal: number;
}

/** Domains of the range that have not been looked at, in order, with the delegations that lists hold. */
export async function pendingDomains(
  session: Session,
  census: number,
  range: OrdinalRange,
): Promise<PendingDomain[]> {
  const delegations = await listedDelegations(session, census, range);
  const { first, last } = range;
  const rows = await session.query<{ ordinal: number; name: string }>(
    `SELECT d.ordinal, d.name FROM dane.domain d
      WHERE d.census_id = $1 AND d.ordinal BETWEEN $2 AND $3
        AND NOT EXISTS (SELECT FROM dane.domain_fact f WHERE f.census_id = $1 AND f.ordinal = d.ordinal)
      ORDER BY d.ordinal`,
    [census, first, last],
  );
  return rows.map(({ ordinal, name }) => ({ ordinal, name, delegation: delegations.get(ordinal) ?? null }));
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

/** What the judges of a domain and of its senders read. */
export interface DomainToJudge {
  readonly ordinal: number;
  readonly facts: Pick<DomainFacts, 'domain' | 'mail' | 'mx' | 'aliases' | 'edges'>;
}

/** Domains of the range that were looked at and have no verdict, and the hosts that they name. */
export async function pendingVerdicts(
  session: Session,
  census: number,
  { first, last }: OrdinalRange,
): Promise<{ domains: DomainToJudge[]; hosts: Map<string, HostToJudge> }> {
  const facts = await session.query<Omit<DomainToJudge['facts'], 'edges'> & { ordinal: number }>(
    `SELECT f.ordinal, d.name AS domain, f.mail, coalesce(f.mx_aliases, '{}') AS aliases,
            json_build_object('outcome', f.mx_outcome, 'status', f.mx_status, 'reason', f.mx_reason,
                              'rcode', f.mx_rcode, 'ttl', f.mx_ttl) AS mx
       FROM dane.domain_fact f JOIN dane.domain d ON d.census_id = f.census_id AND d.ordinal = f.ordinal
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
  const names = new Set([...edges.values()].flatMap((of) => of.map(({ host }) => host)));
  const hosts = await hostsToJudge(session, census, [...names]);
  const domains = facts.map(({ ordinal, ...seen }) => ({
    ordinal,
    facts: { ...seen, edges: edges.get(ordinal) ?? [] },
  }));
  return { domains, hosts };
}

const verdictColumns = columns(
  'census_id int, ordinal int, verdict text, reason text, senders text, hurt boolean',
);

export interface DomainJudged {
  readonly ordinal: number;
  readonly judged: JudgedDomain;
  readonly mail: SenderLetters;
}

/** How many of the verdicts were new. */
export function writeVerdicts(
  session: Session,
  census: number,
  verdicts: readonly DomainJudged[],
): Promise<number> {
  return session.bulk(
    'dane.domain_verdict',
    verdictColumns,
    verdicts.map(({ ordinal, judged, mail }) => [
      census,
      ordinal,
      judged.verdict,
      judged.reason,
      mail.senders,
      mail.hurt,
    ]),
  );
}
