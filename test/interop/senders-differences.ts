/**
 * Where Postfix `dane` and Exim `hosts_try_dane` do not do the same, by the label of the case: what RFC 7672 has an opportunistic
 * DANE sender do, and why one or both leave it. Of senders that demand DANE RFC 7672 §6 wants that mail is delayed: Postfix
 * `dane-only` does, Exim `hosts_require_dane` returns it at once for every host without DANE, and delivers it unauthenticated
 * where all TLSA records are unusable.
 */
import type { SenderOutcome } from '../../src/survey/sender-verdicts.ts';

export interface Difference {
  /** Several where the RFC leaves it to the sender. */
  readonly rfc7672: readonly SenderOutcome[];
  readonly because: string;
}

const anchorInFull: Difference = {
  rfc7672: ['authenticated'],
  because: 'RFC 7671 §5.2: Exim (GnuTLS) takes no trust anchor from a record, only from the chain',
};
const unreadable: Difference = {
  rfc7672: ['encrypted'],
  because:
    'RFC 7672 §2.2: Exim takes what it cannot read for a record that does not match, not for an unusable one',
};
const alias: Difference = {
  rfc7672: ['authenticated'],
  because: 'RFC 7672 §2.2.2: Exim looks for TLSA records at the canonical name only',
};
const oneKey: Difference = {
  rfc7672: ['authenticated', 'deferred'],
  because:
    'RFC 7671 §8: a record for each key is the server’s to have; OpenSSL is shown the ECDSA key, GnuTLS the RSA key',
};
const insecureMx = (...rfc7672: readonly SenderOutcome[]): Difference => ({
  rfc7672,
  because: 'RFC 7672 §2.2.1: behind an insecure MX RRset a sender may use DANE; Postfix does, Exim does not',
});
const nextHop: Difference = {
  rfc7672: ['authenticated'],
  because: 'RFC 7672 §3.2.2: neither the next-hop domain nor its expanded name is a reference name to Exim',
};

export const differences: Readonly<Record<string, Difference>> = {
  'ta-200-not-sent': anchorInFull,
  'ta-210-not-sent': anchorInFull,
  'ta-next-hop': nextHop,
  'alias.ta-expanded': nextHop,
  'key-unparsable': unreadable,
  'certificate-unparsable': unreadable,
  agility: { rfc7672: ['deferred'], because: 'RFC 7671 §9: Exim tries every digest' },
  'one-tlsa-bogus': {
    rfc7672: ['encrypted'],
    because: 'RFC 7672 §2.1.2: Exim ends the delivery at the first host whose TLSA lookup fails',
  },
  tls10: {
    rfc7672: ['authenticated', 'deferred'],
    because: 'RFC 8996: OpenSSL 3 takes no SHA-1 signature in a TLS 1.0 handshake, GnuTLS 3.7 does',
  },
  'absent-first-tls-fails': {
    rfc7672: ['encrypted', 'clear'],
    because: 'no RFC: where a handshake fails Exim goes on in clear, Postfix to the next host',
  },
  'five-addresses-broken': {
    rfc7672: ['authenticated'],
    because: 'RFC 5321 §5.1 allows a limit: Postfix tries five addresses in one attempt',
  },
  'dual-ec-covered': oneKey,
  'dual-rsa-covered': oneKey,
  'mx-alias-own-tlsa': alias,
  'mx-alias-insecure': alias,
  'insecure-mx-mismatch': insecureMx('deferred', 'encrypted'),
  'insecure-mx-no-starttls': insecureMx('deferred', 'clear'),
  'insecure-mx-pkix-no-starttls': insecureMx('deferred', 'clear'),
  'insecure-mx-lame': insecureMx('deferred', 'encrypted'),
};
