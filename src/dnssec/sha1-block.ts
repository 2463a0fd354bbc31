/**
 * SHA-1 (RFC 3174) of inputs that fit one block: several times faster than a call into OpenSSL, which counts because NSEC3
 * hashes one name many times over (RFC 5155 §5). For NSEC3 only: no secret and no signature depends on it.
 */

/** A block holds 64 octets, of which padding takes at least 9 (RFC 3174 §4). */
export const MAX_SINGLE_BLOCK_OCTETS = 55;

const schedule = new Int32Array(80);

/** Of at most `MAX_SINGLE_BLOCK_OCTETS` octets; 20 octets into `digest`, which may be where `input` begins. */
export function sha1SingleBlock(input: Uint8Array, length: number, digest: Uint8Array): void {
  const w = schedule;
  w.fill(0, 0, 16);
  for (let at = 0; at < length; at++) w[at >> 2]! |= input[at]! << (24 - 8 * (at & 3));
  w[length >> 2]! |= 0x80 << (24 - 8 * (length & 3));
  w[15] = length * 8;
  for (let t = 16; t < 80; t++) {
    const mixed = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!;
    w[t] = (mixed << 1) | (mixed >>> 31);
  }
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let t = 0; t < 80; t++) {
    const f = t < 20 ? (b & c) | (~b & d) : t >= 40 && t < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + f + e + w[t]! + k) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  writeWord(digest, 0, a + 0x67452301);
  writeWord(digest, 4, b + 0xefcdab89);
  writeWord(digest, 8, c + 0x98badcfe);
  writeWord(digest, 12, d + 0x10325476);
  writeWord(digest, 16, e + 0xc3d2e1f0);
}

function writeWord(octets: Uint8Array, at: number, word: number): void {
  octets[at] = word >> 24;
  octets[at + 1] = word >> 16;
  octets[at + 2] = word >> 8;
  octets[at + 3] = word;
}
