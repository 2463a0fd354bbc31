/**
 * What was seen of the name servers of one zone, address by address: plain data, as in `facts.ts`. Names are A-labels in
 * presentation form, lower case, without the final dot.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { nameServerReasons } from '../base/reasons/name-servers.ts';
import type { SecurityStatus } from '../base/security.ts';

/** What is wrong with one server address: keys of `base/reasons/name-servers.ts`, or how it denies an ancestor. */
export type NameServerFault =
  | keyof typeof nameServerReasons
  | 'ancestor-denied'
  | 'ancestor-nxdomain-unproven'
  | 'ancestor-proof-contradicts';

/** A server address, and octets of its reply where they are kept as evidence. */
interface OfServer {
  readonly server: string;
  readonly address: string;
  readonly reply?: Uint8Array;
}

/** What one address of one name server answered to the question: TLSA of an MX host, or MX of a domain. */
export interface ServerAnswerFact extends OfServer {
  /** The name that was asked for; an alias of the TLSA name where the zone's answer is one. */
  readonly name: string;
  /** Where there was no reply, the reason key in capitals: TIMEOUT, TCP-FAILED, MALFORMED-REPLY, NETWORK-UNREACHABLE, … */
  readonly rcode: string;
  /** A digest of the RRset, or empty. */
  readonly answer: string;
  /** Of its own reply; null where there was none to be judged. */
  readonly status: SecurityStatus | null;
  /** Null where the status is secure or null. */
  readonly reason: ReasonKey | null;
  /** Of the zone's SOA; null where it showed none. */
  readonly serial: number | null;
  /** By key, each once. */
  readonly faults: readonly NameServerFault[];
}

/**
 * `exists` is the only healthy one: the server says so, be its proof right or not (nobody on the way down looks at it). `failed`:
 * no reply of use.
 */
export type AncestorProof =
  | 'exists'
  | 'denied-validly'
  | 'denied-unproven'
  | 'denied-contradictory'
  | 'failed';

/** How one server address answers for an ancestor, judged by its own reply. */
export interface AncestorAtServerFact extends OfServer {
  readonly rcode: string;
  readonly proof: AncestorProof;
  readonly reason: ReasonKey | null;
}

/**
 * An ancestor of the TLSA name between it and the zone cut (RFC 8020), as its name servers answer for it directly. Rcode, proof
 * and reason are those of the worst server that shows the TLSA RRset: one bad server is enough to lose it.
 */
export interface AncestorFact {
  readonly name: string;
  readonly rcode: string;
  readonly proof: AncestorProof;
  readonly reason: ReasonKey | null;
  /** By server and address. */
  readonly servers: readonly AncestorAtServerFact[];
}
