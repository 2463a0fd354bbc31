import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate, requireSchema } from '../../src/store/migrate.ts';
import { makeOldDatabase, movedColumns, oldTables, rowsOf } from './old-rows.ts';
import { freshDatabase, temporaryDirectory } from './template.ts';

test('to migrate again changes nothing', async () => {
  const db = await freshDatabase();
  const dump = () =>
    db.query(
      "SELECT c.oid, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('dane', 'published') ORDER BY 1",
    );
  const before = await dump();
  const { version, known } = await migrate(db);
  expect(version).toBe(known);
  expect(await dump()).toEqual(before);
});

test('a schema newer than the program is refused, with what to do', async () => {
  const db = await freshDatabase();
  await db.exec("INSERT INTO dane.migration (number, file) VALUES (999, '999-later.sql')");
  await expect(migrate(db)).rejects.toThrow('expected "at most version'.replace('"', ''));
  await expect(requireSchema(db)).rejects.toThrow('schema version 999');
});

test('a schema older than the program is refused by commands that only read', async () => {
  const db = await freshDatabase();
  await db.exec('DELETE FROM dane.migration WHERE number = (SELECT max(number) FROM dane.migration)');
  await expect(requireSchema(db)).rejects.toThrow('schema version');
});

test('views that changed are made again; where views of others build on them, nothing is dropped', async () => {
  const db = await freshDatabase();
  await db.exec(
    "UPDATE dane.view_set SET digest = 'another'; CREATE VIEW public.mine AS SELECT * FROM published.adoption",
  );
  await expect(migrate(db)).rejects.toThrow('depend');
  await db.exec('DROP VIEW public.mine; DROP VIEW published.adoption_by_tld');
  await migrate(db);
  expect(await db.query('SELECT * FROM published.adoption_by_tld')).toEqual([]);
});

test('a database of version 5 comes through all later migrations with every row of every table', async () => {
  const db = await openEmbedded(join(temporaryDirectory(), 'database'));
  onTestFinished(() => db.close());
  await makeOldDatabase(db);
  const tables = await oldTables(db);
  expect([...tables.keys()].length).toBeGreaterThan(15);
  const before = new Map<string, string[]>();
  for (const [table, columns] of tables) {
    const rows = await rowsOf(db, table, columns);
    expect(`${table}: ${rows.length}`).not.toBe(`${table}: 0`);
    before.set(table, rows);
  }
  await migrate(db);
  await requireSchema(db);
  for (const [table, columns] of tables) {
    expect({ table, rows: await rowsOf(db, table, columns, movedColumns[table]) }).toEqual({
      table,
      rows: before.get(table),
    });
  }
  // The finished census is remembered, the other one goes on.
  expect(await db.query('SELECT census_id, dane FROM dane.census_total')).toEqual([
    { census_id: 1, dane: 2 },
  ]);
  expect(await db.query('SELECT host FROM dane.tlsa_seen')).toEqual([{ host: 'mx.example' }]);
  await db.query('SELECT dane.drop_census(1)');
  expect(await db.query('SELECT DISTINCT census_id FROM dane.domain')).toEqual([{ census_id: 2 }]);
});

test('a program that comes to a database while a newer one is migrating it stops, and leaves the newer views alone', async () => {
  const db = await freshDatabase();
  // What the newer program does between two steps of ours.
  let steps = 0;
  const interrupted: Db = {
    ...db,
    tx: (work) =>
      db.tx(async (session) => {
        if (++steps === 3) {
          await session.exec(
            "INSERT INTO dane.migration (number, file) VALUES (999, '999-later.sql'); DELETE FROM dane.view_set",
          );
        }
        return work(session);
      }),
  };
  await expect(migrate(interrupted)).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('a newer dane-census made it'),
  });
  expect(steps).toBe(3);
});
