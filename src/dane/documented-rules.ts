/**
 * Halon and PowerMTA as senders, by what is documented of them and no more: "DANE for SMTP how-to" of Internet.nl's toolbox.
 * Where it says nothing, the rule names all that could be, and the outcome is open.
 */
import { type RulesBySituation, rule, type SenderRules, withoutDane } from './sender-rules.ts';

const HOW_TO = 'DANE for SMTP how-to';
const SILENT = 'not documented';

const tried: RulesBySituation = {
  ...withoutDane(rule('documented', HOW_TO, 'opportunistic')),
  'tlsa-lookup-failed': rule('documented', SILENT, 'next-host', 'defer', 'opportunistic'),
  'tlsa-unusable': rule('documented', SILENT, 'encrypt', 'opportunistic', 'next-host'),
  'tlsa-usable': rule('documented', HOW_TO, 'authenticate'),
};

const documented = {
  insecureMx: 'undocumented',
  situations: tried,
  // As RFC 7672 wants it, or as little of it as Exim does.
  verifying: [
    { manner: 'rfc7671', nextHopIsReference: true },
    { manner: 'every-digest-as-sent', nextHopIsReference: false },
  ],
  unreadableIsMismatch: false,
  triesAliasName: 'undocumented',
  prefersKey: 'undocumented',
  afterFailedTls: 'undocumented',
  oldTls: 'depends',
  mostAddresses: null,
} as const;

export const halonDane: SenderRules = {
  ...documented,
  name: 'Halon dane',
  setting: 'SetTLS(["tls" => "dane"])',
  versions: '5.1, documented',
};

/** "There is no fallback to TLS or none": whether mail then waits or is returned is not said. */
export const halonDaneRequire: SenderRules = {
  ...documented,
  name: 'Halon dane_require',
  setting: 'SetTLS(["tls" => "dane_require"])',
  versions: '5.1, documented',
  situations: {
    ...withoutDane(rule('documented', HOW_TO, 'next-host', 'bounce')),
    'tlsa-lookup-failed': rule('documented', HOW_TO, 'next-host', 'bounce'),
    'tlsa-unusable': rule('documented', SILENT, 'encrypt', 'next-host', 'bounce'),
    'tlsa-usable': rule('documented', HOW_TO, 'authenticate'),
  },
};

/** "If TLS is required per DANE, use-starttls and require-starttls will be overridden". */
export const powermtaUseDane: SenderRules = {
  ...documented,
  name: 'PowerMTA use-dane',
  setting: 'use-dane true',
  versions: '5.0 and later, documented',
};
