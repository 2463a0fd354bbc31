import { randomInt } from 'node:crypto';

/** A whole number in [0, below). Passed in, so that a test can choose. */
export type Random = (below: number) => number;

/** Unpredictable: query ids and source ports hang on it (RFC 5452 §4.5, §10). */
export const secureRandom: Random = (below) => randomInt(below);

/** A reproducible sequence (mulberry32) for the lab, samples and tests; never for ids on the wire. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
