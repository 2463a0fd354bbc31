/** The SHA-512 digests of a certificate and of its key, which TLSA records of matching type 2 hold (RFC 6698 §2.1.3). */
import { createHash } from 'node:crypto';
import { toHex } from '../base/bytes.ts';
import { parseCertificate } from './certificate.ts';

/** Lower-case hexadecimal; `spki` is null where the certificate cannot be read. */
export function sha512Digests(der: Uint8Array): {
  readonly certificate: string;
  readonly spki: string | null;
} {
  const certificate = parseCertificate(der);
  return {
    certificate: sha512(der),
    spki: certificate === undefined ? null : sha512(certificate.spki),
  };
}

function sha512(octets: Uint8Array): string {
  return toHex(createHash('sha512').update(octets).digest());
}
