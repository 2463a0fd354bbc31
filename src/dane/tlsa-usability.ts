/**
 * Which TLSA records of one RRset can authenticate a mail server, and why the others cannot.
 *
 * In: the records. Out: each with its reason, null where it counts, and the outcome `usable` or `unusable`. That the
 * RRset is secure is the caller's knowledge. As in OpenSSL, a full certificate or key that cannot be read is unusable, not
 * merely a mismatch: a set of such records leads to unauthenticated TLS (RFC 7672 §2.2), not to deferred mail.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { parseCertificate, publicKeyOf } from '../pki/certificate.ts';
import { parsePublicKey } from '../pki/public-key.ts';
import { supersededDigests } from './digest-agility.ts';
import { CertificateUsage, digestOfMatchingType, MatchingType, Selector } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';
import { rfc7671, type VerifyingManner } from './verifying-manner.ts';

export interface JudgedTlsa {
  readonly record: TlsaRecord;
  readonly reason: ReasonKey | null;
}

export interface JudgedTlsaSet {
  /** In the order given. */
  readonly records: readonly JudgedTlsa[];
  /** Those without a reason: what a chain is matched against. */
  readonly usable: readonly TlsaRecord[];
  readonly outcome: 'usable' | 'unusable';
}

export function judgeTlsaSet(
  records: readonly TlsaRecord[],
  { digestAgility }: Pick<VerifyingManner, 'digestAgility'> = rfc7671,
): JudgedTlsaSet {
  const candidates = records.filter((record) => unusableReason(record) === null);
  const superseded = digestAgility ? supersededDigests(candidates) : new Set();
  const judged = records.map((record) => ({
    record,
    reason: superseded.has(record) ? ('superseded-digest' as const) : unusableReason(record),
  }));
  const usable = judged.filter(({ reason }) => reason === null).map(({ record }) => record);
  return { records: judged, usable, outcome: usable.length > 0 ? 'usable' : 'unusable' };
}

/** Null where the record by itself can authenticate. */
export function unusableReason({ usage, selector, matchingType, data }: TlsaRecord): ReasonKey | null {
  // RFC 7672 §3.1.3: there is no list of CAs that SMTP clients and servers agree on, so PKIX usages cannot be served.
  if (usage === CertificateUsage['PKIX-TA'] || usage === CertificateUsage['PKIX-EE']) return 'usage-pkix';
  // RFC 6698 §2.1.1
  if (usage > CertificateUsage['DANE-EE']) return 'usage-unknown';
  // RFC 6698 §2.1.2
  if (selector > Selector.SPKI) return 'selector-unknown';
  // RFC 6698 §2.1.3
  if (matchingType > MatchingType['SHA2-512']) return 'matching-type-unknown';
  // RFC 6698 §2.1.4
  const digest = digestOfMatchingType[matchingType];
  if (digest !== undefined) return data.length === digest.octets ? null : 'digest-length';
  return isReadable(selector, data) ? null : 'data-unparsable';
}

function isReadable(selector: number, data: Uint8Array): boolean {
  if (selector === Selector.SPKI) return parsePublicKey(data) !== undefined;
  const certificate = parseCertificate(data);
  return certificate !== undefined && publicKeyOf(certificate) !== undefined;
}
