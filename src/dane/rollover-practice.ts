/**
 * Which roll-over scheme the TLSA records of one host follow, as far as one look can tell (the how-to, "Reliable certificate
 * rollover"; RFC 7671 §8.1). Pure.
 *
 * In: usable records, and the chains that the host shows now, one for each key. Out: the scheme, or why there is none:
 * - current + next: for each key algorithm a DANE-EE record more than match now. One look cannot see whose key it is of; two
 *   records of one usage with different parameters may describe one key, and count once.
 * - current + issuer: a DANE-EE record that matches now, and a DANE-TA record that authenticates the same chain by itself.
 * What looks like a scheme and is none: one key described twice, usage 2 on the leaf, usage 2 on a certificate that is not
 * sent above the leaf, and the RSA and ECDSA keys that are both in use. Where nothing matches now, the verdict says more.
 */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { type Certificate, isSelfIssued, parseCertificate, publicKeyOf } from '../pki/certificate.ts';
import type { RolloverScheme } from './rollover-plan.ts';
import { matcherOf } from './tlsa-match.ts';
import { CertificateUsage } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';
import { formatTlsaParameters } from './tlsa-text.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

export interface RolloverSeen {
  readonly records: readonly TlsaRecord[];
  /** DER as sent, leaf first. Empty where nobody could look. */
  readonly chains: readonly (readonly Uint8Array[])[];
  readonly baseDomain: string;
  readonly referenceNames: readonly string[];
  readonly at: Instant;
}

export interface RolloverPractice {
  readonly scheme: RolloverScheme | null;
  readonly advice: readonly ReasonKey[];
}

interface Shown {
  readonly leaf: Certificate;
  readonly algorithm: string;
  readonly above: readonly Certificate[];
  /** What each DANE-TA record by itself is worth for this chain. */
  readonly anchors: ReadonlyMap<TlsaRecord, ChainVerdict>;
}

export function rolloverPractice(seen: RolloverSeen): RolloverPractice {
  if (seen.records.length < 2) return without('tlsa-single-record');
  const shown = seen.chains.flatMap((chain) => shownBy(chain, seen));
  const endEntity = seen.records.filter(({ usage }) => usage === CertificateUsage['DANE-EE']);
  const current = endEntity.filter((record) => shown.some(({ leaf }) => matcherOf(leaf)(record)));
  if (current.length === 0 && !shown.some(isAnchored)) return without();

  const algorithms = new Set(shown.map(({ algorithm }) => algorithm));
  const unanchored = new Set(shown.filter((one) => !isAnchored(one)).map(({ algorithm }) => algorithm));
  const next = keysIn(endEntity.filter((record) => !current.includes(record)));
  if (next >= algorithms.size) return { scheme: 'current-next', advice: [] };
  if (unanchored.size === 0) {
    const advice = rootAdvice(shown);
    if (current.length > 0) return { scheme: 'current-issuer', advice };
    return { scheme: null, advice: ['rollover-issuer-only', ...advice] };
  }
  if (next >= unanchored.size) return { scheme: 'current-next', advice: [] };
  if (next > 0) return without('rollover-one-algorithm');
  return without('rollover-absent', ...whyAbsent(shown, current, algorithms.size));
}

function without(...advice: readonly ReasonKey[]): RolloverPractice {
  return { scheme: null, advice };
}

function shownBy(chain: readonly Uint8Array[], seen: RolloverSeen): readonly Shown[] {
  const [leaf, ...above] = chain.map(parseCertificate);
  if (leaf === undefined) return [];
  const { baseDomain, referenceNames, at } = seen;
  const anchors = seen.records
    .filter(({ usage }) => usage === CertificateUsage['DANE-TA'])
    .map(
      (record) =>
        [record, verifyChain({ chain, records: [record], baseDomain, referenceNames, at })] as const,
    );
  return [
    {
      leaf,
      algorithm: publicKeyOf(leaf)?.asymmetricKeyType ?? '',
      above: above.filter((certificate) => certificate !== undefined),
      anchors: new Map(anchors),
    },
  ];
}

function isAnchored({ anchors }: Shown): boolean {
  return [...anchors.values()].some(({ ok }) => ok);
}

/** How many keys the records describe at least: those of the same parameters differ, others may be of the same key. */
function keysIn(records: readonly TlsaRecord[]): number {
  const counts = new Map<string, number>();
  for (const record of records) {
    const parameters = formatTlsaParameters(record);
    counts.set(parameters, (counts.get(parameters) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** The how-to prefers a root as issuer; a record in full names a certificate or key that is not sent, and is let be. */
function rootAdvice(shown: readonly Shown[]): readonly ReasonKey[] {
  const named = shown.flatMap(({ above, anchors }) =>
    [...anchors]
      .filter(([, { ok }]) => ok)
      .flatMap(([record]) => above.filter((certificate) => matcherOf(certificate)(record))),
  );
  return named.length > 0 && !named.some(isSelfIssued) ? ['ta-not-root'] : [];
}

function whyAbsent(
  shown: readonly Shown[],
  current: readonly TlsaRecord[],
  algorithms: number,
): readonly ReasonKey[] {
  const why = new Set<ReasonKey>();
  for (const { leaf, anchors } of shown) {
    const matchesLeaf = matcherOf(leaf);
    for (const [record, verdict] of anchors) {
      if (verdict.ok) continue;
      if (matchesLeaf(record)) why.add('rollover-ta-is-leaf');
      else why.add(verdict.reason === 'tlsa-mismatch' ? 'rollover-ta-not-served' : verdict.reason);
    }
  }
  if (current.length > 1) why.add(algorithms > 1 ? 'rollover-both-current' : 'rollover-same-key');
  return [...why];
}
