/** Writes what was seen of MX hosts, with the certificates: one slice in one transaction. Rows that are there stay. */
import { sha512Digests } from '../pki/sha512-digests.ts';
import type { CertificateFact, HostFacts, LookupFact } from '../survey/facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { type EntryKey, lookupEntries } from './dictionary.ts';
import { AT_ITSELF, LARGEST_TTL } from './write-domains.ts';
import { writeEndpoints } from './write-endpoints.ts';
import { writeDers } from './write-evidence.ts';
import { findingColumns, findingRows } from './write-findings.ts';
import { writeNameServers } from './write-name-servers.ts';

const seenColumns = columns(
  `census_id int, a_ttl int, a_lookup bigint, aaaa_lookup bigint, tlsa_lookup bigint, seen_at timestamptz, aaaa_ttl int,
   tlsa_ttl int, host text, tlsa_base text, tlsa_outcome text, tlsa_reason text, verdict text, reason text,
   ancestor_consequence text, aliases text[]`,
);
const recordColumns = columns(
  `census_id int, host text, number smallint, usage smallint, selector smallint, matching_type smallint, data bytea,
   reason text, matched_leaf boolean, matched_above boolean, matched_keys text[]`,
);
const certificateColumns = columns(
  `sha256 bytea, spki_sha256 bytea, key_algorithm text, key_bits int, subject text, issuer text,
   not_before timestamptz, not_after timestamptz, self_signed boolean`,
);
const sha512Columns = columns('sha256 bytea, sha512 bytea, spki_sha512 bytea');

/** How many of the hosts were new. The octets of `kept` certificates (SHA-256) are kept. */
export async function writeHosts(
  session: Session,
  census: number,
  hosts: readonly HostFacts[],
  certificates: readonly CertificateFact[],
  kept: ReadonlySet<string> = new Set(),
): Promise<number> {
  const of = (rows: (facts: HostFacts) => readonly (readonly unknown[])[]) => hosts.flatMap(rows);
  // Sorted: two writers that insert the same certificates in different orders would wait for each other.
  const sorted = [...certificates].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  await session.bulk('dane.certificate', certificateColumns, sorted.map(certificateRow));
  await session.bulk('dane.certificate_sha512', sha512Columns, sha512Rows(hosts, sorted));
  await writeDers(
    session,
    sorted.filter(({ sha256 }) => kept.has(sha256)),
  );
  const lookups = lookupEntries();
  const rows = hosts.map((facts) => seenRow(census, facts, lookups.keyOf));
  await lookups.entries.write(session);
  const written = await session.bulk('dane.host_look', seenColumns, rows);
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
        record.matchedLeaf,
        record.matchedAbove,
        record.matchedKeys,
      ]),
    ),
  );
  await writeNameServers(session, census, hosts);
  await writeEndpoints(session, census, hosts);
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

function seenRow(
  census: number,
  facts: HostFacts,
  keyOf: (fact: LookupFact) => EntryKey,
): readonly unknown[] {
  const { a, aaaa, tlsa, tlsaBase, host, aliases } = facts;
  return [
    census,
    ttlOf(a),
    keyOf(a),
    keyOf(aaaa),
    tlsa === null ? null : keyOf(tlsa),
    facts.seenAt,
    ttlOf(aaaa),
    tlsa === null ? null : ttlOf(tlsa),
    host,
    tlsaBase === host ? AT_ITSELF : tlsaBase,
    facts.tlsaOutcome,
    facts.tlsaReason,
    facts.verdict,
    facts.reason,
    facts.ancestorConsequence,
    aliases.length === 0 ? null : aliases,
  ];
}

function ttlOf({ ttl }: LookupFact): number | null {
  return ttl === null ? null : Math.min(ttl, LARGEST_TTL);
}

/** Of the certificates of hosts whose TLSA records hold such digests. */
function sha512Rows(
  hosts: readonly HostFacts[],
  certificates: readonly CertificateFact[],
): readonly (readonly unknown[])[] {
  const sent = new Set(
    hosts
      .filter(({ tlsaRecords }) => tlsaRecords.some(({ matchingType }) => matchingType === 2))
      .flatMap(({ endpoints }) =>
        endpoints.flatMap(({ handshakes }) => handshakes.flatMap(({ chain }) => chain)),
      ),
  );
  return certificates
    .filter(({ sha256 }) => sent.has(sha256))
    .map(({ sha256, der }) => {
      const { certificate, spki } = sha512Digests(der);
      return [sha256, certificate, spki];
    });
}

function certificateRow(certificate: CertificateFact): readonly unknown[] {
  return [
    certificate.sha256,
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
