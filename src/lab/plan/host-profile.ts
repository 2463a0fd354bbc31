/**
 * What an MX host publishes and shows, with the truth that follows where its zone is signed and its TLSA lookup works. The
 * zoo has each profile at least once; the population draws from some of them.
 *
 * The truth of an insecure host is another one: `withoutDane`.
 */
import type { ReasonKey } from '../../base/reasons/catalogue.ts';
import type { TlsaOutcome } from '../../dane/tlsa-record.ts';
import type { EndpointVerdict, HostVerdict } from '../../survey/verdicts.ts';
import type { HostTruth, Reasons } from '../truth.ts';
import type { MailServerPlan } from './mail-plan.ts';
import { tlsTruthOf } from './tls-truth.ts';
import { chainFor, tls } from './tlsa-of-chain.ts';
import type { TlsaPlan } from './zone-plan.ts';

export interface EndpointProfile {
  readonly server: (host: string) => MailServerPlan;
  readonly verdict: EndpointVerdict;
  readonly reasons: Reasons;
}

export interface HostProfile {
  readonly tlsa: (host: string) => readonly TlsaPlan[];
  /** Where name servers show two RRsets: the one that counts; `tlsa` where it is left out. */
  readonly tlsaFound?: (host: string) => readonly TlsaPlan[];
  readonly outcome: TlsaOutcome;
  readonly verdict: HostVerdict;
  readonly reasons: Reasons;
  /** One for all addresses, or one for each. */
  readonly endpoints: readonly EndpointProfile[];
  /** What must be found beside the verdict, whatever the domain. */
  readonly findings?: readonly ReasonKey[];
}

/** The endpoint profile of the address with this index. */
export function endpointProfile(profile: HostProfile, index: number): EndpointProfile {
  return profile.endpoints[Math.min(index, profile.endpoints.length - 1)]!;
}

const ordinary = (host: string) => tls(chainFor(host));

/** Every address matches. */
export function danePasses(
  records: HostProfile['tlsa'],
  server: (host: string) => MailServerPlan = ordinary,
): HostProfile {
  const endpoint: EndpointProfile = { server, verdict: 'authenticated', reasons: [null] };
  return { tlsa: records, outcome: 'usable', verdict: 'dane', reasons: [null], endpoints: [endpoint] };
}

/** No address meets the records, all for the same reason. */
export function daneFails(
  records: HostProfile['tlsa'],
  reason: ReasonKey,
  server: (host: string) => MailServerPlan = ordinary,
): HostProfile {
  const endpoint: EndpointProfile = { server, verdict: 'failed', reasons: [reason] };
  return {
    tlsa: records,
    outcome: 'usable',
    verdict: 'dane-failed',
    reasons: [reason],
    endpoints: [endpoint],
  };
}

/** Secure records that cannot authenticate; STARTTLS works. */
export function daneUnusable(records: HostProfile['tlsa']): HostProfile {
  const endpoint: EndpointProfile = {
    server: ordinary,
    verdict: 'encrypted',
    reasons: [null, 'tlsa-unusable'],
  };
  return {
    tlsa: records,
    outcome: 'unusable',
    verdict: 'dane-unusable',
    reasons: ['tlsa-unusable'],
    endpoints: [endpoint],
  };
}

/** A host to which DANE does not apply, for `reason`. */
export function noDane(
  reason: ReasonKey,
  server: (host: string) => MailServerPlan = ordinary,
  verdict: EndpointVerdict = 'encrypted',
  endpointReasons: Reasons = [null],
): HostProfile {
  return {
    tlsa: () => [],
    outcome: 'none',
    verdict: 'no-dane',
    reasons: [reason],
    endpoints: [{ server, verdict, reasons: endpointReasons }],
  };
}

/** The truth of a host with this profile. */
export function truthOf(
  profile: HostProfile,
  host: string,
  addresses: readonly string[],
  scenario: string,
  { findings, tlsaTtl }: { readonly findings: readonly ReasonKey[]; readonly tlsaTtl: number },
): HostTruth {
  const tlsaRecords = recordsFound(profile, host);
  return {
    host,
    scenario,
    tlsaOutcome: profile.outcome,
    tlsaRecords,
    tlsaTtl: tlsaRecords.length > 0 ? tlsaTtl : null,
    verdict: profile.verdict,
    reasons: profile.reasons,
    findings: [...(profile.findings ?? []), ...findings],
    endpoints: addresses.map((address, index) => {
      const { verdict, reasons, server } = endpointProfile(profile, index);
      return { address, verdict, reasons, tls: tlsTruthOf(server(host)) };
    }),
  };
}

/** One RRset has each record once (RFC 2181 §5). */
function recordsFound({ outcome, tlsa, tlsaFound = tlsa }: HostProfile, host: string): string[] {
  if (outcome !== 'usable' && outcome !== 'unusable') return [];
  const distinct = new Map(tlsaFound(host).map((record) => [JSON.stringify(record), record]));
  return [...distinct.values()].map(
    ({ usage, selector, matchingType }) => `${usage} ${selector} ${matchingType}`,
  );
}
