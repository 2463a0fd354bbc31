/**
 * Canonical form and order (RFC 4034 §6, RFC 6840 §5.1), and the octets that a signature covers (RFC 4034 §3.1.8.1).
 *
 * In: records of one RRset. Out: octets. Malformed RDATA is taken as it stands: its signature then decides.
 */
import { compareBytes } from '../base/bytes.ts';
import type { ResourceRecord } from './message.ts';
import { labelCount, lowerCase, MAX_LABEL_OCTETS, type Name, rightmost } from './name.ts';
import { octet, rdataName, rdataOctets } from './rdata.ts';
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

/**
 * Whether two records of one type differ in canonical RDATA, as far as a glance tells: by an octet, or within the first label of
 * a name, in front of anything that could be compressed.
 */
export function differsForSure(a: ResourceRecord, b: ResourceRecord): boolean {
  const layout = rdataLayout(a.type);
  if (layout === undefined && a.length !== b.length) return true;
  const end = Math.min(a.length, b.length);
  let at = 0;
  for (const field of layout ?? opaque) {
    if (field === 'rest') return differBetween(a, b, at, end, false);
    if (field === 'string') return false;
    if (field === 'name') {
      const length = at < end ? octet(a, at) : MAX_LABEL_OCTETS + 1;
      if (length > MAX_LABEL_OCTETS || octet(b, at) > MAX_LABEL_OCTETS) return false;
      return octet(b, at) !== length || differBetween(a, b, at + 1, Math.min(end, at + 1 + length), true);
    }
    if (differBetween(a, b, at, Math.min(end, at + field), false)) return true;
    at += field;
  }
  return false;
}

const opaque = ['rest'] as const;

/** Whether any octet from `start` to before `end` differs, by more than the case bit where `ignoresCase` (RFC 4343 §3). */
function differBetween(
  a: ResourceRecord,
  b: ResourceRecord,
  start: number,
  end: number,
  ignoresCase: boolean,
): boolean {
  const compared = ignoresCase ? ~0x20 : ~0;
  for (let at = start; at < end; at++) {
    if (((octet(a, at) ^ octet(b, at)) & compared) !== 0) return true;
  }
  return false;
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

/** Where the Signer's Name begins in the RDATA of an RRSIG (RFC 4034 §3.1). */
const SIGNER_AT = 18;

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
  const owner = signedOwner(first.name, rrsig.labels);
  const each = owner.length + 10;
  const size = rdatas.reduce((sum, rdata) => sum + each + rdata.length, SIGNER_AT + rrsig.signer.length);
  const data = Buffer.allocUnsafe(size);
  for (let i = 0; i < SIGNER_AT; i++) data[i] = octet(rrsigRecord, i);
  let at = SIGNER_AT + data.write(rrsig.signer, SIGNER_AT, 'latin1');
  for (const rdata of rdatas) {
    at += data.write(owner, at, 'latin1');
    at = data.writeUInt16BE(first.type, at);
    at = data.writeUInt16BE(first.class, at);
    at = data.writeUInt32BE(rrsig.originalTtl, at);
    at = data.writeUInt16BE(rdata.length, at);
    data.set(rdata, at);
    at += rdata.length;
  }
  return data;
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
