/**
 * Reads possibly compressed names (RFC 1035 §4.1.4) out of one message. A pointer must point before everything that the
 * name has used so far, so that a name ends after finitely many steps whatever the octets are.
 *
 * In: the octets of a message and a place in them. Out: the wire form of the name without compression, and in `end` where
 * it ended in the place that it was read from. Names that were read before are remembered by their offset, and so is what
 * pointers lead to, since answers repeat them (and hostile ones repeat the longest).
 */
import { lowerCase, MAX_LABEL_OCTETS, MAX_NAME_OCTETS, type Name } from './name.ts';

/** Name octets that one message may unfold into: bounds 64 KiB of pointers to long names (see CVE-2023-50387's kin). */
export const MAX_UNFOLDED_OCTETS = 262_144;
/** A name of 255 octets has at most 127 labels; no honest one needs more pointers than labels (RFC 1035 §2.3.4, §4.1.4). */
export const MAX_POINTERS = 127;

/** What a pointer led to, and how many pointers that took. */
interface Suffix {
  readonly wire: string;
  readonly pointers: number;
}

export class NameReader {
  end = 0;
  readonly #octets: Uint8Array;
  readonly #known = new Map<number, Name>();
  readonly #suffixes = new Map<number, Suffix>();
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
    const known = target === undefined ? undefined : this.#known.get(target);
    if (known !== undefined) {
      this.end = start + 2;
      return known;
    }
    const read = this.read(start);
    if (read === undefined) return undefined;
    const owner = lowerCase(read) as Name;
    this.#known.set(target ?? start, owner);
    return owner;
  }

  /** The name with its case kept; undefined where it is malformed. */
  read(start: number): string | undefined {
    const octets = this.#octets;
    let wire = '';
    let at = start;
    let limit = start;
    let pointers = 0;
    let first: { readonly target: number; readonly before: number } | undefined;
    for (;;) {
      const length = octets[at];
      if (length === undefined) return undefined;
      if (length >= 0xc0) {
        const target = this.#pointerAt(at);
        if (target === undefined || target >= limit) return undefined;
        if (pointers === 0) this.end = at + 2;
        const known = this.#suffixes.get(target);
        pointers += 1 + (known?.pointers ?? 0);
        if (pointers > MAX_POINTERS) return undefined;
        if (known !== undefined) {
          wire += known.wire;
          break;
        }
        first ??= { target, before: wire.length };
        limit = target;
        at = target;
        continue;
      }
      if (length > MAX_LABEL_OCTETS || at + 1 + length > octets.length) return undefined;
      wire += latin1(octets, at, at + 1 + length);
      if (wire.length > MAX_NAME_OCTETS) return undefined;
      at += 1 + length;
      if (length === 0) break;
    }
    if (wire.length > MAX_NAME_OCTETS) return undefined;
    if (pointers === 0) this.end = at;
    if (first !== undefined) {
      this.#suffixes.set(first.target, { wire: wire.slice(first.before), pointers: pointers - 1 });
    }
    this.#unfolded += wire.length;
    return this.#unfolded > this.#maxUnfolded ? undefined : wire;
  }

  /** Where the pointer at `at` points; undefined where there is none or only half of one. */
  #pointerAt(at: number): number | undefined {
    const high = this.#octets[at];
    const low = this.#octets[at + 1];
    return high === undefined || high < 0xc0 || low === undefined ? undefined : ((high & 0x3f) << 8) | low;
  }
}

function latin1(octets: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(octets[at]!);
  return text;
}
