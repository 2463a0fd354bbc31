/** `census compare`, `census delete`, `db gc` and `db status` on the scripted history; and every command on a newer schema. */
import { expect, test } from 'vitest';
import { beginBeside } from '../../src/census/begin-beside.ts';
import { openJobQueue } from '../../src/census/job-queue.ts';
import { registerCensus } from '../../src/cli/census.ts';
import { registerDb } from '../../src/cli/db.ts';
import { registerExport } from '../../src/cli/export.ts';
import { registerMtaLog } from '../../src/cli/mta-log.ts';
import { registerRun } from '../../src/cli/run.ts';
import type { Db } from '../../src/store/db.ts';
import { openDatabase } from '../../src/store/open.ts';
import { openParts } from '../../src/store/part.ts';
import { writeHistory } from '../sql/history.ts';
import { freshDirectory } from '../store/template.ts';
import { commandOutput } from './command-output.ts';

/** A directory with what `fill` has written. */
async function database(fill: (db: Db) => Promise<unknown>): Promise<string> {
  const directory = await freshDirectory();
  await inside(directory, fill);
  return directory;
}

async function inside<T>(directory: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(directory, 'existing');
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const census = (db: string, ...args: string[]) =>
  commandOutput(registerCensus, 'census', ...args, '--db', db);
const onDb = (db: string, ...args: string[]) => commandOutput(registerDb, 'db', ...args, '--db', db);
const listed = async (db: string) =>
  (JSON.parse(await census(db, 'list', '--json')) as { censuses: { id: number }[] }).censuses.map(
    ({ id }) => id,
  );

test('census compare: figures for people, for machines, and domain by domain', async () => {
  const db = await database(writeHistory);
  const text = await census(db, 'compare', '2', '3');
  expect(text).toContain('Domains with DANE (TLSA on some MX host, working or not): 16 → 15 (−1)');
  expect(text).toMatch(/not-comparable +3 +in no rate/);
  expect(text).toMatch(/\+1 +names other MX hosts \(\+1 −0\)/);
  const json = JSON.parse(await census(db, 'compare', '2', '3', '--json', '--list'));
  expect(json).toMatchObject({ earlier: { id: 2 }, later: { id: 3 }, domains: 20, compared: 16 });
  expect(json.list).toHaveLength(8);
  const lines = (await census(db, 'compare', '2', '3', '--list')).trimEnd().split('\n');
  expect(lines[0]).toBe('adopted\tcomes-and-goes.example\tno-dane → dane\ttlsa');
  expect(lines).toHaveLength(8);
  // Any two, also the wrong way round: what was lost is then adopted.
  const back = JSON.parse(await census(db, 'compare', '3', '2', '--json'));
  expect(back.measures[0]).toMatchObject({ measure: 'dane_any', earlier: 15, later: 16 });
  await expect(census(db, 'compare', '3', '9')).rejects.toMatchObject({ name: 'UsageError' });
});

test('census delete: the census goes, its figures and its jobs with it', async () => {
  const db = await database(writeHistory);
  expect(JSON.parse(await census(db, 'delete', '3', '--json'))).toMatchObject({ deleted: 3 });
  expect(await listed(db)).toEqual([1, 2, 4, 5, 6]);
  await expect(census(db, 'delete', '3')).rejects.toMatchObject({ hint: 'see: dane-census census list' });
  const series = await inside(db, (open) =>
    open.query('SELECT census_id FROM published.adoption_over_time ORDER BY 1'),
  );
  expect(series.map((row) => row.census_id)).toEqual([1, 2, 4, 5, 6]);
});

test('census delete: one that is not finished only where that is said', async () => {
  const db = await database(async (open) => {
    await writeHistory(open);
    const config = { lists: [], jobSize: 5, survey: {}, lab: null };
    const { id } = await beginBeside(open, 1, 'tokyo', config, 'test', () => 0);
    const queue = await openJobQueue(open, id, (error) => {
      throw error;
    });
    await open.tx(async (session) => queue.enqueue(session, await openParts(session, id)));
    await queue.close();
  });
  await expect(census(db, 'delete', '7')).rejects.toMatchObject({
    message: expect.stringContaining('a census that is finished'),
    hint: expect.stringContaining('--unfinished'),
  });
  await expect(census(db, 'delete', '1')).rejects.toMatchObject({
    message: expect.stringContaining('no other one stands beside (7)'),
  });
  expect(await census(db, 'delete', '7', '--unfinished')).toMatch(
    /^census 7 is gone; \d+\.\d MiB came free\n$/,
  );
  const jobs = await inside(db, (open) =>
    open.query("SELECT name FROM jobs.queue WHERE name LIKE 'census-7-%'"),
  );
  expect(jobs).toEqual([]);
  await census(db, 'delete', '1');
});

test('db gc: by a rule, dry first; adoption and roll-overs stay', async () => {
  const db = await database(writeHistory);
  const would = JSON.parse(await onDb(db, 'gc', '--keep', '2', '--dry-run', '--json'));
  expect(would.censuses.map((one: { census: number }) => one.census)).toEqual([1, 2, 3, 4]);
  expect(await listed(db)).toHaveLength(6);
  const rollovers = 'SELECT * FROM published.rollovers_seen ORDER BY host';
  const before = await inside(db, (open) => open.query(rollovers));
  const gone = JSON.parse(await onDb(db, 'gc', '--keep', '2', '--json'));
  expect(gone).toEqual({ ...would, dryRun: false });
  expect(await listed(db)).toEqual([5, 6]);
  expect(await inside(db, (open) => open.query(rollovers))).toEqual(before);
  expect(await onDb(db, 'gc', '--keep', '2')).toBe('there is nothing to drop\n');
  await expect(onDb(db, 'gc', '--evidence')).rejects.toMatchObject({ name: 'UsageError' });
});

test('db status: sizes for people and for machines', async () => {
  const db = await database(writeHistory);
  const json = JSON.parse(await onDb(db, 'status', '--json'));
  expect(json).toMatchObject({ kind: 'embedded', version: json.known, censuses: 6 });
  expect(json.sizes.censuses[5]).toMatchObject({ census: 6, domains: 20, endpoints: 13 });
  expect(await onDb(db, 'status')).toMatch(/6: [\d.]+ MiB, 20 domains \([\d,]+ octets each\), 13 endpoints/);
});

test('every command refuses a newer schema, and says what to do', async () => {
  const db = await database((open) =>
    open.exec("INSERT INTO dane.migration (number, file) VALUES (999, '999-later.sql')"),
  );
  const commands: readonly [Parameters<typeof commandOutput>[0], ...string[]][] = [
    [registerCensus, 'census', 'list'],
    [registerCensus, 'census', 'show'],
    [registerCensus, 'census', 'compare', '1', '2'],
    [registerCensus, 'census', 'delete', '1'],
    [registerExport, 'export', '--view', 'adoption'],
    [registerDb, 'db', 'migrate'],
    [registerDb, 'db', 'gc', '--keep', '1'],
    [registerMtaLog, 'mta-log', import.meta.filename],
    [registerRun, 'run', import.meta.filename],
    [registerRun, 'run', '--resume'],
    [registerRun, 'run', '--beside', '1', '--vantage', 'b'],
  ];
  for (const [register, ...args] of commands) {
    await expect(commandOutput(register, ...args, '--db', db), args.join(' ')).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('schema version 999'),
      hint: expect.stringContaining('a newer dane-census made it: use that one'),
    });
  }
  expect(await onDb(db, 'status')).toContain('made by a newer dane-census: use that one');
});
