/**
 * RDATA of addresses, mail and zones: typed readers, each bounded by RDLENGTH. DNSSEC types are in `rdata-dnssec.ts`.
 *
 * In: a `ResourceRecord`. Out: the fields, or undefined where the RDATA is malformed (too short, trailing octets, a name
 * that runs past RDLENGTH). Names in RDATA come lower-cased; `canonical.ts` has the octets that signatures cover.
 */
import type { ResourceRecord } from './message.ts';
import { lowerCase, type Name } from './name.ts';
import { NameReader } from './name-reader.ts';
import { RRType } from './rr-type.ts';

export function rdataOctets(record: ResourceRecord): Uint8Array {
  return record.data.subarray(record.offset, record.offset + record.length);
}

/** One octet at `at` of the RDATA; the caller has checked RDLENGTH. */
export function octet(record: ResourceRecord, at: number): number {
  return record.data[record.offset + at]!;
}

/** Big-endian, as `octet`. */
export function octets2(record: ResourceRecord, at: number): number {
  return (octet(record, at) << 8) | octet(record, at + 1);
}

/** Big-endian, as `octet`. */
export function octets4(record: ResourceRecord, at: number): number {
  return octets2(record, at) * 0x10000 + octets2(record, at + 2);
}

/** A name at `at`, case kept, and where it ended, both relative to the RDATA; undefined where it leaves the RDATA. */
export function rdataName(record: ResourceRecord, at: number): { octets: string; end: number } | undefined {
  if (at >= record.length) return undefined;
  const reader = readerOf(record.data);
  const octets = reader.read(record.offset + at);
  const end = reader.end - record.offset;
  return octets === undefined || end > record.length ? undefined : { octets, end };
}

let latest = new NameReader(new Uint8Array(0));
let latestData: Uint8Array | undefined;

/** The same reader for names of the same message that are read one after another: what it remembers saves reading them anew. */
function readerOf(data: Uint8Array): NameReader {
  if (data !== latestData) {
    // MAX_RECORDS and RDLENGTH bound what one pass over a message unfolds; there is no telling how many passes there are.
    latest = new NameReader(data, Number.POSITIVE_INFINITY);
    latestData = data;
  }
  return latest;
}

/** A (RFC 1035 §3.4.1): dotted decimal. */
export function readA(record: ResourceRecord): string | undefined {
  if (record.length !== 4) return undefined;
  return `${octet(record, 0)}.${octet(record, 1)}.${octet(record, 2)}.${octet(record, 3)}`;
}

/** AAAA (RFC 3596 §2.2) in the form of RFC 5952. */
export function readAaaa(record: ResourceRecord): string | undefined {
  if (record.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => octets2(record, 2 * i));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.at < 0) return hex(groups);
  return `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`;
}

/** The address in an A or AAAA record; undefined for other types and malformed RDATA. */
export function readAddress(record: ResourceRecord): string | undefined {
  if (record.type === RRType.A) return readA(record);
  return record.type === RRType.AAAA ? readAaaa(record) : undefined;
}

/** NS, CNAME, DNAME, PTR: one name and nothing else (RFC 1035 §3.3, RFC 6672 §2.1). */
export function readTarget(record: ResourceRecord): Name | undefined {
  const target = rdataName(record, 0);
  return target?.end === record.length ? (lowerCase(target.octets) as Name) : undefined;
}

export interface Mx {
  readonly preference: number;
  readonly exchange: Name;
}

/** MX (RFC 1035 §3.3.9). */
export function readMx(record: ResourceRecord): Mx | undefined {
  const exchange = record.length < 3 ? undefined : rdataName(record, 2);
  if (exchange?.end !== record.length) return undefined;
  return { preference: octets2(record, 0), exchange: lowerCase(exchange.octets) as Name };
}

export interface Soa {
  readonly mname: Name;
  readonly rname: Name;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** SOA (RFC 1035 §3.3.13). */
export function readSoa(record: ResourceRecord): Soa | undefined {
  const mname = rdataName(record, 0);
  const rname = mname === undefined ? undefined : rdataName(record, mname.end);
  if (mname === undefined || rname === undefined || rname.end + 20 !== record.length) return undefined;
  const numbers = [0, 4, 8, 12, 16].map((at) => octets4(record, rname.end + at));
  return {
    mname: lowerCase(mname.octets) as Name,
    rname: lowerCase(rname.octets) as Name,
    serial: numbers[0]!,
    refresh: numbers[1]!,
    retry: numbers[2]!,
    expire: numbers[3]!,
    minimum: numbers[4]!,
  };
}

/** TXT (RFC 1035 §3.3.14): its character strings joined, one character an octet. */
export function readTxt(record: ResourceRecord): string | undefined {
  const octets = rdataOctets(record);
  if (octets.length === 0) return undefined;
  let text = '';
  for (let at = 0; at < octets.length; at += 1 + octets[at]!) {
    if (at + 1 + octets[at]! > octets.length) return undefined;
    text += Buffer.from(octets.subarray(at + 1, at + 1 + octets[at]!)).toString('latin1');
  }
  return text;
}
