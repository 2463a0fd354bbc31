/** Name servers that misbehave, for everything or for DANE lookups alone; ancestors denied; aliases; wildcards. */
import type { ReasonKey } from '../../base/reasons/catalogue.ts';
import { RRType } from '../../dns/rr-type.ts';
import { danePasses, type HostProfile, noDane } from '../plan/host-profile.ts';
import { chainFor, otherKey, tlsa } from '../plan/tlsa-of-chain.ts';
import type { Misbehaviour } from '../plan/zone-plan.ts';
import { hostWithoutTlsa, hostWithTlsa, tlsaLookupFails } from './dnssec-faults.ts';
import { type DraftFault, ecdsaNsec, ecdsaNsec3, type ScenarioDraft } from './draft.ts';

const current: HostProfile['tlsa'] = (host) => [tlsa('3 1 1', chainFor(host))];
const dane = danePasses(current);
const absent = noDane('tlsa-absent');

/** Several servers may fail in several ways, and a server that is never heard may be remembered as such: all are right. */
const failures: readonly (readonly [Misbehaviour, ReasonKey])[] = [
  ['refused', 'refused'],
  ['servfail', 'servfail'],
  ['notimp', 'notimp'],
  ['formerr', 'formerr'],
  ['lame', 'lame'],
  ['drop', 'timeout'],
];

/** What a server is that misbehaves so for everything. */
function uselessAs(reply: Misbehaviour): DraftFault['fault'] {
  return reply === 'drop' ? 'name-server-silent' : 'name-server-lame';
}

const dropsTlsa: readonly DraftFault[] = [{ fault: 'name-server-drops-type' }];

const ancestors: readonly (readonly [string, Partial<ScenarioDraft>, DraftFault['fault']])[] = [
  [
    'unproven',
    { replies: [{ to: { owner: '_tcp.mx' }, reply: 'nxdomain-unproven' }] },
    'ancestor-nxdomain-unproven',
  ],
  ['denied', { unchained: ['_tcp.mx', '_25._tcp.mx'] }, 'ancestor-denied'],
  [
    'contradictory',
    { replies: [{ to: { owner: '_tcp.mx' }, reply: 'nxdomain-contradictory' }] },
    'ancestor-proof-contradicts',
  ],
];

export const lookupFaults: readonly ScenarioDraft[] = [
  ...failures.flatMap(([reply, reason]): ScenarioDraft[] => [
    {
      name: `all-servers-${reply}`,
      ownServers: true,
      replies: [{ to: {}, reply }],
      mail: 'unknown',
      mxStatus: 'indeterminate',
      verdict: 'lookup-failed',
      reasons: [reason],
      serverFaults: [{ fault: uselessAs(reply) }],
    },
    {
      name: `one-server-${reply}`,
      ownServers: true,
      replies: [{ to: { servers: [0] }, reply }],
      hosts: [{ profile: dane, serverFaults: [{ servers: [0], fault: uselessAs(reply) }] }],
    },
    {
      name: `tlsa-${reply}`,
      ownServers: true,
      replies: [{ to: { types: [RRType.TLSA] }, reply }],
      hosts: [{ ...hostWithoutTlsa(reason), serverFaults: dropsTlsa }],
    },
  ]),
  {
    name: 'address-refused',
    ownServers: true,
    replies: [{ to: { types: [RRType.A, RRType.AAAA], owner: 'mx' }, reply: 'refused' }],
    hosts: [{ profile: tlsaLookupFails(['refused']), addressesLost: true }],
  },
  {
    name: 'aaaa-refused',
    ownServers: true,
    replies: [{ to: { types: [RRType.AAAA], owner: 'mx' }, reply: 'refused' }],
    hosts: [{ profile: dane, families: [4] }],
  },
  {
    name: 'tlsa-existing-refused',
    ownServers: true,
    replies: [{ to: { types: [RRType.TLSA] }, reply: 'refused' }],
    hosts: [{ ...hostWithTlsa('refused'), serverFaults: dropsTlsa }],
  },
  {
    name: 'truncated-to-tcp',
    replies: [{ to: {}, reply: 'truncate' }],
    ownServers: true,
    hosts: [{ profile: dane }],
  },
  {
    name: 'large-tlsa-answer',
    hosts: [
      {
        profile: danePasses((host) => [
          tlsa('3 0 0', chainFor(host)),
          tlsa('3 0 0', otherKey(host)),
          tlsa('2 0 0', chainFor(host)),
        ]),
      },
    ],
  },
  ...ancestors.flatMap(([name, draft, finding]): ScenarioDraft[] => [
    {
      name: `ancestor-${name}-nsec`,
      signing: ecdsaNsec,
      hosts: [{ profile: dane, serverFaults: [{ fault: finding }] }],
      ...draft,
    },
    {
      name: `ancestor-${name}-nsec3`,
      tld: 'xb',
      signing: ecdsaNsec3,
      hosts: [{ profile: dane, serverFaults: [{ fault: finding }] }],
      ...draft,
    },
  ]),
  { name: 'deep-host', hosts: [{ label: 'mx.a.b.c', profile: dane }] },
  { name: 'wildcard-tlsa', hosts: [{ profile: dane, tlsaOwner: '*._tcp.mx' }] },
  { name: 'wildcard-tlsa-nsec3', signing: ecdsaNsec3, hosts: [{ profile: dane, tlsaOwner: '*._tcp.mx' }] },
  { name: 'wildcard-below-host', hosts: [{ profile: dane, tlsaOwner: '*.mx' }] },
  {
    name: 'wildcard-host',
    hosts: [{ addressOwner: '*', profile: dane, tlsaOwner: '*' }],
  },
  {
    name: 'tlsa-behind-cname',
    hosts: [{ profile: dane, tlsaOwner: 'keys' }],
    lines: ['_25._tcp.mx 3600 CNAME keys'],
  },
  {
    name: 'tlsa-behind-cname-unsigned',
    hosts: [{ profile: noDane('tlsa-insecure') }],
    lines: ['_25._tcp.mx 3600 CNAME _25._tcp.mx.alias-target-unsigned.xa.'],
  },
  {
    name: 'tlsa-cname-loop',
    hosts: [{ ...hostWithoutTlsa('cname-loop', 'cname-too-long') }],
    lines: ['_25._tcp.mx 3600 CNAME loop', 'loop 3600 CNAME _25._tcp.mx'],
  },
  { name: 'mx-cname', hosts: [{ label: 'alias', aliasOf: 'mx', tlsaOwner: '_25._tcp.mx', profile: dane }] },
  {
    name: 'mx-cname-tlsa-at-original',
    hosts: [{ label: 'alias', aliasOf: 'mx', tlsaOwner: '_25._tcp.alias', profile: dane }],
  },
  {
    name: 'mx-cname-into-unsigned',
    hosts: [{ label: 'alias', aliasIntoChild: 'mail', profile: dane }],
    children: [{ label: 'mail', signing: null }],
  },
  {
    name: 'mx-cname-into-unsigned-absent',
    hosts: [
      {
        label: 'alias',
        aliasIntoChild: 'mail',
        profile: { ...absent, reasons: ['tlsa-absent', 'address-insecure'] },
      },
    ],
    children: [{ label: 'mail', signing: null }],
  },
  { name: 'mx-cname-absent', hosts: [{ label: 'alias', aliasOf: 'mx', profile: absent }] },
  {
    name: 'alias-target-unsigned',
    signing: null,
    hosts: [{ profile: noDane('address-insecure') }],
    lines: ['_25._tcp.mx 3600 TLSA 3 1 1 00'],
    verdict: 'no-dane',
    reasons: ['domain-unsigned'],
  },
];
