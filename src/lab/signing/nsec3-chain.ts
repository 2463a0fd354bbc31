/**
 * The NSEC3 chain of a zone (RFC 5155 §7.1): which record matches a name, which covers it. Empty non-terminals are put in;
 * with opt-out, insecure delegations (and empty non-terminals above nothing else) are left out. Records are made when they
 * are asked for, and come unsigned.
 */
import { toBase32Hex } from '../../dns/base32hex.ts';
import { NSEC3_FLAG_OPT_OUT, Nsec3Hash } from '../../dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../../dns/message-writer.ts';
import { type Name, prepend } from '../../dns/name.ts';
import { RRType } from '../../dns/rr-type.ts';
import { writeTypeBitmap } from '../../dns/type-bitmap.ts';
import { NSEC3_HASH_OCTETS, nsec3Hash } from '../../dnssec/nsec3-hash.ts';
import { emptyNonTerminals, isInsecureDelegation, type ZoneName } from './zone-names.ts';

export interface Nsec3Parameters {
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly optOut: boolean;
}

export interface Nsec3Chain {
  /** The NSEC3 record of the hash of `name`; undefined where it is not in the chain. */
  matching(name: Name): PlainRecord | undefined;
  /** The NSEC3 record whose span holds the hash of `name` (or begins with it). */
  covering(name: Name): PlainRecord;
  /** All of them, in the order of the hashes. */
  records(): Iterable<PlainRecord>;
}

/** `names` holds the apex, with NSEC3PARAM among its types; `ttl` should follow RFC 9077 §3. */
export function nsec3Chain(
  apex: Name,
  names: readonly ZoneName[],
  parameters: Nsec3Parameters,
  ttl: number,
): Nsec3Chain {
  const { salt, iterations, optOut } = parameters;
  const kept = optOut ? names.filter((entry) => !isInsecureDelegation(entry)) : names;
  const empty: ZoneName[] = emptyNonTerminals(apex, kept).map((name) => ({ name, types: [] }));
  const hashText = (name: Name) => Buffer.from(nsec3Hash(name, salt, iterations)).toString('latin1');
  const sorted = [...kept, ...empty]
    .map((entry) => ({ types: entry.types, isSigned: isSigned(entry), hash: hashText(entry.name) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));

  /** The index of the last entry whose hash is not greater; the last of all where there is none. */
  const lastUpTo = (hash: string): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.hash <= hash) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? sorted.length - 1 : low - 1;
  };
  const head = Buffer.from([
    Nsec3Hash['SHA-1'],
    optOut ? NSEC3_FLAG_OPT_OUT : 0,
    iterations >> 8,
    iterations & 0xff,
    salt.length,
    ...salt,
    NSEC3_HASH_OCTETS,
  ]);
  const recordAt = (index: number): PlainRecord => {
    const entry = sorted[index]!;
    const next = Buffer.from(sorted[(index + 1) % sorted.length]!.hash, 'latin1');
    const types = writeTypeBitmap(entry.isSigned ? [...entry.types, RRType.RRSIG] : entry.types);
    const name = prepend(toBase32Hex(Buffer.from(entry.hash, 'latin1')), apex);
    if (name === undefined) throw new Error('internal error: the zone name leaves no room for a hash');
    return { name, type: RRType.NSEC3, ttl, rdata: Buffer.concat([head, next, types]) };
  };

  return {
    matching(name) {
      const hash = hashText(name);
      const index = lastUpTo(hash);
      return sorted[index]!.hash === hash ? recordAt(index) : undefined;
    },
    covering: (name) => recordAt(lastUpTo(hashText(name))),
    *records() {
      for (let index = 0; index < sorted.length; index++) yield recordAt(index);
    },
  };
}

/** Whether any RRset at the name has a signature: not at an insecure delegation, nor at an empty non-terminal. */
function isSigned(entry: ZoneName): boolean {
  return entry.types.length > 0 && !isInsecureDelegation(entry);
}

/** RDATA of NSEC3PARAM (RFC 5155 §4.2): its flags are zero. */
export function nsec3paramRdata(parameters: Nsec3Parameters): Uint8Array {
  const { salt, iterations } = parameters;
  return Buffer.from([Nsec3Hash['SHA-1'], 0, iterations >> 8, iterations & 0xff, salt.length, ...salt]);
}
