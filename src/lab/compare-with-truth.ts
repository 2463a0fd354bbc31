/** Holds a census against the truth of the lab (`truth.ts`), while both are streamed. */
import type { LabTruth } from './truth.ts';
import { type EndpointTruth, findingsOfEveryTlsQuestion, findingsThatNeedCause } from './truth.ts';

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
  /** Of the free choice; null where it came to no TLS. */
  readonly protocol: string | null;
  readonly tls12: boolean | null;
  readonly tls13: boolean | null;
  readonly withoutSni: string | null;
}

/** A thing that is wrong with one address of a name server, seen of a host or a domain. */
export interface SeenServerFault {
  readonly subject: string;
  readonly name: string;
  readonly address: string;
  readonly finding: string;
}

type Stream<T> = Iterable<T> | AsyncIterable<T>;

export interface Seen {
  readonly domains: Stream<SeenDomain>;
  readonly hosts: Stream<SeenHost>;
  readonly endpoints: Stream<SeenEndpoint>;
  readonly serverFaults: Stream<SeenServerFault>;
  /** Whether the census asked every TLS question; what it did not ask it must not have answered. */
  readonly everyTlsQuestion: boolean;
}

export interface Disagreement {
  /** "domain NAME", "host NAME", "endpoint HOST ADDRESS" or "server fault SUBJECT NAME ADDRESS FAULT". */
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
      if (!seen.everyTlsQuestion && findingsOfEveryTlsQuestion.includes(key)) continue;
      const there = (keys: readonly string[]) => (keys.includes(key) ? 'there' : 'not there');
      check(subject, `finding ${key}`, [there(expected.findings)], there(findings));
    }
  }
  for (const { host } of truth.hosts()) require(`host ${host}`);

  for await (const { host, address, verdict, reason, ...tls } of seen.endpoints) {
    const ofHost = truth.host(host);
    const expected = ofHost?.endpoints.find((endpoint) => endpoint.address === address);
    const subject = `endpoint ${host} ${address}`;
    if (!meet(subject, expected !== undefined) || expected === undefined) continue;
    check(subject, 'verdict', [expected.verdict], verdict);
    check(subject, 'reason', expected.reasons, reason);
    const due = tlsDue(expected, seen.everyTlsQuestion);
    for (const field of tlsFields) check(subject, field, due[field], tls[field]);
  }
  for (const { host, endpoints } of truth.hosts()) {
    for (const { address } of endpoints) require(`endpoint ${host} ${address}`);
  }
  const faultSubject = (subject: string, name: string, address: string, fault: string) =>
    `server fault ${subject} ${name} ${address} ${fault}`;
  const dueFaults = new Set<string>();
  for (const { domain, serverFaults = [] } of truth.domains()) {
    for (const { address, fault } of serverFaults)
      dueFaults.add(faultSubject('domain', domain, address, fault));
  }
  for (const { host, serverFaults = [] } of truth.hosts()) {
    for (const { address, fault } of serverFaults) dueFaults.add(faultSubject('host', host, address, fault));
  }
  for await (const { subject, name, address, finding } of seen.serverFaults) {
    const fault = faultSubject(subject, name, address, finding);
    if (meet(fault, dueFaults.has(fault))) compared++;
  }
  for (const fault of dueFaults) if (!met.has(fault)) check(fault, 'subject', ['found'], 'not found');
  return {
    compared,
    agreed: compared - disagreements.length - missing.length,
    disagreements,
    missing,
  };
}

const tlsFields = ['protocol', 'tls12', 'tls13', 'withoutSni'] as const;

/** Any one of these is right. Without every question, TLS 1.2 is seen where it is the highest, and otherwise only by chance. */
function tlsDue(
  { tls }: EndpointTruth,
  everyTlsQuestion: boolean,
): Readonly<Record<(typeof tlsFields)[number], readonly unknown[]>> {
  if (tls === null) return { protocol: [null], tls12: [null], tls13: [null], withoutSni: [null] };
  const isHidden = !everyTlsQuestion && tls.protocol === 'TLSv1.3';
  return {
    protocol: [tls.protocol],
    tls12: isHidden ? [tls.tls12, null] : [tls.tls12],
    tls13: [tls.tls13],
    withoutSni: [everyTlsQuestion ? tls.withoutSni : null],
  };
}
