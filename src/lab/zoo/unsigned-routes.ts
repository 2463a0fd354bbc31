/** Domains or MX hosts without DNSSEC, and what the other side of the MX record makes of it (RFC 7672 §2.2.1, §2.2.2). */
import { danePasses, noDane } from '../plan/host-profile.ts';
import { chainFor, tlsa } from '../plan/tlsa-of-chain.ts';
import type { ScenarioDraft } from './draft.ts';
import { tlsaProfiles } from './tlsa-profiles.ts';

const dane = danePasses((host) => [tlsa('3 1 1', chainFor(host))]);
const stale = tlsaProfiles['tlsa-stale']!;
const unsignedHost = noDane('address-insecure');

export const unsignedRoutes: readonly ScenarioDraft[] = [
  {
    name: 'unsigned-plain',
    signing: null,
    hosts: [{ profile: unsignedHost }],
    verdict: 'no-dane',
    reasons: ['domain-unsigned'],
  },
  {
    name: 'unsigned-opt-out-plain',
    tld: 'xb',
    signing: null,
    hosts: [{ profile: unsignedHost }],
    verdict: 'no-dane',
    reasons: ['domain-unsigned'],
  },
  {
    name: 'signed-domain-unsigned-host',
    hosts: [{ elsewhere: 'mx.unsigned-plain.xa', profile: unsignedHost }],
  },
  {
    name: 'unsigned-domain-dane-host',
    tld: 'xb',
    signing: null,
    hosts: [{ elsewhere: 'mx.dane-host-of-unsigned-domain.xa', profile: dane }],
    verdict: 'insecure-mx',
    reasons: ['domain-unsigned'],
  },
  { name: 'dane-host-of-unsigned-domain', hosts: [{ profile: dane }] },
  {
    name: 'unsigned-domain-stale-host',
    signing: null,
    hosts: [{ elsewhere: 'mx2.two-hosts-second-stale.xa', profile: stale }],
    verdict: 'insecure-mx',
    reasons: ['domain-unsigned'],
  },
];
