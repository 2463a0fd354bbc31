/** Operators: what comes with the program, and what the user says instead. */
import { expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { listOperators, replaceUserOperators } from '../../src/store/operators.ts';
import { freshDatabase } from './template.ts';

test('the known operators are there after a migration, Route 53 with all its name servers', async () => {
  const listed = await listOperators(await freshDatabase());
  expect(listed.every(({ origin }) => origin === 'program')).toBe(true);
  const operatorOf = new Map(listed.map(({ suffix, operator }) => [suffix, operator]));
  expect(operatorOf.get('google.com')).toBe('Google');
  expect(operatorOf.get('mx.microsoft')).toBe('Microsoft');
  expect(listed.filter(({ suffix }) => suffix.startsWith('awsdns-'))).toHaveLength(256);
});

test('rows of the user stand above those of the program, survive a migration, and go when others are loaded', async () => {
  const db = await freshDatabase();
  const before = await listOperators(db);
  await replaceUserOperators(db, [
    { suffix: 'google.com', operator: 'Alphabet' },
    { suffix: 'mail.example', operator: 'Example "Mail", Inc.' },
  ]);
  await migrate(db);
  const listed = await listOperators(db);
  expect(listed).toHaveLength(before.length + 1);
  expect(listed.filter(({ origin }) => origin === 'user')).toEqual([
    { suffix: 'google.com', operator: 'Alphabet', origin: 'user' },
    { suffix: 'mail.example', operator: 'Example "Mail", Inc.', origin: 'user' },
  ]);
  await replaceUserOperators(db, []);
  expect(await listOperators(db)).toEqual(before);
});

test.each(['', 'Upper.example', 'a..b', '.example', 'a.b.c.d.e.f'])('no suffix: %s', async (suffix) => {
  const db = await freshDatabase();
  await expect(replaceUserOperators(db, [{ suffix, operator: 'X' }])).rejects.toThrow('check constraint');
});
