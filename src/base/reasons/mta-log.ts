/** What mail logs say of DANE that went wrong, where no reason of a look from outside says the same. */
import type { Reason } from './reason.ts';

export const mtaLogReasons = {
  'dane-required-absent': {
    source: 'RFC 7672 §6',
    mender: 'domain',
    says: 'the sender demands DANE, and the destination has none: it is not signed, or has no TLSA records',
    hint: 'sign the domain and its MX hosts and publish TLSA records, or let the sender use DANE only where it is there',
  },
  'tlsa-lookup-failed': {
    source: 'RFC 7672 §2.1.2, §2.2',
    mender: 'dns',
    says: 'the sender could not look up the TLSA records',
    hint: 'see how every name server of the MX host’s zone answers for them: dane-census check DOMAIN',
  },
  'dane-failed-unexplained': {
    source: 'RFC 7672 §2.2',
    mender: 'mail',
    says: 'the sender could not authenticate the server by DANE, and its log does not say why',
    hint: 'look at the destination: dane-census check DOMAIN',
  },
} as const satisfies Record<string, Reason>;
