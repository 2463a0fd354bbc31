/**
 * Reads possibly compressed names (RFC 1035 §4.1.4) out of one message. A pointer must point before everything that the
 * name has used so far, so that a name ends after finitely many steps whatever the octets are.
 *
 * In: the octets of a message and a place in them. Out: the wire form of the name without compression, and in `end` where
 * it ended in the place that it was read from. Names that were read before are remembered by their offset, since answers
 * repeat them.
 */
import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS, type Name } from './name.ts';

/** Name octets that one message may unfold into: bounds 64 KiB of pointers to long names (see CVE-2023-50387's kin). */
export const MAX_UNFOLDED_OCTETS = 262_144;
/** A name of 255 octets has at most 127 labels; no honest one needs more pointers than labels (RFC 1035 §2.3.4, §4.1.4). */
export const MAX_POINTERS = 127;

/** Where a name is put together; every reader copies out of it before another can use it. */
const unfolded = Buffer.alloc(MAX_NAME_OCTETS);

export class NameReader {
  end = 0;
  readonly #octets: Uint8Array;
  #known: Map<number, Name> | undefined;
  readonly #maxUnfolded: number;
  #unfolded = 0;

  /** `maxUnfolded` bounds the octets of all the names that are read. */
  constructor(octets: Uint8Array, maxUnfolded = MAX_UNFOLDED_OCTETS) {
    this.#octets = octets;
    this.#maxUnfolded = maxUnfolded;
  }

  /** The name in lower case. */
  readLowerCase(start: number): Name | undefined {
    const target = this.#pointerAt(start);
    const known = target === undefined ? undefined : this.#known?.get(target);
    if (known !== undefined) {
      this.end = start + 2;
      return known;
    }
    const length = this.#unfold(start, true);
    if (length === undefined) return undefined;
    const name = unfolded.toString('latin1', 0, length) as Name;
    this.#known ??= new Map();
    this.#known.set(target ?? start, name);
    return name;
  }

  /** The name with its case kept; undefined where it is malformed. */
  read(start: number): string | undefined {
    const length = this.#unfold(start, false);
    return length === undefined ? undefined : unfolded.toString('latin1', 0, length);
  }

  /** Puts the name into `unfolded`. Out: its length in octets; undefined where it is malformed. */
  #unfold(start: number, toLowerCase: boolean): number | undefined {
    const octets = this.#octets;
    let size = 0;
    let at = start;
    let limit = start;
    let pointers = 0;
    for (;;) {
      const length = octets[at];
      if (length === undefined) return undefined;
      if (length >= 0xc0) {
        const target = this.#pointerAt(at);
        if (target === undefined || target >= limit) return undefined;
        if (pointers === 0) this.end = at + 2;
        if (++pointers > MAX_POINTERS) return undefined;
        limit = target;
        at = target;
        continue;
      }
      const next = at + 1 + length;
      if (length > MAX_LABEL_OCTETS || next > octets.length) return undefined;
      if (size + 1 + length > MAX_NAME_OCTETS) return undefined;
      // Length octets are below 64, so that none of them is taken for a letter.
      for (; at < next; at++) {
        const octet = octets[at]!;
        unfolded[size++] = toLowerCase && octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
      }
      if (length === 0) break;
    }
    if (pointers === 0) this.end = at;
    this.#unfolded += size;
    return this.#unfolded > this.#maxUnfolded ? undefined : size;
  }

  /** Where the pointer at `at` points; undefined where there is none or only half of one. */
  #pointerAt(at: number): number | undefined {
    const high = this.#octets[at];
    const low = this.#octets[at + 1];
    return high === undefined || high < 0xc0 || low === undefined ? undefined : ((high & 0x3f) << 8) | low;
  }
}
