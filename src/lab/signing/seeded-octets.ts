/** Octets that follow from a seed alone, so that the lab has the same keys at every start. Never for keys that guard anything. */
import { createHash } from 'node:crypto';

/** `length` octets of SHAKE256 (FIPS 202) over the text. */
export function seededOctets(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}
