/**
 * The signature of one RRset (RFC 4035 §5.3), judged with the keys of the zone that it is in.
 *
 * In: an RRset with its RRSIG records, the zone's keys. Out: secure until when, and from which wildcard it was expanded; or
 * why it is bogus. Any one valid signature is enough (RFC 4035 §5.3.3, RFC 6840 §5.4, §5.11). Whether an expansion was due
 * is for `answer.ts`.
 */
import type { Instant } from '../base/instant.ts';
import { canonicalOrder, signedData } from '../dns/canonical.ts';
import { isWildcard, isWithin, labelCount, type Name, rightmost } from '../dns/name.ts';
import { type RRset, type Signature, ttlOf } from '../dns/rrset.ts';
import { isSupportedAlgorithm } from './algorithms.ts';
import type { DnskeyEntry } from './dnskey-entry.ts';
import { instantNear, serialDistance } from './serial-arithmetic.ts';
import { type Bogus, bogus, type DnssecReason, type Validation } from './validation.ts';

/** The keys that may sign in a zone. */
export interface SigningKeys {
  readonly apex: Name;
  readonly entries: readonly DnskeyEntry[];
}

export interface SecureRRset {
  readonly status: 'secure';
  /** Where the RRset was expanded from a wildcard: the name above the asterisk (RFC 4035 §5.3.4); undefined elsewhere. */
  readonly encloser: Name | undefined;
  /** When signature or TTL end, whichever comes first. */
  readonly until: Instant;
}

/** The most telling reason first: it is reported where several signatures fail in several ways. */
const byTelling = [
  'signature-budget-spent',
  'key-collisions-too-many',
  'signatures-too-many',
  'rrsig-expired',
  'rrsig-not-yet-valid',
  'rrsig-expired-before-valid',
  'signature-invalid',
  'rrsig-no-key',
  'rrsig-labels',
  'rrsig-wrong-signer',
  'rrsig-unsupported-algorithm',
] as const satisfies readonly DnssecReason[];

export function verifyRRset(rrset: RRset, zone: SigningKeys, v: Validation): SecureRRset | Bogus {
  const failures = new Set<DnssecReason>();
  const { signaturesPerRRset, collidingKeys } = v.budget.limits;
  let rdatas: Uint8Array[] | undefined;
  let attempts = 0;
  for (const signature of rrset.signatures) {
    const unfit = unfitness(rrset, signature, zone, v.at);
    if (unfit !== undefined) {
      failures.add(unfit);
      continue;
    }
    const { rrsig } = signature;
    // Signer's Name, Algorithm, and Key Tag must match a DNSKEY of the apex DNSKEY RRset, which must have the Zone Flag set.
    const candidates = zone.entries.filter(
      (entry) =>
        entry.keyTag === rrsig.keyTag && entry.dnskey.algorithm === rrsig.algorithm && entry.isZoneKey,
    );
    if (candidates.length === 0) {
      failures.add('rrsig-no-key');
      continue;
    }
    rdatas ??= canonicalOrder(rrset.records);
    const data = signedData(rrsig, signature.record, rrset.records, rdatas);
    for (const entry of candidates.slice(0, collidingKeys)) {
      if (++attempts > signaturesPerRRset) return bogus('signatures-too-many');
      const outcome = entry.verify(data, rrsig.signature, v);
      if (outcome === 'budget-spent') return bogus('signature-budget-spent');
      if (outcome === 'valid') return secured(rrset, signature, v.at);
    }
    failures.add(candidates.length > collidingKeys ? 'key-collisions-too-many' : 'signature-invalid');
  }
  return bogus(byTelling.find((reason) => failures.has(reason)) ?? 'rrsig-missing');
}

/**
 * The rules of RFC 4035 §5.3.1 that need no key, in its order. That owner name, class and Type Covered agree is how
 * `dns/rrset.ts` finds a signature.
 */
function unfitness(
  rrset: RRset,
  signature: Signature,
  zone: SigningKeys,
  at: Instant,
): DnssecReason | undefined {
  const { rrsig } = signature;
  // The RRSIG RR's Signer's Name field MUST be the name of the zone that contains the RRset.
  if (rrsig.signer !== zone.apex || !isWithin(rrset.name, zone.apex)) return 'rrsig-wrong-signer';
  // The number of labels in the RRset owner name MUST be greater than or equal to the value in the Labels field.
  if (rrsig.labels > ownerLabels(rrset.name) || rrsig.labels < labelCount(zone.apex)) return 'rrsig-labels';
  // RFC 4034 §3.1.5: serial number arithmetic. Said first, since such a signature is never valid.
  if (serialDistance(rrsig.inception, rrsig.expiration) < 0) return 'rrsig-expired-before-valid';
  // The validator's notion of the current time MUST be less than or equal to the time in the Expiration field.
  if (serialDistance(at, rrsig.expiration) < 0) return 'rrsig-expired';
  // The validator's notion of the current time MUST be greater than or equal to the time in the Inception field.
  if (serialDistance(rrsig.inception, at) < 0) return 'rrsig-not-yet-valid';
  if (!isSupportedAlgorithm(rrsig.algorithm)) return 'rrsig-unsupported-algorithm';
  return undefined;
}

/** Labels as RRSIG counts them: neither the root nor a leading asterisk (RFC 4034 §3.1.3). */
function ownerLabels(owner: Name): number {
  return labelCount(owner) - (isWildcard(owner) ? 1 : 0);
}

function secured(rrset: RRset, { rrsig }: Signature, at: Instant): SecureRRset {
  const isExpanded = rrsig.labels < ownerLabels(rrset.name);
  return {
    status: 'secure',
    encloser: isExpanded ? rightmost(rrset.name, rrsig.labels) : undefined,
    until: Math.min(at + ttlOf(rrset), instantNear(at, rrsig.expiration)),
  };
}

/** As `verifyRRset`, for RRsets that belong to their name alone: what a wildcard was expanded to does not count. */
export function verifyUnexpandedRRset(rrset: RRset, zone: SigningKeys, v: Validation): SecureRRset | Bogus {
  const verdict = verifyRRset(rrset, zone, v);
  return verdict.status === 'secure' && verdict.encloser !== undefined ? bogus('wildcard-unproven') : verdict;
}
