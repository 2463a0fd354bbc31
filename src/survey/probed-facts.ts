/** What was seen of one endpoint: plain data, as in `facts.ts`. Times are Unix seconds. */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { OtherManner } from '../dane/verifying-manner.ts';
import type { EndpointVerdict } from './verdicts.ts';

/** How far a probe came (RFC 5321, RFC 3207). */
export const probeStages = ['nothing', 'connect', 'greeting', 'ehlo', 'starttls', 'tls'] as const;
export type ProbeStage = (typeof probeStages)[number];

/** Whose fault it was that a probe came no further; null where it came to TLS. `ours` never enters a rate. */
export type Fault = 'ours' | 'network' | 'theirs';

export interface HandshakeFact {
  /** Key algorithm of the leaf: rsa, rsa-pss, ec, ed25519, …; empty where unreadable. */
  readonly keyAlgorithm: string;
  /** Key size in bits, or null. */
  readonly keyBits: number | null;
  readonly protocol: string;
  readonly cipher: string;
  /** SHA-256 (hexadecimal) of each certificate as sent, leaf first. */
  readonly chain: readonly string[];
  /** SHA-256 (hexadecimal) of the leaf's SubjectPublicKeyInfo; empty where unreadable. */
  readonly leafSpki: string;
  /** Why the usable TLSA records do not authenticate it under the host's own name; null where they do, and without any. */
  readonly reason: ReasonKey | null;
  /**
   * Where nothing but the name is amiss: the names that the leaf presents, which a sender to one of them takes instead (RFC 7672
   * §3.2.2); else null. Text from the network: hostile until escaped.
   */
  readonly namesInstead: readonly string[] | null;
  /** The same as `reason` in the manner of programs that leave RFC 7671; null where it is `reason` in all of them. */
  readonly inOtherManners: Readonly<Record<OtherManner, ReasonKey | null>> | null;
}

/**
 * Whether a certificate of the other key algorithm (RSA, ECDSA) is there too.
 * - `not-asked`: no second handshake was wanted, or none is possible (no TLS, or TLS 1.1 and below).
 * - `not-looked`: the second connection did not come as far as TLS: nobody knows, and the verdict rests on one key.
 */
export type SecondKey = 'seen' | 'not-offered' | 'not-looked' | 'not-asked';

/**
 * What a client without SNI is shown, held against what was shown with it (RFC 6066 §3, RFC 7672 §8.1): the same certificates;
 * another chain with the same key in its leaf; a certificate of another key; none, since TLS fails. The server needs SNI but
 * for the first.
 */
export const answersWithoutSni = ['same-chain', 'same-key', 'other-key', 'refused'] as const;
export type AnswerWithoutSni = (typeof answersWithoutSni)[number];

/** How far the probe of an endpoint came, and what it was shown on the way; certificates apart. */
export interface ProbeFacts {
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
  readonly secondKey: SecondKey;
  /** Whether the server has TLS 1.2 and TLS 1.3; null where that was not looked at, or where what was seen does not tell. */
  readonly tls12: boolean | null;
  readonly tls13: boolean | null;
  /** Null where nobody looked, or could. */
  readonly withoutSni: AnswerWithoutSni | null;
  readonly seenAt: Instant;
}

export interface EndpointFacts extends ProbeFacts {
  readonly address: string;
  /** The free choice first, then that of the other key algorithm; empty where no handshake ended well. */
  readonly handshakes: readonly HandshakeFact[];
  /** SHA-256 (hexadecimal) of each certificate shown without SNI, leaf first; null where none was seen. */
  readonly chainWithoutSni: readonly string[] | null;
  readonly verdict: EndpointVerdict;
  readonly reason: ReasonKey | null;
  /** The record that matched, as "3 1 1", and the depth of the certificate that it matched. */
  readonly matched: string | null;
  readonly matchedDepth: number | null;
  /** Whether a usable TLSA record matches what is shown without SNI; null where there is none, or where that was not seen. */
  readonly matchedWithoutSni: boolean | null;
}
