/**
 * Operational advice that a domain does not follow, though its mail may be well protected today. `source` names the how-to
 * ("DANE for SMTP how-to" of the Dutch Internet Standards Platform) or the RFC that says the same.
 */
import type { Reason } from './reason.ts';

export const adviceReasons = {
  'tlsa-single-record': {
    source: 'how-to "Reliable certificate rollover", RFC 7671 §8.1',
    mender: 'mail',
    says: 'there is a single usable TLSA record: the next change of key or certificate stops mail until the DNS follows',
    hint: 'publish a second record: 3 1 1 of the next key, or 2 1 1 of the issuing CA',
  },
  'rollover-absent': {
    source: 'how-to "Reliable certificate rollover", RFC 7671 §8.1',
    mender: 'mail',
    says: 'neither roll-over scheme is in place: no record waits for the next key, and none names the issuing CA',
    hint: 'publish 3 1 1 of the next key (current + next), or 2 1 1 of the issuing CA (current + issuer)',
  },
  'rollover-same-key': {
    source: 'how-to "Reliable certificate rollover"',
    mender: 'mail',
    says: 'several TLSA records describe the one certificate in use, so that they stop matching together',
    hint: 'replace all but one of them by a record of the next key or of the issuing CA',
  },
  'rollover-both-current': {
    source: 'how-to "Points of attention", RFC 7671 §8.1',
    mender: 'mail',
    says: 'the TLSA records are of the RSA and the ECDSA key in use: two current keys are no roll-over scheme',
    hint: 'publish a record of the next key for each algorithm, or of the issuing CA',
  },
  'rollover-ta-is-leaf': {
    source: 'how-to "Reliable certificate rollover", RFC 7671 §5.2',
    mender: 'mail',
    says: 'a record of usage 2 (DANE-TA) describes the server’s own certificate, which it can never match',
    hint: 'make the 2 1 1 record from a CA certificate that the server sends above its own',
  },
  'rollover-ta-not-served': {
    source: 'how-to "Tips, tricks and notices", RFC 7671 §5.2.2',
    mender: 'mail',
    says: 'a record of usage 2 (DANE-TA) matches no certificate that the server sends above its own',
    hint: 'let the server send its whole chain, the certificate that the record names included',
  },
  'rollover-issuer-only': {
    source: 'how-to "Reliable certificate rollover"',
    mender: 'mail',
    says: 'the records name an issuing CA, but none names the current key: a change of the CA stops mail',
    hint: 'publish 3 1 1 of the current key beside the 2 1 1 record',
  },
  'rollover-one-algorithm': {
    source: 'how-to "Points of attention"',
    mender: 'mail',
    says: 'the server has keys of two algorithms, and there are not records of a next key for each of them',
    hint: 'publish current and next for RSA and for ECDSA, or use one algorithm',
  },
  'key-shared': {
    source: 'how-to "Points of attention"',
    mender: 'mail',
    says: 'several MX hosts of the domain use the same key, so that one mistake at its change stops all of them',
    hint: 'give every MX host its own key and certificate, and change them at different times',
  },
  'addresses-differ': {
    source: 'how-to "Points of attention"',
    mender: 'mail',
    says: 'some addresses of the MX host meet its TLSA records and others do not',
    hint: 'test every IPv4 and IPv6 address with each key algorithm, and mend those that fail',
  },
  'tls-too-old': {
    source: 'how-to "Points of attention", RFC 8996 §4, §5',
    mender: 'mail',
    says: 'the server does not support TLS 1.2',
    hint: 'support TLS 1.2 or later',
  },
  'selector-certificate': {
    source: 'how-to "Tips, tricks and notices", RFC 7671 §5.1',
    mender: 'mail',
    says: 'selector 0 (full certificate): the record stops matching at every renewal, even with the same key',
    hint: 'use selector 1 (public key)',
  },
  'matching-type-full': {
    source: 'RFC 7671 §10.1.2',
    mender: 'mail',
    says: 'matching type 0 puts a whole certificate or key into the DNS where a digest would do',
    hint: 'use matching type 1 (SHA2-256)',
  },
  'matching-type-optional': {
    source: 'RFC 6698 §6',
    mender: 'mail',
    says: 'matching type 2 (SHA2-512) alone: senders need to understand only SHA2-256',
    hint: 'use matching type 1 (SHA2-256)',
  },
  'certificate-neglected': {
    source: 'how-to "Points of attention", RFC 7672 §3.1.1',
    mender: 'mail',
    says: 'the server’s certificate is out of date; DANE senders do not look at that under usage 3, others may',
    hint: 'renew the certificate, with the same key or after its record has been published for two TTLs',
  },
  'tlsa-ttl-long': {
    source: 'how-to "Tips, tricks and notices", RFC 7671 §8.1',
    mender: 'dns',
    says: 'the TTL of the TLSA records is above 3600 seconds, so that a mistake lasts that long',
    hint: 'set a TTL from 1800 to 3600 seconds',
  },
  'tlsa-ttl-short': {
    source: 'how-to "Tips, tricks and notices"',
    mender: 'dns',
    says: 'the TTL of the TLSA records is below 1800 seconds',
    hint: 'set a TTL from 1800 to 3600 seconds',
  },
  'soa-refresh-long': {
    source: 'how-to "Tips, tricks and notices"',
    mender: 'dns',
    says: 'the zone’s SOA refresh is longer than the TTL of the TLSA records: a name server that missed a NOTIFY answers with old ones',
    hint: 'set the SOA refresh no longer than the TTL of the TLSA records',
  },
  'ta-not-root': {
    source: 'how-to "Tips, tricks and notices"',
    mender: 'mail',
    says: 'the record of usage 2 names an intermediate CA; where the server can send its root, a record of the root outlives a change of intermediates',
    hint: 'prefer the root for the 2 1 1 record, and let the server send it; or follow every intermediate that the CA may use',
  },
  'leaf-is-ca': {
    source: 'RFC 7671 §5.1',
    mender: 'mail',
    says: 'the first certificate is that of a CA, not of a server: usage 3 would never match',
    hint: 'put the server’s certificate first, or say --usage 2 for a CA',
  },
} as const satisfies Record<string, Reason>;
