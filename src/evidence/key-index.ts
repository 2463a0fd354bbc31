/**
 * In which bundles a name may be. In: the keys of bundles. Out: the places of bundles, in the order in which they were added. Eight
 * octets of memory for each key: some 200 MB for all exchanges of a million domains.
 */
import type { Name } from '../dns/name.ts';
import { KEY_OCTETS, keyOf } from './bundle.ts';

/** Beside a key of five octets there are three left in an entry. */
const PLACE_BITS = 24n;
const MAX_PLACES = 2 ** 24;
const FIRST_ENTRIES = 1024;

export class KeyIndex {
  #entries = new BigUint64Array(FIRST_ENTRIES);
  #length = 0;
  #places = 0;
  #isSorted = true;

  /** The place of the bundle, from 0. */
  add(keys: Uint8Array): number {
    const place = this.#places++;
    if (place >= MAX_PLACES) throw new Error(`internal error: more than ${MAX_PLACES} bundles of evidence`);
    if (keys.length % KEY_OCTETS !== 0) throw new Error('internal error: the keys of a bundle are spoiled');
    for (let at = 0; at < keys.length; at += KEY_OCTETS) {
      if (this.#length === this.#entries.length) {
        const larger = new BigUint64Array(2 * this.#length);
        larger.set(this.#entries);
        this.#entries = larger;
      }
      const key = Buffer.from(keys.buffer, keys.byteOffset + at, KEY_OCTETS).readUIntBE(0, KEY_OCTETS);
      this.#entries[this.#length++] = (BigInt(key) << PLACE_BITS) | BigInt(place);
    }
    this.#isSorted = false;
    return place;
  }

  /** Names that share a key share the answer. */
  placesOf(name: Name): readonly number[] {
    if (!this.#isSorted) {
      this.#entries.subarray(0, this.#length).sort();
      this.#isSorted = true;
    }
    const key = BigInt(keyOf(name).readUIntBE(0, KEY_OCTETS));
    const places: number[] = [];
    for (let at = this.#first(key << PLACE_BITS); at < this.#length; at++) {
      const entry = this.#entries[at]!;
      if (entry >> PLACE_BITS !== key) break;
      places.push(Number(entry & ((1n << PLACE_BITS) - 1n)));
    }
    return places;
  }

  /** The first entry that is not below `least`. */
  #first(least: bigint): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]! < least) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
