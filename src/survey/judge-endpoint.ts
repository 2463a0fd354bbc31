/**
 * What a DANE-aware sender meets at one address of an MX host (RFC 7672 §2.2, §3; RFC 3207 §4). Pure.
 *
 * In: what the probe saw, and what the TLSA records of the host demand. Out: an endpoint verdict (see `EndpointVerdict`).
 *
 * | seen                                             | TLSA usable             | TLSA unusable         | otherwise         |
 * | ------------------------------------------------ | ----------------------- | --------------------- | ----------------- |
 * | TLS; every certificate verifies                  | authenticated           | encrypted             | encrypted         |
 * | TLS; one key algorithm verifies, another not     | degraded                | encrypted             | encrypted         |
 * | TLS; no certificate verifies                     | failed                  | encrypted             | encrypted         |
 * | no TLS, by the server's doing, see below         | failed                  | failed                | cleartext         |
 * | anything else                                    | unknown                 | unknown               | unknown           |
 *
 * It was the server's doing where its EHLO reply was seen (so that STARTTLS was offered or not), or where it refuses EHLO
 * for good, since HELO knows no STARTTLS. A server that was not reached, turned us away with its greeting, or fell silent
 * before it could say whether it has TLS has shown nothing about DANE, whoever is at fault.
 */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { TlsaOutcome, TlsaRecord } from '../dane/tlsa-record.ts';
import { formatTlsaParameters } from '../dane/tlsa-text.ts';
import { type ChainVerdict, verifyChain } from '../dane/verify-chain.ts';
import type { EndpointFacts } from './facts.ts';
import type { EndpointVerdict } from './verdicts.ts';

/** What the probe saw. `handshakes`: one per key algorithm, each with its chain in DER as sent, leaf first. */
export interface EndpointSeen
  extends Pick<EndpointFacts, 'reached' | 'fault' | 'because' | 'starttlsOffered'> {
  readonly handshakes: readonly { readonly chain: readonly Uint8Array[] }[];
}

/**
 * What the host's TLSA records demand; `baseDomain` is null where no TLSA lookup was due. It is the one reference name that
 * every domain behind the host has in common (RFC 7672 §3.2.2): of an alias and its canonical name only one of them.
 */
export interface EndpointDemand {
  readonly tlsaOutcome: TlsaOutcome;
  readonly records: readonly TlsaRecord[];
  readonly baseDomain: string | null;
}

export type JudgedEndpoint = Pick<EndpointFacts, 'verdict' | 'reason' | 'matched' | 'matchedDepth'>;

/** `at` is the instant of the probe. */
export function judgeEndpoint(seen: EndpointSeen, demand: EndpointDemand, at: Instant): JudgedEndpoint {
  if (seen.handshakes.length > 0) return judgeTls(seen, demand, at);
  if (!isServersDoing(seen)) return unmatched('unknown', seen.because);
  const demanded = demand.tlsaOutcome === 'usable' || demand.tlsaOutcome === 'unusable';
  return unmatched(demanded ? 'failed' : 'cleartext', seen.because ?? 'starttls-not-offered');
}

function judgeTls(seen: EndpointSeen, demand: EndpointDemand, at: Instant): JudgedEndpoint {
  const { tlsaOutcome, records, baseDomain } = demand;
  if (tlsaOutcome !== 'usable') {
    return unmatched('encrypted', tlsaOutcome === 'unusable' ? 'tlsa-unusable' : null);
  }
  if (baseDomain === null) throw new Error('internal error: usable TLSA records without a base domain');

  const verdicts = seen.handshakes.map(({ chain }) =>
    verifyChain({ chain, records, baseDomain, referenceNames: [], at }),
  );
  const matched = verdicts.find(isMatch);
  const failed = verdicts.find(isFailure);
  if (matched === undefined) return unmatched('failed', failed?.reason ?? null);
  const match = { matched: formatTlsaParameters(matched.matched), matchedDepth: matched.matched.depth };
  if (failed === undefined) return { verdict: 'authenticated', reason: null, ...match };
  const reason = failed.reason === 'tlsa-mismatch' ? 'tlsa-mismatch-one-algorithm' : failed.reason;
  return { verdict: 'degraded', reason, ...match };
}

function isMatch(verdict: ChainVerdict): verdict is Extract<ChainVerdict, { ok: true }> {
  return verdict.ok;
}

function isFailure(verdict: ChainVerdict): verdict is Extract<ChainVerdict, { ok: false }> {
  return !verdict.ok;
}

/** Replies that turn us away, or that may be meant for us alone (RFC 5321 §3.1, §4.2.2). */
const TURNED_AWAY: ReadonlySet<ReasonKey | null> = new Set<ReasonKey>([
  'greeting-rejected',
  'greeting-rejected-temporarily',
  'ehlo-rejected-temporarily',
]);

function isServersDoing({ fault, because, starttlsOffered }: EndpointSeen): boolean {
  if (fault === 'ours' || fault === 'network' || TURNED_AWAY.has(because)) return false;
  return starttlsOffered !== null || because === 'ehlo-rejected';
}

function unmatched(verdict: EndpointVerdict, reason: ReasonKey | null): JudgedEndpoint {
  return { verdict, reason, matched: null, matchedDepth: null };
}
