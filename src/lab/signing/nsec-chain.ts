/**
 * The NSEC chain of a zone (RFC 4034 §4, RFC 4035 §2.3): which record matches a name, which covers it. Records are made when
 * they are asked for, so that a large zone costs its sorting only. They come unsigned.
 */
import type { PlainRecord } from '../../dns/message-writer.ts';
import { labelsOf, type Name, nameToBytes } from '../../dns/name.ts';
import { RRType } from '../../dns/rr-type.ts';
import { writeTypeBitmap } from '../../dns/type-bitmap.ts';
import type { ZoneName } from './zone-names.ts';

export interface NsecChain {
  /** The NSEC record at `name`; undefined where the name owns none. */
  matching(name: Name): PlainRecord | undefined;
  /** The NSEC record whose owner is the last that does not stand behind `name` in canonical order. */
  covering(name: Name): PlainRecord;
  /** All of them, in canonical order. */
  records(): Iterable<PlainRecord>;
}

/** `names` holds the apex; `ttl` should follow RFC 9077 §3. */
export function nsecChain(names: readonly ZoneName[], ttl: number): NsecChain {
  const sorted = names
    .map((entry) => ({ ...entry, key: canonicalKey(entry.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

  /** The index of the last entry whose key is not greater. */
  const lastUpTo = (key: string): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.key <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const recordAt = (index: number): PlainRecord => {
    const entry = sorted[index]!;
    const next = sorted[(index + 1) % sorted.length]!.name;
    const types = writeTypeBitmap([...entry.types, RRType.NSEC, RRType.RRSIG]);
    return { name: entry.name, type: RRType.NSEC, ttl, rdata: Buffer.concat([nameToBytes(next), types]) };
  };

  return {
    matching(name) {
      const index = lastUpTo(canonicalKey(name));
      return index >= 0 && sorted[index]!.name === name ? recordAt(index) : undefined;
    },
    covering: (name) => recordAt(Math.max(lastUpTo(canonicalKey(name)), 0)),
    *records() {
      for (let index = 0; index < sorted.length; index++) yield recordAt(index);
    },
  };
}

/** Text whose order of code units is canonical order (RFC 4034 §6.1): labels from the right, each octet raised by one, 0 between. */
function canonicalKey(name: Name): string {
  let key = '';
  for (const label of labelsOf(name).reverse()) {
    for (let at = 0; at < label.length; at++) key += String.fromCharCode(label.charCodeAt(at) + 1);
    key += '\0';
  }
  return key;
}
