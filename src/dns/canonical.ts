/**
 * Canonical form and order (RFC 4034 §6, RFC 6840 §5.1), and the octets that a signature covers (RFC 4034 §3.1.8.1).
 *
 * In: records of one RRset. Out: octets. Malformed RDATA is taken as it stands: its signature then decides.
 */
import { compareBytes } from '../base/bytes.ts';
import type { ResourceRecord } from './message.ts';
import { labelCount, lowerCase, type Name, nameToBytes, rightmost } from './name.ts';
import { rdataName, rdataOctets } from './rdata.ts';
import type { Rrsig } from './rdata-dnssec.ts';
import { rdataLayout } from './rdata-layout.ts';

/** RDATA with names uncompressed, and in lower case where the type is one of RFC 4034 §6.2. */
export function canonicalRdata(record: ResourceRecord): Uint8Array {
  return unfoldRdata(record, lowerCase);
}

/** RDATA with names uncompressed and their case kept: what can be stored and shown apart from its message. */
export function uncompressedRdata(record: ResourceRecord): Uint8Array {
  return unfoldRdata(record, (octets) => octets);
}

function unfoldRdata(record: ResourceRecord, treat: (octets: string) => string): Uint8Array {
  const raw = rdataOctets(record);
  const layout = rdataLayout(record.type);
  if (layout === undefined) return raw;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const field of layout) {
    if (field === 'name') {
      const name = rdataName(record, at);
      if (name === undefined) return raw;
      parts.push(Buffer.from(treat(name.octets), 'latin1'));
      at = name.end;
    } else {
      const length = field === 'rest' ? raw.length - at : field === 'string' ? 1 + (raw[at] ?? 0) : field;
      if (at + length > raw.length) return raw;
      parts.push(raw.subarray(at, at + length));
      at += length;
    }
  }
  return at === raw.length ? Buffer.concat(parts) : raw;
}

/**
 * The octets that `rrsig` covers: its RDATA up to the signature, then the RRset in canonical form and order with the
 * original TTL, duplicates left out (RFC 4034 §6.3). The owner is the wildcard where the Labels field says so
 * (RFC 4035 §5.3.2). The caller has checked that Labels does not exceed the owner's labels. `rdatas` is what `canonicalOrder`
 * makes of the records, for a caller that has more than one signature of them.
 */
export function signedData(
  rrsig: Rrsig,
  rrsigRecord: ResourceRecord,
  records: readonly ResourceRecord[],
  rdatas = canonicalOrder(records),
): Buffer {
  const first = records[0]!;
  const owner = nameToBytes(signedOwner(first.name, rrsig.labels));
  const prefix = Buffer.alloc(owner.length + 8);
  prefix.set(owner);
  prefix.writeUInt16BE(first.type, owner.length);
  prefix.writeUInt16BE(first.class, owner.length + 2);
  prefix.writeUInt32BE(rrsig.originalTtl, owner.length + 4);

  const parts: Uint8Array[] = [rdataOctets(rrsigRecord).subarray(0, 18), nameToBytes(rrsig.signer)];
  for (const rdata of rdatas) {
    parts.push(prefix, Buffer.from([rdata.length >> 8, rdata.length & 0xff]), rdata);
  }
  return Buffer.concat(parts);
}

/** The RDATA of each record in canonical form and order, duplicates left out (RFC 4034 §6.3). */
export function canonicalOrder(records: readonly ResourceRecord[]): Uint8Array[] {
  const rdatas = records.map(canonicalRdata);
  if (rdatas.length === 1) return rdatas;
  rdatas.sort(compareBytes);
  return rdatas.filter((rdata, i) => i === 0 || compareBytes(rdatas[i - 1]!, rdata) !== 0);
}

/** The name that was signed: `*.` before the rightmost `labels` labels where the owner has more of them. */
export function signedOwner(owner: Name, labels: number): Name {
  return labelCount(owner) > labels ? (`\x01*${rightmost(owner, labels)}` as Name) : owner;
}
