/**
 * What a census of the lab must find: declared by whoever designed a scenario, never computed by the product's judges.
 *
 * In: nothing but the plan of a lab. Out: the truth per domain, per MX host and per address; `compare-with-truth.ts` holds a
 * census against it. Where the world leaves a reason open (several servers failing in
 * different ways, a refused connection that a proxying listener can only show as a reset), the truth is a set of reasons.
 * The words are those of `survey/facts.ts`. It does not look into messages or certificates.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { nameServerReasons } from '../base/reasons/name-servers.ts';
import type { SecurityStatus } from '../base/security.ts';
import type { TlsaOutcome } from '../dane/tlsa-record.ts';
import type { MailKind } from '../survey/facts.ts';
import type { NameServerFault } from '../survey/name-server-facts.ts';
import type { AnswerWithoutSni } from '../survey/probed-facts.ts';
import type { DomainVerdict, EndpointVerdict, HostVerdict } from '../survey/verdicts.ts';

/** Any one of these is right; mostly there is one. Null where there must be no reason. */
export type Reasons = readonly (ReasonKey | null)[];

export interface DomainTruth {
  readonly domain: string;
  /** The name of the scenario: unique in the zoo, shared in the population. */
  readonly scenario: string;
  readonly mail: MailKind;
  readonly mxStatus: SecurityStatus;
  readonly verdict: DomainVerdict;
  readonly reasons: Reasons;
  /** Whether an MTA-STS record can be found. */
  readonly mtaSts: boolean;
  /** MX hosts that the census must look at because of this domain. */
  readonly hosts: readonly string[];
  /** Of its name servers, where the MX lookup fails. */
  readonly serverFaults?: readonly ServerFault[];
}

/** What is wrong with one address of a name server. */
export interface ServerFault {
  readonly address: string;
  readonly fault: NameServerFault;
}

export interface EndpointTruth {
  readonly address: string;
  readonly verdict: EndpointVerdict;
  readonly reasons: Reasons;
  /** Null where it comes to no TLS. */
  readonly tls: TlsTruth | null;
}

export interface TlsTruth {
  /** The highest version that it has. */
  readonly protocol: string;
  readonly tls12: boolean;
  readonly tls13: boolean;
  readonly withoutSni: AnswerWithoutSni;
  /** Algorithm and bits of the key of each certificate that it has, each once. */
  readonly keys: readonly string[];
}

export interface HostTruth {
  readonly host: string;
  readonly scenario: string;
  readonly tlsaOutcome: TlsaOutcome;
  /** Usage, selector and matching type of each record that is found, secure; as "3 1 1". */
  readonly tlsaRecords: readonly string[];
  /** Seconds; null where no record is found. */
  readonly tlsaTtl: number | null;
  readonly verdict: HostVerdict;
  readonly reasons: Reasons;
  /** Findings that must be there; others may stand beside them, but none of `findingsThatNeedCause`. */
  readonly findings: readonly ReasonKey[];
  /** Of the name servers of its TLSA name, each of which must be found where it is and nowhere else. */
  readonly serverFaults?: readonly ServerFault[];
  /** Empty where there is no address, or none that can be found. */
  readonly endpoints: readonly EndpointTruth[];
}

/** Findings that only a census makes which asks every TLS question. */
export const findingsOfEveryTlsQuestion: readonly ReasonKey[] = [
  'tlsa-match-needs-sni',
  'tlsa-match-without-sni-only',
];

/** Findings that accuse a name server or a mail server: at a host whose truth does not hold them they are a disagreement. */
export const findingsThatNeedCause: readonly ReasonKey[] = [
  ...(Object.keys(nameServerReasons) as (keyof typeof nameServerReasons)[]),
  'ancestor-denied',
  'ancestor-nxdomain-unproven',
  'ancestor-proof-contradicts',
  'tlsa-servers-differ',
  'tlsa-lookup-fails-without-tlsa',
  'tls-version-old',
  'tls-key-small',
  ...findingsOfEveryTlsQuestion,
];

/** Pure data with lookup; each iteration makes the same truths again, so that large labs need no memory for them. */
export interface LabTruth {
  domains(): Iterable<DomainTruth>;
  domain(name: string): DomainTruth | undefined;
  /** Each host once, whatever the number of its domains. */
  hosts(): Iterable<HostTruth>;
  host(name: string): HostTruth | undefined;
}
