/** The value of one extension as a class of @peculiar/asn1-x509; whatever the decoder throws becomes `unreadable`. */
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Certificate } from './certificate.ts';

/** Decoding is slow, and one certificate can stand on many paths. */
const decoded = new WeakMap<Certificate, Map<string, unknown>>();

/** Undefined where the certificate has no such extension. `type` is the class that belongs to `oid`. */
export function readExtension<T>(
  certificate: Certificate,
  oid: string,
  type: new () => T,
): T | 'unreadable' | undefined {
  const extension = certificate.extensions.find((candidate) => candidate.oid === oid);
  if (extension === undefined) return undefined;
  const known = decoded.get(certificate) ?? new Map<string, unknown>();
  if (!known.has(oid)) decoded.set(certificate, known.set(oid, readAs(extension.value, type)));
  return known.get(oid) as T | 'unreadable';
}

export function readAs<T>(der: Uint8Array, type: new () => T): T | 'unreadable' {
  try {
    return AsnConvert.parse(der, type);
  } catch {
    return 'unreadable';
  }
}
