/** Hosts whose certificates name a domain in place of the host: what counts for which domain (RFC 7672 §3.2.2). */
import { daneFails, danePasses } from '../plan/host-profile.ts';
import { chainFor, tls, tlsa } from '../plan/tlsa-of-chain.ts';
import type { ScenarioDraft } from './draft.ts';

/** By DANE-TA, and by no name but that of one domain. */
const naming = (domain: string) =>
  daneFails(
    (host) => [tlsa('2 1 1', chainFor(host))],
    'ta-name-mismatch',
    (host) => tls(chainFor(host, { names: [domain] })),
  );
const byItsOwnName = danePasses((host) => [tlsa('2 1 1', chainFor(host))]);

const authenticated = { verdict: 'dane', reasons: [null] } as const;
const fails = { verdict: 'dane-failed', reasons: ['ta-name-mismatch'] } as const;

const named = 'ta-names-domain.xa';
const sharedHost = { profile: naming(named), elsewhere: `mx.${named}` };
const expanded = 'ta-names-expanded.xa';

export const nextHopNames: readonly ScenarioDraft[] = [
  { name: 'ta-names-domain', hosts: [{ profile: naming(named) }], ...authenticated },
  { name: 'ta-names-another-domain', hosts: [sharedHost], ...fails },
  {
    name: 'ta-names-domain-unsigned',
    signing: null,
    hosts: [sharedHost],
    verdict: 'insecure-mx',
    reasons: ['domain-unsigned'],
  },
  {
    name: 'ta-names-domain-and-host',
    hosts: [
      { label: 'mx1', profile: naming('ta-names-domain-and-host.xa') },
      { label: 'mx2', profile: byItsOwnName },
    ],
    ...authenticated,
  },
  {
    name: 'ta-names-domain-at-one-host',
    hosts: [
      { label: 'mx1', profile: naming('ta-names-domain-at-one-host.xa') },
      { label: 'mx2', profile: naming('another.xa') },
    ],
    verdict: 'dane-degraded',
    reasons: ['some-hosts-fail'],
  },
  {
    name: 'ta-names-expanded',
    lines: ['alias 3600 CNAME way', 'way 3600 CNAME @'],
    hosts: [{ profile: naming(expanded) }],
    ...authenticated,
  },
  {
    name: 'ta-names-expanded-of-alias',
    label: 'alias.ta-names-expanded',
    undelegated: true,
    hosts: [{ profile: naming(expanded), elsewhere: `mx.${expanded}` }],
    ...authenticated,
  },
  {
    name: 'ta-names-way-of-alias',
    lines: ['alias 3600 CNAME way', 'way 3600 CNAME @'],
    hosts: [{ profile: naming('way.ta-names-way-of-alias.xa') }],
    ...fails,
  },
  {
    name: 'ta-names-way-not-expanded',
    label: 'alias.ta-names-way-of-alias',
    undelegated: true,
    hosts: [{ profile: naming('way.ta-names-way-of-alias.xa'), elsewhere: 'mx.ta-names-way-of-alias.xa' }],
    ...fails,
  },
];
