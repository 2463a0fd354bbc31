/**
 * Writes replies, with owner names compressed (RFC 1035 §4.1.4): for the lab's name servers and for tests. Queries are
 * written by `query.ts`.
 */
import type { Edns, Question } from './message.ts';
import { type Name, parentOf, root } from './name.ts';
import { RRType } from './rr-type.ts';

/** A record to be written; its RDATA uncompressed. */
export interface PlainRecord {
  readonly name: Name;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: Uint8Array;
}

export interface ReplyParts {
  readonly id: number;
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly truncated?: boolean;
  readonly recursionDesired?: boolean;
  readonly recursionAvailable?: boolean;
  readonly question?: Question;
  /** The question's name as it came, case kept; `question.name` where it is left out. */
  readonly questionOctets?: string;
  readonly answer?: readonly PlainRecord[];
  readonly authority?: readonly PlainRecord[];
  readonly additional?: readonly PlainRecord[];
  readonly edns?: Edns;
}

/** The largest offset that a compression pointer can hold. */
const MAX_POINTER = 0x3fff;

export function writeReply(parts: ReplyParts): Buffer {
  const answer = parts.answer ?? [];
  const authority = parts.authority ?? [];
  const additional = parts.additional ?? [];
  const size = [...answer, ...authority, ...additional].reduce(
    (sum, record) => sum + record.name.length + 10 + record.rdata.length,
    12 + 300 + 11,
  );
  const out = Buffer.alloc(size);
  const seen = new Map<string, number>();
  let at = 12;

  const writeName = (name: Name) => {
    let rest = name;
    while (rest !== root) {
      const known = seen.get(rest);
      if (known !== undefined) {
        at = out.writeUInt16BE(0xc000 | known, at);
        return;
      }
      if (at <= MAX_POINTER) seen.set(rest, at);
      at += out.write(rest.slice(0, 1 + rest.charCodeAt(0)), at, 'latin1');
      rest = parentOf(rest);
    }
    out[at++] = 0;
  };

  out.writeUInt16BE(parts.id, 0);
  out[2] =
    0x80 |
    (parts.authoritative ? 0x04 : 0) |
    (parts.truncated === true ? 0x02 : 0) |
    (parts.recursionDesired === true ? 0x01 : 0);
  out[3] = (parts.recursionAvailable === true ? 0x80 : 0) | (parts.rcode & 0x0f);
  out.writeUInt16BE(parts.question === undefined ? 0 : 1, 4);
  out.writeUInt16BE(answer.length, 6);
  out.writeUInt16BE(authority.length, 8);
  out.writeUInt16BE(additional.length + (parts.edns === undefined ? 0 : 1), 10);
  if (parts.question !== undefined) {
    for (let rest = parts.question.name, offset = at; rest !== root; rest = parentOf(rest)) {
      seen.set(rest, offset);
      offset += 1 + rest.charCodeAt(0);
    }
    at += out.write(parts.questionOctets ?? parts.question.name, at, 'latin1');
    at = out.writeUInt16BE(parts.question.type, at);
    at = out.writeUInt16BE(parts.question.class, at);
  }
  for (const record of [...answer, ...authority, ...additional]) {
    writeName(record.name);
    at = out.writeUInt16BE(record.type, at);
    at = out.writeUInt16BE(1, at);
    at = out.writeUInt32BE(record.ttl, at);
    at = out.writeUInt16BE(record.rdata.length, at);
    out.set(record.rdata, at);
    at += record.rdata.length;
  }
  if (parts.edns !== undefined) {
    out[at++] = 0;
    at = out.writeUInt16BE(RRType.OPT, at);
    at = out.writeUInt16BE(parts.edns.payloadSize, at);
    out[at++] = parts.rcode >> 4;
    out[at++] = parts.edns.version;
    at = out.writeUInt16BE(parts.edns.dnssecOk ? 0x8000 : 0, at);
    at = out.writeUInt16BE(0, at);
  }
  return out.subarray(0, at);
}
