/** A bare public key: SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), as a TLSA record 2 1 0 holds it. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { asBuffer } from '../base/bytes.ts';
import { MAX_CERTIFICATE_OCTETS } from './certificate.ts';
import { DerTag, readDer } from './der.ts';

/** Undefined unless the octets are one key, and nothing more, of an algorithm that OpenSSL can use. */
export function parsePublicKey(spki: Uint8Array): KeyObject | undefined {
  if (spki.length > MAX_CERTIFICATE_OCTETS || readDer(spki)?.tag !== DerTag.sequence) return undefined;
  try {
    return createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
