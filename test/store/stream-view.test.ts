import { expect, test } from 'vitest';
import type { Row } from '../../src/store/db.ts';
import { listViews, viewColumns } from '../../src/store/read-view.ts';
import { inOneMoment, streamView } from '../../src/store/stream-view.ts';
import { viewKeys } from '../../src/store/view-keys.ts';
import { fakeCensus } from '../report/fake-census.ts';
import { freshDatabase } from './template.ts';

test('each key has the census first and tells every row apart, without a null', async () => {
  const db = await freshDatabase();
  for (let count = 0; count < 2; count++) await fakeCensus(db, 300);
  const views = await listViews(db);
  for (const [view, key] of Object.entries(viewKeys)) {
    expect(views).toContain(view);
    const names = (await viewColumns(db, view)).map(({ name }) => name);
    expect(key.filter((name) => !names.includes(name))).toEqual([]);
    expect(key[0]).toBe('census_id');
    const [counts] = await db.query<{ rows: number; keys: number; nulls: number }>(
      `SELECT count(*) AS rows, count(DISTINCT (${key.join(', ')})) AS keys,
              count(*) FILTER (WHERE num_nulls(${key.join(', ')}) > 0) AS nulls FROM published.${view}`,
    );
    expect({ view, ...counts }).toEqual({ view, rows: counts!.rows, keys: counts!.rows, nulls: 0 });
    // Without rows nothing is said; no fake lookup of the others is so rich.
    expect({ view, some: counts!.rows > 0 }).toEqual({ view, some: true });
  }
});

test('rows come by their key, text in the order of its octets, batch by batch', async () => {
  const db = await freshDatabase();
  const census = await fakeCensus(db, 10);
  await db.query(
    "INSERT INTO dane.host (census_id, host, provider, bucket) VALUES ($1, 'B', 'x', 1), ($1, 'ä', 'x', 1)",
    [census],
  );
  await db.query(
    "INSERT INTO dane.host (census_id, host, provider, bucket) SELECT $1, 'm' || i, 'x', 1 FROM generate_series(1, 6000) i",
    [census],
  );
  const batches: Row[][] = [];
  await inOneMoment(db, async (session) => {
    const columns = await viewColumns(session, 'fact_host');
    await streamView(session, { view: 'fact_host', columns }, census, (rows) => {
      batches.push([...rows]);
    });
  });
  expect(batches.length).toBeGreaterThan(1);
  const hosts = batches.flat().map(({ host }) => host as string);
  expect(hosts).toEqual([...hosts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  expect(hosts.at(-1)).toBe('ä');
});

test('exactly: JSON and strange types are the text of the database, instants are in UTC', async () => {
  const db = await freshDatabase();
  await fakeCensus(db, 3);
  await db.exec(`
    SET TimeZone = 'Asia/Tokyo';
    CREATE VIEW published.strange AS SELECT 1 AS census_id, '{"10": 1, "b": 9007199254740993}'::jsonb AS j,
      '1 day -2 hours'::interval AS i, '192.0.2.1'::inet AS a, ARRAY[9007199254740993, NULL] AS n,
      '2026-11-24 12:00:00+00'::timestamptz::text AS t, DATE '2026-11-24' AS d, 0.1::numeric AS q`);
  await inOneMoment(db, async (session) => {
    const columns = await viewColumns(session, 'strange');
    const rows: Row[] = [];
    await streamView(session, { view: 'strange', columns }, 1, (batch) => void rows.push(...batch), {
      exact: true,
    });
    expect(rows).toEqual([
      {
        census_id: 1,
        j: '{"b": 9007199254740993, "10": 1}',
        i: 'P1DT-2H',
        a: '192.0.2.1/32',
        n: '[9007199254740993,null]',
        t: '2026-11-24 12:00:00+00',
        d: '2026-11-24',
        q: '0.1',
      },
    ]);
  });
});

test('what is read in one moment cannot write', async () => {
  const db = await freshDatabase();
  const writing = inOneMoment(db, (session) => session.query('DELETE FROM dane.census'));
  await expect(writing).rejects.toThrow('read-only');
});
