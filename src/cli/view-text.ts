/** Rows of a view as a table for a terminal. Cells come from the network: they are escaped, and cut. */
import { safe } from './terminal-text.ts';

/** What one cell shows at most, in characters. */
const LONGEST_CELL = 60;

/** As Postgres calls them; numbers stand at the right. */
const numbers = new Set(['smallint', 'integer', 'bigint', 'numeric', 'double precision', 'real']);

interface Column {
  readonly name: string;
  readonly type: string;
}

/** With a line end. */
export function columnsText(
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, unknown>>[],
  limit: number,
): string {
  const cells = rows.map((row) => columns.map(({ name }) => cell(row[name])));
  const widths = columns.map(({ name }, at) =>
    Math.max(name.length, ...cells.map((row) => [...row[at]!].length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => {
        const gap = ' '.repeat(widths[at]! - [...text].length);
        return numbers.has(columns[at]!.type) ? gap + text : text + gap;
      })
      .join('  ')
      .trimEnd();
  const lines = [line(columns.map(({ name }) => name)), ...cells.map(line)];
  if (rows.length === 0) lines.push('(no rows)');
  if (rows.length === limit) lines.push(`(the first ${limit}; --limit shows more)`);
  return `${lines.join('\n')}\n`;
}

/** With a line end. */
export function viewsText(views: readonly { readonly name: string; readonly comment: string }[]): string {
  const width = Math.max(...views.map(({ name }) => name.length));
  return views.map(({ name, comment }) => `${name.padEnd(width)}  ${comment}\n`).join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    value instanceof Date
      ? value.toISOString()
      : Array.isArray(value)
        ? value.join(' ')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
  const shown = safe(text);
  return [...shown].length > LONGEST_CELL ? `${[...shown].slice(0, LONGEST_CELL - 1).join('')}…` : shown;
}
