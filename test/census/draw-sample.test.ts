import { expect, test } from 'vitest';
import { drawSample } from '../../src/census/draw-sample.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { readSources } from '../../src/store/intake-record.ts';
import { readSample, sampleIntervals } from '../../src/store/read-sample.ts';
import { freshDatabase } from '../store/template.ts';

const sectors = ['bank', 'shop', ''];
const rows = Array.from({ length: 900 }, (_, at) => `d${at}.example,${sectors[at % 3]},${at + 1}`);
const lists: Record<string, readonly string[]> = {
  first: ['domain,sector,rank', ...rows.slice(0, 500), 'not a name!,bank,'],
  second: ['domain,sector,rank', ...rows.slice(400)],
};

async function draw(
  db: Db,
  census: number,
  more: { size?: number; by?: string | null; signal?: AbortSignal } = {},
) {
  const { size = 30, by = 'sector', signal = new AbortController().signal } = more;
  return drawSample(
    {
      db,
      census,
      jobSize: 20,
      format: null,
      delegations: true,
      signal,
      enqueue: async () => {},
      onNames: () => {},
      read: async function* (list) {
        yield lists[list]!.map((line) => Buffer.from(line));
      },
    },
    { size, seed: 'x', by },
  );
}

test('names, tags, ranks, strata and counts of the lists', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['first', 'second'], 'test', 0);
  expect(await draw(db, census)).toBe(true);
  expect(
    await db.query('SELECT stratum, population, drawn, exact FROM dane.sample_stratum ORDER BY stratum'),
  ).toEqual([
    { stratum: '', population: 300, drawn: 10, exact: true },
    { stratum: 'bank', population: 300, drawn: 10, exact: true },
    { stratum: 'shop', population: 300, drawn: 10, exact: true },
  ]);
  const domains = await db.query<{ domain: string; tags: object | null; rank: number; ordinal: number }>(
    'SELECT domain, tags, rank, ordinal FROM published.domain_result ORDER BY ordinal',
  );
  expect(domains.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  for (const { domain, tags, rank } of domains) {
    const at = Number(/\d+/.exec(domain)![0]);
    expect({ tags, rank }).toEqual({ tags: at % 3 === 2 ? null : { sector: sectors[at % 3] }, rank: at + 1 });
  }
  expect(await readSources(db, census)).toMatchObject([
    { complete: true, lines: 502, names: 500, duplicates: 0, invalid: 1, skipped: 1 },
    { complete: true, lines: 501, names: 500, duplicates: 100, invalid: 0, skipped: 1 },
  ]);
  expect(await readSample(db, census)).toEqual({
    size: 30,
    seed: 'x',
    by: 'sector',
    population: 900,
    drawn: 30,
    strata: 3,
    exact: true,
  });
  const [parts] = await db.query(
    'SELECT count(*) AS parts, sum(last_ordinal - first_ordinal + 1) AS all FROM dane.part',
  );
  expect(parts).toEqual({ parts: 2, all: 30 });
});

test('cut off, it draws again and comes to the same', async () => {
  const db = await freshDatabase();
  const [one, two] = [
    await beginCensus(db, {}, ['first', 'second'], 'test', 0),
    await beginCensus(db, {}, ['first', 'second'], 'test', 0),
  ];
  expect(await draw(db, one, { signal: AbortSignal.abort() })).toBe(false);
  expect(await db.query('SELECT 1 FROM dane.domain')).toEqual([]);
  expect(await draw(db, one)).toBe(true);
  expect(await draw(db, one)).toBe(true);
  await draw(db, two);
  const names = (census: number) =>
    db.query('SELECT ordinal, name FROM dane.domain WHERE census_id = $1 ORDER BY ordinal', [census]);
  expect(await names(one)).toEqual(await names(two));
  expect(await db.query('SELECT line FROM dane.invalid_name WHERE census_id = $1', [one])).toEqual([
    { line: 502 },
  ]);
});

test('standard input that was begun cannot be drawn from again, and says so', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['-'], 'test', 0);
  lists['-'] = rows;
  await draw(db, census, { by: null, signal: AbortSignal.abort() });
  await expect(draw(db, census, { by: null })).rejects.toThrow('a list that can be read again');
});

test('a tag that no list has is refused', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['first'], 'test', 0);
  await expect(draw(db, census, { by: 'region' })).rejects.toThrow('one of the tags of the lists: sector');
});

test('intervals: of a sample only; Wilson 1927 for 1 of 10 and for none', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['first'], 'test', 0);
  expect(await sampleIntervals(db, census, [1, 0], 10)).toEqual([null, null]);
  await draw(db, census);
  // Worked out by the formula with z = 1.959964.
  expect(await sampleIntervals(db, census, [1, 0], 10)).toEqual([
    { low: '0.017876', high: '0.404150' },
    { low: '0.000000', high: '0.277533' },
  ]);
});
