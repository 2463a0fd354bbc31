/**
 * The signature algorithms that are validated here: how a DNSKEY's octets become a public key and an RRSIG's octets a signature
 * as OpenSSL takes it.
 *
 * RSA/SHA-1 (5, 7), RSA/SHA-256 (8) and RSA/SHA-512 (10) by RFC 3110 and RFC 5702, ECDSA P-256 (13) and P-384 (14) by RFC 6605,
 * Ed25519 (15) and Ed448 (16) by RFC 8080: all that the registry marks MUST or RECOMMENDED in "Implement for DNSSEC Validation"
 * (RFC 9904 §3, before it RFC 8624 §3.1). Every other algorithm is unsupported: a zone signed with such ones only is insecure.
 * RFC 9905 §2 lets validators drop RSA/SHA-1, which is to sign nothing new, and RFC 9906 has retired ECC-GOST. Unbound, BIND and
 * Knot Resolver validate RSA/SHA-1 unless their system's policy forbids SHA-1, and so do the senders behind them: it counts.
 */
import { DnssecAlgorithm } from '../dns/dnssec-algorithm.ts';
import { type RsaPublicKey, readRsaPublicKey, rsaSubjectPublicKeyInfo } from './rsa-public-key.ts';

export interface Algorithm {
  /** OpenSSL's name of the digest; null where the algorithm hashes by itself. */
  readonly digest: string | null;
  /** SubjectPublicKeyInfo in DER; undefined where the octets are no key of this algorithm. */
  spki(publicKey: Uint8Array): Uint8Array | undefined;
  /** The signature as OpenSSL takes it; undefined where the octets are none of this algorithm. */
  signature(octets: Uint8Array): Uint8Array | undefined;
  /** Price of one verification with this key: microseconds of a core, as measured with OpenSSL 3; 0 where it is no key. */
  microseconds(publicKey: Uint8Array): number;
}

export function algorithmOf(number: number): Algorithm | undefined {
  return algorithms.get(number);
}

export function isSupportedAlgorithm(number: number): boolean {
  return algorithms.has(number);
}

/** RSA verification grows with the square of the modulus: 113 us at 4096 bits with the exponent 65537. */
const RSA_MICROSECONDS_AT_4096 = 113;
/** Squarings and multiplications that the exponent 65537 takes. */
const MULTIPLICATIONS_OF_65537 = 17;

function rsa(digest: string, minimumBits: number): Algorithm {
  const read = (publicKey: Uint8Array): RsaPublicKey | undefined => readRsaPublicKey(publicKey, minimumBits);
  return {
    digest,
    spki(publicKey) {
      const key = read(publicKey);
      return key === undefined ? undefined : rsaSubjectPublicKeyInfo(key);
    },
    signature: (octets) => octets,
    microseconds(publicKey) {
      const key = read(publicKey);
      if (key === undefined) return 0;
      const size = key.modulus.length / 512;
      const effort = Math.max(1, multiplications(key.exponent) / MULTIPLICATIONS_OF_65537);
      return Math.ceil(RSA_MICROSECONDS_AT_4096 * size * size * effort);
    },
  };
}

/** A squaring for each bit but the first, a multiplication for each further bit that is set. */
function multiplications(exponent: Uint8Array): number {
  const bits = exponent.reduce((text, octet) => text + octet.toString(2).padStart(8, '0'), '');
  const significant = bits.slice(bits.indexOf('1') + 1);
  return significant.length + significant.replaceAll('0', '').length;
}

/** The public key is x | y (RFC 6605 §4), each of `octets`; `prefix` is what SubjectPublicKeyInfo has before them. */
function ecdsa(digest: string, octets: number, microseconds: number, prefix: string): Algorithm {
  const head = Buffer.from(prefix, 'hex');
  return {
    digest,
    spki: (publicKey) => (publicKey.length === 2 * octets ? Buffer.concat([head, publicKey]) : undefined),
    signature: (rs) => (rs.length === 2 * octets ? ecdsaSignatureDer(rs, octets) : undefined),
    microseconds: () => microseconds,
  };
}

function edwards(
  keyOctets: number,
  signatureOctets: number,
  microseconds: number,
  prefix: string,
): Algorithm {
  const head = Buffer.from(prefix, 'hex');
  return {
    digest: null,
    spki: (publicKey) => (publicKey.length === keyOctets ? Buffer.concat([head, publicKey]) : undefined),
    signature: (octets) => (octets.length === signatureOctets ? octets : undefined),
    microseconds: () => microseconds,
  };
}

/**
 * r | s (RFC 6605 §4) as Ecdsa-Sig-Value (RFC 3279 §2.2.3). OpenSSL takes both by way of Node, but the option that says so costs
 * Node 24 two fifths of a verification.
 */
function ecdsaSignatureDer(rs: Uint8Array, octets: number): Uint8Array {
  const der = new Uint8Array(2 * octets + 8);
  let at = 2;
  for (const start of [0, octets]) {
    let first = start;
    while (first < start + octets - 1 && rs[first] === 0) first++;
    const padding = rs[first]! >= 0x80 ? 1 : 0;
    const length = start + octets - first;
    der[at] = 0x02;
    der[at + 1] = length + padding;
    der.set(rs.subarray(first, start + octets), at + 2 + padding);
    at += 2 + padding + length;
  }
  der[0] = 0x30;
  der[1] = at - 2;
  return der.subarray(0, at);
}

/** RFC 3110 §2 and RFC 5702 §2.1: at least 512 bits. */
const MIN_RSA_BITS = 512;
/** RFC 5702 §2.2. */
const MIN_RSA_SHA512_BITS = 1024;

const algorithms = new Map<number, Algorithm>([
  [DnssecAlgorithm.RSASHA1, rsa('sha1', MIN_RSA_BITS)],
  [DnssecAlgorithm['RSASHA1-NSEC3-SHA1'], rsa('sha1', MIN_RSA_BITS)],
  [DnssecAlgorithm.RSASHA256, rsa('sha256', MIN_RSA_BITS)],
  [DnssecAlgorithm.RSASHA512, rsa('sha512', MIN_RSA_SHA512_BITS)],
  [
    DnssecAlgorithm.ECDSAP256SHA256,
    ecdsa('sha256', 32, 95, '3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
  ],
  [
    DnssecAlgorithm.ECDSAP384SHA384,
    ecdsa('sha384', 48, 912, '3076301006072a8648ce3d020106052b8104002203620004'),
  ],
  [DnssecAlgorithm.ED25519, edwards(32, 64, 131, '302a300506032b6570032100')],
  [DnssecAlgorithm.ED448, edwards(57, 114, 287, '3043300506032b6571033a00')],
]);
