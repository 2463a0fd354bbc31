/**
 * A DNS message as received (RFC 1035 §4), read by a small bounds-checked reader that copies nothing.
 *
 * In: the octets of one message. Out: header, question, records with their owner name as `Name` and their RDATA as a place
 * in the message (`rdata.ts` reads it on demand). Undefined for octets that are no well-formed message: a record that runs
 * past the end, a compression pointer that does not point backwards, more records than the limit.
 * It does not look into RDATA, so one odd record does not lose the packet.
 */
import { lowerCase, type Name, root } from './name.ts';
import { NameReader } from './name-reader.ts';
import { RRType } from './rr-type.ts';

/** More records than any honest answer of 64 KiB about one name; bounds the work of one message. */
export const MAX_RECORDS = 2048;

/** One resource record. `data` is the whole message: RDATA is `data[offset .. offset + length)`. */
export interface ResourceRecord {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
  /** Seconds; values with the top bit set read as 0 (RFC 2181 §8). */
  readonly ttl: number;
  readonly data: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

export interface Question {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
}

/** EDNS(0) as the OPT record shows it (RFC 6891 §6.1). */
export interface Edns {
  readonly payloadSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
}

export interface Message {
  readonly octets: Uint8Array;
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  /** RA (RFC 1035 §4.1.1): the server is ready to ask others. */
  readonly recursionAvailable: boolean;
  /** With the upper bits from OPT (RFC 6891 §6.1.3). */
  readonly rcode: number;
  readonly question: Question | undefined;
  /** The question's name as it stands in the message, case kept (0x20). */
  readonly questionOctets: string;
  readonly answer: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  /** Without OPT. */
  readonly additional: readonly ResourceRecord[];
  readonly edns: Edns | undefined;
}

const HEADER_OCTETS = 12;

/** Reads one message; undefined where it is malformed. Octets behind the last record are ignored (RFC 1035 is silent). */
export function readMessage(octets: Uint8Array): Message | undefined {
  if (octets.length < HEADER_OCTETS) return undefined;
  const reader = new NameReader(octets);
  const count = (at: number) => (octets[at]! << 8) | octets[at + 1]!;
  const total = count(6) + count(8) + count(10);
  if (count(4) > 1 || total > MAX_RECORDS) return undefined;

  let question: Question | undefined;
  let questionOctets = '';
  let at = HEADER_OCTETS;
  if (count(4) === 1) {
    const read = reader.read(at);
    if (read === undefined || reader.end + 4 > octets.length) return undefined;
    at = reader.end;
    questionOctets = read;
    question = { name: lowerCase(read) as Name, type: count(at), class: count(at + 2) };
    at += 4;
  }

  const records: ResourceRecord[] = [];
  let opt: ResourceRecord | undefined;
  let additional = 0;
  for (let i = 0; i < total; i++) {
    const owner = reader.readLowerCase(at);
    if (owner === undefined) return undefined;
    at = reader.end;
    if (at + 10 > octets.length) return undefined;
    const length = count(at + 8);
    const offset = at + 10;
    if (offset + length > octets.length) return undefined;
    const ttl = octets[at + 4]! >= 0x80 ? 0 : (count(at + 4) << 16) | count(at + 6);
    const record = { name: owner, type: count(at), class: count(at + 2), ttl, data: octets, offset, length };
    at = offset + length;
    if (record.type === RRType.OPT && i >= count(6) + count(8)) {
      if (opt !== undefined || owner !== root) return undefined;
      opt = record;
      continue;
    }
    if (i >= count(6) + count(8)) additional++;
    records.push(record);
  }

  const answers = count(6);
  const body = records.length - additional;
  const optTtlAt = opt === undefined ? 0 : opt.offset - 6;
  return {
    octets,
    id: count(0),
    isResponse: (octets[2]! & 0x80) !== 0,
    opcode: (octets[2]! >> 3) & 0x0f,
    authoritative: (octets[2]! & 0x04) !== 0,
    truncated: (octets[2]! & 0x02) !== 0,
    recursionAvailable: (octets[3]! & 0x80) !== 0,
    rcode: (octets[3]! & 0x0f) | (opt === undefined ? 0 : octets[optTtlAt]! << 4),
    question,
    questionOctets,
    answer: records.slice(0, answers),
    authority: records.slice(answers, body),
    additional: records.slice(body),
    edns:
      opt === undefined
        ? undefined
        : {
            payloadSize: opt.class,
            version: octets[optTtlAt + 1]!,
            dnssecOk: (octets[optTtlAt + 2]! & 0x80) !== 0,
          },
  };
}
