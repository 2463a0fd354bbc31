/** Postfix as a sender. It follows RFC 7672, whose author wrote both. */
import { type RulesBySituation, rule, type SenderRules, withoutDane } from './sender-rules.ts';

/** `dane_init` and `dane_incompat` are in smtp_tls_policy.c. */
const situations: RulesBySituation = {
  'address-insecure': rule('seen', 'RFC 7672 §2.2.2; tls_dane.c:tls_dane_resolve', 'opportunistic'),
  'tlsa-absent': rule('seen', 'RFC 7672 §2.2; dane_init', 'opportunistic'),
  'tlsa-insecure': rule('seen', 'RFC 7672 §2.2; tls_dane.c:tls_dane_resolve', 'opportunistic'),
  'tlsa-lookup-failed': rule('seen', 'RFC 7672 §2.1.2; dane_init', 'next-host'),
  'tlsa-unusable': rule('seen', 'RFC 7672 §2.2; dane_incompat', 'encrypt'),
  'tlsa-usable': rule('seen', 'RFC 7672 §2.2; dane_init', 'authenticate'),
};

const postfix = {
  verifying: [{ manner: 'rfc7671', nextHopIsReference: true }],
  unreadableIsMismatch: false,
  triesAliasName: true,
  prefersKey: 'free-choice',
  // RETRY_AS_PLAINTEXT in smtp.h, after minimal_backoff_time.
  afterFailedTls: 'clear-later',
  // OpenSSL 3 speaks TLS 1.0 without signatures only: with anonymous ciphers at `may`, not for authentication with ECDSA.
  oldTls: 'depends',
  // smtp_mx_address_limit
  mostAddresses: 5,
} as const;

export const postfixDane: SenderRules = {
  ...postfix,
  name: 'Postfix dane',
  setting: 'smtp_tls_security_level = dane',
  versions: '3.1 and later; seen with 3.7.11',
  // smtp_tls_dane_insecure_mx_policy = dane: what it then authenticates it logs as "Trusted", not as "Verified".
  insecureMx: 'as-secure',
  situations,
};

/** The default of some releases where `dane` stands in a policy table only. Before 3.1 there was no such setting. */
export const postfixDaneMxMay: SenderRules = {
  ...postfix,
  name: 'Postfix dane (insecure MX: may)',
  setting: 'smtp_tls_security_level = dane, smtp_tls_dane_insecure_mx_policy = may',
  versions:
    '2.11 to 3.0; by default 3.6.0 to 3.6.16, 3.7.0 to 3.7.12, 3.8.0 to 3.8.7, 3.9.0 and 3.9.1 with dane in a policy table only; seen with 3.7.11',
  insecureMx: rule('seen', 'RFC 7672 §2.2.1; dane_init', 'opportunistic'),
  situations,
};

export const postfixDaneOnly: SenderRules = {
  ...postfix,
  name: 'Postfix dane-only',
  setting: 'smtp_tls_security_level = dane-only',
  versions: '2.11 and later; seen with 3.7.11',
  insecureMx: rule('seen', 'RFC 7672 §2.2.1, §6; dane_init', 'next-host'),
  situations: {
    ...situations,
    ...withoutDane(rule('seen', 'RFC 7672 §6; dane_incompat', 'next-host')),
    'tlsa-unusable': rule('seen', 'RFC 7672 §6; dane_incompat', 'next-host'),
  },
};

const unasked = rule('seen', 'RFC 3207 §4, RFC 7435: it asks for no TLSA records', 'opportunistic');

/** It asks for no TLSA records; its resolver validates like those of the others. */
export const opportunistic: SenderRules = {
  ...postfix,
  name: 'a sender without DANE',
  setting: 'smtp_tls_security_level = may',
  versions: 'seen with Postfix 3.7.11',
  insecureMx: unasked,
  situations: {
    ...withoutDane(unasked),
    'tlsa-lookup-failed': unasked,
    'tlsa-unusable': unasked,
    'tlsa-usable': unasked,
  },
};
