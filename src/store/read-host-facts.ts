/** Reads back what was seen of MX hosts, as `write-hosts.ts` wrote it. */
import type { HostFacts, TlsaFact, TlsaZoneFact } from '../survey/facts.ts';
import type { AncestorAtServerFact, AncestorFact } from '../survey/name-server-facts.ts';
import type { EndpointFacts, HandshakeFact } from '../survey/probed-facts.ts';
import type { Row, Session } from './db.ts';
import { inManners } from './hosts-to-judge.ts';
import { findingsOf, groupedBy, hexOf, instantOf, lookupFrom, serverAnswersOf } from './read-facts.ts';

/** Of these hosts those that were looked at, by name. For a few hundred at once. */
export async function readHostFacts(
  session: Session,
  census: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, HostFacts>> {
  const rowsOf = async (columns: string, table: string, order: string) => {
    const rows = await session.query(
      `SELECT host, ${columns} FROM dane.${table}
        WHERE census_id = $1 AND host IN (SELECT jsonb_array_elements_text($2::text::jsonb)) ORDER BY host, ${order}`,
      [census, JSON.stringify(names)],
    );
    const groups = groupedBy(rows, ({ host }) => host as string);
    return (host: string): readonly Row[] => groups.get(host) ?? [];
  };
  const facts = await rowsOf('*', 'host_fact', 'host');
  const homes = await rowsOf('provider', 'host', 'host');
  const records = await rowsOf(
    'usage, selector, matching_type, data, reason, matched_leaf, matched_above, matched_keys',
    'tlsa_record',
    'number',
  );
  const zones = await rowsOf('*', 'tlsa_zone', 'host');
  const ancestors = await rowsOf('name, rcode, proof, reason', 'tlsa_ancestor', 'number');
  const atServers = await rowsOf('name, server, address, rcode, proof, reason', 'ancestor_server', 'number');
  const behaviours = await rowsOf('behaviour, fates, fates_after_ancestor', 'ancestor_behaviour', 'number');
  // The order of the survey.
  const byAddress = 'family(address), host(address) COLLATE "C"';
  const endpoints = await rowsOf('*, host(address) AS at', 'endpoint', byAddress);
  const handshakes = await rowsOf('*, host(address) AS at', 'handshake', 'number');
  const otherwise = await rowsOf('number, reasons, host(address) AS at', 'verified_otherwise', 'number');
  const findings = await findingsOf(session, census, 'host', names);
  const answers = await serverAnswersOf(session, census, 'host', names);

  const hostFacts = (row: Row): HostFacts => {
    const host = row.host as string;
    return {
      host,
      provider: homes(host)[0]!.provider as string,
      a: lookupFrom(row, 'a'),
      aaaa: lookupFrom(row, 'aaaa'),
      aliases: row.aliases as string[],
      tlsaBase: row.tlsa_base as string | null,
      tlsa: tlsaLookupOf(row),
      tlsaOutcome: row.tlsa_outcome as HostFacts['tlsaOutcome'],
      tlsaReason: row.tlsa_reason as HostFacts['tlsaReason'],
      tlsaRecords: records(host).map(tlsaRecord),
      tlsaZone: zones(host).map(tlsaZone)[0] ?? null,
      ancestors: ancestors(host).map((ancestor) => ancestorOf(ancestor, atServers(host))),
      behaviours: behaviours(host).map(({ behaviour, fates, fates_after_ancestor: fatesAfterAncestor }) => {
        return { behaviour, fates, fatesAfterAncestor } as HostFacts['behaviours'][number];
      }),
      ancestorConsequence: row.ancestor_consequence as HostFacts['ancestorConsequence'],
      serverAnswers: answers.get(host) ?? [],
      endpoints: endpoints(host).map((endpoint) =>
        endpointOf(
          endpoint,
          handshakes(host).filter(({ at }) => at === endpoint.at),
          otherwise(host).filter(({ at }) => at === endpoint.at),
        ),
      ),
      verdict: row.verdict as HostFacts['verdict'],
      reason: row.reason as HostFacts['reason'],
      findings: findings.get(host) ?? [],
      seenAt: instantOf(row.seen_at as Date),
    };
  };
  return new Map(names.flatMap((name) => facts(name).map((row) => [name, hostFacts(row)] as const)));
}

function tlsaLookupOf(row: Row): HostFacts['tlsa'] {
  if (row.tlsa_lookup === null) return null;
  const {
    tlsa_lookup: tlsa_outcome,
    tlsa_status,
    tlsa_lookup_reason: tlsa_reason,
    tlsa_rcode,
    tlsa_ttl,
  } = row;
  return lookupFrom({ tlsa_outcome, tlsa_status, tlsa_reason, tlsa_rcode, tlsa_ttl }, 'tlsa');
}

function tlsaRecord({ usage, selector, reason, ...row }: Row): TlsaFact {
  return {
    ...{ usage, selector, reason },
    matchingType: row.matching_type,
    data: hexOf(row.data as Uint8Array),
    matchedLeaf: row.matched_leaf,
    matchedAbove: row.matched_above,
    matchedKeys: row.matched_keys,
  } as TlsaFact;
}

function tlsaZone({ apex, ...row }: Row): TlsaZoneFact {
  const soa = {
    rname: row.soa_rname,
    serial: row.soa_serial,
    refresh: row.soa_refresh,
    retry: row.soa_retry,
    expire: row.soa_expire,
    minimum: row.soa_minimum,
  };
  return { apex, soa } as TlsaZoneFact;
}

function ancestorOf({ name, rcode, proof, reason }: Row, atServers: readonly Row[]): AncestorFact {
  const servers = atServers
    .filter((one) => one.name === name)
    .map(({ server, address, rcode, proof, reason }) => ({ server, address, rcode, proof, reason }));
  return {
    name,
    rcode,
    proof,
    reason,
    servers: servers as unknown as AncestorAtServerFact[],
  } as AncestorFact;
}

function endpointOf(row: Row, handshakes: readonly Row[], otherwise: readonly Row[]): EndpointFacts {
  const { reached, fault, because, banner, capabilities, verdict, reason, matched, tls12, tls13 } = row;
  const chain = row.chain_without_sni as Uint8Array[] | null;
  return {
    ...{ reached, fault, because, banner, capabilities, verdict, reason, matched, tls12, tls13 },
    address: row.at,
    capabilitiesInTls: row.capabilities_in_tls,
    starttlsOffered: row.starttls_offered,
    secondKey: row.second_key,
    withoutSni: row.without_sni,
    chainWithoutSni: chain?.map(hexOf) ?? null,
    matchedDepth: row.matched_depth,
    matchedWithoutSni: row.matched_without_sni,
    handshakes: handshakes.map((handshake) =>
      handshakeOf(
        handshake,
        otherwise.find(({ number }) => number === handshake.number),
      ),
    ),
    seenAt: instantOf(row.seen_at as Date),
  } as EndpointFacts;
}

function handshakeOf({ protocol, cipher, reason, ...row }: Row, otherwise: Row | undefined): HandshakeFact {
  return {
    ...{ protocol, cipher, reason },
    keyAlgorithm: row.key_algorithm,
    keyBits: row.key_bits,
    chain: (row.chain as Uint8Array[]).map(hexOf),
    leafSpki: hexOf(row.leaf_spki as Uint8Array | null),
    namesInstead: row.names_instead,
    inOtherManners: otherwise === undefined ? null : inManners(otherwise.reasons as string[]),
  } as unknown as HandshakeFact;
}
