/** Choices that hang on the seed and on what they are for alone: any one can be made again without those before it. */

/** A number in [0, 1) for (seed, subject, purpose). Not for anything that must be unpredictable. */
export function draw(seed: number, subject: number, purpose: string): number {
  // The seed is mixed before the subject comes in: else another seed would only shuffle the subjects.
  let mixed = mix(mix(seed) ^ subject);
  for (let at = 0; at < purpose.length; at++) mixed = mix(mixed ^ purpose.charCodeAt(at));
  return mix(mixed) / 4294967296;
}

/** The finaliser of MurmurHash3 (public domain), with a step so that zero does not stay zero. */
function mix(value: number): number {
  let mixed = (value + 0x6d2b79f5) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The choice whose share of the whole `at` (in [0, 1)) falls into; shares need not sum to 1. */
export function choose<T>(at: number, choices: readonly (readonly [share: number, choice: T])[]): T {
  const whole = choices.reduce((sum, [share]) => sum + share, 0);
  let rest = at * whole;
  for (const [share, choice] of choices) {
    if (rest < share) return choice;
    rest -= share;
  }
  return choices.at(-1)![1];
}
