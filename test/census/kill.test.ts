import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { freshDirectory, temporaryDirectory } from '../store/template.ts';
import { allRows } from './all-rows.ts';

const child = new URL('run-child.ts', import.meta.url).pathname;

/** Runs until the end, or until the line that `isMoment` picks, at which the process is killed. True where it ended. */
async function runChild(
  args: readonly string[],
  isMoment: (line: string, number: number) => boolean,
): Promise<boolean> {
  const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  let number = 0;
  let killed = false;
  for await (const line of createInterface({ input: running.stdout })) {
    if (killed || !isMoment(line, number++)) continue;
    killed = true;
    running.kill('SIGKILL');
  }
  const [code] = await ended;
  if (!killed) expect(code).toBe(0);
  return !killed;
}

async function rowsOf(directory: string) {
  const db = await openDatabase(directory, 'existing');
  try {
    return await allRows(db, 1);
  } finally {
    await db.close();
  }
}

test('kill -9 at many moments, each time resumed: the rows are those of an undisturbed run', async () => {
  const list = join(temporaryDirectory(), 'list.txt');
  const lines = Array.from({ length: 12_000 }, (_, at) =>
    at % 97 === 0 ? `not a name@${at}` : `d${at % 11_500}.example`,
  );
  writeFileSync(list, lines.join('\n'));
  const undisturbed = await freshDirectory();
  expect(await runChild([undisturbed, list], () => false)).toBe(true);
  const expected = await rowsOf(undisturbed);
  expect(expected.stage).toEqual(['finished']);

  const disturbed = await freshDirectory();
  const moments: ((line: string, number: number) => boolean)[] = [
    (line) => /^intake [1-9]/.test(line),
    (line) => line === 'ask domains',
    (_, number) => number === 6,
    (line) => line === 'ask hosts',
    (_, number) => number === 23,
    (_, number) => number === 40,
    (line) => /^judging/.test(line),
    (line) => /^judging .* [1-9]\d*$/.test(line),
  ];
  let kills = 0;
  for (const [at, moment] of moments.entries()) {
    const ended = await runChild([disturbed, list, at === 0 ? 'begin' : 'resume'], moment);
    if (ended) break;
    kills++;
  }
  expect(kills).toBe(moments.length);
  expect(await runChild([disturbed, list, 'resume'], () => false)).toBe(true);
  expect(await rowsOf(disturbed)).toEqual(expected);
}, 180_000);
