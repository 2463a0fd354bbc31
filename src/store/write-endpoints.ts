/** What was seen of endpoints, and of the handshakes with them, becomes rows. */
import { otherMannerKeys } from '../dane/verifying-manner.ts';
import type { HostFacts } from '../survey/facts.ts';
import type { EndpointFacts } from '../survey/probed-facts.ts';
import { columns } from './bulk.ts';
import type { Session } from './db.ts';
import { Entries } from './dictionary.ts';

/** A greeting is at most 512 octets (RFC 5321 §4.5.3.1.5). */
const LONGEST_BANNER = 512;

const endpointColumns = columns(
  `census_id int, matched_depth smallint, starttls_offered boolean, tls12 boolean, ehlo bigint, ehlo_in_tls bigint,
   chain_without_sni bigint, seen_at timestamptz, tls13 boolean, matched_without_sni boolean, host text, address inet,
   reached text, fault text, because text, banner text, second_key text, without_sni text, verdict text, reason text,
   matched text`,
);
const handshakeColumns = columns(
  `census_id int, key_bits int, chain bigint, number smallint, host text, address inet, key_algorithm text,
   protocol text, cipher text, leaf_spki bytea, reason text, names_instead text[]`,
);
const otherwiseColumns = columns('census_id int, host text, address inet, number smallint, reasons text[]');

export async function writeEndpoints(
  session: Session,
  census: number,
  hosts: readonly HostFacts[],
): Promise<void> {
  const ehlos = new Entries('ehlo', 'keywords text[]');
  const chains = new Entries('chain', 'certificates bytea[]');
  const endpoints = hosts.flatMap(({ host, endpoints: of }) =>
    of.map((endpoint) => endpointRow(census, host, endpoint, ehlos, chains)),
  );
  const handshakes = hosts.flatMap(({ host, endpoints: of }) =>
    of.flatMap((endpoint) => handshakeRows(census, host, endpoint, chains)),
  );
  await ehlos.write(session);
  await chains.write(session);
  await session.bulk('dane.endpoint_look', endpointColumns, endpoints);
  await session.bulk('dane.handshake_look', handshakeColumns, handshakes);
  await session.bulk(
    'dane.verified_otherwise',
    otherwiseColumns,
    hosts.flatMap(({ host, endpoints: of }) =>
      of.flatMap((endpoint) => otherwiseRows(census, host, endpoint)),
    ),
  );
}

function endpointRow(
  census: number,
  host: string,
  endpoint: EndpointFacts,
  ehlos: Entries,
  chains: Entries,
): readonly unknown[] {
  const { capabilities, capabilitiesInTls, chainWithoutSni } = endpoint;
  return [
    census,
    endpoint.matchedDepth,
    endpoint.starttlsOffered,
    endpoint.tls12,
    ehlos.add([capabilities]),
    capabilitiesInTls === null ? null : ehlos.add([capabilitiesInTls]),
    chainWithoutSni === null ? null : chains.add([chainWithoutSni]),
    endpoint.seenAt,
    endpoint.tls13,
    endpoint.matchedWithoutSni,
    host,
    endpoint.address,
    endpoint.reached,
    endpoint.fault,
    endpoint.because,
    endpoint.banner.slice(0, LONGEST_BANNER),
    endpoint.secondKey,
    endpoint.withoutSni,
    endpoint.verdict,
    endpoint.reason,
    endpoint.matched,
  ];
}

function handshakeRows(
  census: number,
  host: string,
  { address, handshakes }: EndpointFacts,
  chains: Entries,
): readonly (readonly unknown[])[] {
  return handshakes.map((handshake, number) => [
    census,
    handshake.keyBits,
    chains.add([handshake.chain]),
    number,
    host,
    address,
    handshake.keyAlgorithm,
    handshake.protocol,
    handshake.cipher,
    handshake.leafSpki === '' ? null : handshake.leafSpki,
    handshake.reason,
    handshake.namesInstead,
  ]);
}

/** Of those handshakes that some program verifies otherwise than RFC 7671 says. */
function otherwiseRows(
  census: number,
  host: string,
  { address, handshakes }: EndpointFacts,
): readonly (readonly unknown[])[] {
  return handshakes.flatMap(({ inOtherManners }, number) =>
    inOtherManners === null
      ? []
      : [[census, host, address, number, otherMannerKeys.map((manner) => inOtherManners[manner] ?? '')]],
  );
}
