/** Reads back of MX hosts what the judges of domains and of senders read of them. */
import { otherMannerKeys } from '../dane/verifying-manner.ts';
import type { HostForSenders, LookupForSenders } from '../survey/host-for-senders.ts';
import type { HostForDomain } from '../survey/judge-domain.ts';
import type { HandshakeFact } from '../survey/probed-facts.ts';
import type { Session } from './db.ts';

export interface HostToJudge extends HostForDomain, HostForSenders {
  readonly endpoints: readonly EndpointToJudge[];
}

type EndpointToJudge = HostForDomain['endpoints'][number] & HostForSenders['endpoints'][number];
type HandshakeToJudge = EndpointToJudge['handshakes'][number];

/** By name; a host that has not been looked at is not in it. */
export async function hostsToJudge(
  session: Session,
  census: number,
  names: readonly string[],
): Promise<Map<string, HostToJudge>> {
  const endpoints = await endpointsOf(session, census, names, await handshakesOf(session, census, names));
  const hosts = new Map<string, HostToJudge>();
  for (const {
    host,
    unreadable,
    aStatus,
    aReason,
    aOutcome,
    aaaaStatus,
    aaaaReason,
    aaaaOutcome,
    ...facts
  } of await session.query<HostRow>(
    `SELECT f.host, f.verdict, f.reason, f.tlsa_outcome AS "tlsaOutcome", f.tlsa_reason AS "tlsaReason",
              f.tlsa_base AS "tlsaBase", f.aliases, f.a_outcome AS "aOutcome", f.a_status AS "aStatus",
              f.a_reason AS "aReason", f.aaaa_outcome AS "aaaaOutcome", f.aaaa_status AS "aaaaStatus",
              f.aaaa_reason AS "aaaaReason",
              f.tlsa_outcome = 'unusable' AND EXISTS (
                SELECT FROM dane.tlsa_record t
                 WHERE t.census_id = $1 AND t.host = f.host AND t.reason = 'data-unparsable') AS unreadable
         FROM dane.host_fact f
        WHERE f.census_id = $1 AND f.host = ANY($2::text[])`,
    [census, names],
  )) {
    hosts.set(host, {
      ...facts,
      a: { outcome: aOutcome, status: aStatus, reason: aReason },
      aaaa: { outcome: aaaaOutcome, status: aaaaStatus, reason: aaaaReason },
      tlsaRecords: unreadable ? [{ reason: 'data-unparsable' }] : [],
      endpoints: endpoints.get(host) ?? [],
    });
  }
  return hosts;
}

interface HostRow
  extends Pick<HostToJudge, 'verdict' | 'reason' | 'tlsaOutcome' | 'tlsaReason' | 'tlsaBase' | 'aliases'> {
  readonly host: string;
  readonly unreadable: boolean;
  readonly aOutcome: LookupForSenders['outcome'];
  readonly aStatus: LookupForSenders['status'];
  readonly aReason: LookupForSenders['reason'];
  readonly aaaaOutcome: LookupForSenders['outcome'];
  readonly aaaaStatus: LookupForSenders['status'];
  readonly aaaaReason: LookupForSenders['reason'];
}

/** In the order of the survey: IPv4 first, then by the address as text. */
async function endpointsOf(
  session: Session,
  census: number,
  names: readonly string[],
  handshakes: ReadonlyMap<string, readonly HandshakeToJudge[]>,
): Promise<Map<string, EndpointToJudge[]>> {
  const endpoints = new Map<string, EndpointToJudge[]>();
  for (const { host, address, ...endpoint } of await session.query<
    Omit<EndpointToJudge, 'handshakes'> & { host: string; address: string }
  >(
    `SELECT e.host, host(e.address) AS address, e.reached, e.because, e.second_key AS "secondKey", e.verdict, e.reason
       FROM dane.endpoint e
      WHERE e.census_id = $1 AND e.host = ANY($2::text[])
      ORDER BY e.host, family(e.address), host(e.address) COLLATE "C"`,
    [census, names],
  )) {
    add(endpoints, host, { ...endpoint, handshakes: handshakes.get(endpointKey(host, address)) ?? [] });
  }
  return endpoints;
}

async function handshakesOf(
  session: Session,
  census: number,
  names: readonly string[],
): Promise<Map<string, HandshakeToJudge[]>> {
  const handshakes = new Map<string, HandshakeToJudge[]>();
  for (const { host, address, otherwise, ...handshake } of await session.query<
    Omit<HandshakeToJudge, 'inOtherManners'> & { host: string; address: string; otherwise: string[] | null }
  >(
    `SELECT h.host, host(h.address) AS address, h.key_algorithm AS "keyAlgorithm", h.protocol, h.reason,
            h.names_instead AS "namesInstead", o.reasons AS otherwise
       FROM dane.handshake h
       LEFT JOIN dane.verified_otherwise o
         ON o.census_id = h.census_id AND o.host = h.host AND o.address = h.address AND o.number = h.number
      WHERE h.census_id = $1 AND h.host = ANY($2::text[])
      ORDER BY h.host, h.address, h.number`,
    [census, names],
  )) {
    const inOtherManners = otherwise === null ? null : inManners(otherwise);
    add(handshakes, endpointKey(host, address), { ...handshake, inOtherManners });
  }
  return handshakes;
}

/** From a row of dane.verified_otherwise. */
export function inManners(reasons: readonly string[]): NonNullable<HandshakeFact['inOtherManners']> {
  const entries = otherMannerKeys.map((manner, at) => [manner, reasons[at] === '' ? null : reasons[at]!]);
  return Object.fromEntries(entries) as NonNullable<HandshakeFact['inOtherManners']>;
}

function endpointKey(host: string, address: string): string {
  return `${host} ${address}`;
}

function add<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}
