/**
 * Which domains and hosts have something to be proved: a verdict or a finding that says that something is broken or odd, which
 * somebody may dispute. Where only findings are kept, evidence is kept of these. Pure.
 *
 * Odd is whatever is insecure for another reason than that nobody signed: `ordinary`. Faults of ours are proved as well.
 *
 * A domain behind a secure MX RRset is judged when its hosts have been looked at: its evidence is kept until then (`perhaps`), and
 * `verdictIsToBeProved` says whether longer. An insecure one cannot be worse than its hosts, which have evidence of their own.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { DomainFacts, HostFacts, LookupFact } from '../survey/facts.ts';
import type { DomainVerdict, JudgedDomain } from '../survey/verdicts.ts';

/** What policy keeps evidence of what. */
export const evidencePolicies = ['all', 'findings', 'none'] as const;
export type EvidencePolicy = (typeof evidencePolicies)[number];

const ordinary: ReadonlySet<ReasonKey | null> = new Set<ReasonKey | null>([
  null,
  'insecure-delegation',
  'insecure-opt-out',
  'tlsa-absent',
  'address-insecure',
  'tlsa-insecure',
]);

export function domainIsToBeProved(
  facts: Pick<DomainFacts, 'mail' | 'mx' | 'zone' | 'edges' | 'findings'>,
): 'yes' | 'perhaps' | 'no' {
  const { mail, mx, zone, edges, findings } = facts;
  const isOdd = mail === 'unknown' || isOddLookup(mx) || !ordinary.has(zone?.reason ?? null);
  if (isOdd || findings.length > 0) return 'yes';
  return mx.status === 'secure' && edges.length > 0 ? 'perhaps' : 'no';
}

/** Of a domain behind a secure MX RRset. */
export function verdictIsToBeProved({ verdict, reason }: JudgedDomain): boolean {
  return broken.has(verdict) || (reason !== null && brokenReasons.has(reason));
}

const broken: ReadonlySet<DomainVerdict> = new Set<DomainVerdict>([
  'dane-degraded',
  'dane-partial',
  'dane-failed',
  'lookup-failed',
]);

/** Of verdicts that are well otherwise: mail finds a way past hosts that fail; MX records name hosts that have no address. */
const brokenReasons: ReadonlySet<ReasonKey> = new Set<ReasonKey>(['some-hosts-fail', 'mx-without-address']);

export function hostIsToBeProved(
  facts: Pick<
    HostFacts,
    'verdict' | 'a' | 'aaaa' | 'tlsa' | 'tlsaOutcome' | 'tlsaReason' | 'tlsaRecords' | 'findings'
  >,
): boolean {
  const { verdict, tlsaOutcome, tlsaReason, tlsaRecords, findings } = facts;
  const lookups = [facts.a, facts.aaaa, ...(facts.tlsa === null ? [] : [facts.tlsa])];
  return (
    (verdict !== 'dane' && verdict !== 'no-dane') ||
    tlsaOutcome === 'lookup-failed' ||
    tlsaOutcome === 'unusable' ||
    tlsaRecords.some(({ reason }) => reason !== null) ||
    findings.length > 0 ||
    !ordinary.has(tlsaReason) ||
    lookups.some(isOddLookup)
  );
}

function isOddLookup({ outcome, status, reason }: LookupFact): boolean {
  return outcome === 'failed' || (status !== 'secure' && !ordinary.has(reason));
}
