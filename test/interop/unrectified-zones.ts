/**
 * Zones of a PowerDNS with a SQL backend whose TLSA records came in one way or another, and what that leaves wrong with the empty
 * non-terminal `_tcp.mx` above them.
 */
import { missingForPrograms } from './name-servers-process.ts';
import { missingForNsd } from './nsd.ts';
import type { PowerDnsZone } from './powerdns.ts';

export interface UnrectifiedZone extends Omit<PowerDnsZone, 'origin' | 'algorithm'> {
  readonly title: string;
  readonly label: string;
  /** What is wrong with `_tcp.mx`, and with nothing else. */
  readonly finding: 'ancestor-denied' | 'ancestor-proof-contradicts' | null;
}

const intact = { finding: null } as const;
const denied = { finding: 'ancestor-denied' } as const;
const contradicted = { finding: 'ancestor-proof-contradicts' } as const;

export const unrectifiedZones: readonly UnrectifiedZone[] = [
  { title: 'rectified, NSEC', label: 'rectified-nsec', denial: 'nsec', ...intact },
  { title: 'rectified, NSEC3', label: 'rectified-nsec3', denial: 'nsec3', ...intact },
  { title: 'rectified, narrow', label: 'rectified-narrow', denial: 'nsec3', narrow: true, ...intact },
  {
    title: 'SQL row with order name, NSEC3',
    label: 'row-nsec3',
    denial: 'nsec3',
    lateTlsa: 'row-with-order-name',
    ...denied,
  },
  {
    title: 'SQL row with order name, NSEC',
    label: 'row-nsec',
    denial: 'nsec',
    lateTlsa: 'row-with-order-name',
    ...contradicted,
  },
  {
    title: 'SQL row with order name, narrow',
    label: 'row-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'row-with-order-name',
    ...denied,
  },
  {
    title: 'bare SQL row, NSEC3',
    label: 'bare-nsec3',
    denial: 'nsec3',
    lateTlsa: 'bare-row',
    ...denied,
  },
  { title: 'bare SQL row, NSEC', label: 'bare-nsec', denial: 'nsec', lateTlsa: 'bare-row', ...denied },
  {
    title: 'bare SQL row, narrow',
    label: 'bare-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'bare-row',
    ...denied,
  },
  {
    title: 'add-record, NSEC3',
    label: 'added-nsec3',
    denial: 'nsec3',
    lateTlsa: 'add-record',
    ...denied,
  },
  {
    title: 'add-record, narrow',
    label: 'added-narrow',
    denial: 'nsec3',
    narrow: true,
    lateTlsa: 'add-record',
    ...denied,
  },
];

/** Of a zone with this label, as a name of `.nl`. */
export const originOf = (label: string) => `${label}.nl.`;

/** What becomes of a TLSA lookup: DANE applies, mail goes out unprotected without a word, or mail is deferred. */
export type Outcome = 'found' | 'denied' | 'failed';

export function outcomeOf({ status, rcode }: { readonly status: string; readonly rcode: string }): Outcome {
  if (status !== 'secure') return 'failed';
  return rcode === 'NXDOMAIN' ? 'denied' : 'found';
}

/** What is missing to serve such zones and to ask real resolvers for them; undefined where all is there. */
export const missingForUnrectified =
  missingForNsd() ??
  missingForPrograms(
    '/usr/bin/dig',
    '/usr/bin/dnssec-dsfromkey',
    '/usr/sbin/named',
    '/usr/sbin/unbound',
    '/usr/sbin/kresd',
    '/usr/sbin/pdns_server',
    '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql',
  );
