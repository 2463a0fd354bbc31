/**
 * Mail servers that send, each with its rules. Where RFC 7672 and a running program differ, the rule is the program's.
 * Rules that are `seen` are held against the programs by test/interop/senders.test.ts; Exim with OpenSSL, which no package
 * has, was put in the place of Debian's by hand.
 */
import { halonDane, halonDaneRequire, powermtaUseDane } from './documented-rules.ts';
import { eximRequire, eximRequireOpenssl, eximTry, eximTryOpenssl } from './exim-rules.ts';
import { opportunistic, postfixDane, postfixDaneMxMay, postfixDaneOnly } from './postfix-rules.ts';
import type { SenderRules } from './sender-rules.ts';

export const senderKeys = [
  'postfix-dane',
  'postfix-dane-mx-may',
  'postfix-dane-only',
  'exim-try',
  'exim-try-openssl',
  'exim-require',
  'exim-require-openssl',
  'halon-dane',
  'halon-dane-require',
  'powermta-use-dane',
  'opportunistic',
] as const;
export type SenderKey = (typeof senderKeys)[number];

export const senders: Readonly<Record<SenderKey, SenderRules>> = {
  'postfix-dane': postfixDane,
  'postfix-dane-mx-may': postfixDaneMxMay,
  'postfix-dane-only': postfixDaneOnly,
  'exim-try': eximTry,
  'exim-try-openssl': eximTryOpenssl,
  'exim-require': eximRequire,
  'exim-require-openssl': eximRequireOpenssl,
  'halon-dane': halonDane,
  'halon-dane-require': halonDaneRequire,
  'powermta-use-dane': powermtaUseDane,
  opportunistic,
};
