/** Base32 with the extended hex alphabet, without padding (RFC 4648 §7), as NSEC3 owner names use it (RFC 5155 §1.3). */

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/** Lower case. */
export function toBase32Hex(octets: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const octet of octets) {
    value = (value << 8) | octet;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
}

/** Undefined where a character is not of the alphabet (either case) or the rest bits are not zero. */
export function fromBase32Hex(text: string): Uint8Array | undefined {
  if (!/^[0-9A-Va-v]*$/.test(text)) return undefined;
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const char of text.toLowerCase()) {
    value = (value << 5) | ALPHABET.indexOf(char);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      octets[at++] = value >> bits;
      value &= (1 << bits) - 1;
    }
  }
  return value === 0 && bits < 5 ? octets : undefined;
}
