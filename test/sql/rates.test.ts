/** The arithmetic of rates (sql/006-partitions.sql). */
import { expect, test } from 'vitest';
import { beginCensus } from '../../src/store/census-record.ts';
import { freshDatabase } from '../store/template.ts';

test('a share of nothing is null, not zero and not an error', async () => {
  const db = await freshDatabase();
  expect(
    await db.query(
      'SELECT dane.share(0, 0) AS none, dane.share(1, 3) AS third, dane.share(NULL, 3) AS unknown',
    ),
  ).toEqual([{ none: null, third: '0.333333', unknown: null }]);
});

/** From the closed form, computed apart with 40 digits; the first is the textbook's (0.0552, 0.1744). */
const intervals = [
  { k: 10, n: 100, low: '0.055229', high: '0.174366' },
  { k: 0, n: 10, low: '0.000000', high: '0.277533' },
  { k: 10, n: 10, low: '0.722467', high: '1.000000' },
  { k: 1, n: 1, low: '0.206549', high: '1.000000' },
  { k: 462, n: 1_840_000, low: '0.000229', high: '0.000275' },
  { k: 0, n: 0, low: null, high: null },
];

test.each(intervals)('the Wilson interval of $k of $n', async ({ k, n, low, high }) => {
  const db = await freshDatabase();
  expect(
    await db.query(
      'SELECT dane.wilson($1::bigint, $2::bigint, -1) AS low, dane.wilson($1::bigint, $2::bigint, 1) AS high',
      [k, n],
    ),
  ).toEqual([{ low, high }]);
});

test('a census of everything has no interval, a sample has', async () => {
  const db = await freshDatabase();
  const [whole, sample] = [
    await beginCensus(db, {}, [], 'test', 0),
    await beginCensus(db, {}, [], 'test', 0),
  ];
  await db.query(
    `UPDATE dane.census SET sample = '{"size": 100, "seed": "s", "by": null}' WHERE census_id = $1`,
    [sample],
  );
  expect(
    await db.query(
      'SELECT census_id, dane.share_low(census_id, 10, 100) AS low, dane.share_high(census_id, 10, 100) AS high FROM dane.census ORDER BY 1',
    ),
  ).toEqual([
    { census_id: whole, low: null, high: null },
    { census_id: sample, low: '0.055229', high: '0.174366' },
  ]);
});
