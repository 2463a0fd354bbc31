/**
 * An RSA key pair that follows from a seed (RFC 8017 §3): two primes found by walking upwards from seeded octets. OpenSSL
 * offers no seeded generator. Searching takes tens of milliseconds for 2048 bits: callers keep what they get.
 */
import { checkPrimeSync, createPrivateKey, type KeyObject } from 'node:crypto';
import { seededOctets } from './seeded-octets.ts';

/** RFC 8017 §3.1; F4, as nearly every zone has it. */
const PUBLIC_EXPONENT = 65537n;

/** `bits` is the length of the modulus, a multiple of 16. */
export function rsaFromSeed(seed: string, bits: number): KeyObject {
  const p = seededPrime(`${seed}/p`, bits / 2);
  const q = seededPrime(`${seed}/q`, bits / 2);
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const jwk = {
    kty: 'RSA',
    n: base64url(p * q),
    e: base64url(PUBLIC_EXPONENT),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverse(q, p)),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

/** The top two bits are set, so that the product of two has exactly twice the bits. */
function seededPrime(seed: string, bits: number): bigint {
  const octets = seededOctets(seed, bits / 8);
  octets[0]! |= 0xc0;
  octets[octets.length - 1]! |= 0x01;
  let candidate = BigInt(`0x${octets.toString('hex')}`);
  while ((candidate - 1n) % PUBLIC_EXPONENT === 0n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** Extended Euclid: x with value * x = 1 (mod modulus). */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [previousFactor, factor] = [0n, 1n];
  while (current > 1n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex').toString('base64url');
}
