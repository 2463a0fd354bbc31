/**
 * Exim as a sender, linked with GnuTLS (as Debian builds it) or with OpenSSL, which verify differently.
 *
 * Where it leaves RFC 7672: a TLSA lookup that fails, and with `hosts_require_dane` a host without DANE, ends the whole
 * delivery (§2.1.2: other hosts may be used), the latter by returning the mail at once; and `hosts_require_dane` delivers
 * unauthenticated to a host whose TLSA records are all unusable (§6: mail is delayed).
 */
import { type RulesBySituation, rule, type SenderRules, withoutDane } from './sender-rules.ts';

const ON_DNSSEC = 'host.c:host_find_bydns, smtp.c:smtp_setup_conn';

const whereTried: RulesBySituation = {
  'address-insecure': rule('seen', `RFC 7672 §2.2.2; ${ON_DNSSEC}`, 'opportunistic'),
  'tlsa-absent': rule('seen', 'RFC 7672 §2.2; host.c:tlsa_lookup', 'opportunistic'),
  'tlsa-insecure': rule('seen', 'RFC 7672 §2.2; host.c:tlsa_lookup', 'opportunistic'),
  'tlsa-lookup-failed': rule('seen', 'smtp.c:smtp_setup_conn, "DANE error: tlsa lookup DEFER"', 'defer'),
  'tlsa-unusable': rule('seen', 'RFC 7672 §2.2; tls-gnutls.c:dane_tlsa_load', 'encrypt'),
  'tlsa-usable': rule('seen', 'RFC 7672 §2.2', 'authenticate'),
};
const whereRequired: RulesBySituation = {
  ...whereTried,
  ...withoutDane(rule('seen', 'smtp.c:smtp_setup_conn, "lookup not DNSSEC", "tlsa lookup FAIL"', 'bounce')),
};
const insecureMxTried = rule('seen', `RFC 7672 §2.2.1; ${ON_DNSSEC}`, 'opportunistic');
const insecureMxRequired = rule('seen', 'smtp.c:smtp_setup_conn, "lookup not DNSSEC"', 'bounce');

const gnutls = {
  versions: '4.91 and later with GnuTLS; seen with 4.96',
  verifying: [{ manner: 'every-digest-as-sent', nextHopIsReference: false }],
  unreadableIsMismatch: true,
  triesAliasName: false,
  prefersKey: 'rsa',
  // smtp.c:smtp_setup_conn, "delivering unencrypted".
  afterFailedTls: 'clear',
  oldTls: 'works',
  // hosts_max_try = 5 counts otherwise: a sixth was tried after five whose certificates did not match.
  mostAddresses: null,
} as const;

/** dane-openssl.c: `ta_signed` takes certificates and keys out of the records, `match` tries every digest. */
const openssl = {
  ...gnutls,
  versions: '4.91 and later with OpenSSL; seen with 4.96, built from its source with OpenSSL 3.0',
  verifying: [{ manner: 'every-digest', nextHopIsReference: false }],
  unreadableIsMismatch: false,
  prefersKey: 'free-choice',
  oldTls: 'depends',
} as const;

export const eximTry: SenderRules = {
  ...gnutls,
  name: 'Exim try',
  setting: 'hosts_try_dane = *',
  insecureMx: insecureMxTried,
  situations: whereTried,
};

export const eximRequire: SenderRules = {
  ...gnutls,
  name: 'Exim require',
  setting: 'hosts_require_dane = *',
  insecureMx: insecureMxRequired,
  situations: whereRequired,
};

/** Without a record that it can use the TLS session fails, or its process dies (4.96). */
const unusableWithOpenssl = rule('seen', 'tls-openssl.c:dane_tlsa_load', 'next-host', 'defer');

export const eximTryOpenssl: SenderRules = {
  ...eximTry,
  ...openssl,
  name: 'Exim try (OpenSSL)',
  situations: { ...whereTried, 'tlsa-unusable': unusableWithOpenssl },
};

export const eximRequireOpenssl: SenderRules = {
  ...eximRequire,
  ...openssl,
  name: 'Exim require (OpenSSL)',
  situations: { ...whereRequired, 'tlsa-unusable': unusableWithOpenssl },
};
