/**
 * A bundle: many exchanges in one piece of octets, compressed by Zstandard (RFC 8878), and the keys under which they are found.
 *
 * A key stands for the name that was asked for, so that all that any server said of it, to whatever type, is found together.
 * Integers are big-endian. One exchange: outcome and flags (1 octet each), milliseconds (4), time (8), type (2), the address as text
 * behind its length (1), the name as it was spelled behind its length (1), the reply behind its length (2).
 */
import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { MAX_NAME_OCTETS, type Name, nameFromWire } from '../dns/name.ts';
import { NameReader } from '../dns/name-reader.ts';
import { type ExchangeRecord, outcomes } from './exchange-record.ts';

export interface Bundle {
  /** Keys of all names asked for, each once, one after the other. */
  readonly keys: Uint8Array;
  /** Compressed. */
  readonly octets: Uint8Array;
}

/** Of a hash: names that share a key are told apart by what the bundle holds. */
export const KEY_OCTETS = 5;
/** A slice of a hundred names makes some 600 KB; hostile ones, who send 64 KB a reply, are bounded by their lookups' budgets. */
export const MAX_BUNDLE_OCTETS = 256 * 1024 * 1024;
/** Own choice: levels above 6 cost more time and save less than a hundredth, since most of it is signatures. */
const COMPRESSION_LEVEL = 6;

const FIXED_OCTETS = 20;
const EDNS = 1;
const RECURSION_DESIRED = 2;
const MAX_MILLISECONDS = 0xffffffff;
/** RFC 1035 §4.2.2: a message over TCP is no longer. */
const MAX_REPLY_OCTETS = 0xffff;

export function keyOf(name: Name): Buffer {
  return hash('sha256', Buffer.from(name, 'latin1'), 'buffer').subarray(0, KEY_OCTETS);
}

/** Undefined without any. */
export function bundleOf(records: readonly ExchangeRecord[]): Bundle | undefined {
  if (records.length === 0) return undefined;
  const names = [...new Set(records.map(({ name }) => name))];
  const octets = zstdCompressSync(Buffer.concat(records.map(encoded)), {
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL },
  });
  return { keys: Buffer.concat(names.map(keyOf)), octets };
}

/** In the order in which they were put in. Throws where the octets are no bundle: they are our own, and something has spoiled them. */
export function recordsIn(compressed: Uint8Array): readonly ExchangeRecord[] {
  const octets = zstdDecompressSync(compressed, { maxOutputLength: MAX_BUNDLE_OCTETS });
  const records: ExchangeRecord[] = [];
  for (let at = 0; at < octets.length; ) {
    const [record, end] = decoded(octets, at);
    records.push(record);
    at = end;
  }
  return records;
}

function encoded(record: ExchangeRecord): Buffer {
  const { address, spelling, octets } = record;
  if (octets.length > MAX_REPLY_OCTETS) throw new Error(`internal error: a reply of ${octets.length} octets`);
  const text = Buffer.alloc(FIXED_OCTETS - 2 + address.length + spelling.length + 2);
  let at = text.writeUInt8(outcomes.indexOf(record.outcome), 0);
  at = text.writeUInt8((record.edns ? EDNS : 0) | (record.recursionDesired ? RECURSION_DESIRED : 0), at);
  at = text.writeUInt32BE(Math.min(MAX_MILLISECONDS, Math.round(record.milliseconds)), at);
  at = text.writeBigInt64BE(BigInt(record.at), at);
  at = text.writeUInt16BE(record.type, at);
  at = text.writeUInt8(address.length, at);
  at += text.write(address, at, 'latin1');
  at = text.writeUInt8(spelling.length, at);
  at += text.write(spelling, at, 'latin1');
  text.writeUInt16BE(octets.length, at);
  return Buffer.concat([text, octets]);
}

/** The exchange at `from`, and where the next one begins. */
function decoded(all: Buffer, from: number): readonly [ExchangeRecord, number] {
  let at = from;
  const take = (length: number): Buffer => {
    if (at + length > all.length) throw spoiled('it ends in the middle of an exchange');
    at += length;
    return all.subarray(at - length, at);
  };
  const outcome = outcomes[take(1).readUInt8()];
  const flags = take(1).readUInt8();
  const milliseconds = take(4).readUInt32BE();
  const seconds = Number(take(8).readBigInt64BE());
  const type = take(2).readUInt16BE();
  const address = take(take(1).readUInt8()).toString('latin1');
  const spelling = take(take(1).readUInt8());
  const octets = take(take(2).readUInt16BE());
  if (outcome === undefined || flags > (EDNS | RECURSION_DESIRED)) throw spoiled('an unknown outcome');
  if (!isName(spelling)) throw spoiled('a name that is none');
  const record: ExchangeRecord = {
    address,
    name: nameFromWire(spelling.toString('latin1')),
    spelling: spelling.toString('latin1'),
    type,
    edns: (flags & EDNS) !== 0,
    recursionDesired: (flags & RECURSION_DESIRED) !== 0,
    outcome,
    octets,
    milliseconds,
    at: seconds,
  };
  return [record, at];
}

/** Whole, and without compression. */
function isName(spelling: Buffer): boolean {
  const reader = new NameReader(spelling);
  return (
    spelling.length <= MAX_NAME_OCTETS &&
    reader.read(0) === spelling.toString('latin1') &&
    reader.end === spelling.length
  );
}

function spoiled(how: string): Error {
  return new Error(`internal error: a bundle of evidence is spoiled: ${how}`);
}
