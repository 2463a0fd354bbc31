/** The NSEC3 hash (RFC 5155 §5): IH(salt, name, 0) = SHA-1(name | salt), then again over the result, `iterations` times. */
import { hash } from 'node:crypto';
import { type Name, nameToBytes } from '../dns/name.ts';
import { MAX_SINGLE_BLOCK_OCTETS, sha1SingleBlock } from './sha1-block.ts';

/** IANA "DNSSEC NSEC3 Hash Algorithms" 1 (SHA-1): the length of a hash, in octets. */
export const NSEC3_HASH_OCTETS = 20;

/** The hash of `name` as 20 octets. `iterations` are the additional ones, as the record has them. */
export function nsec3Hash(name: Name, salt: Uint8Array, iterations: number): Uint8Array {
  const digest = sha1(Buffer.concat([nameToBytes(name), salt]));
  const input = new Uint8Array(NSEC3_HASH_OCTETS + salt.length);
  input.set(digest);
  input.set(salt, NSEC3_HASH_OCTETS);
  if (input.length <= MAX_SINGLE_BLOCK_OCTETS) {
    for (let i = 0; i < iterations; i++) sha1SingleBlock(input, input.length, input);
  } else {
    for (let i = 0; i < iterations; i++) input.set(hash('sha1', input, 'buffer'));
  }
  return input.slice(0, NSEC3_HASH_OCTETS);
}

/** OpenSSL's SHA-1, called for what does not fit one block, against ours for what does. */
const COST_OF_LONG_INPUT = 10;

/** What a hash costs, in SHA-1 computations of one block. */
export function nsec3HashBlocks(salt: Uint8Array, iterations: number): number {
  const fits = NSEC3_HASH_OCTETS + salt.length <= MAX_SINGLE_BLOCK_OCTETS;
  return (iterations + 1) * (fits ? 1 : COST_OF_LONG_INPUT);
}

function sha1(input: Uint8Array): Uint8Array {
  if (input.length > MAX_SINGLE_BLOCK_OCTETS) return hash('sha1', input, 'buffer');
  const digest = new Uint8Array(NSEC3_HASH_OCTETS);
  sha1SingleBlock(input, input.length, digest);
  return digest;
}
