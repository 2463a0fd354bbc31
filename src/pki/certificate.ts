/**
 * A certificate as it was sent (RFC 5280 §4.1).
 *
 * In: DER from the network. Out: a `Certificate`, or undefined; nothing is thrown outward. Digests are to be taken over
 * `der` and `spki`, which are views of the octets as sent, not encoded anew. Two parsers must agree that it is a
 * certificate: OpenSSL, which verifies signatures, and `der.ts`, which finds key and extensions.
 * Octets behind the certificate are refused, as OpenSSL refuses them in a TLS Certificate message.
 */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { equalBytes } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { type DerElement, DerTag, readDer, readDerSeries, readObjectIdentifier } from './der.ts';

/** OpenSSL accepts no longer Certificate message from a server (SSL_MAX_CERT_LIST_DEFAULT). */
export const MAX_CERTIFICATE_OCTETS = 100 * 1024;

export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds: DER of the extension's own type. */
  readonly value: Uint8Array;
}

export interface Certificate {
  readonly der: Uint8Array;
  /** SubjectPublicKeyInfo: what selector 1 means (RFC 6698 §2.1.2). */
  readonly spki: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** The Name, in DER. */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** NaN where the certificate's time cannot be read: no instant is inside of such a validity. */
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly extensions: readonly CertificateExtension[];
  readonly x509: X509Certificate;
}

export function parseCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > MAX_CERTIFICATE_OCTETS) return undefined;
  const fields = readTbsFields(der);
  if (fields === undefined) return undefined;
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch {
    return undefined;
  }
  return {
    der,
    ...fields,
    notBefore: Math.floor(x509.validFromDate.getTime() / 1000),
    notAfter: Math.floor(x509.validToDate.getTime() / 1000),
    x509,
  };
}

/** Undefined where the algorithm or the key is not one that OpenSSL can use. */
export function publicKeyOf(certificate: Certificate): KeyObject | undefined {
  try {
    return certificate.x509.publicKey;
  } catch {
    return undefined;
  }
}

export function sameCertificate(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.der, b.der);
}

/** RFC 5280 §6.1: issuer and subject are the same entity. */
export function isSelfIssued(certificate: Certificate): boolean {
  return equalBytes(certificate.subject, certificate.issuer);
}

type TbsFields = Pick<Certificate, 'spki' | 'version' | 'subject' | 'issuer' | 'extensions'>;

/** RFC 5280 §4.1: Certificate, TBSCertificate. */
function readTbsFields(der: Uint8Array): TbsFields | undefined {
  const certificate = readDer(der);
  if (certificate?.tag !== DerTag.sequence) return undefined;
  const tbs = readDerSeries(certificate.contents)?.[0];
  if (tbs?.tag !== DerTag.sequence) return undefined;
  const fields = readDerSeries(tbs.contents);
  if (fields === undefined) return undefined;

  const explicitVersion = fields[0]?.tag === 0xa0 ? readDer(fields[0].contents) : undefined;
  const version = explicitVersion === undefined ? 1 : 1 + (explicitVersion.contents.at(-1) ?? 0);
  const [serial, , issuer, , subject, spki, ...rest] = explicitVersion ? fields.slice(1) : fields;
  if (serial?.tag !== DerTag.integer) return undefined;
  if (issuer === undefined || subject === undefined || spki?.tag !== DerTag.sequence) return undefined;

  const extensions = readExtensions(rest.find(({ tag }) => tag === 0xa3));
  if (extensions === undefined) return undefined;
  return { spki: spki.whole, version, subject: subject.whole, issuer: issuer.whole, extensions };
}

/** RFC 5280 §4.1.2.9: Extensions. */
function readExtensions(tagged: DerElement | undefined): readonly CertificateExtension[] | undefined {
  if (tagged === undefined) return [];
  const sequence = readDer(tagged.contents);
  const elements = sequence && readDerSeries(sequence.contents);
  if (elements === undefined) return undefined;
  const extensions: CertificateExtension[] = [];
  for (const element of elements) {
    const parts = readDerSeries(element.contents);
    const value = parts?.at(-1);
    const oid = parts?.[0]?.tag === DerTag.objectIdentifier && readObjectIdentifier(parts[0].contents);
    if (!oid || value?.tag !== DerTag.octetString) return undefined;
    const critical = parts?.[1]?.tag === DerTag.boolean && parts[1].contents[0] !== 0;
    extensions.push({ oid, critical, value: value.contents });
  }
  return extensions;
}
