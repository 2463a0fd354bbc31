/** The keys of CAs: their form, the seed, and what the user puts in its place. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listIssuerKeys, parseIssuerKeys, putIssuerKeys } from '../../src/store/issuer-keys.ts';
import { migrate } from '../../src/store/migrate.ts';
import { sqlDirectory } from '../../src/store/sql-files.ts';
import { freshDatabase } from './template.ts';

const header = 'spki_sha256,family,name,state,retired_on,source\n';
const a = 'a'.repeat(64);
const seed = parseIssuerKeys(readFileSync(new URL('issuer-keys.csv', sqlDirectory), 'utf8'), 'the seed');

describe('the form', () => {
  test('comments, blank lines, and commas in the last field', () => {
    const text = `# about\n${header}\n${a.toUpperCase()},F,N,retired,2024-02-29,one, two\r\n`;
    expect(parseIssuerKeys(text, 'x.csv')).toEqual([
      { spki: a, family: 'F', name: 'N', state: 'retired', retiredOn: '2024-02-29', source: 'one, two' },
    ]);
  });

  test.each([
    ['no header', `${a},F,N,current,,s`, 'line 1'],
    ['a short digest', `${header}abcd,F,N,current,,s`, 'line 2'],
    ['no family', `${header}${a},,N,current,,s`, 'line 2'],
    ['another state', `${header}${a},F,N,gone,,s`, 'current or retired'],
    ['a day that there is not', `${header}${a},F,N,retired,2025-02-29,s`, '2025-02-29'],
    ['a retired key that is current', `${header}${a},F,N,current,2025-02-28,s`, 'no day'],
    ['too few fields', `${header}${a},F,N,current`, '6 fields'],
    ['nothing', '', 'x.csv'],
  ])('%s is refused', (_, text, told) => expect(() => parseIssuerKeys(text, 'x.csv')).toThrow(told));
});

test('the seed names each key once, and each family has a current key', () => {
  expect(new Set(seed.map(({ spki }) => spki)).size).toBe(seed.length);
  const families = new Set(seed.map(({ family }) => family));
  const current = new Set(seed.filter(({ state }) => state === 'current').map(({ family }) => family));
  expect([...families].filter((family) => !current.has(family))).toEqual([]);
});

test('what the user gives stands before the seed, and a migration leaves it', async () => {
  const db = await freshDatabase();
  expect((await listIssuerKeys(db)).map(({ spki }) => spki).sort()).toEqual(
    seed.map(({ spki }) => spki).sort(),
  );
  const mine = { ...seed[0]!, state: 'retired', retiredOn: '2026-01-02', name: 'mine' } as const;
  const own = { ...mine, spki: a, retiredOn: null, family: 'Own' };
  await db.tx((session) => putIssuerKeys(session, [mine, own]));
  await migrate(db);
  const listed = await listIssuerKeys(db);
  expect(listed).toHaveLength(seed.length + 1);
  expect(listed.filter(({ byUser }) => byUser)).toEqual(
    expect.arrayContaining([
      { ...mine, byUser: true },
      { ...own, byUser: true },
    ]),
  );
});
