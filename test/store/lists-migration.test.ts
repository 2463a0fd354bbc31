/** The migration that keeps each combination of tags once, on rows of before. */
import { readdirSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { expect, onTestFinished, test } from 'vitest';
import { tagSetKey } from '../../src/store/dictionary-key.ts';
import { sqlDirectory } from '../../src/store/sql-files.ts';

test('tags move into the dictionary, under the keys that the program gives them', async () => {
  const db = await PGlite.create();
  onTestFinished(() => db.close());
  const files = readdirSync(sqlDirectory)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const apply = (file: string) => db.exec(readFileSync(new URL(file, sqlDirectory), 'utf8'));
  await db.exec('CREATE SCHEMA dane');
  for (const file of files.filter((one) => one < '007')) await apply(file);
  const all = [
    { sector: 'bank', region: 'a "b" \\ ü\n\t\u0001/' },
    { sector: 'shop' },
    { b: '1', a: '2', B: '', é: 'x' },
  ];
  await db.exec(
    "INSERT INTO dane.census VALUES (1, '{}', 'test', 'survey', now()); SELECT dane.add_partitions(1)",
  );
  for (const [at, tags] of [...all, all[0], {}, null].entries()) {
    await db.query(
      'INSERT INTO dane.domain (census_id, ordinal, name, tags) VALUES (1, $1, $2, $3::text::jsonb)',
      [at + 1, `d${at}.example`, tags === null ? null : JSON.stringify(tags)],
    );
  }
  await apply(files.find((file) => file.startsWith('008'))!);
  const { rows } = await db.query<{ key: string | null; tags: object | null }>(
    'SELECT d.tag_set::text AS key, t.tags FROM dane.domain d LEFT JOIN dane.tag_set t USING (tag_set) ORDER BY ordinal',
  );
  const expected = [...all, all[0]!].map((tags) => ({ key: String(tagSetKey(tags)), tags }));
  expect(rows).toEqual([...expected, { key: null, tags: null }, { key: null, tags: null }]);
  expect((await db.query('SELECT 1 FROM dane.tag_set')).rows).toHaveLength(3);
});
