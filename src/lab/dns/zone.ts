/**
 * One zone of the lab as its name servers have it: records, keys, signatures, the chain that denies. Built from its plan at
 * the first question; signatures are made when they are asked for and kept.
 */
import type { Instant } from '../../base/instant.ts';
import { DigestType, DnssecAlgorithm } from '../../dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../../dns/message-writer.ts';
import { formatNameBare, isBelow, type Name, name as nameOf, nameToBytes, parentOf } from '../../dns/name.ts';
import { RRType } from '../../dns/rr-type.ts';
import { parseZoneFile } from '../../dns/zone-file.ts';
import { planAt, serialOf, type TlsaPlan, type ZonePlan } from '../plan/zone-plan.ts';
import { type NsecChain, nsecChain } from '../signing/nsec-chain.ts';
import { type Nsec3Chain, nsec3Chain, nsec3paramRdata } from '../signing/nsec3-chain.ts';
import { dnskeyOf, dsOf } from '../signing/sign-rrset.ts';
import type { ZoneName } from '../signing/zone-names.ts';
import { below } from './owner.ts';
import { createSigner, type Signer } from './signer.ts';
import type { ZoneKeys } from './zone-key-ring.ts';

/** RRsets of one name by type. */
export type Node = ReadonlyMap<number, readonly PlainRecord[]>;

export interface Zone {
  readonly plan: ZonePlan;
  readonly apex: Name;
  /** Null where the zone is not signed. */
  readonly signer: Signer | null;
  /** Undefined where the name owns nothing here; a delegation owns NS and perhaps DS. */
  node(name: Name): Node | undefined;
  /** Whether the name owns something, or stands above one that does (RFC 4592 §2.2.2). */
  exists(name: Name): boolean;
  /** Addresses of the name servers of a delegation, as far as they stand in this zone or below. */
  glue(name: Name): readonly PlainRecord[];
  /** Undefined where the zone is not signed, or denies with NSEC3. */
  nsec(): NsecChain | undefined;
  nsec3(): Nsec3Chain | undefined;
  /** The zone as the name server with this index has it. */
  at(server: number): Zone;
}

/** What zones are built with. */
export interface ZoneSource {
  readonly now: Instant;
  zone(apex: string): ZonePlan | undefined;
  children(apex: string): Iterable<ZonePlan>;
  /** Null for a zone that is not signed and never was. */
  keys(plan: ZonePlan): ZoneKeys;
  tlsaRdata(plan: TlsaPlan): Uint8Array;
}

const TTL = 3600;
/** SOA MINIMUM and TTL, and so the TTL of denials (RFC 2308 §3, §4, RFC 9077 §3). */
const NEGATIVE_TTL = 900;

export function buildZone(plan: ZonePlan, source: ZoneSource): Zone {
  const apex = nameOf(plan.apex);
  const nodes = new Map<Name, Map<number, PlainRecord[]>>();
  const add = (record: PlainRecord) => {
    const node = nodes.get(record.name) ?? new Map<number, PlainRecord[]>();
    nodes.set(record.name, node);
    node.set(record.type, [...(node.get(record.type) ?? []), record]);
  };

  const lines = [soaLine(plan), ...plan.servers.map(({ host }) => `@ ${TTL} NS ${host}.`), ...plan.lines];
  for (const record of parseZoneFile(lines, `lab zone ${plan.apex}`, apex)) add(record);
  for (const { owner, ttl, records } of plan.tlsa) {
    for (const record of records) {
      add({ name: below(owner, apex), type: RRType.TLSA, ttl, rdata: source.tlsaRdata(record) });
    }
  }
  const signer = plan.signing && createSigner(plan, apex, source.keys(plan), source.now);
  const nsec3 = plan.signing?.nsec3
    ? { ...plan.signing.nsec3, salt: Buffer.from(plan.signing.nsec3.salt, 'hex') }
    : null;
  if (signer !== null) {
    for (const key of signer.keys) add(dnskeyOf(key, apex, TTL));
    if (nsec3 !== null) add({ name: apex, type: RRType.NSEC3PARAM, ttl: 0, rdata: nsec3paramRdata(nsec3) });
  }

  const unchained = new Set(plan.unchained.map((owner) => below(owner, apex)));
  const empty = new Set<Name>();
  for (const owner of nodes.keys()) {
    for (let above = parentOf(owner); isBelow(above, apex); above = parentOf(above)) empty.add(above);
  }

  const delegation = (child: ZonePlan): Node => delegationNode(child, source);
  const node = (name: Name): Node | undefined => {
    const own = nodes.get(name);
    if (own !== undefined || !isBelow(name, apex)) return own;
    const child = source.zone(formatNameBare(name));
    return child && delegation(child);
  };
  const chainNames = (): ZoneName[] => {
    const own = [...nodes].map(([name, held]) => ({ name, types: [...held.keys()] }));
    const children = Array.from(source.children(plan.apex), (child) => ({
      name: nameOf(child.apex),
      types: child.ds === 'absent' ? [RRType.NS] : [RRType.NS, RRType.DS],
    }));
    const cuts = new Set(children.map(({ name }) => name));
    const isGlue = (name: Name) => {
      for (let above = name; isBelow(above, apex); above = parentOf(above)) if (cuts.has(above)) return true;
      return false;
    };
    return [...own.filter(({ name }) => !isGlue(name)), ...children].filter(
      ({ name }) => !unchained.has(name),
    );
  };
  let nsecMade: NsecChain | undefined;
  let nsec3Made: Nsec3Chain | undefined;

  const others = new Map<number, Zone>();
  const zone: Zone = {
    plan,
    apex,
    signer,
    node,
    exists: (name) => (empty.has(name) && !unchained.has(name)) || node(name) !== undefined,
    glue(name) {
      const child = source.zone(formatNameBare(name));
      return (child?.servers ?? []).flatMap(({ host, addresses }) => {
        if (!isBelow(nameOf(host), apex)) return [];
        const text = addresses.map((each) => `${host}. ${TTL} ${each.includes(':') ? 'AAAA' : 'A'} ${each}`);
        return [...parseZoneFile(text, 'glue')];
      });
    },
    nsec() {
      if (signer === null || nsec3 !== null) return undefined;
      nsecMade ??= nsecChain(chainNames(), NEGATIVE_TTL);
      return nsecMade;
    },
    nsec3() {
      if (signer === null || nsec3 === null) return undefined;
      nsec3Made ??= nsec3Chain(apex, chainNames(), nsec3, NEGATIVE_TTL);
      return nsec3Made;
    },
    at(server) {
      const own = planAt(plan, server);
      if (own === plan) return zone;
      const other = others.get(server) ?? buildZone(own, source);
      others.set(server, other);
      return other;
    },
  };
  return zone;
}

function soaLine(plan: ZonePlan): string {
  const { apex, servers } = plan;
  const mailbox = apex === '.' ? 'hostmaster.' : `hostmaster.${apex}.`;
  return `@ ${NEGATIVE_TTL} SOA ${servers[0]!.host}. ${mailbox} ${serialOf(plan)} 7200 900 1209600 ${NEGATIVE_TTL}`;
}

function delegationNode(child: ZonePlan, source: ZoneSource): Node {
  const owner = nameOf(child.apex);
  const ns = child.servers.map(({ host }) => ({
    name: owner,
    type: RRType.NS,
    ttl: TTL,
    rdata: nameToBytes(nameOf(host)),
  }));
  const node = new Map<number, readonly PlainRecord[]>([[RRType.NS, ns]]);
  if (child.ds !== 'absent') node.set(RRType.DS, [dsRecord(child, owner, source)]);
  return node;
}

/** A DS record as the plan wants it; keys that are not in the zone are those of a zone that does not exist. */
function dsRecord(child: ZonePlan, owner: Name, source: ZoneSource): PlainRecord {
  const named = child.ds === 'mismatch' ? { ...child, apex: `former.${child.apex}` } : child;
  const record = dsOf(source.keys(named).ksk, owner, DigestType['SHA-256'], TTL);
  const rdata = Buffer.from(record.rdata);
  if (child.ds === 'unsupported-algorithm') rdata[2] = DnssecAlgorithm['ECC-GOST'];
  if (child.ds === 'unsupported-digest') rdata[3] = DigestType['GOST R 34.11-94'];
  return { ...record, rdata };
}
