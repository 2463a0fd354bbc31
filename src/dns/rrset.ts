/** RRsets (RFC 2181 §5) with their signatures, picked out of a message section. */
import { asBuffer } from '../base/bytes.ts';
import { canonicalRdata, differsForSure } from './canonical.ts';
import type { ResourceRecord } from './message.ts';
import type { Name } from './name.ts';
import { type Rrsig, readRrsig, typeCovered } from './rdata-dnssec.ts';
import { CLASS_IN, RRType } from './rr-type.ts';

export interface Signature {
  readonly record: ResourceRecord;
  readonly rrsig: Rrsig;
}

/** Comparing in pairs grows with the square. */
const MOST_COMPARED_IN_PAIRS = 16;

/** One RRset and the RRSIG records that cover it, in the order of the message; at least one record. */
export interface RRset {
  readonly name: Name;
  readonly type: number;
  readonly records: readonly ResourceRecord[];
  readonly signatures: readonly Signature[];
}

/** The RRset of `name` and `type` with its signatures; undefined where the section has none. */
export function findRRset(section: readonly ResourceRecord[], name: Name, type: number): RRset | undefined {
  let records: ResourceRecord[] | undefined;
  let signatures: Signature[] | undefined;
  for (const record of section) {
    if (record.class !== CLASS_IN || record.name !== name) continue;
    if (record.type === type) {
      // A list made with its first element takes an eighth of the room of one that grows to hold it.
      if (records === undefined) records = [record];
      else records.push(record);
    }
    if (record.type !== RRType.RRSIG || typeCovered(record) !== type) continue;
    const rrsig = readRrsig(record);
    if (rrsig === undefined) continue;
    if (signatures === undefined) signatures = [{ record, rrsig }];
    else signatures.push({ record, rrsig });
  }
  return records && { name, type, records: distinct(records), signatures: signatures ?? [] };
}

/** An RRset is a set: a record that comes twice counts once (RFC 2181 §5). */
function distinct(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  if (!mayRepeat(records)) return records;
  const byData = new Map<string, ResourceRecord>();
  for (const record of records) {
    const data = asBuffer(canonicalRdata(record)).toString('latin1');
    const known = byData.get(data);
    if (known === undefined || record.ttl < known.ttl) byData.set(data, record);
  }
  return [...byData.values()];
}

/** Cheap: whether any two of the records may have the same RDATA. */
function mayRepeat(records: readonly ResourceRecord[]): boolean {
  if (records.length > MOST_COMPARED_IN_PAIRS) return true;
  for (let i = 1; i < records.length; i++) {
    for (let j = 0; j < i; j++) if (!differsForSure(records[i]!, records[j]!)) return true;
  }
  return false;
}

/** Every RRset of `type` in the section. */
export function findRRsets(section: readonly ResourceRecord[], type: number): RRset[] {
  const names = new Set(
    section.filter((rr) => rr.type === type && rr.class === CLASS_IN).map((rr) => rr.name),
  );
  return [...names].map((name) => findRRset(section, name, type)!);
}

/**
 * The smallest TTL of the RRset, of its signatures, and of their Original TTL fields (RFC 4035 §5.3.3). Seconds. The fourth
 * bound of that section, the time until a signature expires, is for `dnssec`, which knows the clock.
 */
export function ttlOf(rrset: RRset): number {
  let least = Number.POSITIVE_INFINITY;
  for (const record of rrset.records) least = Math.min(least, record.ttl);
  for (const { record, rrsig } of rrset.signatures) least = Math.min(least, record.ttl, rrsig.originalTtl);
  return least;
}

/** The smallest Original TTL of the signatures, which no cache runs down (RFC 4034 §3.1.4). Seconds; undefined without any. */
export function originalTtlOf({ signatures }: RRset): number | undefined {
  return signatures.length === 0 ? undefined : Math.min(...signatures.map(({ rrsig }) => rrsig.originalTtl));
}
