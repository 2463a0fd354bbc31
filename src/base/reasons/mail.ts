/** What follows for the mail of a domain, where it is not DNS, DANE or SMTP that speaks. */
import type { Reason } from './reason.ts';

export const mailReasons = {
  'null-mx': {
    source: 'RFC 7505 §3',
    mender: 'nobody',
    says: 'the domain says by a null MX record that it takes no mail',
    hint: '',
  },
  'null-mx-with-others': {
    source: 'RFC 7505 §3',
    mender: 'domain',
    says: 'a null MX record stands beside other MX records',
    hint: 'remove the null MX record or the others',
  },
  'domain-nxdomain': {
    source: 'RFC 5321 §5.1',
    mender: 'nobody',
    says: 'the domain does not exist',
    hint: '',
  },
  'no-mx-no-address': {
    source: 'RFC 5321 §5.1',
    mender: 'nobody',
    says: 'the domain has neither MX nor address records',
    hint: '',
  },
  'mx-without-address': {
    source: 'RFC 5321 §5.1',
    mender: 'domain',
    says: 'no MX host of the domain has an address',
    hint: 'correct the MX records',
  },
  'host-without-address': {
    source: 'RFC 5321 §5.1',
    mender: 'mail',
    says: 'the MX host has no address',
    hint: 'give the MX host an address, or remove it from the MX records',
  },
  'mx-is-cname': {
    source: 'RFC 2181 §10.3, RFC 5321 §5.1',
    mender: 'domain',
    says: 'the MX host is an alias (CNAME)',
    hint: 'name the host itself in the MX record',
  },
  'mx-is-address': {
    source: 'RFC 1035 §3.3.9',
    mender: 'domain',
    says: 'the MX record holds an address in place of a host name',
    hint: 'name a host in the MX record',
  },
  'mx-too-many': {
    source: 'own limit',
    mender: 'domain',
    says: 'the MX RRset names more hosts than are looked at',
    hint: 'name fewer hosts',
  },
  'addresses-too-many': {
    source: 'own limit',
    mender: 'mail',
    says: 'the MX host has more addresses than are looked at',
    hint: 'give the host fewer addresses',
  },
  'domain-unsigned': {
    source: 'RFC 7672 §2.2.1',
    mender: 'domain',
    says: 'the MX RRset is not signed, so DANE does not apply',
    hint: 'sign the domain',
  },
  'some-hosts-without-dane': {
    source: 'RFC 7672 §2.2.1',
    mender: 'mail',
    says: 'some MX hosts are protected and others are not',
    hint: 'sign and publish TLSA records for every MX host',
  },
  'some-hosts-fail': {
    source: 'RFC 7672 §2.2',
    mender: 'mail',
    says: 'DANE senders skip some MX hosts or addresses because they cannot be authenticated',
    hint: 'mend the failing hosts',
  },
  'endpoint-not-reached': {
    source: 'own limit',
    mender: 'network',
    says: 'no address of the MX host could be looked at',
    hint: 'ask again later, or from another place',
  },
  'sender-undocumented': {
    source: 'own rule',
    mender: 'nobody',
    says: 'what this sender does here is not documented',
    hint: '',
  },
  'host-not-measured': {
    source: 'own limit',
    mender: 'ours',
    says: 'an MX host has not been looked at',
    hint: 'resume the census',
  },
} as const satisfies Record<string, Reason>;
