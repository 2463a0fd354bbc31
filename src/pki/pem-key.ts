/** A key in PEM (RFC 7468 §10, §13; RFC 5915 §4; RFC 8017 A.1), private or public, reduced to its public half. */
import { createPublicKey } from 'node:crypto';

/**
 * SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7) of the first key in the text, as `openssl pkey -pubout -outform DER` writes
 * it. `none`: there is no key; `encrypted`: it is behind a passphrase; `unreadable`: it is no key that OpenSSL can use.
 */
export function readPemKey(text: string): Uint8Array | 'none' | 'encrypted' | 'unreadable' {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) return 'encrypted';
  const label = /^-----BEGIN ((?:RSA |EC )?(?:PUBLIC|PRIVATE) KEY)-----/m.exec(text);
  if (label === null) return 'none';
  const end = text.indexOf(`-----END ${label[1]}-----`, label.index);
  if (end < 0) return 'unreadable';
  const block = `${text.slice(label.index, end)}-----END ${label[1]}-----\n`;
  try {
    return createPublicKey(block).export({ type: 'spki', format: 'der' });
  } catch {
    return 'unreadable';
  }
}
