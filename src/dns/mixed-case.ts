/**
 * A name spelled with letters of both cases, as one chooses them, to see whether a server gives the question back as it was put
 * (RFC 4343 §4.1: case is preserved; RFC 1035 §4.1.1 has the question copied into the reply). Pure.
 */
import type { Random } from '../base/random.ts';
import type { Name } from './name.ts';

const CASE_BIT = 0x20;

/** The octets of `name` with the case of each letter drawn; at least one is a capital, where there are letters at all. */
export function mixedCase(name: Name, random: Random): string {
  const letters = [...name.matchAll(/[a-z]/g)].map(({ index }) => index);
  if (letters.length === 0) return name;
  const octets = Buffer.from(name, 'latin1');
  for (const at of letters) if (random(2) === 1) octets[at]! ^= CASE_BIT;
  // One of them in any case: a server that lowers case must show.
  octets[letters[random(letters.length)]!]! &= ~CASE_BIT;
  return octets.toString('latin1');
}
