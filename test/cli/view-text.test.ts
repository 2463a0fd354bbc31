import { expect, test } from 'vitest';
import { columnsText } from '../../src/cli/view-text.ts';

const columns = [
  { name: 'domain', type: 'text' },
  { name: 'domains', type: 'bigint' },
];

test('numbers stand at the right, text at the left, and null is empty', () => {
  const rows = [
    { domain: 'a.example', domains: 12 },
    { domain: null, domains: 12345 },
  ];
  expect(columnsText(columns, rows, 50)).toBe(
    ['domain     domains', 'a.example       12', '             12345', ''].join('\n'),
  );
});

test('what comes from the network does not reach the terminal as it is', () => {
  expect(columnsText(columns, [{ domain: '\u001b[2Ja', domains: 1 }], 50)).toContain('\\u001b[2Ja');
});

test('a long cell is cut, and the table says that it may not be all', () => {
  const text = columnsText(columns, [{ domain: 'x'.repeat(100), domains: 1 }], 1);
  expect(text).toContain(`${'x'.repeat(59)}…`);
  expect(text).toContain('(the first 1; --limit shows more)');
});

test('a view without rows says so', () => {
  expect(columnsText(columns, [], 50)).toContain('(no rows)');
});
