/** A census that looks at the population of another one from another vantage. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginBeside } from '../../src/census/begin-beside.ts';
import { begin, type CensusConfig, resumable, runCensus } from '../../src/census/run-census.ts';
import { vantageName } from '../../src/cli/vantage-name.ts';
import { findCensus } from '../../src/store/census-record.ts';
import { besideWhich } from '../../src/store/copy-population.ts';
import type { Db } from '../../src/store/db.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';
import { allRows } from './all-rows.ts';
import { fakeJudge, fakeSurveyor } from './fake-surveyor.ts';

const clock = () => 1_700_000_000;
const configOf = (lists: readonly string[]): CensusConfig => ({ lists, jobSize: 50, survey: {}, lab: null });

async function run(db: Db, id: number): Promise<void> {
  const outcome = await runCensus({
    db,
    census: await resumable(db, id),
    surveyor: fakeSurveyor(),
    judge: fakeJudge,
    concurrency: { domains: 4, hosts: 4 },
    clock,
    signal: new AbortController().signal,
    watch: () => {},
    report: (message) => {
      throw new Error(message);
    },
    grace: 50,
  });
  expect(outcome).toBe('finished');
}

async function withCensus() {
  const db = await freshDatabase();
  const list = join(temporaryDirectory(), 'list.txt');
  // A duplicate leaves its ordinal unused.
  writeFileSync(
    list,
    ['d1.example', 'd1.example', ...Array.from({ length: 120 }, (_, at) => `d${at + 2}.example`)].join('\n'),
  );
  const { id } = await begin(db, configOf([list]), 'test', clock);
  return { db, id };
}

test('the same names with the same ordinals, tags, ranks and weights; without its list', async () => {
  const { db, id } = await withCensus();
  await run(db, id);
  await db.exec(`INSERT INTO dane.tag_set VALUES (7, '{"sector": "gov"}');
    UPDATE dane.domain SET tag_set = 7, rank = ordinal, weight = 0.5 WHERE ordinal < 50;
    UPDATE dane.census SET sample = '{"size": 121, "seed": "s", "by": null}';
    INSERT INTO dane.sample_stratum VALUES (1, '', 1000, 121)`);
  const beside = await besideWhich(db, id, 'tokyo');
  const census = await beginBeside(db, beside.id, 'tokyo', configOf([]), 'test', clock);
  expect(census).toMatchObject({ stage: 'survey', vantage: 'tokyo', beside: id });
  await run(db, census.id);
  const [one, other] = [await allRows(db, id), await allRows(db, census.id)];
  expect({ ...other, source: null, part: null }).toEqual({ ...one, source: null, part: null });
  expect(other.source).toEqual([]);
  expect(other.part!.length).toBe(one.part!.length);
  expect(
    await db.query(
      'SELECT sample, (SELECT population FROM dane.sample_stratum WHERE census_id = 2) FROM dane.census WHERE census_id = 2',
    ),
  ).toEqual([{ sample: { size: 121, seed: 's', by: null }, population: 1000 }]);
  expect(await db.query('SELECT DISTINCT vantage FROM published.vantage_endpoints ORDER BY 1')).toEqual([
    { vantage: 'default' },
    { vantage: 'tokyo' },
  ]);
  expect(await db.query('SELECT sum(differ)::int AS differ FROM published.vantage_agreement')).toEqual([
    { differ: 0 },
  ]);
});

test('beside one that stands beside another is beside that; a vantage looks once, and only at lists that are read', async () => {
  const { db, id } = await withCensus();
  await expect(besideWhich(db, id, 'tokyo')).rejects.toMatchObject({
    hint: 'go on with it first: dane-census run --resume 1',
  });
  await run(db, id);
  const tokyo = await beginBeside(db, id, 'tokyo', configOf([]), 'test', clock);
  expect((await besideWhich(db, tokyo.id, 'lima')).id).toBe(id);
  for (const taken of ['default', 'tokyo']) {
    await expect(besideWhich(db, tokyo.id, taken)).rejects.toMatchObject({ name: 'UsageError' });
  }
  await expect(besideWhich(db, 9, 'lima')).rejects.toMatchObject({ hint: 'see: dane-census census list' });
  expect((await findCensus(db, tokyo.id))!.stage).toBe('survey');
});

test.each(['tokyo', 'ams-1', 'a', 'x'.repeat(64), 'eu.west_2'])('%s is a name for a vantage', (name) => {
  expect(vantageName(name)).toBe(name);
});

test.each(['', ' ', 'a b', '-a', 'a-', 'a:b', 'x'.repeat(65), 'ü', 'a\u001b[0m'])('%j is none', (name) => {
  expect(() => vantageName(name)).toThrow('--vantage');
});
