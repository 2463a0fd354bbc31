/** Does a TLSA record match a certificate? (RFC 6698 §2.1.2, §2.1.3) By octets alone: no name, no validity. */
import { createHash } from 'node:crypto';
import { equalBytes } from '../base/bytes.ts';
import type { Certificate } from '../pki/certificate.ts';
import { digestOfMatchingType, Selector } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';

/**
 * Tells of one certificate which usable records match it. Keep it while the same certificate is asked about: each digest
 * is made once, so that a zone with a thousand records does not make a thousand digests of a large certificate.
 */
export function matcherOf(certificate: Certificate): (record: TlsaRecord) => boolean {
  const shown = new Map<string, Uint8Array>();
  return ({ selector, matchingType, data }) => {
    const kind = `${selector} ${matchingType}`;
    const octets = shown.get(kind) ?? association(certificate, selector, matchingType);
    shown.set(kind, octets);
    return equalBytes(octets, data);
  };
}

/** The certificate association data that a record of these parameters must hold (RFC 6698 §2.1.4). */
export function association(certificate: Certificate, selector: number, matchingType: number): Uint8Array {
  return associationData(selector === Selector.Cert ? certificate.der : certificate.spki, matchingType);
}

/** The same of what the selector has chosen: a certificate or a SubjectPublicKeyInfo in DER (RFC 6698 §2.1.3). */
export function associationData(selected: Uint8Array, matchingType: number): Uint8Array {
  const digest = digestOfMatchingType[matchingType];
  return digest ? createHash(digest.algorithm).update(selected).digest() : selected;
}
