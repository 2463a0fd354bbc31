/** The store and the running of a census on Postgres, against the same on the embedded database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openJobQueue } from '../../src/census/job-queue.ts';
import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { migrate, schemaStatus } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { addDomainPart } from '../../src/store/part.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { listViews, readView } from '../../src/store/read-view.ts';
import { allRows } from '../census/all-rows.ts';
import { type FakeSurveyor, fakeJudge, fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';
import { type Cluster, missingForPostgres, startPostgres } from './postgres.ts';

const missing = process.env.CI === 'true' ? undefined : missingForPostgres();
if (missing !== undefined) console.warn(`skipped: Postgres tests need ${missing}`);

const child = new URL('../census/run-child.ts', import.meta.url).pathname;
const clock = () => 1_700_000_000;

describe.skipIf(missing !== undefined)('Postgres', () => {
  let cluster: Cluster;
  let databases = 0;
  beforeAll(async () => {
    cluster = await startPostgres();
  });
  afterAll(() => cluster?.stop());

  const freshUrl = (...options: string[]) => cluster.create(`census${++databases}`, ...options);
  const open = async (url: string): Promise<Db> => {
    const db = await openDatabase(url, 'create');
    onTestFinished(() => db.close());
    return db;
  };
  const go = async (db: Db, id: number, surveyor: FakeSurveyor, signal = new AbortController().signal) =>
    runCensus({
      db,
      census: await resumable(db, id),
      surveyor,
      judge: fakeJudge,
      concurrency: { domains: 4, hosts: 4 },
      clock,
      signal,
      watch: () => {},
      report: (message) => {
        throw new Error(message);
      },
      grace: 50,
    });
  const beginOf = async (db: Db, list: string) =>
    (await begin(db, { lists: [list], jobSize: 100, survey: {}, lab: null }, 'test 0', clock)).id;

  test('the same census makes the same rows on both databases', async () => {
    const list = listFile(1500);
    const embedded = await freshDatabase();
    const postgres = await open(freshUrl());
    const rows = [];
    for (const db of [embedded, postgres]) {
      const id = await beginOf(db, list);
      expect(await go(db, id, fakeSurveyor())).toBe('finished');
      rows.push(await allRows(db, id));
    }
    expect(rows[1]).toEqual(rows[0]);
    for (const view of await listViews(postgres)) {
      expect(await readView(postgres, view, 1)).toEqual(await readView(embedded, view, 1));
    }
  });

  test('starters that migrate at the same time do it once', async () => {
    const url = freshUrl();
    const dbs = await Promise.all(Array.from({ length: 4 }, () => openPostgres(url)));
    for (const db of dbs) onTestFinished(() => db.close());
    await Promise.all(dbs.map((db) => migrate(db)));
    const { version, known } = await schemaStatus(dbs[0]!);
    expect(version).toBe(known);
  });

  test('two nodes share a census: nothing is asked twice', async () => {
    const url = freshUrl();
    const [one, two] = [await open(url), await open(url)];
    const surveyors = [fakeSurveyor(), fakeSurveyor()] as const;
    const id = await beginOf(one, listFile(3000));
    let second: Promise<unknown> | undefined;
    const first = fakeSurveyor(async () => {
      second ??= go(two, id, surveyors[1]);
      await new Promise(setImmediate);
    });
    expect(await go(one, id, first)).toBe('finished');
    expect(await second).toBe('finished');
    const asked = [...first.asked, ...surveyors[1].asked];
    expect(new Set(asked.map(([name]) => name)).size).toBe(asked.length);
    expect(new Set(asked.map(([, times]) => times))).toEqual(new Set([1]));
  });

  test('a node that is killed with -9 leaves its jobs to another one, and nothing is missing or twice', async () => {
    const list = listFile(1500);
    const undisturbed = await open(freshUrl());
    const expected = await beginOf(undisturbed, list);
    await go(undisturbed, expected, fakeSurveyor());

    const url = freshUrl();
    const db = await open(url);
    const running = spawn(process.execPath, [child, url, list], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(running, 'exit');
    let hosts = 0;
    for await (const line of createInterface({ input: running.stdout })) {
      if (line === 'ask hosts' && ++hosts === 3) running.kill('SIGKILL');
    }
    await ended;
    const [open_] = await db.query<{ open: number }>('SELECT count(*) AS open FROM dane.part WHERE NOT done');
    expect(open_!.open).toBeGreaterThan(0);
    expect(await go(db, 1, fakeSurveyor())).toBe('finished');
    expect(await allRows(db, 1)).toEqual(await allRows(undisturbed, expected));
  });

  test('a job whose heartbeat stops goes to another node, and its first owner can no longer complete it', async () => {
    const url = freshUrl();
    const db = await open(url);
    const census = await beginCensus(db, {}, [], 'test', 0);
    const fail = (error: Error) => {
      throw error;
    };
    const [lost, found] = [await openJobQueue(db, census, fail), await openJobQueue(db, census, fail)];
    await db.tx(async (session) => {
      const part = await addDomainPart(session, census, 0, { first: 1, last: 1 });
      await lost.enqueue(session, [part]);
      await found.enqueue(session, [part]);
    });
    const [before, ...more] = await lost.claim('domains', 10);
    expect(more).toEqual([]);
    expect(await found.claim('domains', 10)).toEqual([]);
    const after = await vi.waitUntil(async () => (await found.claim('domains', 1))[0], {
      timeout: 40_000,
      interval: 500,
    });
    expect(after).toMatchObject({ part: 0, retryCount: 1 });
    expect(await db.tx((session) => lost.complete(session, before!))).toBe(false);
    expect(await db.tx((session) => found.complete(session, after))).toBe(true);
    await lost.close();
    await found.close();
  });

  test('a database that does not store UTF-8 is refused', async () => {
    const url = freshUrl('--encoding=LATIN1', '--template=template0', '--locale=C');
    await expect(openDatabase(url, 'create')).rejects.toThrow('one in UTF8');
  });

  test('a database that there is not is refused without showing the password', async () => {
    const url = freshUrl()
      .replace('postgres@localhost', 'postgres:geheim@localhost')
      .replace(/census\d+/, 'nowhere');
    await expect(openDatabase(url, 'create')).rejects.toThrow(
      /^(?!.*geheim).*a Postgres database that can be reached/,
    );
  });
});

function listFile(count: number): string {
  const file = join(temporaryDirectory(), 'list.txt');
  writeFileSync(file, Array.from({ length: count }, (_, at) => `d${at}.example`).join('\n'));
  return file;
}
