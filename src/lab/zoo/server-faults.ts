/** Name servers of one zone that do not do the same: a fault at one of two, which a good one must not hide, or at both. */
import { RRType } from '../../dns/rr-type.ts';
import { danePasses, type HostProfile } from '../plan/host-profile.ts';
import { chainFor, otherKey, tlsa } from '../plan/tlsa-of-chain.ts';
import type { Misbehaviour } from '../plan/zone-plan.ts';
import { hostWithTlsa } from './dnssec-faults.ts';
import { type DraftFault, ecdsaNsec3, type ScenarioDraft } from './draft.ts';

const current: HostProfile['tlsa'] = (host) => [tlsa('3 1 1', chainFor(host))];
const dane = danePasses(current);
/** The second of two. */
const SECOND = [1];
const atSecond = (fault: DraftFault['fault']): readonly DraftFault[] => [{ servers: SECOND, fault }];

const forTlsa: readonly (readonly [Misbehaviour, DraftFault['fault']])[] = [
  ['drop', 'name-server-drops-type'],
  ['refused', 'name-server-drops-type'],
  ['servfail', 'name-server-drops-type'],
  ['notimp', 'name-server-drops-type'],
  ['formerr', 'name-server-drops-type'],
  ['no-tcp', 'name-server-no-tcp'],
  ['signatures-broken', 'name-server-bogus'],
];

const forAll: readonly (readonly [Misbehaviour, DraftFault['fault']])[] = [
  ['drop-edns', 'name-server-drops-edns'],
  ['formerr-edns', 'name-server-drops-edns'],
  ['unsigned', 'name-server-unsigned'],
  ['lower-case', 'name-server-mangles-case'],
];

const ancestors: readonly (readonly [string, Partial<ScenarioDraft>, DraftFault['fault']])[] = [
  ['denied', { unchained: ['_tcp.mx', '_25._tcp.mx'], unchainedAt: SECOND }, 'ancestor-denied'],
  [
    'unproven',
    { replies: [{ to: { owner: '_tcp.mx', servers: SECOND }, reply: 'nxdomain-unproven' }] },
    'ancestor-nxdomain-unproven',
  ],
  [
    'contradictory',
    { replies: [{ to: { owner: '_tcp.mx', servers: SECOND }, reply: 'nxdomain-contradictory' }] },
    'ancestor-proof-contradicts',
  ],
];

export const serverFaults: readonly ScenarioDraft[] = [
  ...forTlsa.map(
    ([reply, fault]): ScenarioDraft => ({
      name: `one-server-tlsa-${reply}`,
      ownServers: true,
      replies: [{ to: { types: [RRType.TLSA], servers: SECOND }, reply }],
      hosts: [{ profile: dane, serverFaults: atSecond(fault) }],
    }),
  ),
  ...forAll.map(
    ([reply, fault]): ScenarioDraft => ({
      name: `one-server-${reply}`,
      ownServers: true,
      replies: [{ to: { servers: SECOND }, reply }],
      hosts: [{ profile: dane, serverFaults: atSecond(fault) }],
    }),
  ),
  ...ancestors.flatMap(([name, draft, fault]): ScenarioDraft[] => [
    {
      name: `one-server-ancestor-${name}-nsec`,
      ownServers: true,
      hosts: [{ profile: dane, serverFaults: atSecond(fault) }],
      ...draft,
    },
    {
      name: `one-server-ancestor-${name}-nsec3`,
      tld: 'xb',
      ownServers: true,
      signing: ecdsaNsec3,
      hosts: [{ profile: dane, serverFaults: atSecond(fault) }],
      ...draft,
    },
  ]),
  {
    // As many addresses deny the records as show them; the newer zone decides.
    name: 'one-server-older',
    ownServers: true,
    olderAt: SECOND,
    hosts: [
      { profile: dane, findings: ['tlsa-servers-differ'], serverFaults: atSecond('name-server-stale') },
    ],
  },
  {
    name: 'all-servers-lower-case',
    ownServers: true,
    replies: [{ to: {}, reply: 'lower-case' }],
    hosts: [{ profile: dane, serverFaults: [{ fault: 'name-server-mangles-case' }] }],
  },
  {
    name: 'all-servers-formerr-edns',
    ownServers: true,
    replies: [{ to: {}, reply: 'formerr-edns' }],
    mail: 'unknown',
    mxStatus: 'bogus',
    verdict: 'lookup-failed',
    reasons: ['rrsig-missing'],
    serverFaults: [{ fault: 'name-server-drops-edns' }],
  },
  {
    // None does better: it is the zone that is bogus, not a server.
    name: 'all-servers-unsigned',
    ownServers: true,
    replies: [{ to: {}, reply: 'unsigned' }],
    mail: 'unknown',
    mxStatus: 'bogus',
    verdict: 'lookup-failed',
    reasons: ['rrsig-missing'],
  },
  {
    name: 'all-servers-tlsa-no-tcp',
    ownServers: true,
    replies: [{ to: { types: [RRType.TLSA] }, reply: 'no-tcp' }],
    hosts: [{ ...hostWithTlsa('tcp-failed'), serverFaults: [{ fault: 'name-server-no-tcp' }] }],
  },
  {
    // The TLSA RRset of before the last change under the same serial, at as many addresses as the new one: nobody is behind.
    name: 'tlsa-servers-differ',
    ownServers: true,
    replies: [{ to: { types: [RRType.TLSA], servers: SECOND }, reply: 'stale-tlsa' }],
    hosts: [
      {
        profile: {
          ...danePasses((host) => [tlsa('3 1 1', chainFor(host)), tlsa('3 1 1', otherKey(host))]),
          tlsaFound: (host) => [tlsa('3 1 1', chainFor(host))],
        },
        findings: ['tlsa-servers-differ'],
      },
    ],
  },
];
