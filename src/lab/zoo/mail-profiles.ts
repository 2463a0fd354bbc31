/** How mail servers answer (RFC 5321, RFC 3207, TLS), at hosts whose TLSA records demand TLS and at hosts without any. */
import type { ReasonKey } from '../../base/reasons/catalogue.ts';
import { daneFails, type EndpointProfile, type HostProfile, noDane } from '../plan/host-profile.ts';
import type { MailServerFailure, MailServerPlan } from '../plan/mail-plan.ts';
import { chainFor, otherKey, tls, tlsa } from '../plan/tlsa-of-chain.ts';
import type { Reasons } from '../truth.ts';

const current = (host: string) => [tlsa('3 1 1', chainFor(host))];
const rsa = (host: string) => chainFor(host, { key: `${host}/rsa`, keyType: 'rsa' });
const failing = (kind: MailServerFailure) => (): MailServerPlan => ({ kind });

const matches: EndpointProfile = {
  server: (host) => tls(chainFor(host)),
  verdict: 'authenticated',
  reasons: [null],
};
const differs: EndpointProfile = {
  server: (host) => tls(otherKey(host)),
  verdict: 'failed',
  reasons: ['tlsa-mismatch'],
};
const refuses: EndpointProfile = {
  server: failing('refused'),
  verdict: 'unknown',
  reasons: ['connection-refused'],
};

/** Nothing was shown that the records could be held against. */
function notSeen(kind: MailServerFailure, reasons: readonly ReasonKey[]): HostProfile {
  const endpoint: EndpointProfile = { server: failing(kind), verdict: 'unknown', reasons };
  return {
    tlsa: current,
    outcome: 'usable',
    verdict: 'unknown',
    reasons: ['endpoint-not-reached'],
    endpoints: [endpoint],
  };
}

function twoAddresses(first: EndpointProfile, second: EndpointProfile, reasons: Reasons): HostProfile {
  const verdict = reasons.includes(null) ? 'dane' : 'dane-degraded';
  return { tlsa: current, outcome: 'usable', verdict, reasons, endpoints: [first, second] };
}

export const mailProfiles: Readonly<Record<string, HostProfile>> = {
  'smtp-refused': notSeen('refused', ['connection-refused']),
  'smtp-reset': notSeen('reset', ['connection-reset']),
  'smtp-silent': notSeen('silent', ['greeting-timeout']),
  'smtp-greets-421': notSeen('greets-421', ['greeting-rejected-temporarily']),
  'smtp-greets-554': notSeen('greets-554', ['greeting-rejected']),
  'smtp-ehlo-refused': daneFails(current, 'ehlo-rejected', failing('ehlo-refused')),
  'smtp-no-starttls': daneFails(current, 'starttls-not-offered', failing('no-starttls')),
  'smtp-starttls-454': daneFails(current, 'starttls-refused', failing('starttls-454')),
  'smtp-injects': daneFails(current, 'plaintext-after-starttls', failing('injects')),
  'smtp-tls-alert': daneFails(current, 'tls-handshake-failed', failing('tls-alert')),
  'smtp-not-tls': daneFails(current, 'tls-not-tls', failing('not-tls')),
  'smtp-one-address-stale': twoAddresses(matches, differs, ['tlsa-mismatch']),
  'smtp-other-address-stale': twoAddresses(differs, matches, ['tlsa-mismatch']),
  'smtp-one-address-refused': twoAddresses(matches, refuses, [null]),
  'smtp-dual-half-covered': {
    tlsa: current,
    outcome: 'usable',
    verdict: 'dane-degraded',
    reasons: ['tlsa-mismatch-one-algorithm'],
    endpoints: [
      {
        server: (host) => tls(rsa(host), chainFor(host)),
        verdict: 'degraded',
        reasons: ['tlsa-mismatch-one-algorithm'],
      },
    ],
  },
  'smtp-wrong-certificate-with-sni': {
    ...daneFails(current, 'tlsa-mismatch', (host) => ({
      kind: 'tls',
      chains: [chainFor(host, { key: `${host}/other` })],
      withoutSni: chainFor(host),
    })),
    findings: ['tlsa-match-without-sni-only'],
  },
  'smtp-unusable-no-starttls': {
    tlsa: (host) => [tlsa('1 1 1', chainFor(host))],
    outcome: 'unusable',
    verdict: 'dane-failed',
    reasons: ['starttls-not-offered'],
    endpoints: [{ server: failing('no-starttls'), verdict: 'failed', reasons: ['starttls-not-offered'] }],
  },
  'plain-encrypted': noDane('tlsa-absent'),
  'plain-cleartext': noDane('tlsa-absent', failing('no-starttls'), 'cleartext', ['starttls-not-offered']),
  'plain-not-tls': noDane('tlsa-absent', failing('not-tls'), 'cleartext', ['tls-not-tls']),
  'plain-refused': noDane('tlsa-absent', failing('refused'), 'unknown', ['connection-refused']),
  'plain-greets-554': noDane('tlsa-absent', failing('greets-554'), 'unknown', ['greeting-rejected']),
  'plain-tls-1.1': {
    ...noDane('tlsa-absent', (host) => ({
      kind: 'tls',
      chains: [rsa(host)],
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    })),
    findings: ['tls-version-old'],
  },
  'plain-two-keys': noDane('tlsa-absent', (host) => tls(rsa(host), chainFor(host))),
};
