/** How programs verify a certificate chain against TLSA records, where they differ. */
import { supersededDigests } from './digest-agility.ts';
import { CertificateUsage, MatchingType } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';

export interface VerifyingManner {
  /** Whether a stronger digest sets weaker ones aside (RFC 7671 §9). */
  readonly digestAgility: boolean;
  /** Whether a trust anchor that a 2 0 0 or 2 1 0 record gives in full need not be sent (RFC 7671 §5.2.1, §5.2.2). */
  readonly anchorsFromDns: boolean;
}

/** As RFC 7671 has it, and Postfix, through OpenSSL. */
export const rfc7671: VerifyingManner = { digestAgility: true, anchorsFromDns: true };

/** Those of programs that leave RFC 7671: every digest counts, and a trust anchor may be in the DNS only, or must be sent. */
export const otherManners = {
  'every-digest': { digestAgility: false, anchorsFromDns: true },
  'every-digest-as-sent': { digestAgility: false, anchorsFromDns: false },
} as const satisfies Readonly<Record<string, VerifyingManner>>;
export type OtherManner = keyof typeof otherManners;

/** In an order that is kept for ever: rows hold it. */
export const otherMannerKeys: readonly OtherManner[] = ['every-digest', 'every-digest-as-sent'];

/** Whether the manners can come to different verdicts of one chain; `records` without those that no manner uses. */
export function mannersCanDiffer(records: readonly TlsaRecord[]): boolean {
  const isGivenInFull = ({ usage, matchingType }: TlsaRecord) =>
    usage === CertificateUsage['DANE-TA'] && matchingType === MatchingType.Full;
  return supersededDigests(records).size > 0 || records.some(isGivenInFull);
}
