/** Writes what was seen of MX hosts, with the certificates: one slice in one transaction. Rows that are there stay. */
import type { CertificateFact, HostFacts, LookupFact } from '../survey/facts.ts';
import type { EndpointFacts } from '../survey/probed-facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { LARGEST_TTL } from './write-domains.ts';
import { findingColumns, findingRows } from './write-findings.ts';
import { writeNameServers } from './write-name-servers.ts';

/** A greeting is at most 512 octets (RFC 5321 §4.5.3.1.5). */
const LONGEST_BANNER = 512;

const factColumns = columns(
  `census_id int, host text, a_outcome text, a_status text, a_reason text, a_rcode text, a_ttl int,
   aaaa_outcome text, aaaa_status text, aaaa_reason text, aaaa_rcode text, aaaa_ttl int, aliases text[],
   tlsa_base text, tlsa_lookup text, tlsa_status text, tlsa_lookup_reason text, tlsa_rcode text, tlsa_ttl int,
   tlsa_outcome text, tlsa_reason text, ancestor_consequence text, verdict text, reason text, seen_at timestamptz`,
);
const recordColumns = columns(
  `census_id int, host text, number smallint, usage smallint, selector smallint, matching_type smallint, data bytea,
   reason text`,
);
const endpointColumns = columns(
  `census_id int, host text, address inet, reached text, fault text, because text, banner text, capabilities text[],
   capabilities_in_tls text[], starttls_offered boolean, second_key text,
   tls12 boolean, tls13 boolean, without_sni text, chain_without_sni bytea[], verdict text, reason text, matched text,
   matched_depth smallint, matched_without_sni boolean, seen_at timestamptz`,
);
const handshakeColumns = columns(
  `census_id int, host text, address inet, number smallint, key_algorithm text, key_bits int, protocol text,
   cipher text, chain bytea[], leaf_spki bytea, reason text, names_instead text[]`,
);
const certificateColumns = columns(
  `sha256 bytea, der bytea, spki_sha256 bytea, key_algorithm text, key_bits int, subject text, issuer text,
   not_before timestamptz, not_after timestamptz, self_signed boolean`,
);

/** How many of the hosts were new. */
export async function writeHosts(
  session: Session,
  census: number,
  hosts: readonly HostFacts[],
  certificates: readonly CertificateFact[],
): Promise<number> {
  const of = (rows: (facts: HostFacts) => readonly (readonly unknown[])[]) => hosts.flatMap(rows);
  // Sorted: two writers that insert the same certificates in different orders would wait for each other.
  const sorted = [...certificates].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  await session.bulk('dane.certificate', certificateColumns, sorted.map(certificateRow));
  const written = await session.bulk(
    'dane.host_fact',
    factColumns,
    hosts.map((facts) => factRow(census, facts)),
  );
  await session.bulk(
    'dane.tlsa_record',
    recordColumns,
    of(({ host, tlsaRecords }) =>
      tlsaRecords.map((record, number) => [
        census,
        host,
        number,
        record.usage,
        record.selector,
        record.matchingType,
        record.data,
        record.reason,
      ]),
    ),
  );
  await writeNameServers(session, census, hosts);
  await session.bulk(
    'dane.endpoint',
    endpointColumns,
    of(({ host, endpoints }) => endpoints.map((endpoint) => endpointRow(census, host, endpoint))),
  );
  await session.bulk(
    'dane.handshake',
    handshakeColumns,
    of(({ host, endpoints }) => endpoints.flatMap((endpoint) => handshakeRows(census, host, endpoint))),
  );
  await session.bulk(
    'dane.finding',
    findingColumns,
    of(({ host, findings }) => findingRows(census, 'host', host, findings)),
  );
  await session.query(
    'UPDATE dane.host SET pending = false WHERE census_id = $1 AND host = ANY($2::text[])',
    [census, hosts.map(({ host }) => host)],
  );
  return written;
}

function factRow(census: number, facts: HostFacts): readonly unknown[] {
  return [
    census,
    facts.host,
    ...lookupCells(facts.a),
    ...lookupCells(facts.aaaa),
    facts.aliases,
    facts.tlsaBase,
    ...(facts.tlsa === null ? [null, null, null, null, null] : lookupCells(facts.tlsa)),
    facts.tlsaOutcome,
    facts.tlsaReason,
    facts.ancestorConsequence,
    facts.verdict,
    facts.reason,
    facts.seenAt,
  ];
}

function lookupCells({ outcome, status, reason, rcode, ttl }: LookupFact): readonly unknown[] {
  return [outcome, status, reason, rcode, ttl === null ? null : Math.min(ttl, LARGEST_TTL)];
}

function endpointRow(census: number, host: string, endpoint: EndpointFacts): readonly unknown[] {
  return [
    census,
    host,
    endpoint.address,
    endpoint.reached,
    endpoint.fault,
    endpoint.because,
    endpoint.banner.slice(0, LONGEST_BANNER),
    endpoint.capabilities,
    endpoint.capabilitiesInTls,
    endpoint.starttlsOffered,
    endpoint.secondKey,
    endpoint.tls12,
    endpoint.tls13,
    endpoint.withoutSni,
    endpoint.chainWithoutSni,
    endpoint.verdict,
    endpoint.reason,
    endpoint.matched,
    endpoint.matchedDepth,
    endpoint.matchedWithoutSni,
    endpoint.seenAt,
  ];
}

function handshakeRows(
  census: number,
  host: string,
  { address, handshakes }: EndpointFacts,
): readonly (readonly unknown[])[] {
  return handshakes.map((handshake, number) => [
    census,
    host,
    address,
    number,
    handshake.keyAlgorithm,
    handshake.keyBits,
    handshake.protocol,
    handshake.cipher,
    handshake.chain,
    handshake.leafSpki === '' ? null : handshake.leafSpki,
    handshake.reason,
    handshake.namesInstead,
  ]);
}

function certificateRow(certificate: CertificateFact): readonly unknown[] {
  return [
    certificate.sha256,
    certificate.der,
    certificate.spkiSha256 === '' ? null : certificate.spkiSha256,
    certificate.keyAlgorithm,
    certificate.keyBits,
    certificate.subject,
    certificate.issuer,
    certificate.notBefore,
    certificate.notAfter,
    certificate.selfSigned,
  ];
}
