/** RFC 8460 §4.3: each reason for which DANE can fail, with the result type by which a sender reports it. */
import { describe, expect, test } from 'vitest';
import { type ReasonKey, reasonOf } from '../../src/base/reasons/catalogue.ts';
import { daneReasons } from '../../src/base/reasons/dane.ts';
import { dnssecReasons } from '../../src/base/reasons/dnssec.ts';
import { forwarderReasons } from '../../src/base/reasons/forwarder.ts';
import { lookupReasons } from '../../src/base/reasons/lookup.ts';
import { mailReasons } from '../../src/base/reasons/mail.ts';
import { resultTypeOf } from '../../src/base/reasons/result-type.ts';
import { smtpReasons } from '../../src/base/reasons/smtp.ts';
import { judgeEndpoint } from '../../src/survey/judge-endpoint.ts';

/** Keys by result type; `none` by why there is none. */
const table: Readonly<Record<string, readonly ReasonKey[]>> = {
  'starttls-not-supported': ['ehlo-rejected', 'starttls-not-offered', 'starttls-refused'],
  'certificate-host-mismatch': ['ta-name-mismatch'],
  'certificate-expired': ['ta-expired'],
  'certificate-not-trusted': ['ta-chain-invalid'],
  'validation-failure': [
    'tlsa-mismatch',
    'tlsa-mismatch-one-algorithm',
    'chain-empty',
    'leaf-unparsable',
    'plaintext-after-starttls',
    'tls-handshake-failed',
    'tls-no-shared-parameters',
    'tls-not-tls',
    'tls-timeout',
    'connection-reset',
    'smtp-syntax',
    'smtp-reply-too-long',
    'smtp-timeout',
  ],
  'tlsa-invalid': [
    'usage-pkix',
    'usage-unknown',
    'selector-unknown',
    'matching-type-unknown',
    'tlsa-malformed',
    'digest-length',
    'data-unparsable',
    'tlsa-unusable',
  ],
  'dnssec-invalid': [
    'dnskey-missing',
    'dnskey-no-ds-match',
    'dnskey-no-zone-key',
    'rrsig-missing',
    'rrsig-expired',
    'rrsig-not-yet-valid',
    'rrsig-expired-before-valid',
    'rrsig-wrong-signer',
    'rrsig-labels',
    'rrsig-no-key',
    'rrsig-unsupported-algorithm',
    'signature-invalid',
    'denial-missing',
    'denial-incomplete',
    'denial-contradicts',
    'ds-denial-missing',
    'wildcard-unproven',
    'nsec3-iterations-indeterminate',
    'signature-budget-spent',
    'signatures-too-many',
    'key-collisions-too-many',
    'dnskeys-too-many',
    'ds-digest-budget-spent',
    'nsec3-hash-budget-spent',
    'denial-records-too-many',
    'timeout',
    'servfail',
    'refused',
    'notimp',
    'formerr',
    'lame',
    'malformed-reply',
    'tcp-failed',
    'no-name-server-address',
    'special-use-address',
    'cname-loop',
    'cname-too-long',
    'dname-too-long',
    'referral-loop',
    'referrals-too-many',
    'name-server-loop',
    'name-server-depth',
    'server-name-budget-spent',
    'query-budget-spent',
    'reply-octets-budget-spent',
    'time-budget-spent',
  ],
};

const none: Readonly<Record<string, readonly ReasonKey[]>> = {
  'the answer is insecure: DANE does not apply, and does not fail': [
    'insecure-delegation',
    'insecure-delegation-listed',
    'insecure-opt-out',
    'ds-unsupported-algorithm',
    'ds-unsupported-digest',
    'nsec3-iterations-insecure',
  ],
  'DANE does not apply (RFC 8460 has dane-required for senders that demand it)': [
    'tlsa-absent',
    'address-insecure',
    'tlsa-insecure',
    'domain-unsigned',
  ],
  'another record counts': ['superseded-digest'],
  'nothing was learnt of TLS: no connection, or no greeting': [
    'connection-refused',
    'connection-timeout',
    'address-not-dialled',
    'address-unreachable',
    'greeting-timeout',
  ],
  'the mail goes nowhere, whatever the transport security': [
    'null-mx',
    'domain-nxdomain',
    'no-mx-no-address',
    'mx-without-address',
    'host-without-address',
  ],
  'a finding, or what a host tells in its place': [
    'null-mx-with-others',
    'mx-is-cname',
    'mx-is-address',
    'mx-too-many',
    'addresses-too-many',
    'some-hosts-fail',
    'some-hosts-without-dane',
    'ancestor-denied',
    'ancestor-nxdomain-unproven',
    'ancestor-proof-contradicts',
    'tlsa-servers-differ',
    'tlsa-lookup-fails-without-tlsa',
    'tlsa-match-needs-sni',
    'tlsa-match-without-sni-only',
  ],
  'a mark beside TLS that works': ['tls-key-small'],
  'nobody looked, or knows': [
    'endpoint-not-reached',
    'sender-undocumented',
    'second-key-not-looked',
    'tls-version-old',
  ],
};

const listed = (entries: Readonly<Record<string, readonly ReasonKey[]>>) =>
  Object.entries(entries).flatMap(([of, keys]) => keys.map((key) => [of, key] as const));

describe('RFC 8460 §4.3: result types', () => {
  test.each(listed(table))('%s: %s', (type, key) => expect(resultTypeOf(key)).toBe(type));
  test.each(listed(none))('none, since %s: %s', (_, key) => expect(resultTypeOf(key)).toBeNull());

  test('what is ours has none, and everything else is in the table', () => {
    const catalogues = [
      dnssecReasons,
      lookupReasons,
      forwarderReasons,
      daneReasons,
      smtpReasons,
      mailReasons,
    ];
    const known = new Set<ReasonKey>([...listed(table), ...listed(none)].map(([, key]) => key));
    for (const key of catalogues.flatMap((catalogue) => Object.keys(catalogue) as ReasonKey[])) {
      const isOurs = reasonOf(key).mender === 'ours';
      expect([key, known.has(key)]).toEqual([key, !isOurs]);
      if (isOurs) expect([key, resultTypeOf(key)]).toEqual([key, null]);
    }
  });
});

test('an endpoint that fails for what it did after EHLO has a result type', () => {
  const beforeEhlo = new Set<string>(none['nothing was learnt of TLS: no connection, or no greeting']);
  const aboutOthers = new Set<string>([
    ...none['nobody looked, or knows']!,
    ...none['a mark beside TLS that works']!,
  ]);
  const demand = { tlsaOutcome: 'usable', records: [], baseDomain: 'mx.test' } as const;
  for (const because of Object.keys(smtpReasons) as (keyof typeof smtpReasons)[]) {
    if (beforeEhlo.has(because) || aboutOthers.has(because)) continue;
    const fault = reasonOf(because).mender === 'ours' ? 'ours' : 'theirs';
    const seen = {
      reached: 'starttls',
      fault,
      because,
      starttlsOffered: true,
      handshakes: [],
      chainWithoutSni: null,
    } as const;
    const { verdict, reason } = judgeEndpoint(seen, demand, 0);
    expect([because, verdict === 'failed']).toEqual([because, resultTypeOf(because) !== null]);
    if (verdict === 'failed') expect(reason).toBe(because);
  }
});
