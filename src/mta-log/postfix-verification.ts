/** Why Postfix did not verify a certificate, by the line that it logs before the one about TLS. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';

/** `not-dane`: by the rules of Web PKI, which DANE does not ask. */
export type NotVerified = ReasonKey | 'not-dane';

/**
 * From what stands behind `certificate verification failed for …:` (tls_verify.c): an X509_V_ERR of OpenSSL, or words. Under
 * DANE a chain without a match gives 65. That no CA is known (18 to 21) only matters to policies of Web PKI (`secure`,
 * `verify`, MTA-STS). Null where the line does not tell.
 */
export function notVerified(text: string): NotVerified | null {
  const error = Number(/^num=(\d{1,3}):/.exec(text)?.[1] ?? errorInWords(text));
  switch (error) {
    case 65:
      return 'tlsa-mismatch';
    case 62:
      return 'ta-name-mismatch';
    case 9:
    case 10:
      return 'ta-expired';
    case 18:
    case 19:
    case 20:
    case 21:
      return 'not-dane';
    default:
      return BROKEN_CHAIN.has(error) ? 'ta-chain-invalid' : null;
  }
}

/** Signature, chain length, CA, path length, purpose, signing without right, unknown critical extension, name constraints. */
const BROKEN_CHAIN: ReadonlySet<number> = new Set([7, 22, 24, 25, 26, 32, 34, 47, 48, 49, 50, 51]);

/** 0 where the words do not tell. */
function errorInWords(text: string): number {
  if (text.startsWith('certificate not yet valid')) return 9;
  if (text.startsWith('certificate has expired')) return 10;
  if (text.startsWith('self-signed certificate')) return 18;
  if (text.startsWith('untrusted issuer')) return 20;
  if (text.startsWith('certificate chain longer')) return 22;
  return text.startsWith('not designated for use') ? 26 : 0;
}
