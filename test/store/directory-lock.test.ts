import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockDirectory } from '../../src/store/directory-lock.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { freshDirectory, temporaryDirectory } from './template.ts';

const child = new URL('lock-child.ts', import.meta.url).pathname;

async function holder(directory: string) {
  const running = spawn(process.execPath, [child, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void running.kill('SIGKILL'));
  await once(running.stdout, 'data');
  return running;
}

test('a live owner in another process is never robbed, and named', async () => {
  const directory = join(temporaryDirectory(), 'db');
  const running = await holder(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(`process ${running.pid}, since `);
  await expect(lockDirectory(directory)).rejects.toThrow('no other process has open');
});

test('an owner that was killed with -9 does not block', async () => {
  const directory = join(temporaryDirectory(), 'db');
  for (let round = 0; round < 3; round++) {
    const running = await holder(directory);
    running.kill('SIGKILL');
    await once(running, 'exit');
    (await lockDirectory(directory)).release();
  }
});

test('an owner that is stopped, not dead, keeps the lock', async () => {
  const directory = join(temporaryDirectory(), 'db');
  const running = await holder(directory);
  running.kill('SIGSTOP');
  await expect(lockDirectory(directory)).rejects.toThrow('no other process has open');
});

test('the same process cannot open a directory twice, by whatever name', async () => {
  const base = temporaryDirectory();
  mkdirSync(join(base, 'db'));
  symlinkSync(join(base, 'db'), join(base, 'alias'));
  const lock = await lockDirectory(join(base, 'db'));
  await expect(lockDirectory(join(base, 'alias'))).rejects.toThrow('no other process has open');
  lock.release();
  (await lockDirectory(join(base, 'alias'))).release();
});

test('of many that start at once exactly one gets the lock', async () => {
  const directory = join(temporaryDirectory(), 'db');
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(directory)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('locking prints no warning', () => {
  const code = `import { lockDirectory } from ${JSON.stringify(new URL('../../src/store/directory-lock.ts', import.meta.url).href)};
    (await lockDirectory(process.argv[1])).release(); process.emitWarning('another');`;
  const ran = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', code, join(temporaryDirectory(), 'db')],
    {
      encoding: 'utf8',
    },
  );
  expect(ran.status).toBe(0);
  expect(ran.stderr).not.toContain('SQLite');
  expect(ran.stderr).toContain('another');
});

test('an embedded database that is open is refused to a second opener, and free again after closing', async () => {
  const directory = await freshDirectory();
  const db = await openEmbedded(directory);
  await expect(openEmbedded(directory)).rejects.toThrow('no other process has open');
  await db.close();
  await (await openEmbedded(directory)).close();
});

test('a directory that holds something else is refused and left alone', async () => {
  const directory = join(temporaryDirectory(), 'db');
  mkdirSync(directory);
  writeFileSync(join(directory, 'letter.txt'), 'dear');
  await expect(openEmbedded(directory)).rejects.toThrow('a directory of the embedded database');
  await expect(openEmbedded(join(directory, 'letter.txt'))).rejects.toThrow(
    'a directory of the embedded database',
  );
});

test('a database that was being made when its maker died is made again', async () => {
  const directory = join(temporaryDirectory(), 'db');
  mkdirSync(`${directory}.unfinished`);
  writeFileSync(join(`${directory}.unfinished`, 'PG_VERSION'), '18\n');
  const db = await openEmbedded(directory);
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await db.close();
}, 60_000);
