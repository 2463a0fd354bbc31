/** Deleting a census that a node is working on, on a real Postgres, where nodes are other processes. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { heldJobs, openJobQueue, removeJobs } from '../../src/census/job-queue.ts';
import { registerCensus } from '../../src/cli/census.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import { openDatabase } from '../../src/store/open.ts';
import { addDomainPart } from '../../src/store/part.ts';
import { commandOutput } from '../cli/command-output.ts';
import { type Cluster, missingForPostgres, startPostgres } from './postgres.ts';

const missing = process.env.CI === 'true' ? undefined : missingForPostgres();
if (missing !== undefined) console.warn(`skipped: deleting on Postgres needs ${missing}`);

describe.skipIf(missing !== undefined)('Postgres', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  });
  afterAll(() => cluster?.stop());

  test('is refused while a node holds a job of it, and takes the jobs along afterwards', async () => {
    const url = cluster.create('deleting');
    const db = await openDatabase(url, 'create');
    onTestFinished(() => db.close());
    const census = await beginCensus(db, {}, [], 'test', 0);
    expect(await heldJobs(db, census)).toBe(0);
    const queue = await openJobQueue(db, census, (error) => {
      throw error;
    });
    await db.tx(async (session) =>
      queue.enqueue(session, [await addDomainPart(session, census, 0, { first: 1, last: 1 })]),
    );
    expect(await heldJobs(db, census)).toBe(0);
    const [claim] = await queue.claim('domains', 1);
    expect(await heldJobs(db, census)).toBe(1);
    const remove = () => commandOutput(registerCensus, 'census', 'delete', '1', '--unfinished', '--db', url);
    await expect(remove()).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('1 of its jobs are in work'),
    });
    await queue.release(claim!);
    await queue.close();
    expect(await remove()).toContain('census 1 is gone');
    expect(await db.query("SELECT name FROM jobs.queue WHERE name LIKE 'census-1-%'")).toEqual([]);
    // What is not there is removed without a word.
    await removeJobs(db, census);
  });
});
