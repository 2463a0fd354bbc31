/**
 * What a census of the lab must find: declared by whoever designed a scenario, never computed by the product's judges.
 *
 * In: nothing but the plan of a lab. Out: the truth per domain, per MX host and per address, and `compareWithTruth`, which
 * holds a census against it while both are streamed. Where the world leaves a reason open (several servers failing in
 * different ways, a refused connection that a proxying listener can only show as a reset), the truth is a set of reasons.
 * The words are those of `survey/facts.ts`. It does not look into messages or certificates.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SecurityStatus } from '../base/security.ts';
import type { TlsaOutcome } from '../dane/tlsa-record.ts';
import type { MailKind } from '../survey/facts.ts';
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
  /** MX hosts that the census must look at because of this domain. */
  readonly hosts: readonly string[];
}

export interface EndpointTruth {
  readonly address: string;
  readonly verdict: EndpointVerdict;
  readonly reasons: Reasons;
}

export interface HostTruth {
  readonly host: string;
  readonly scenario: string;
  readonly tlsaOutcome: TlsaOutcome;
  readonly verdict: HostVerdict;
  readonly reasons: Reasons;
  /** Findings that must be there; others may stand beside them, but none of `findingsThatNeedCause`. */
  readonly findings: readonly ReasonKey[];
  /** Findings that need a cause and may stand here, or not. */
  readonly tolerated?: readonly ReasonKey[];
  /** Empty where there is no address, or where no endpoint need be looked at because a lookup failed. */
  readonly endpoints: readonly EndpointTruth[];
}

/** Findings that accuse a name server: at a host whose truth does not hold them they are a disagreement. */
export const findingsThatNeedCause: readonly ReasonKey[] = [
  'ancestor-denied',
  'ancestor-nxdomain-unproven',
  'ancestor-proof-contradicts',
  'tlsa-servers-differ',
  'tlsa-lookup-fails-without-tlsa',
];

/** Pure data with lookup; each iteration makes the same truths again, so that large labs need no memory for them. */
export interface LabTruth {
  domains(): Iterable<DomainTruth>;
  domain(name: string): DomainTruth | undefined;
  /** Each host once, whatever the number of its domains. */
  hosts(): Iterable<HostTruth>;
  host(name: string): HostTruth | undefined;
}

export interface SeenDomain {
  readonly domain: string;
  readonly mail: string;
  readonly mxStatus: string;
  readonly verdict: string;
  readonly reason: string | null;
}

export interface SeenHost {
  readonly host: string;
  readonly tlsaOutcome: string;
  readonly verdict: string;
  readonly reason: string | null;
  /** Keys of the findings. */
  readonly findings: readonly string[];
}

export interface SeenEndpoint {
  readonly host: string;
  readonly address: string;
  readonly verdict: string;
  readonly reason: string | null;
}

type Stream<T> = Iterable<T> | AsyncIterable<T>;

export interface Seen {
  readonly domains: Stream<SeenDomain>;
  readonly hosts: Stream<SeenHost>;
  readonly endpoints: Stream<SeenEndpoint>;
}

export interface Disagreement {
  /** "domain NAME", "host NAME" or "endpoint HOST ADDRESS". */
  readonly subject: string;
  /** `subject` itself where the census saw something that is not in the lab, or saw it twice. */
  readonly field: string;
  readonly expected: string;
  readonly seen: string;
}

export interface Comparison {
  /** Fields compared, a missing subject counting as one. */
  readonly compared: number;
  readonly agreed: number;
  readonly disagreements: readonly Disagreement[];
  /** Subjects of the truth that the census never showed; each is a disagreement too, though not repeated above. */
  readonly missing: readonly string[];
}

/** Reads each stream once. All is well exactly where `agreed === compared`. */
export async function compareWithTruth(truth: LabTruth, seen: Seen): Promise<Comparison> {
  const disagreements: Disagreement[] = [];
  const missing: string[] = [];
  const met = new Set<string>();
  let compared = 0;

  const check = (subject: string, field: string, expected: readonly unknown[], got: unknown) => {
    compared++;
    if (expected.includes(got)) return;
    disagreements.push({ subject, field, expected: expected.map(String).join(' or '), seen: String(got) });
  };
  /** Notes that `subject` was seen; false where it is not in the lab or was seen before. */
  const meet = (subject: string, isKnown: boolean): boolean => {
    const isNew = !met.has(subject);
    met.add(subject);
    if (isKnown && isNew) return true;
    check(subject, 'subject', [isKnown ? 'seen once' : 'not in the lab'], isKnown ? 'seen twice' : 'seen');
    return false;
  };
  const require = (subject: string) => {
    if (met.has(subject)) return;
    compared++;
    missing.push(subject);
  };

  for await (const { domain, mail, mxStatus, verdict, reason } of seen.domains) {
    const expected = truth.domain(domain);
    const subject = `domain ${domain}`;
    if (!meet(subject, expected !== undefined) || expected === undefined) continue;
    check(subject, 'mail', [expected.mail], mail);
    check(subject, 'mxStatus', [expected.mxStatus], mxStatus);
    check(subject, 'verdict', [expected.verdict], verdict);
    check(subject, 'reason', expected.reasons, reason);
  }
  for (const { domain } of truth.domains()) require(`domain ${domain}`);

  for await (const { host, tlsaOutcome, verdict, reason, findings } of seen.hosts) {
    const expected = truth.host(host);
    const subject = `host ${host}`;
    if (!meet(subject, expected !== undefined) || expected === undefined) continue;
    check(subject, 'tlsaOutcome', [expected.tlsaOutcome], tlsaOutcome);
    check(subject, 'verdict', [expected.verdict], verdict);
    check(subject, 'reason', expected.reasons, reason);
    for (const key of new Set([...expected.findings, ...findingsThatNeedCause])) {
      if (expected.tolerated?.includes(key)) continue;
      const there = (keys: readonly string[]) => (keys.includes(key) ? 'there' : 'not there');
      check(subject, `finding ${key}`, [there(expected.findings)], there(findings));
    }
  }
  for (const { host } of truth.hosts()) require(`host ${host}`);

  for await (const { host, address, verdict, reason } of seen.endpoints) {
    const ofHost = truth.host(host);
    const expected = ofHost?.endpoints.find((endpoint) => endpoint.address === address);
    const subject = `endpoint ${host} ${address}`;
    if (ofHost !== undefined && ofHost.endpoints.length === 0) continue;
    if (!meet(subject, expected !== undefined) || expected === undefined) continue;
    check(subject, 'verdict', [expected.verdict], verdict);
    check(subject, 'reason', expected.reasons, reason);
  }
  for (const { host, endpoints } of truth.hosts()) {
    for (const { address } of endpoints) require(`endpoint ${host} ${address}`);
  }
  return {
    compared,
    agreed: compared - disagreements.length - missing.length,
    disagreements,
    missing,
  };
}
