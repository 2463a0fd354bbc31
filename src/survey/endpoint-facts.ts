/** One endpoint: probed, described, judged (RFC 7672 §2.2, §3). */
import type { TlsaRecord } from '../dane/tlsa-record.ts';
import type { DescribedCertificate } from '../pki/certificate-fact.ts';
import { type EndpointDemand, judgeEndpoint } from './judge-endpoint.ts';
import type { ProbedHandshake, ProbeEndpoint } from './probe-port.ts';
import type { EndpointFacts, HandshakeFact } from './probed-facts.ts';

/** Describes a certificate; remembers, since one chain is seen at many endpoints. */
export type Describe = (der: Uint8Array) => DescribedCertificate;

export interface EndpointToSurvey {
  readonly address: string;
  readonly serverName: string;
  readonly demand: EndpointDemand & { readonly records: readonly TlsaRecord[] };
  /** Whether to ask of TLS whatever can be asked, and not only what a verdict hangs on. */
  readonly everyTlsQuestion: boolean;
}

/** Every certificate seen is described, and is so handed to whoever collects from `describe`. */
export async function surveyEndpoint(
  { address, serverName, demand, everyTlsQuestion }: EndpointToSurvey,
  probe: ProbeEndpoint,
  describe: Describe,
  signal: AbortSignal | undefined,
): Promise<EndpointFacts> {
  const bothKeyAlgorithms = everyTlsQuestion || demand.tlsaOutcome === 'usable';
  const seen = await probe({ address, serverName, bothKeyAlgorithms, everyTlsQuestion }, signal);
  const judged = judgeEndpoint(seen, demand, seen.seenAt);
  return {
    address,
    ...seen,
    ...judged,
    handshakes: seen.handshakes.map((handshake, at) => ({
      ...describeHandshake(handshake, describe),
      ...judged.handshakes[at]!,
    })),
    chainWithoutSni: seen.chainWithoutSni?.map((der) => describe(der).sha256) ?? null,
  };
}

function describeHandshake(
  { protocol, cipher, chain }: ProbedHandshake,
  describe: Describe,
): Omit<HandshakeFact, 'reason' | 'namesInstead' | 'inOtherManners'> {
  const described = chain.map(describe);
  const leaf = described[0];
  return {
    keyAlgorithm: leaf?.keyAlgorithm ?? '',
    keyBits: leaf?.keyBits ?? null,
    protocol,
    cipher,
    chain: described.map(({ sha256 }) => sha256),
    leafSpki: leaf?.spkiSha256 ?? '',
  };
}
