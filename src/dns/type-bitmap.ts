/** Type Bit Maps of NSEC and NSEC3 (RFC 4034 §4.1.2, RFC 5155 §3.2.1). */

/** The set of types at a name (RFC 4034 §4.1.2), kept as octets. */
export interface TypeBitmap {
  has(type: number): boolean;
  /** Ascending. */
  list(): number[];
}

/** Undefined where a window is empty, too long, out of order or cut off (RFC 4034 §4.1.2). */
export function readTypeBitmap(octets: Uint8Array): TypeBitmap | undefined {
  let last = -1;
  for (let at = 0; at < octets.length; at += 2 + octets[at + 1]!) {
    const length = octets[at + 1];
    if (length === undefined || length < 1 || length > 32) return undefined;
    if (octets[at]! <= last || at + 2 + length > octets.length) return undefined;
    last = octets[at]!;
  }
  return {
    has(type) {
      const index = (type & 0xff) >> 3;
      for (let at = 0; at < octets.length; at += 2 + octets[at + 1]!) {
        if (octets[at] !== type >> 8) continue;
        return index < octets[at + 1]! && (octets[at + 2 + index]! & (0x80 >> (type & 7))) !== 0;
      }
      return false;
    },
    list() {
      const types: number[] = [];
      for (let at = 0; at < octets.length; at += 2 + octets[at + 1]!) {
        for (let bit = 0; bit < 8 * octets[at + 1]!; bit++) {
          if (octets[at + 2 + (bit >> 3)]! & (0x80 >> (bit & 7))) types.push((octets[at]! << 8) | bit);
        }
      }
      return types;
    },
  };
}

/** The wire form of a set of types. */
export function writeTypeBitmap(types: Iterable<number>): Uint8Array {
  const windows = new Map<number, Buffer>();
  for (const type of [...types].sort((a, b) => a - b)) {
    const window = windows.get(type >> 8) ?? Buffer.alloc(32);
    window[(type & 0xff) >> 3]! |= 0x80 >> (type & 7);
    windows.set(type >> 8, window);
  }
  const parts: Buffer[] = [];
  for (const [number, bits] of windows) {
    const length = bits.findLastIndex((octet) => octet !== 0) + 1;
    parts.push(Buffer.from([number, length]), bits.subarray(0, length));
  }
  return Buffer.concat(parts);
}
