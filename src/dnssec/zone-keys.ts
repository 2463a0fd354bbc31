/**
 * The keys of a zone (RFC 4035 §5.2, §5.3.1): its DNSKEY RRset, judged with the parent's DS records or with a trust anchor.
 *
 * In: DS records that are secure, or an anchor; the reply to the DNSKEY question. Out: the keys that may sign the zone's
 * data; or insecure, where no DS record can be followed here; or why it is bogus. Any valid path is enough (RFC 6840 §5.11).
 */
import { equalBytes } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { DNSKEY_FLAG_ZONE } from '../dns/dnssec-algorithm.ts';
import type { Message } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import type { Dnskey, Ds } from '../dns/rdata-dnssec.ts';
import { RRType } from '../dns/rr-type.ts';
import { findRRset } from '../dns/rrset.ts';
import { isSupportedAlgorithm } from './algorithms.ts';
import { DnskeyEntry } from './dnskey-entry.ts';
import { digestMatches, mayName, usableDs } from './ds-digest.ts';
import { type SigningKeys, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { TrustAnchor } from './trust-anchor.ts';
import { type Bogus, bogus, type Validation, type Witness } from './validation.ts';

/** The whole DNSKEY RRset of an apex, proven. Entries that may not sign, or with unsupported algorithms, are among them. */
export interface ZoneKeys extends SigningKeys {
  readonly until: Instant;
}

export type ZoneKeysVerdict =
  | { readonly status: 'secure'; readonly keys: ZoneKeys }
  | {
      readonly status: 'insecure';
      readonly because: 'ds-unsupported-algorithm' | 'ds-unsupported-digest';
      readonly witness: Witness;
    }
  | Bogus;

export type Unsupported = Extract<ZoneKeysVerdict, { readonly status: 'insecure' }>;

/**
 * RFC 4035 §5.2, RFC 6840 §5.2: where no supported algorithm and digest is among the DS records, the zone is treated as if it
 * had none, whatever its servers say. Undefined where something can be followed, and where there is nothing at all.
 */
export function unsupported(apex: Name, trusted: TrustAnchor | readonly Ds[]): Unsupported | undefined {
  const { ds, keys } = 'name' in trusted ? trusted : { ds: trusted, keys: [] };
  if (ds.length === 0 && keys.length === 0) return undefined;
  if (usableDs(ds).length > 0 || keys.some(isSupported)) return undefined;
  const because = ds.some(isSupported) ? 'ds-unsupported-digest' : 'ds-unsupported-algorithm';
  const witness = [{ name: apex, type: ds.length > 0 ? RRType.DS : RRType.DNSKEY }];
  return { status: 'insecure', because, witness };
}

function isSupported({ algorithm }: Ds | Dnskey): boolean {
  return isSupportedAlgorithm(algorithm);
}

/** `reply` is undefined where there was none, or none with a DNSKEY RRset. */
export function verifyZoneKeys(
  apex: Name,
  trusted: TrustAnchor | readonly Ds[],
  reply: Message | undefined,
  v: Validation,
): ZoneKeysVerdict {
  const isAnchor = 'name' in trusted;
  const ds = isAnchor ? trusted.ds : trusted;
  const keys = isAnchor ? trusted.keys : [];
  const noMatch = isAnchor ? 'anchor-no-match' : 'dnskey-no-ds-match';

  const ended = unsupported(apex, trusted);
  if (ended !== undefined) return ended;
  const followed = usableDs(ds);
  const anchoredKeys = keys.filter(isSupported);
  if (followed.length === 0 && anchoredKeys.length === 0) return bogus(noMatch);

  const rrset = reply && findRRset(reply.answer, apex, RRType.DNSKEY);
  if (rrset === undefined) return bogus('dnskey-missing');
  if (rrset.records.length > v.budget.limits.dnskeys) return bogus('dnskeys-too-many');
  const entries = rrset.records.flatMap((record) => DnskeyEntry.of(record) ?? []);

  const entryPoints: DnskeyEntry[] = [];
  for (const entry of entries) {
    if (!entry.isZoneKey) continue;
    if (anchoredKeys.some((key) => isSameKey(key, entry.dnskey))) {
      entryPoints.push(entry);
      continue;
    }
    for (const record of followed) {
      if (!mayName(record, entry)) continue;
      if (!v.budget.takeDsDigest()) return bogus('ds-digest-budget-spent');
      if (digestMatches(record, apex, entry)) {
        entryPoints.push(entry);
        break;
      }
    }
  }
  if (entryPoints.length === 0) {
    const hasZoneKey = entries.some(({ dnskey }) => (dnskey.flags & DNSKEY_FLAG_ZONE) !== 0);
    return bogus(hasZoneKey || entries.length === 0 ? noMatch : 'dnskey-no-zone-key');
  }

  // RFC 4035 §5.2: the private key of such a DNSKEY must have signed the whole DNSKEY RRset.
  const signed = verifyUnexpandedRRset(rrset, { apex, entries: entryPoints }, v);
  if (signed.status === 'bogus') return signed;
  return { status: 'secure', keys: { apex, entries, until: signed.until } };
}

function isSameKey(a: Dnskey, b: Dnskey): boolean {
  return a.flags === b.flags && a.algorithm === b.algorithm && equalBytes(a.publicKey, b.publicKey);
}
