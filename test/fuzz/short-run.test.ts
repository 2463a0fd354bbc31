/** A short run of what `npm run fuzz` does for as long as one likes; the invariants stand in the files of this folder. */
import { describe, test } from 'vitest';
import { feed } from './target.ts';
import { targets } from './targets.ts';

const SEED = 2026;
const inputs: Readonly<Record<keyof typeof targets, number>> = {
  reader: 30_000,
  validator: 12_000,
  lookup: 2500,
  text: 8000,
};

describe('spoiled input breaks no invariant', () => {
  test.each(Object.entries(targets))('%s', async (key, make) => {
    await feed(await make(), SEED, inputs[key]!);
  });
});
