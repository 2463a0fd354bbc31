/**
 * Zone cuts (RFC 1034 §4.2, RFC 9499 §7): where authority passes on, as the parent's servers show it, and a cache of them.
 * A cut keeps the parent-side message, DS or its denial included, so that the chain of trust can be judged later.
 */
import { LruCache } from '../base/lru-cache.ts';
import type { Message } from '../dns/message.ts';
import { isWithin, type Name, parentOf, root } from '../dns/name.ts';
import { readAddress, readTarget } from '../dns/rdata.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { findRRset, type RRset, ttlOf } from '../dns/rrset.ts';
import { keptDelegation } from './kept-delegation.ts';
import {
  MAX_ADDRESSES_TRIED,
  MAX_CACHE_SECONDS,
  MAX_CUTS,
  MAX_CUTS_OCTETS,
  MAX_SERVER_NAMES,
  MIN_CACHE_SECONDS,
  RECORD_OVERHEAD_OCTETS,
} from './limits.ts';

export interface ZoneCut {
  readonly apex: Name;
  /** Undefined for the root. */
  readonly parent: ZoneCut | undefined;
  /** As the parent names them; none where forwarders are asked. */
  readonly nameServers: readonly Name[];
  /** Addresses that the parent gave along, for names that are within the parent's zone (RFC 9471). */
  readonly glue: ReadonlyMap<Name, readonly string[]>;
  /** What is kept of the referral, or of the reply to the DS question; undefined for the root, and where `listed` stands for it. */
  readonly delegation: Message | undefined;
  /** True where no referral showed the cut, but a reply of the parent's servers that names it. */
  readonly isCoHosted?: boolean;
  /** The DS RRset, empty for none, where the cut is from the registry's own zone file (`listed-delegation.ts`). */
  readonly listed?: readonly Ds[];
}

/** The root as the hints describe it (RFC 9609). */
export function rootCut(glue: ReadonlyMap<Name, readonly string[]>): ZoneCut {
  return { apex: root, parent: undefined, nameServers: [...glue.keys()], glue, delegation: undefined };
}

/** The cut that a referral of `parent`'s server describes. */
export function cutFromReferral(parent: ZoneCut, ns: RRset, message: Message): ZoneCut {
  const nameServers: Name[] = [];
  for (const record of ns.records.slice(0, MAX_SERVER_NAMES)) {
    const target = readTarget(record);
    if (target !== undefined) nameServers.push(target);
  }
  const glue = new Map<Name, string[]>();
  for (const nameServer of nameServers) {
    if (!isWithin(nameServer, parent.apex)) continue;
    const addresses: string[] = [];
    for (const record of message.additional) {
      if (record.name !== nameServer || record.class !== CLASS_IN) continue;
      const address = readAddress(record);
      if (address !== undefined && addresses.length < MAX_ADDRESSES_TRIED) addresses.push(address);
    }
    if (addresses.length > 0) glue.set(nameServer, addresses);
  }
  return { apex: ns.name, parent, nameServers, glue, delegation: keptDelegation(message) };
}

/** Seconds that a referral is believed: the smaller of its NS and DS TTLs, within the limits. */
export function secondsOf(ns: RRset, message: Message): number {
  const ds = findRRset(message.authority, ns.name, RRType.DS);
  const ttl = Math.min(ttlOf(ns), ds === undefined ? MAX_CACHE_SECONDS : ttlOf(ds));
  return Math.max(MIN_CACHE_SECONDS, Math.min(MAX_CACHE_SECONDS, ttl));
}

/** Seconds that a reply to the DS question is believed: the least TTL of its records, within the limits. */
export function secondsOfDs({ answer, authority }: Message): number {
  const ttls = [...answer, ...authority].map(({ ttl }) => ttl);
  if (ttls.length === 0) return MIN_CACHE_SECONDS;
  return Math.max(MIN_CACHE_SECONDS, Math.min(MAX_CACHE_SECONDS, ...ttls));
}

/** Whether a list shows the cut, or one above it: then it holds for the lookup that brought the list, and for no other. */
export function restsOnList(cut: ZoneCut): boolean {
  return cut.listed !== undefined || (cut.parent !== undefined && restsOnList(cut.parent));
}

/** About what a cut takes in memory, the zones above it included, since it holds on to them. */
export function octetsOf(cut: ZoneCut): number {
  let octets = weights.get(cut);
  if (octets === undefined) {
    octets = ownOctets(cut) + (cut.parent === undefined ? 0 : octetsOf(cut.parent));
    weights.set(cut, octets);
  }
  return octets;
}

/** A cut never changes, and is weighed with each answer that holds on to it. */
const weights = new WeakMap<ZoneCut, number>();

function ownOctets({ delegation, glue, nameServers }: ZoneCut): number {
  let records = 1 + nameServers.length;
  let octets = 0;
  for (const addresses of glue.values()) records += addresses.length;
  for (const section of delegation === undefined ? [] : [delegation.answer, delegation.authority]) {
    records += section.length;
    for (const { length } of section) octets += length;
  }
  return octets + records * RECORD_OVERHEAD_OCTETS;
}

export class CutCache {
  readonly #cuts: LruCache<Name, ZoneCut>;
  readonly #root: ZoneCut;

  constructor(rootZone: ZoneCut, clockMs: () => number) {
    this.#root = rootZone;
    this.#cuts = new LruCache(MAX_CUTS, clockMs, { weigh: octetsOf, maxWeight: MAX_CUTS_OCTETS });
  }

  /** The deepest known cut at or above `name`. */
  deepest(name: Name): ZoneCut {
    for (let at = name; at !== root; at = parentOf(at)) {
      const cut = this.#cuts.get(at);
      if (cut !== undefined) return cut;
    }
    return this.#root;
  }

  get(apex: Name): ZoneCut | undefined {
    return apex === root ? this.#root : this.#cuts.get(apex);
  }

  /** Believes the cut no longer than `seconds` from now on; where another has taken its place since, does nothing. */
  shorten(cut: ZoneCut, seconds: number): void {
    if (cut.apex !== root && this.#cuts.get(cut.apex) === cut) this.#cuts.set(cut.apex, cut, seconds);
  }

  add(cut: ZoneCut, seconds: number): ZoneCut {
    if (!restsOnList(cut)) this.#cuts.set(cut.apex, cut, seconds);
    return cut;
  }
}
