/**
 * The port through which a survey looks at an endpoint, and what it hears of it. Gathered, not judged: certificates are octets
 * as sent. `net/smtp-probe.ts` is behind it; a test puts a function there.
 */
import type { ProbeFacts } from './probed-facts.ts';

export interface Endpoint {
  /** IPv4 or IPv6 address in text. */
  readonly address: string;
  /** What SNI names (RFC 7672 §8.1): the TLSA base domain, or the MX host; empty for none. */
  readonly serverName: string;
  /** Whether to ask again, on a second connection, for a certificate of the other key algorithm (RSA or ECDSA). */
  readonly bothKeyAlgorithms: boolean;
  /** Whether to spend further connections, until it is known which TLS versions there are and what is shown without SNI. */
  readonly everyTlsQuestion: boolean;
}

export interface ProbedHandshake {
  /** As Node names it: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3. */
  readonly protocol: string;
  /** IANA's name of the cipher suite. */
  readonly cipher: string;
  /** DER of each certificate, in the order and number sent. */
  readonly chain: readonly Uint8Array[];
}

export interface ProbeResult extends ProbeFacts {
  /** As `EndpointFacts` has them, with the certificates as sent. */
  readonly handshakes: readonly ProbedHandshake[];
  /** DER of each certificate shown without SNI, in the order and number sent; null where none was seen. */
  readonly chainWithoutSni: readonly Uint8Array[] | null;
}

/** Looks at one endpoint. Rejects only for our own faults and with the signal's reason; whatever the server does is a result. */
export type ProbeEndpoint = (endpoint: Endpoint, signal?: AbortSignal) => Promise<ProbeResult>;
