/** What is kept of a certificate beside its octets: digests, key, names, validity. Total: any octets yield a fact. */
import { createHash, type KeyObject } from 'node:crypto';
import { toHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { type Certificate, isSelfIssued, parseCertificate, publicKeyOf } from './certificate.ts';

/** Lower-case hexadecimal digests; empty strings and nulls where the octets could not be read. Names are text from the network. */
export interface DescribedCertificate {
  readonly sha256: string;
  readonly der: Uint8Array;
  readonly spkiSha256: string;
  readonly keyAlgorithm: string;
  readonly keyBits: number | null;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Instant | null;
  readonly notAfter: Instant | null;
  readonly selfSigned: boolean;
}

export function describeCertificate(der: Uint8Array): DescribedCertificate {
  const certificate = parseCertificate(der);
  if (certificate === undefined) return { ...unreadable, sha256: sha256(der), der };
  const key = publicKeyOf(certificate);
  return {
    sha256: sha256(der),
    der,
    spkiSha256: sha256(certificate.spki),
    keyAlgorithm: key?.asymmetricKeyType ?? '',
    keyBits: key === undefined ? null : keyBits(key),
    subject: onOneLine(certificate.x509.subject),
    issuer: onOneLine(certificate.x509.issuer),
    notBefore: readable(certificate.notBefore),
    notAfter: readable(certificate.notAfter),
    selfSigned: isSelfIssued(certificate) && key !== undefined && verifiesItself(certificate, key),
  };
}

const unreadable: Omit<DescribedCertificate, 'sha256' | 'der'> = {
  spkiSha256: '',
  keyAlgorithm: '',
  keyBits: null,
  subject: '',
  issuer: '',
  notBefore: null,
  notAfter: null,
  selfSigned: false,
};

function sha256(octets: Uint8Array): string {
  return toHex(createHash('sha256').update(octets).digest());
}

/** Key sizes of the named curves (RFC 5480 §2.1.1.1, RFC 8410 §3) under OpenSSL's names. */
const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
  ed25519: 256,
  ed448: 456,
};

function keyBits(key: KeyObject): number | null {
  const details = key.asymmetricKeyDetails;
  return (
    details?.modulusLength ??
    CURVE_BITS[details?.namedCurve ?? ''] ??
    CURVE_BITS[key.asymmetricKeyType ?? ''] ??
    null
  );
}

/** Node writes one attribute per line, escaped as in RFC 2253 §2.4. */
function onOneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

function readable(at: Instant): Instant | null {
  return Number.isNaN(at) ? null : at;
}

function verifiesItself(certificate: Certificate, key: KeyObject): boolean {
  try {
    return certificate.x509.verify(key);
  } catch {
    return false;
  }
}
