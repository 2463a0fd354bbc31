/** How domains take mail (RFC 5321 §5.1, RFC 7505), and which hosts they share it among. */
import { danePasses, type HostProfile, noDane } from '../plan/host-profile.ts';
import { chainFor, tls, tlsa } from '../plan/tlsa-of-chain.ts';
import { ecdsaNsec3, type HostDraft, type ScenarioDraft } from './draft.ts';
import { tlsaProfiles } from './tlsa-profiles.ts';

const dane = danePasses((host) => [tlsa('3 1 1', chainFor(host))]);
const stale = tlsaProfiles['tlsa-stale']!;
const unusable = tlsaProfiles['unusable-usage-1']!;
const absent = noDane('tlsa-absent');
const noAddress: HostProfile = {
  tlsa: () => [],
  outcome: 'none',
  verdict: 'no-address',
  reasons: ['host-without-address'],
  endpoints: [],
};
const withoutAddress = { profile: noAddress, addressless: true };

/** A key that several hosts have: each certificate names all of them. */
const sharedKey = danePasses(
  () => [tlsa('3 1 1', chainFor('shared-key.xa'))],
  () => tls(chainFor('shared-key.xa', { names: ['mx1.shared-key.xa', 'mx2.shared-key.xa'] })),
);

const two = (first: Partial<HostDraft>, second: Partial<HostDraft>): readonly HostDraft[] => [
  { label: 'mx1', profile: dane, ...first },
  { label: 'mx2', profile: dane, ...second },
];

export const mailRoutes: readonly ScenarioDraft[] = [
  {
    name: 'null-mx',
    mx: ['@ 3600 MX 0 .'],
    mail: 'null-mx',
    verdict: 'no-mail',
    reasons: ['null-mx'],
  },
  {
    name: 'null-mx-unsigned',
    signing: null,
    mx: ['@ 3600 MX 0 .'],
    mail: 'null-mx',
    verdict: 'no-mail',
    reasons: ['null-mx'],
  },
  { name: 'null-mx-with-others', hosts: [{ profile: dane }], mx: ['@ 3600 MX 0 .', '@ 3600 MX 10 mx'] },
  { name: 'implicit-mx-dane', hosts: [{ label: '', profile: dane }], mail: 'implicit-mx' },
  { name: 'implicit-mx-plain', hosts: [{ label: '', profile: absent }], mail: 'implicit-mx' },
  {
    name: 'implicit-mx-nsec3',
    signing: ecdsaNsec3,
    hosts: [{ label: '', profile: dane }],
    mail: 'implicit-mx',
  },
  {
    name: 'no-mx-no-address',
    mail: 'none',
    verdict: 'no-mail',
    reasons: ['no-mx-no-address'],
  },
  {
    name: 'no-mx-no-address-unsigned',
    tld: 'xb',
    signing: null,
    mail: 'none',
    verdict: 'no-mail',
    reasons: ['no-mx-no-address'],
  },
  {
    name: 'nxdomain',
    undelegated: true,
    mail: 'none',
    verdict: 'no-mail',
    reasons: ['domain-nxdomain'],
  },
  {
    name: 'nxdomain-opt-out',
    tld: 'xb',
    undelegated: true,
    mail: 'none',
    mxStatus: 'insecure',
    verdict: 'no-mail',
    reasons: ['domain-nxdomain'],
  },
  { name: 'mx-without-address', lines: ['mx TXT "no address here"'], hosts: [withoutAddress] },
  { name: 'mx-host-nxdomain', hosts: [withoutAddress] },
  {
    name: 'mx-is-address',
    mx: ['@ 3600 MX 10 5.45.255.255.'],
    hosts: [{ ...withoutAddress, elsewhere: '5.45.255.255' }],
  },
  { name: 'idn', label: 'xn--bcher-kva', hosts: [{ profile: dane }] },
  { name: 'two-hosts', hosts: two({}, {}), verdict: 'dane', reasons: [null] },
  {
    name: 'two-hosts-first-stale',
    hosts: two({ profile: stale }, {}),
    verdict: 'dane-degraded',
    reasons: ['some-hosts-fail'],
  },
  {
    name: 'two-hosts-second-stale',
    hosts: two({}, { profile: stale }),
    verdict: 'dane-degraded',
    reasons: ['some-hosts-fail'],
  },
  {
    name: 'two-hosts-both-stale',
    hosts: two({ profile: stale }, { profile: stale }),
    verdict: 'dane-failed',
    reasons: ['tlsa-mismatch'],
  },
  {
    name: 'two-hosts-stale-beside-plain',
    hosts: two({ profile: stale }, { profile: absent }),
    verdict: 'dane-degraded',
    reasons: ['some-hosts-fail'],
  },
  {
    name: 'two-hosts-partial',
    hosts: two({}, { profile: absent }),
    verdict: 'dane-partial',
    reasons: ['some-hosts-without-dane'],
  },
  {
    name: 'two-hosts-partial-unusable',
    hosts: two({}, { profile: unusable }),
    verdict: 'dane-partial',
    reasons: ['some-hosts-without-dane'],
  },
  {
    name: 'two-hosts-plain-beside-unusable',
    hosts: two({ profile: absent }, { profile: unusable }),
    verdict: 'no-dane',
    reasons: ['tlsa-absent'],
  },
  {
    name: 'two-hosts-one-without-address',
    hosts: two(withoutAddress, {}),
    verdict: 'dane',
    reasons: [null],
  },
  {
    name: 'shared-key',
    hosts: two({ profile: sharedKey }, { profile: sharedKey }),
    verdict: 'dane',
    reasons: [null],
  },
  {
    name: 'four-hosts',
    hosts: ['mx1', 'mx2', 'mx3', 'mx4'].map((label) => ({ label, profile: dane })),
    verdict: 'dane',
    reasons: [null],
  },
  { name: 'ipv4-only', hosts: [{ profile: dane, families: [4] }] },
  { name: 'ipv6-only', hosts: [{ profile: dane, families: [6] }] },
  { name: 'four-addresses', hosts: [{ profile: dane, families: [4, 4, 6, 6] }] },
  {
    name: 'mta-sts-and-tls-rpt',
    hosts: [{ profile: dane }],
    lines: [
      '_mta-sts 3600 TXT "v=STSv1; id=20260701"',
      '_smtp._tls 3600 TXT "v=TLSRPTv1; rua=mailto:reports@mta-sts-and-tls-rpt.xa"',
    ],
  },
  { name: 'tlsa-ttl-short', hosts: [{ profile: dane, tlsaTtl: 60 }] },
  { name: 'tlsa-ttl-long', hosts: [{ profile: dane, tlsaTtl: 604_800 }] },
];
