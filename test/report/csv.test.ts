import { expect, test } from 'vitest';
import { csvHeader, csvRows } from '../../src/report/csv.ts';

const columns = [
  { name: 'name', type: 'text' },
  { name: 'count', type: 'bigint' },
];

test.each(['=', '+', '-', '@', '\t', '\r'])(
  'a text that begins with %j is no formula (CSV injection)',
  (sign) => {
    expect(csvRows(columns, [{ name: `${sign}1`, count: 1 }], false)).toMatch(/^"?'/);
    expect(csvRows(columns, [{ name: `${sign}1`, count: 1 }], true)).not.toContain("'");
  },
);

test('numbers are left alone', () => {
  expect(csvRows(columns, [{ name: 'a', count: -5 }], false)).toBe('a,-5\r\n');
});

test('RFC 4180: header, CRLF, quotes', () => {
  expect(csvHeader(columns)).toBe('name,count\r\n');
  expect(csvRows(columns, [{ name: 'a "b", c\nd', count: null }], false)).toBe('"a ""b"", c\nd",\r\n');
});

test('instants, arrays and booleans', () => {
  const wide = ['a', 'b', 'c'].map((name) => ({ name, type: 'other' }));
  expect(csvRows(wide, [{ a: new Date(0), b: ['=x', 'y'], c: false }], false)).toBe(
    '1970-01-01T00:00:00.000Z,"[""=x"",""y""]",false\r\n',
  );
});
