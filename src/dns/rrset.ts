/** RRsets (RFC 2181 §5) with their signatures, picked out of a message section. */
import { asBuffer } from '../base/bytes.ts';
import { canonicalRdata } from './canonical.ts';
import type { ResourceRecord } from './message.ts';
import type { Name } from './name.ts';
import { octets2 } from './rdata.ts';
import { type Rrsig, readRrsig } from './rdata-dnssec.ts';
import { CLASS_IN, RRType } from './rr-type.ts';

export interface Signature {
  readonly record: ResourceRecord;
  readonly rrsig: Rrsig;
}

/** One RRset and the RRSIG records that cover it, in the order of the message; at least one record. */
export interface RRset {
  readonly name: Name;
  readonly type: number;
  readonly records: readonly ResourceRecord[];
  readonly signatures: readonly Signature[];
}

/** The RRset of `name` and `type` with its signatures; undefined where the section has none. */
export function findRRset(section: readonly ResourceRecord[], name: Name, type: number): RRset | undefined {
  const records = section.filter((rr) => rr.type === type && rr.name === name && rr.class === CLASS_IN);
  return records.length === 0
    ? undefined
    : { name, type, records: distinct(records), signatures: signaturesOf(section, name, type) };
}

/** An RRset is a set: a record that comes twice counts once (RFC 2181 §5). */
function distinct(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  if (records.length === 1) return records;
  const byData = new Map<string, ResourceRecord>();
  for (const record of records) {
    const data = asBuffer(canonicalRdata(record)).toString('latin1');
    const known = byData.get(data);
    if (known === undefined || record.ttl < known.ttl) byData.set(data, record);
  }
  return [...byData.values()];
}

/** Every RRset of `type` in the section. */
export function findRRsets(section: readonly ResourceRecord[], type: number): RRset[] {
  const names = new Set(
    section.filter((rr) => rr.type === type && rr.class === CLASS_IN).map((rr) => rr.name),
  );
  return [...names].map((name) => findRRset(section, name, type)!);
}

function signaturesOf(section: readonly ResourceRecord[], name: Name, type: number): Signature[] {
  const found: Signature[] = [];
  for (const record of section) {
    if (record.type !== RRType.RRSIG || record.name !== name || record.class !== CLASS_IN) continue;
    // Before anything is read of it: of thousands most cover other types.
    if (record.length < 2 || octets2(record, 0) !== type) continue;
    const rrsig = readRrsig(record);
    if (rrsig !== undefined) found.push({ record, rrsig });
  }
  return found;
}

/**
 * The smallest TTL of the RRset, of its signatures, and of their Original TTL fields (RFC 4035 §5.3.3). Seconds. The fourth
 * bound of that section, the time until a signature expires, is for `dnssec`, which knows the clock.
 */
export function ttlOf(rrset: RRset): number {
  return Math.min(
    ...rrset.records.map((record) => record.ttl),
    ...rrset.signatures.flatMap(({ record, rrsig }) => [record.ttl, rrsig.originalTtl]),
  );
}

/** The smallest Original TTL of the signatures, which no cache runs down (RFC 4034 §3.1.4). Seconds; undefined without any. */
export function originalTtlOf({ signatures }: RRset): number | undefined {
  return signatures.length === 0 ? undefined : Math.min(...signatures.map(({ rrsig }) => rrsig.originalTtl));
}
