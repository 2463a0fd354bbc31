/**
 * TLSA records made of what a mail server has: its certificate chain, or a bare key (RFC 6698 §2.1, RFC 7671 §5). Pure.
 *
 * In: certificates as the server sends them, leaf first, or a SubjectPublicKeyInfo. Out: records, each with the certificate
 * that it describes, and which advice the wished parameters do not follow.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { type Certificate, isSelfIssued, sameCertificate } from '../pki/certificate.ts';
import { namesOneOf } from '../pki/host-name-match.ts';
import { association, associationData } from './tlsa-match.ts';
import { CertificateUsage, MatchingType, Selector } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';

export type TlsaParameters = Omit<TlsaRecord, 'data'>;

export interface MadeTlsa {
  readonly record: TlsaRecord;
  /** Null where it was made of a bare key. */
  readonly describes: Certificate | null;
}

/** What senders take first, and the how-to publishes: DANE-EE(3), SPKI(1), SHA2-256(1). */
export const endEntity: TlsaParameters = {
  usage: CertificateUsage['DANE-EE'],
  selector: Selector.SPKI,
  matchingType: MatchingType['SHA2-256'],
};
/** DANE-TA(2), SPKI(1), SHA2-256(1): of an issuing CA. */
export const trustAnchor: TlsaParameters = { ...endEntity, usage: CertificateUsage['DANE-TA'] };

/**
 * Usage 3 or 1: the leaf by the parameters, then 2 1 1 of each certificate above it. Usage 2 or 0: each CA certificate by the
 * parameters; of a single certificate that one, whatever it is. Certificates sent twice count once.
 */
export function tlsaOfChain(chain: readonly Certificate[], parameters: TlsaParameters): readonly MadeTlsa[] {
  const distinct = chain.filter((one, i) => chain.findIndex((other) => sameCertificate(one, other)) === i);
  const [leaf, ...above] = distinct;
  if (leaf === undefined) return [];
  if (namesIssuer(parameters)) {
    const issuers = distinct.length === 1 || leaf.x509.ca ? distinct : above;
    return issuers.map((issuer) => tlsaOfCertificate(issuer, parameters));
  }
  return [
    tlsaOfCertificate(leaf, parameters),
    ...above.map((issuer) => tlsaOfCertificate(issuer, trustAnchor)),
  ];
}

export function tlsaOfCertificate(certificate: Certificate, parameters: TlsaParameters): MadeTlsa {
  const { selector, matchingType } = parameters;
  const data = association(certificate, selector, matchingType);
  return { record: { ...parameters, data }, describes: certificate };
}

/** Selector 1 only: a key is no certificate. */
export function tlsaOfKey(spki: Uint8Array, parameters: TlsaParameters): MadeTlsa {
  if (parameters.selector !== Selector.SPKI) throw new TypeError('a key has no certificate to select');
  return { record: { ...parameters, data: associationData(spki, parameters.matchingType) }, describes: null };
}

/** Usage 2 (DANE-TA) or 0 (PKIX-TA). */
export function namesIssuer({ usage }: TlsaParameters): boolean {
  return usage === CertificateUsage['DANE-TA'] || usage === CertificateUsage['PKIX-TA'];
}

/** What the how-to and RFC 7671 advise against in the parameters of one record. */
export function adviceOnParameters({ usage, selector, matchingType }: TlsaParameters): readonly ReasonKey[] {
  const advice: ReasonKey[] = [];
  const isPkix = usage === CertificateUsage['PKIX-TA'] || usage === CertificateUsage['PKIX-EE'];
  if (isPkix) advice.push('usage-pkix');
  if (selector === Selector.Cert) advice.push('selector-certificate');
  // RFC 7671 §5.2.2: under usage 2 a record in full can stand in for a certificate that the server does not send.
  if (matchingType === MatchingType.Full && usage !== CertificateUsage['DANE-TA']) {
    advice.push('matching-type-full');
  }
  if (matchingType === MatchingType['SHA2-512']) advice.push('matching-type-optional');
  return advice;
}

/** What is odd about records of this chain: `host` is the MX host in A-labels, null where it is not known. */
export function adviceOnChain(
  chain: readonly Certificate[],
  parameters: TlsaParameters,
  host: string | null,
): readonly ReasonKey[] {
  const [leaf, ...above] = chain;
  if (leaf === undefined) return [];
  if (namesIssuer(parameters)) return above.length === 0 && !leaf.x509.ca ? ['rollover-ta-is-leaf'] : [];
  if (leaf.x509.ca && !isSelfIssued(leaf)) return ['leaf-is-ca'];
  const named = host === null || above.length === 0 || namesOneOf(leaf, [host]);
  return named ? [] : ['ta-name-mismatch'];
}
