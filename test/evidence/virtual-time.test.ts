import { expect, test } from 'vitest';
import { VirtualTime } from '../../src/evidence/virtual-time.ts';

test('time leaps from one thing that happens to the next, in order, once nobody has anything to do', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  const say = async (what: string, ...waits: number[]) => {
    for (const wait of waits) {
      await time.after(wait);
      seen.push(`${what} ${time.clockMs()}`);
    }
  };
  await Promise.all([say('a', 1000, 5000), say('b', 2000, 500), say('c', 0, 2500)]);
  expect(seen).toEqual(['c 0', 'a 1000', 'b 2000', 'c 2500', 'b 2500', 'a 6000']);
});

test('time stands still while something takes real time', async () => {
  const time = new VirtualTime();
  let end = () => {};
  const real = time.during(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  let hasLept = false;
  const leap = time.after(10).then(() => {
    hasLept = true;
  });
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(hasLept).toBe(false);
  end();
  await Promise.all([real, leap]);
  expect(time.clockMs()).toBe(10);
});
