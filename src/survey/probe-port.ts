/**
 * The port through which a survey looks at an endpoint, and what it hears of it. Gathered, not judged: certificates are octets
 * as sent. `net/smtp-probe.ts` is behind it; a test puts a function there.
 */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Fault, ProbeStage, SecondKey } from './facts.ts';

export interface Endpoint {
  /** IPv4 or IPv6 address in text. */
  readonly address: string;
  /** What SNI names (RFC 7672 §8.1): the TLSA base domain, or the MX host; empty for none. */
  readonly serverName: string;
  /** Whether to ask again, on a second connection, for a certificate of the other key algorithm (RSA or ECDSA). */
  readonly bothKeyAlgorithms: boolean;
}

export interface ProbedHandshake {
  /** As Node names it: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3. */
  readonly protocol: string;
  /** IANA's name of the cipher suite. */
  readonly cipher: string;
  /** DER of each certificate, in the order and number sent. */
  readonly chain: readonly Uint8Array[];
}

export interface ProbeResult {
  readonly reached: ProbeStage;
  /** Null exactly where `reached` is `tls`. Only `theirs` says something about the server. */
  readonly fault: Fault | null;
  readonly because: ReasonKey | null;
  /** First line of the greeting without its code, empty before there was one; octets as latin1: hostile until escaped. */
  readonly banner: string;
  /** EHLO keywords before TLS, upper case, sorted, each once. */
  readonly capabilities: readonly string[];
  /** The same within TLS (RFC 3207 §4.2); null where EHLO was not answered there. */
  readonly capabilitiesInTls: readonly string[] | null;
  /** Null where EHLO was not answered: could not look. */
  readonly starttlsOffered: boolean | null;
  /** The free choice first, then that of the other key algorithm; empty where no handshake ended well. */
  readonly handshakes: readonly ProbedHandshake[];
  readonly secondKey: SecondKey;
  readonly seenAt: Instant;
}

/** Looks at one endpoint. Rejects only for our own faults and with the signal's reason; whatever the server does is a result. */
export type ProbeEndpoint = (endpoint: Endpoint, signal?: AbortSignal) => Promise<ProbeResult>;
