/** Answers at the probe's port with what was seen of a host's endpoints before: facts, and certificates by their digests. */
import type { HostFacts } from '../survey/facts.ts';
import type { ProbeEndpoint } from '../survey/probe-port.ts';

/** DER of a certificate by its SHA-256 (hexadecimal); undefined where it was not kept. */
export type DerOf = (sha256: string) => Uint8Array | undefined;

/** Thrown for an endpoint that nobody looked at in this way, or whose certificates were not kept. */
export class NotRecorded extends Error {}

export function recordedProbe({ host, tlsaBase, endpoints }: HostFacts, derOf: DerOf): ProbeEndpoint {
  const certificate = (sha256: string): Uint8Array => {
    const der = derOf(sha256);
    if (der === undefined) throw new NotRecorded(`the certificate ${sha256} was not kept`);
    return der;
  };
  return async ({ address, serverName }) => {
    const seen = endpoints.find((endpoint) => endpoint.address === address);
    // Another name in SNI may be shown another certificate.
    if (seen === undefined || serverName !== (tlsaBase ?? host)) {
      throw new NotRecorded(`nobody looked at ${address} for ${serverName}`);
    }
    const { reached, fault, because, banner, capabilities, capabilitiesInTls, starttlsOffered } = seen;
    const { secondKey, tls12, tls13, withoutSni, seenAt } = seen;
    return {
      ...{ reached, fault, because, banner, capabilities, capabilitiesInTls, starttlsOffered },
      ...{ secondKey, tls12, tls13, withoutSni, seenAt },
      handshakes: seen.handshakes.map(({ protocol, cipher, chain }) => ({
        protocol,
        cipher,
        chain: chain.map(certificate),
      })),
      chainWithoutSni: seen.chainWithoutSni?.map(certificate) ?? null,
    };
  };
}
