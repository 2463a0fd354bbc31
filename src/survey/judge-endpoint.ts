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
 *
 * Verified is under the TLSA base domain, the one reference name that all domains behind the host share. Where a certificate
 * names only others (DANE-TA), its handshake keeps them, and `judgeEndpointFor` goes through the table again for a sender that
 * expects one of these, the certificate then being one that verifies (RFC 7672 §3.2.2).
 */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { TlsaOutcome, TlsaRecord } from '../dane/tlsa-record.ts';
import { formatTlsaParameters } from '../dane/tlsa-text.ts';
import { type ChainVerdict, verifyChain } from '../dane/verify-chain.ts';
import { mannersCanDiffer, otherManners, type VerifyingManner } from '../dane/verifying-manner.ts';
import { matchesOneOf } from '../pki/host-name-match.ts';
import type { EndpointFacts, HandshakeFact } from './probed-facts.ts';
import type { EndpointVerdict } from './verdicts.ts';

/** What the probe saw. `handshakes`: one per key algorithm, each with its chain in DER as sent, leaf first. */
export interface EndpointSeen
  extends Pick<EndpointFacts, 'reached' | 'fault' | 'because' | 'starttlsOffered'> {
  readonly handshakes: readonly { readonly chain: readonly Uint8Array[] }[];
  /** The same without SNI; null where it was not seen. */
  readonly chainWithoutSni: readonly Uint8Array[] | null;
}

/**
 * What the host's TLSA records demand; `baseDomain` is null where no TLSA lookup was due. It is the one reference name that
 * every domain behind the host has in common (RFC 7672 §3.2.2): of an alias and its canonical name only one of them.
 */
export interface EndpointDemand {
  readonly tlsaOutcome: TlsaOutcome;
  /** Those that some sender can use: superseded digests too. */
  readonly records: readonly TlsaRecord[];
  readonly baseDomain: string | null;
}

export type JudgedHandshake = Pick<HandshakeFact, 'reason' | 'namesInstead' | 'inOtherManners'>;

export interface JudgedEndpoint
  extends Pick<EndpointFacts, 'verdict' | 'reason' | 'matched' | 'matchedDepth' | 'matchedWithoutSni'> {
  /** In the order in which they were seen. */
  readonly handshakes: readonly JudgedHandshake[];
}

/** What hangs on what was shown with SNI, which a DANE sender always sends (RFC 7672 §8.1). */
type JudgedWithSni = Omit<JudgedEndpoint, 'matchedWithoutSni'>;

/** What the judges of host and domain need to know of an endpoint. */
export interface EndpointForDomain extends Pick<EndpointFacts, 'verdict' | 'reason'> {
  readonly handshakes: readonly NamedHandshake[];
}

export type NamedHandshake = Pick<HandshakeFact, 'reason' | 'namesInstead'>;

/** `at` is the instant of the probe. */
export function judgeEndpoint(seen: EndpointSeen, demand: EndpointDemand, at: Instant): JudgedEndpoint {
  const { chainWithoutSni } = seen;
  const isDue = demand.tlsaOutcome === 'usable' && chainWithoutSni !== null;
  return {
    ...judgeWithSni(seen, demand, at),
    matchedWithoutSni: isDue ? isMatch(verify(chainWithoutSni, demand, at)) : null,
  };
}

function judgeWithSni(seen: EndpointSeen, demand: EndpointDemand, at: Instant): JudgedWithSni {
  if (seen.handshakes.length > 0) return judgeTls(seen, demand, at);
  if (!isServersDoing(seen)) return unmatched('unknown', seen.because);
  const demanded = demand.tlsaOutcome === 'usable' || demand.tlsaOutcome === 'unusable';
  return unmatched(demanded ? 'failed' : 'cleartext', seen.because ?? 'starttls-not-offered');
}

function judgeTls(seen: EndpointSeen, demand: EndpointDemand, at: Instant): JudgedWithSni {
  const { tlsaOutcome } = demand;
  if (tlsaOutcome !== 'usable') {
    const handshakes = seen.handshakes.map(() => ({
      reason: null,
      namesInstead: null,
      inOtherManners: null,
    }));
    return unmatched('encrypted', tlsaOutcome === 'unusable' ? 'tlsa-unusable' : null, handshakes);
  }
  const verdicts = seen.handshakes.map(({ chain }) => verify(chain, demand, at));
  const handshakes = verdicts.map((verdict, number): JudgedHandshake => {
    const reason = reasonOf(verdict);
    const namesInstead = verdict.ok ? null : (verdict.namesInstead ?? null);
    const inOtherManners = verifyInOtherManners(seen.handshakes[number]!.chain, demand, at, reason);
    return { reason, namesInstead, inOtherManners };
  });
  const judged = judgeCertificates(handshakes.map(({ reason }) => reason));
  const match = verdicts.find(isMatch)?.matched;
  return {
    ...judged,
    matched: match === undefined ? null : formatTlsaParameters(match),
    matchedDepth: match?.depth ?? null,
    handshakes,
  };
}

function verify(
  chain: readonly Uint8Array[],
  { records, baseDomain }: EndpointDemand,
  at: Instant,
  manner?: VerifyingManner,
): ChainVerdict {
  if (baseDomain === null) throw new Error('internal error: usable TLSA records without a base domain');
  return verifyChain({ chain, records, baseDomain, referenceNames: [], at, ...(manner && { manner }) });
}

function verifyInOtherManners(
  chain: readonly Uint8Array[],
  demand: EndpointDemand,
  at: Instant,
  reason: ReasonKey | null,
): JudgedHandshake['inOtherManners'] {
  if (!mannersCanDiffer(demand.records)) return null;
  const reasonIn = (manner: VerifyingManner) => reasonOf(verify(chain, demand, at, manner));
  const found = {
    'every-digest': reasonIn(otherManners['every-digest']),
    'every-digest-as-sent': reasonIn(otherManners['every-digest-as-sent']),
  };
  return Object.values(found).every((other) => other === reason) ? null : found;
}

function reasonOf(verdict: ChainVerdict): ReasonKey | null {
  return verdict.ok ? null : verdict.reason;
}

function isMatch(verdict: ChainVerdict): verdict is Extract<ChainVerdict, { ok: true }> {
  return verdict.ok;
}

/** The rows of the table with usable TLSA records. `failures`: of each certificate why it does not verify, null where it does. */
function judgeCertificates(
  failures: readonly (ReasonKey | null)[],
): Pick<EndpointFacts, 'verdict' | 'reason'> {
  const failure = failures.find((reason) => reason !== null) ?? null;
  if (failure === null) return { verdict: 'authenticated', reason: null };
  if (!failures.includes(null)) return { verdict: 'failed', reason: failure };
  return {
    verdict: 'degraded',
    reason: failure === 'tlsa-mismatch' ? 'tlsa-mismatch-one-algorithm' : failure,
  };
}

/** The endpoint to a sender that expects `referenceNames` beside the TLSA base domain (RFC 7672 §3.2.2). */
export function judgeEndpointFor(
  endpoint: EndpointForDomain,
  referenceNames: readonly string[],
): Pick<EndpointFacts, 'verdict' | 'reason'> {
  const isNamed = (handshake: NamedHandshake) => namesOneInstead(handshake, referenceNames);
  if (!endpoint.handshakes.some(isNamed)) return endpoint;
  return judgeCertificates(
    endpoint.handshakes.map((handshake) => (isNamed(handshake) ? null : handshake.reason)),
  );
}

/** Whether nothing but the name is amiss with the certificate, and it bears one of these (RFC 7672 §3.2.2). */
export function namesOneInstead(
  { namesInstead }: Pick<HandshakeFact, 'namesInstead'>,
  referenceNames: readonly string[],
): boolean {
  return namesInstead !== null && matchesOneOf(namesInstead, referenceNames);
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

function unmatched(
  verdict: EndpointVerdict,
  reason: ReasonKey | null,
  handshakes: readonly JudgedHandshake[] = [],
): JudgedWithSni {
  return { verdict, reason, matched: null, matchedDepth: null, handshakes };
}
