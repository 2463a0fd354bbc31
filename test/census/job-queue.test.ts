import { expect, test } from 'vitest';
import { openJobQueue } from '../../src/census/job-queue.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { freshDatabase } from '../store/template.ts';

const parts = [
  { stage: 'domains', part: 0 },
  { stage: 'domains', part: 1 },
  { stage: 'hosts', part: 0 },
] as const;

async function open(db: Db, census: number) {
  return openJobQueue(db, census, (error) => {
    throw error;
  });
}

test('a part has at most one live job, however often it is enqueued', async () => {
  const db = await freshDatabase();
  const queue = await open(db, await beginCensus(db, {}, [], 'test', 0));
  for (let round = 0; round < 3; round++) await db.tx((session) => queue.enqueue(session, parts));
  // Jobs of one transaction have no order among themselves.
  const claimed = await queue.claim('domains', 10);
  expect(claimed.map(({ part }) => part).sort()).toEqual([0, 1]);
  await db.tx((session) => queue.enqueue(session, parts));
  expect(await queue.claim('domains', 10)).toEqual([]);
  await queue.close();
});

test('completing is fenced to the claim', async () => {
  const db = await freshDatabase();
  const queue = await open(db, await beginCensus(db, {}, [], 'test', 0));
  await db.tx((session) => queue.enqueue(session, parts.slice(0, 1)));
  const [lost] = await queue.claim('domains', 1);
  await queue.release(lost!);
  const [held] = await queue.claim('domains', 1);
  expect(held).toMatchObject({ id: lost!.id, retryCount: lost!.retryCount + 1 });
  expect(await db.tx((session) => queue.complete(session, lost!))).toBe(false);
  expect(await db.tx((session) => queue.complete(session, held!))).toBe(true);
  expect(await db.tx((session) => queue.complete(session, held!))).toBe(false);
  await queue.close();
});

test('a completion that is rolled back has not happened', async () => {
  const db = await freshDatabase();
  const queue = await open(db, await beginCensus(db, {}, [], 'test', 0));
  await db.tx((session) => queue.enqueue(session, parts.slice(0, 1)));
  const [held] = await queue.claim('domains', 1);
  const failed = db.tx(async (session) => {
    await queue.complete(session, held!);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await db.tx((session) => queue.complete(session, held!))).toBe(true);
  await queue.close();
});

test('whoever opens the embedded database finds no jobs that its dead predecessor held', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, [], 'test', 0);
  const dead = await open(db, census);
  await db.tx((session) => dead.enqueue(session, parts));
  await dead.claim('domains', 1);
  const queue = await open(db, census);
  expect(await queue.claim('domains', 10)).toEqual([]);
  await db.tx((session) => queue.enqueue(session, parts));
  expect(await queue.claim('domains', 10)).toHaveLength(2);
  await dead.close();
  await queue.close();
});
