/** RSA public keys as DNSKEY has them (RFC 3110 §2), bounded, and as SubjectPublicKeyInfo (RFC 3279 §2.3.1). */

/** RFC 3110 §2, RFC 5702 §2. */
const MAX_MODULUS_BITS = 4096;
/** OpenSSL's OPENSSL_RSA_MAX_PUBEXP_BITS: a longer exponent makes verification dear and is of no use. */
const MAX_EXPONENT_BITS = 64;

/** Big-endian, without leading zero octets. */
export interface RsaPublicKey {
  readonly exponent: Uint8Array;
  readonly modulus: Uint8Array;
}

/** Undefined where the octets are malformed, or exponent or modulus outside the limits. */
export function readRsaPublicKey(octets: Uint8Array, minimumBits: number): RsaPublicKey | undefined {
  // RFC 3110 §2: one octet of length, or a zero octet and two of length.
  const isLong = octets[0] === 0;
  const start = isLong ? 3 : 1;
  const length = isLong ? ((octets[1] ?? 0) << 8) | (octets[2] ?? 0) : (octets[0] ?? 0);
  if (length === 0 || start + length >= octets.length) return undefined;
  const exponent = withoutLeadingZeros(octets.subarray(start, start + length));
  const modulus = withoutLeadingZeros(octets.subarray(start + length));
  const bits = bitLength(modulus);
  if (bits < minimumBits || bits > MAX_MODULUS_BITS) return undefined;
  if (bitLength(exponent) < 2 || bitLength(exponent) > MAX_EXPONENT_BITS) return undefined;
  return { exponent, modulus };
}

function withoutLeadingZeros(octets: Uint8Array): Uint8Array {
  let at = 0;
  while (octets[at] === 0) at++;
  return octets.subarray(at);
}

function bitLength(octets: Uint8Array): number {
  return octets.length === 0 ? 0 : 8 * octets.length - Math.clz32(octets[0]!) + 24;
}

/** AlgorithmIdentifier of rsaEncryption: OID 1.2.840.113549.1.1.1 and NULL. */
const rsaEncryption = Buffer.from('300d06092a864886f70d0101010500', 'hex');

export function rsaSubjectPublicKeyInfo(key: RsaPublicKey): Uint8Array {
  const publicKey = element(0x30, integer(key.modulus), integer(key.exponent));
  return element(0x30, rsaEncryption, element(0x03, Buffer.from([0]), publicKey));
}

function integer(magnitude: Uint8Array): Buffer {
  return magnitude[0]! >= 0x80 ? element(0x02, Buffer.from([0]), magnitude) : element(0x02, magnitude);
}

/** One DER element; contents below 64 KiB. */
function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const { length } = body;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}
