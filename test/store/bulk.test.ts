import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columns } from '../../src/store/bulk.ts';
import { storable } from '../../src/store/storable.ts';
import { freshDatabase } from './template.ts';

test('NUL octets and lone surrogates become visible, anything else stays', () => {
  expect(storable('a\0b')).toBe('a\\x00b');
  expect(storable('\ud800x\udfff')).toBe('\\ud800x\\udfff');
  expect(storable('😀 ü " \\ \u0001')).toBe('😀 ü " \\ \u0001');
});

test('every text, array, octet string and JSON value comes back as it was sent', async () => {
  const db = await freshDatabase();
  await db.exec(
    'CREATE TABLE dane.sample (id int, t text, a text[], b bytea, j jsonb, n smallint[], h bytea[])',
  );
  const into = columns('id int, t text, a text[], b bytea, j jsonb, n smallint[], h bytea[]');
  const texts = fc.string({
    unit: fc.constantFrom('a', '"', '\\', ',', '{', '}', ' ', '\n', 'NULL', "'", 'ü', '😀', '\u0001'),
  });
  const row = fc.record({
    t: fc.option(texts),
    a: fc.option(fc.array(texts, { maxLength: 3 })),
    b: fc.uint8Array({ maxLength: 5 }),
    j: fc.record({ key: texts, list: fc.array(texts, { maxLength: 2 }) }),
    n: fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 3 }),
    h: fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 2 }),
  });
  let id = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
      const numbered = rows.map((one) => ({ id: ++id, ...one }));
      const sent = numbered.map((one) => [one.id, one.t, one.a, one.b, one.j, one.n, one.h]);
      expect(await db.bulk('dane.sample', into, sent)).toBe(rows.length);
      const back = await db.query('SELECT * FROM dane.sample WHERE id >= $1 ORDER BY id', [numbered[0]!.id]);
      expect(
        back.map((one) => ({
          ...one,
          b: [...(one.b as Uint8Array)],
          h: (one.h as Uint8Array[]).map((o) => [...o]),
        })),
      ).toEqual(numbered.map((one) => ({ ...one, b: [...one.b], h: one.h.map((o) => [...o]) })));
    }),
    { numRuns: 60 },
  );
}, 30_000);

test('rows whose key is there are left out and not counted', async () => {
  const db = await freshDatabase();
  await db.exec('CREATE TABLE dane.sample (id int PRIMARY KEY, t text)');
  const into = columns('id int, t text');
  expect(
    await db.bulk('dane.sample', into, [
      [1, 'a'],
      [2, 'b'],
    ]),
  ).toBe(2);
  expect(
    await db.bulk('dane.sample', into, [
      [2, 'c'],
      [3, 'd'],
    ]),
  ).toBe(1);
  expect(await db.bulk('dane.sample', into, [])).toBe(0);
  expect(await db.query('SELECT * FROM dane.sample ORDER BY id')).toEqual([
    { id: 1, t: 'a' },
    { id: 2, t: 'b' },
    { id: 3, t: 'd' },
  ]);
});

test('a transaction that throws leaves nothing, and the session is usable', async () => {
  const db = await freshDatabase();
  await expect(
    db.tx(async (session) => {
      await session.exec('CREATE TABLE dane.sample (id int)');
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await expect(db.exec('BEGIN; SELECT 1/0; COMMIT')).rejects.toThrow('division by zero');
  expect(await db.query("SELECT to_regclass('dane.sample') AS there")).toEqual([{ there: null }]);
});
