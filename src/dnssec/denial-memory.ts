/**
 * Denials of signed zones that were proven once, kept for other questions (RFC 8198): NSEC and NSEC3 records as spans, and the
 * wildcards that zones answered from.
 *
 * Kept under the very keys that proved them: with a zone's keys its denials are forgotten, and so are NSEC3 records under other
 * parameters (RFC 5155 §8.2). They expire with TTL, SOA and signature, by the validation clock and by the time that passes.
 * All that is kept is copied, so that no message is held for the sake of one record.
 */

import { equalBytes } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { LruCache } from '../base/lru-cache.ts';
import { uncompressedRdata } from '../dns/canonical.ts';
import type { ResourceRecord } from '../dns/message.ts';
import { compareNames, type Name, prepend } from '../dns/name.ts';
import { readNsec } from '../dns/rdata-dnssec.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import type { RRset } from '../dns/rrset.ts';
import {
  MAX_DENIAL_SECONDS,
  MAX_DENIALS_KEPT,
  MAX_ZONES_WITH_DENIALS,
  NSEC3_ITERATION_LIMITS,
} from './limits.ts';
import { hasSameParameters, nsec3SpanOf } from './nsec3.ts';
import {
  type KeptNsec,
  type KeptNsec3,
  type KeptWildcard,
  RememberedNsec,
  RememberedNsec3,
} from './remembered-denials.ts';
import type { SigningKeys } from './rrset-signature.ts';
import { SpanChain } from './span-chain.ts';
import type { DenialRecords } from './standing.ts';
import type { DenialKeeper, Validation } from './validation.ts';

interface RememberedZone {
  readonly keys: SigningKeys;
  readonly nsec: SpanChain<KeptNsec>;
  nsec3: SpanChain<KeptNsec3>;
}

type Entry =
  | { readonly chain: SpanChain<KeptNsec>; readonly kept: KeptNsec }
  | { readonly chain: SpanChain<KeptNsec3>; readonly kept: KeptNsec3 }
  | { readonly chain: undefined; readonly kept: KeptWildcard };

export class DenialMemory implements DenialKeeper {
  readonly #zones: LruCache<Name, RememberedZone>;
  /** What was used least lately goes first, whatever zone it is of. */
  readonly #entries: LruCache<string, Entry>;

  constructor(clockMs: () => number, limit = MAX_DENIALS_KEPT) {
    this.#zones = new LruCache(MAX_ZONES_WITH_DENIALS, clockMs);
    this.#entries = new LruCache(limit, clockMs, {
      forgotten: ({ chain, kept }) => chain?.remove(kept as KeptNsec & KeptNsec3),
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  keepDenial(keys: SigningKeys, { type, records }: RRset, at: Instant, until: Instant): void {
    const [record] = records;
    const seconds = Math.min(until - at, MAX_DENIAL_SECONDS);
    // More than one at a name is no chain; the same one twice may be (RFC 2181 §5).
    if (record === undefined || !records.every((other) => isSame(record, other)) || seconds <= 0) return;
    const zone = this.#zoneOf(keys);
    if (type === RRType.NSEC) {
      const nsec = readNsec(copyOf(record));
      if (nsec === undefined) return;
      const kept = { owner: record.name, from: record.name, nsec, until };
      this.#keep(keys.apex, { chain: zone.nsec, kept }, seconds);
      zone.nsec.put(kept);
      return;
    }
    const span = nsec3SpanOf(copyOf(record), keys.apex);
    if (span === undefined) return;
    const other = zone.nsec3.first;
    if (other !== undefined && !hasSameParameters(other.nsec3, span.nsec3)) {
      zone.nsec3 = new SpanChain(compareHashes);
    }
    const kept = { ...span, until };
    this.#keep(keys.apex, { chain: zone.nsec3, kept }, seconds);
    zone.nsec3.put(kept);
  }

  keepWildcard(keys: SigningKeys, encloser: Name, rrset: RRset, at: Instant, until: Instant): void {
    const owner = prepend('*', encloser);
    const seconds = Math.min(until - at, MAX_DENIAL_SECONDS);
    if (owner === undefined || seconds <= 0) return;
    this.#zoneOf(keys);
    const records = rrset.records.map((record) => ({ ...copyOf(record), name: owner }));
    const entry = { chain: undefined, kept: { records, until } };
    this.#entries.set(wildcardKey(keys.apex, owner, rrset.type), entry, seconds);
  }

  /** What is remembered of the zone under these keys, to argue from as from the records of one message. */
  recordsOf(keys: SigningKeys, v: Validation): DenialRecords[] {
    const zone = this.#known(keys);
    if (zone === undefined) return [];
    const used = <K extends KeptNsec | KeptNsec3>(kept: K | undefined): K | undefined =>
      kept !== undefined && kept.until >= v.at && this.#entries.get(spanKey(keys.apex, kept)) !== undefined
        ? kept
        : undefined;
    const { insecureAbove, indeterminateAbove } = v.nsec3Iterations ?? NSEC3_ITERATION_LIMITS;
    const iterations = zone.nsec3.first?.nsec3.iterations ?? Number.POSITIVE_INFINITY;
    // RFC 9276 §3.2: of more iterations than these nothing secure is proven.
    const mayUseNsec3 = iterations <= Math.min(insecureAbove, indeterminateAbove);
    return [
      ...(zone.nsec.size > 0 ? [new RememberedNsec(zone.nsec, keys.apex, used)] : []),
      ...(mayUseNsec3 ? [new RememberedNsec3(zone.nsec3, keys.apex, used, v.budget)] : []),
    ];
  }

  /** The RRset of the wildcard below `encloser`; undefined where none is remembered. */
  wildcardOf(keys: SigningKeys, encloser: Name, type: number, at: Instant): KeptWildcard | undefined {
    const owner = prepend('*', encloser);
    if (owner === undefined || this.#known(keys) === undefined) return undefined;
    const kept = this.#entries.get(wildcardKey(keys.apex, owner, type))?.kept as KeptWildcard | undefined;
    return kept !== undefined && kept.until >= at ? kept : undefined;
  }

  #keep(apex: Name, entry: Extract<Entry, { readonly chain: object }>, seconds: number): void {
    this.#entries.set(spanKey(apex, entry.kept), entry, seconds);
  }

  #known(keys: SigningKeys): RememberedZone | undefined {
    const zone = this.#zones.get(keys.apex);
    return zone?.keys === keys ? zone : undefined;
  }

  #zoneOf(keys: SigningKeys): RememberedZone {
    const known = this.#known(keys);
    if (known !== undefined) return known;
    const fresh = {
      keys,
      nsec: new SpanChain<KeptNsec>(compareOwners),
      nsec3: new SpanChain<KeptNsec3>(compareHashes),
    };
    this.#zones.set(keys.apex, fresh, MAX_DENIAL_SECONDS);
    return fresh;
  }
}

function compareOwners(a: string, b: string): number {
  return compareNames(a as Name, b as Name);
}

function compareHashes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function spanKey(apex: Name, { owner }: KeptNsec | KeptNsec3): string {
  return `denial ${apex}${owner}`;
}

function wildcardKey(apex: Name, owner: Name, type: number): string {
  return `${type} ${apex}${owner}`;
}

function isSame(a: ResourceRecord, b: ResourceRecord): boolean {
  return a === b || equalBytes(uncompressedRdata(a), uncompressedRdata(b));
}

function copyOf(record: ResourceRecord): ResourceRecord {
  const { name, type, ttl } = record;
  return recordOf({ name, type, ttl, rdata: new Uint8Array(uncompressedRdata(record)) });
}
