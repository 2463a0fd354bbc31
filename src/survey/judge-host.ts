/**
 * What follows for one MX host, from its lookups and the verdicts of its endpoints. Pure.
 *
 * In: the A and AAAA lookups, the TLSA outcome with its reason, the endpoint verdicts in the order in which a sender tries
 * the addresses. Out: a host verdict with its reason (see `HostVerdict`).
 *
 * The table, first row that fits (RFC 7672 §2.1.2, §2.2, §2.2.2; RFC 5321 §5.1):
 *
 * | addresses                          | TLSA          | endpoints                            | verdict       | reason               |
 * | ---------------------------------- | ------------- | ------------------------------------ | ------------- | -------------------- |
 * | A, AAAA: none, none failed         | any           | any                                  | no-address    | host-without-address |
 * | none, and a lookup failed, our fault | any         | any                                  | unknown       | of the lookup        |
 * | none, and a lookup failed          | any           | any                                  | lookup-failed | of the lookup        |
 * | some                               | none          | any                                  | no-dane       | of TLSA              |
 * | some                               | lookup-failed, our fault | any                       | unknown       | of TLSA              |
 * | some                               | lookup-failed | any                                  | lookup-failed | of TLSA              |
 * | some                               | usable or unusable | none was looked at              | unknown       | see `whyUnknown`     |
 * | some                               | unusable      | one encrypted                        | dane-unusable | of TLSA              |
 * | some                               | unusable      | otherwise                            | dane-failed   | of the first failed  |
 * | some                               | usable        | no authenticated or degraded one     | dane-failed   | of the first failed  |
 * | some                               | usable        | one failed                           | dane-degraded | of the first failed  |
 * | some                               | usable        | one degraded                         | dane-degraded | of the first degraded |
 * | some                               | usable        | otherwise                            | dane          | none                 |
 *
 * Endpoints that could not be looked at count only where there are no others. One address family is enough for a sender,
 * so that the failure of the other lookup alone does not fail the host.
 *
 * That is the host by its own name. To the mail of one domain, whose name a DANE-TA certificate may bear in place of the
 * host's, it can be better: `judgeHostFor` goes through the last five rows again, with the endpoints as that domain's senders
 * meet them.
 */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { HostFacts, LookupFact } from './facts.ts';
import { type EndpointForDomain, judgeEndpointFor } from './judge-endpoint.ts';
import type { EndpointVerdict, HostVerdict } from './verdicts.ts';

export interface HostToJudge extends Pick<HostFacts, 'a' | 'aaaa' | 'tlsaOutcome' | 'tlsaReason'> {
  readonly endpoints: readonly EndpointForHost[];
}

export interface EndpointForHost {
  readonly verdict: EndpointVerdict;
  readonly reason: ReasonKey | null;
}

export interface JudgedHost {
  readonly verdict: HostVerdict;
  readonly reason: ReasonKey | null;
}

export function judgeHost({ a, aaaa, tlsaOutcome, tlsaReason, endpoints }: HostToJudge): JudgedHost {
  if (a.outcome !== 'data' && aaaa.outcome !== 'data') return judgeWithoutAddress([a, aaaa]);
  switch (tlsaOutcome) {
    case 'none':
      return { verdict: 'no-dane', reason: tlsaReason };
    case 'lookup-failed':
      return judgeFailedLookup(tlsaReason);
    case 'unusable':
      return judgeUnusable(endpoints, tlsaReason);
    case 'usable':
      return judgeUsable(endpoints);
    default:
      return never(tlsaOutcome);
  }
}

export interface HostToJudgeFor extends JudgedHost {
  /** Those of a host without a certificate that fails by its name alone may be left out. */
  readonly endpoints: readonly EndpointForDomain[];
}

/** The host to a sender that expects `referenceNames` beside the TLSA base domain (RFC 7672 §3.2.2). */
export function judgeHostFor(host: HostToJudgeFor, referenceNames: readonly string[]): JudgedHost {
  // None has names where the TLSA records are not usable.
  const isNamed = host.endpoints.some(({ handshakes }) =>
    handshakes.some(({ namesInstead }) => namesInstead !== null),
  );
  if (!isNamed) return { verdict: host.verdict, reason: host.reason };
  return judgeUsable(host.endpoints.map((endpoint) => judgeEndpointFor(endpoint, referenceNames)));
}

function judgeWithoutAddress(lookups: readonly LookupFact[]): JudgedHost {
  const failed = lookups.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined) return { verdict: 'no-address', reason: 'host-without-address' };
  return judgeFailedLookup(failed.reason);
}

/** RFC 7672 §2.1.2: a sender skips the host; unless it was we who could not ask. */
function judgeFailedLookup(reason: ReasonKey | null): JudgedHost {
  const ours = reason !== null && reasonOf(reason).mender === 'ours';
  return { verdict: ours ? 'unknown' : 'lookup-failed', reason };
}

/** RFC 7672 §2.2: TLS is mandatory, authentication impossible. */
function judgeUnusable(endpoints: readonly EndpointForHost[], tlsaReason: ReasonKey | null): JudgedHost {
  const failed = endpoints.find(({ verdict }) => verdict === 'failed');
  if (endpoints.some(({ verdict }) => verdict === 'encrypted')) {
    return { verdict: 'dane-unusable', reason: tlsaReason ?? 'tlsa-unusable' };
  }
  if (failed !== undefined) return { verdict: 'dane-failed', reason: failed.reason };
  return { verdict: 'unknown', reason: whyUnknown(endpoints) };
}

/** RFC 7672 §2.2: TLS and authentication are mandatory. */
function judgeUsable(endpoints: readonly EndpointForHost[]): JudgedHost {
  const authenticated = endpoints.find(({ verdict }) => verdict === 'authenticated');
  const degraded = endpoints.find(({ verdict }) => verdict === 'degraded');
  const failed = endpoints.find(({ verdict }) => verdict === 'failed');
  if (authenticated === undefined && degraded === undefined) {
    if (failed !== undefined) return { verdict: 'dane-failed', reason: failed.reason };
    return { verdict: 'unknown', reason: whyUnknown(endpoints) };
  }
  if (failed !== undefined) return { verdict: 'dane-degraded', reason: failed.reason };
  if (degraded !== undefined) return { verdict: 'dane-degraded', reason: degraded.reason };
  return { verdict: 'dane', reason: null };
}

/**
 * `host-not-measured` without any endpoint; where nobody is to mend it (its owner asked not to be looked at), that;
 * otherwise that none could be looked at: each endpoint carries why.
 */
function whyUnknown(endpoints: readonly EndpointForHost[]): ReasonKey {
  if (endpoints.length === 0) return 'host-not-measured';
  return endpoints.every(({ reason }) => reason === 'opted-out') ? 'opted-out' : 'endpoint-not-reached';
}
