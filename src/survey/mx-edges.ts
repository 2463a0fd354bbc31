/** The MX hosts that an MX RRset names (RFC 5321 §5.1, RFC 7505, RFC 1035 §3.3.9), and what is odd about them. Pure. */
import { isIPv4 } from 'node:net';
import { root } from '../dns/name.ts';
import { readMx } from '../dns/rdata.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Finding, MxEdge } from './facts.ts';
import { factName } from './lookup-fact.ts';

/** Own limit: the largest honest sets have some dozens; each host costs lookups and connections. */
export const MAX_MX_HOSTS = 100;

export interface MxSet {
  /** True where the only record is a null MX (RFC 7505 §3). */
  readonly isNull: boolean;
  /** By preference, then name; each host once, with its best preference. */
  readonly edges: readonly MxEdge[];
  readonly findings: readonly Finding[];
}

export function readMxSet(rrset: RRset): MxSet {
  const best = new Map<string, number>();
  let nullRecords = 0;
  for (const record of rrset.records) {
    const mx = readMx(record);
    if (mx === undefined) continue;
    if (mx.exchange === root) {
      nullRecords++;
      continue;
    }
    const host = factName(mx.exchange);
    best.set(host, Math.min(mx.preference, best.get(host) ?? mx.preference));
  }
  const all = [...best]
    .map(([host, preference]) => ({ host, preference }))
    .sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1));
  const edges = all.slice(0, MAX_MX_HOSTS);
  const findings: Finding[] = [];
  if (all.length > edges.length) findings.push({ key: 'mx-too-many', detail: String(all.length) });
  if (nullRecords > 0 && edges.length > 0) findings.push({ key: 'null-mx-with-others', detail: '' });
  for (const { host } of edges) if (isIPv4(host)) findings.push({ key: 'mx-is-address', detail: host });
  return { isNull: nullRecords > 0 && edges.length === 0, edges, findings };
}
