/**
 * Fuzzes the readers, the validator, the whole lookup and the text parsers (test/fuzz), each for a while:
 *   npm run fuzz -- --seconds 60 --seed 1 [--target reader|validator|lookup|text]
 *   npm run fuzz -- --seed 1 --target lookup --first 4711 --inputs 1     (one input again)
 * Prints inputs, seconds, the dearest single input, and the heap after garbage collection over the run. Ends with 1 where an
 * invariant is broken, an input takes longer than the watchdog allows, or the heap grows.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { randomOf, type Target } from '../test/fuzz/target.ts';
import { targets } from '../test/fuzz/targets.ts';

/** Longer than any input may take on a busy machine, in milliseconds. */
const WATCHDOG_MS = 20_000;
/** Heap samples of one run. */
const SAMPLES = 10;
/** Growth from the second sample to the last that is still noise, in megabytes. */
const MAX_GROWTH_MB = 8;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    first: { type: 'string', default: '0' },
    inputs: { type: 'string', default: 'Infinity' },
  },
});
const [seed, first, inputs] = [Number(values.seed), Number(values.first), Number(values.inputs)];
const chosen = Object.entries(targets).filter(
  ([key]) => values.target === undefined || key === values.target,
);
const milliseconds = (Number(values.seconds) * 1000) / chosen.length;

/** The input under way, for a thread that ends the process where it does not end. */
const current = new Int32Array(new SharedArrayBuffer(4));
new Worker(
  `const { workerData: { current, limit } } = require('node:worker_threads');
   let last = -1;
   setInterval(() => {
     if (current[0] === last) { console.error('input ' + last + ' hangs'); process.kill(process.pid, 'SIGKILL'); }
     last = current[0];
   }, limit);`,
  { eval: true, workerData: { current, limit: WATCHDOG_MS } },
).unref();

function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function run(target: Target): Promise<boolean> {
  const heap: number[] = [];
  const broken: string[] = [];
  let worst = { ms: 0, index: 0 };
  const began = performance.now();
  let index = first;
  for (; index < first + inputs && performance.now() - began < milliseconds; index++) {
    if (performance.now() - began >= (heap.length * milliseconds) / SAMPLES) heap.push(heapMegabytes());
    Atomics.store(current, 0, index);
    const { user, system } = process.cpuUsage();
    try {
      await target.feed(randomOf(seed, index));
    } catch (error) {
      broken.push(`input ${index}: ${error instanceof Error ? error.stack : error}`);
      if (broken.length >= 5) break;
    }
    const spent = process.cpuUsage({ user, system });
    const ms = (spent.user + spent.system) / 1000;
    if (ms > worst.ms) worst = { ms, index };
  }
  heap.push(heapMegabytes());
  const seconds = (performance.now() - began) / 1000;
  const growth = heap.length > 2 ? heap.at(-1)! - heap[1]! : 0;
  process.stdout.write(
    `${target.title}: ${(index - first).toLocaleString('en')} inputs in ${seconds.toFixed(0)} s from seed ${seed}; ` +
      `dearest ${worst.ms.toFixed(1)} ms CPU (input ${worst.index}); ` +
      `heap ${heap.map((megabytes) => megabytes.toFixed(1)).join(' ')} MB; ${broken.length} broken\n`,
  );
  for (const message of broken) process.stdout.write(`  ${message}\n`);
  return broken.length === 0 && growth < MAX_GROWTH_MB;
}

let isWell = true;
for (const [, make] of chosen) isWell = (await run(await make())) && isWell;
process.exitCode = isWell ? 0 : 1;
