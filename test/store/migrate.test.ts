import { expect, test } from 'vitest';
import { migrate, requireSchema } from '../../src/store/migrate.ts';
import { freshDatabase } from './template.ts';

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
