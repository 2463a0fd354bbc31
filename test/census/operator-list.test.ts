import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOperatorList } from '../../src/census/operator-list.ts';
import { temporaryDirectory } from '../store/template.ts';

function read(text: string) {
  const file = join(temporaryDirectory(), 'operators.csv');
  writeFileSync(file, text);
  return readOperatorList(file);
}

test('RFC 4180: header, quotes, CRLF, byte order mark, names in other forms', () => {
  expect(
    read(
      '\ufeffsuffix,operator\r\nMail.Example.,"Example ""Mail"", Inc."\r\n\r\nb\u00fccher.example, B\u00fccher \r\n',
    ),
  ).toEqual([
    { suffix: 'mail.example', operator: 'Example "Mail", Inc.' },
    { suffix: 'xn--bcher-kva.example', operator: 'B\u00fccher' },
  ]);
});

test('an empty file says that the user has no rows', () => expect(read('')).toEqual([]));

test.each([
  ['mail.example\n', 'line 1'],
  ['mail.example,\n', 'line 1'],
  ['suffix,operator\nmail.example,A,B\n', 'line 2'],
  ['https://mail.example,A\n', 'a domain name'],
  ['a.b.c.d.e.example,A\n', 'at most 5 labels'],
  ['mail.example,A\nMAIL.example,B\n', 'each suffix once'],
  ['mail.example,"A\n', 'CSV lines'],
])('refused: %j', (text, message) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  expect(() => read(text)).toThrow(message);
});

test('a file that is not there', () => {
  expect(() => readOperatorList('/nowhere/operators.csv')).toThrow('can be read');
});
