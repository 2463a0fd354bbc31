import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import type { Db } from '../../src/store/db.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';
import { allRows } from './all-rows.ts';
import { type FakeSurveyor, fakeJudge, fakeSurveyor } from './fake-surveyor.ts';

const clock = () => 1_700_000_000;

function listFile(names: Iterable<string>): string {
  const file = join(temporaryDirectory(), 'list.txt');
  writeFileSync(file, [...names].join('\n'));
  return file;
}

function names(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => `d${from + at}.example`);
}

async function run(
  db: Db,
  surveyor: FakeSurveyor,
  lists: readonly string[],
  signal = new AbortController().signal,
) {
  const census = await begin(db, { lists, jobSize: 100, survey: {}, lab: null }, 'test 0', clock);
  return { census, outcome: await goOn(db, surveyor, census.id, signal) };
}

async function goOn(db: Db, surveyor: FakeSurveyor, id?: number, signal = new AbortController().signal) {
  return runCensus({
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
}

test('a census looks at every domain and host once, one thread per provider, and judges every domain', async () => {
  const db = await freshDatabase();
  const surveyor = fakeSurveyor();
  const list = listFile([...names(1000), ...names(50)]);
  const { census, outcome } = await run(db, surveyor, [list]);
  expect(outcome).toBe('finished');
  expect(new Set(surveyor.asked.values())).toEqual(new Set([1]));
  expect(surveyor.together()).toBe(1);
  const rows = await allRows(db, census.id);
  expect(rows.stage).toEqual(['finished']);
  expect(rows.domain).toHaveLength(1000);
  expect(rows.domain_verdict).toHaveLength(1000);
  expect(rows.host_fact).toHaveLength(rows.host!.length);
  expect(rows.certificate).toHaveLength(13);
  const [overview] = await db.query('SELECT * FROM published.census_overview');
  expect(overview).toMatchObject({
    listed: 1050,
    duplicates: 50,
    domains: 1000,
    not_looked_at: 0,
    unknown: 0,
  });
  const [adoption] = await db.query('SELECT * FROM published.adoption');
  expect(adoption!.judged).toBe(1000 - (overview!.no_mail as number));
});

test('a second census of the same list stores its own rows, and no certificate twice', async () => {
  const db = await freshDatabase();
  const list = listFile(names(200));
  const first = await run(db, fakeSurveyor(), [list]);
  const second = await run(db, fakeSurveyor(), [list]);
  expect(second.census.id).not.toBe(first.census.id);
  expect(await allRows(db, second.census.id)).toEqual(await allRows(db, first.census.id));
});

test('hostile text is stored with its unstorable characters made visible', async () => {
  const db = await freshDatabase();
  const { census } = await run(db, fakeSurveyor(), [listFile(names(50))]);
  const [finding] = await db.query(
    `SELECT DISTINCT detail FROM dane.finding WHERE subject = 'domain' AND census_id = $1`,
    [census.id],
  );
  expect(finding!.detail).toBe('NUL \\x00, lone \\ud800, "quoted", \\ and {braces}');
  const [endpoint] = await db.query('SELECT DISTINCT banner, capabilities FROM dane.endpoint');
  expect(endpoint).toEqual({ banner: '=cmd|\\x00\\ud800', capabilities: ['PIPELINING', 'SIZE "1"'] });
  const [certificate] = await db.query(`SELECT DISTINCT not_after::text AS at FROM dane.certificate`);
  expect(certificate!.at).toBe('infinity');
});

test('stopped in the middle, then resumed: nothing is asked twice, and the rows are those of an undisturbed run', async () => {
  const db = await freshDatabase();
  const list = listFile(names(600));
  const undisturbed = await run(db, fakeSurveyor(), [list]);
  const stop = new AbortController();
  let calls = 0;
  const surveyor = fakeSurveyor(async () => {
    if (++calls === 4) stop.abort();
  });
  const { census, outcome } = await run(db, surveyor, [list], stop.signal);
  expect(outcome).toBe('interrupted');
  expect(await goOn(db, surveyor)).toBe('finished');
  expect(new Set(surveyor.asked.values())).toEqual(new Set([1]));
  expect(await allRows(db, census.id)).toEqual(await allRows(db, undisturbed.census.id));
});

test('a slice that does not end in the grace is given up, and asked again by the resumed run', async () => {
  const db = await freshDatabase();
  const list = listFile(names(100));
  const stop = new AbortController();
  const hanging: FakeSurveyor = {
    ...fakeSurveyor(),
    domains: (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('abandoned')));
        stop.abort();
      }),
  };
  const { census, outcome } = await run(db, hanging, [list], stop.signal);
  expect(outcome).toBe('interrupted');
  const [part] = await db.query('SELECT failures FROM dane.part WHERE census_id = $1', [census.id]);
  expect(part!.failures).toBe(0);
  expect(await goOn(db, fakeSurveyor())).toBe('finished');
});

test('a job that throws again and again ends the run with an error; the census can be resumed', async () => {
  const db = await freshDatabase();
  const reports: string[] = [];
  const census = await begin(
    db,
    { lists: [listFile(names(10))], jobSize: 100, survey: {}, lab: null },
    'test 0',
    clock,
  );
  const broken: FakeSurveyor = {
    ...fakeSurveyor(),
    domains: () => Promise.reject(new Error('the thread died')),
  };
  await expect(
    runCensus({
      db,
      census,
      surveyor: broken,
      judge: fakeJudge,
      concurrency: { domains: 4, hosts: 4 },
      clock,
      signal: new AbortController().signal,
      watch: () => {},
      report: (message) => reports.push(message),
    }),
  ).rejects.toThrow('the job for part 0 of domains has failed 3 times: the thread died');
  expect(reports).toHaveLength(3);
  expect(await goOn(db, fakeSurveyor())).toBe('finished');
});

test('without a surveyor the lists are read and jobs are enqueued', async () => {
  const db = await freshDatabase();
  const census = await begin(
    db,
    { lists: [listFile(names(250))], jobSize: 100, survey: {}, lab: null },
    'test 0',
    clock,
  );
  const outcome = await runCensus({
    db,
    census,
    surveyor: null,
    judge: fakeJudge,
    concurrency: { domains: 4, hosts: 4 },
    clock,
    signal: new AbortController().signal,
    watch: () => {},
    report: () => {},
  });
  expect(outcome).toBe('enqueued');
  const parts = await db.query('SELECT part, first_ordinal, last_ordinal FROM dane.part ORDER BY part');
  expect(parts).toEqual([
    { part: 0, first_ordinal: 1, last_ordinal: 100 },
    { part: 1, first_ordinal: 101, last_ordinal: 200 },
    { part: 2, first_ordinal: 201, last_ordinal: 250 },
  ]);
  expect(await goOn(db, fakeSurveyor())).toBe('finished');
});

test('an empty list is a finished census without domains', async () => {
  const db = await freshDatabase();
  const { outcome } = await run(db, fakeSurveyor(), [listFile([])]);
  expect(outcome).toBe('finished');
});

test('resuming says what there is not', async () => {
  const db = await freshDatabase();
  await expect(resumable(db, undefined)).rejects.toThrow('an unfinished census');
  await expect(resumable(db, 7)).rejects.toThrow('the number of a census in this database');
  const { census } = await run(db, fakeSurveyor(), [listFile(names(1))]);
  await expect(resumable(db, census.id)).rejects.toThrow('a census that is not finished');
});
