/** Certificates in PEM (RFC 7468 §2, §5), as files and `openssl s_client -showcerts` have them, and back. */
import { fromBase64, toBase64 } from '../base/bytes.ts';

/**
 * DER of each CERTIFICATE block in the order of the text; text around and blocks of other labels (a key in the same
 * file) are passed over. `unreadable` is the number, from 1, of the first block that has no end or is not base64.
 */
export function readPemCertificates(text: string): readonly Uint8Array[] | { readonly unreadable: number } {
  const certificates: Uint8Array[] = [];
  const pieces = text.split(/^-----BEGIN (?:X509 )?CERTIFICATE-----[ \t]*\r?$/m).slice(1);
  for (const [index, piece] of pieces.entries()) {
    const end = piece.search(/^-----END (?:X509 )?CERTIFICATE-----/m);
    const der = end < 0 ? undefined : fromBase64(piece.slice(0, end).replaceAll(/\s+/g, ''));
    if (der === undefined || der.length === 0) return { unreadable: index + 1 };
    certificates.push(der);
  }
  return certificates;
}

export function writePemCertificate(der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
