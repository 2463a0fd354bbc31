/** What the judge of senders needs to know of one MX host: facts that rows hold, and no certificate. */
import type { HostFacts, LookupFact, TlsaFact } from './facts.ts';
import type { EndpointFacts, HandshakeFact } from './probed-facts.ts';

export interface HostForSenders
  extends Pick<HostFacts, 'aliases' | 'tlsaBase' | 'tlsaOutcome' | 'tlsaReason'> {
  readonly a: LookupForSenders;
  readonly aaaa: LookupForSenders;
  /** Why records cannot authenticate; of a host with usable ones they may be left out. */
  readonly tlsaRecords: readonly Pick<TlsaFact, 'reason'>[];
  readonly endpoints: readonly EndpointForSenders[];
}

export type LookupForSenders = Pick<LookupFact, 'outcome' | 'status' | 'reason'>;

export interface EndpointForSenders
  extends Pick<EndpointFacts, 'reached' | 'because' | 'secondKey' | 'verdict' | 'reason'> {
  readonly handshakes: readonly HandshakeForSenders[];
}

export type HandshakeForSenders = Pick<
  HandshakeFact,
  'keyAlgorithm' | 'protocol' | 'reason' | 'namesInstead' | 'inOtherManners'
>;
