/**
 * Rows as CSV (RFC 4180): a header, CRLF, quotes where needed. Instants are ISO 8601 in UTC, arrays and objects JSON,
 * null is empty. A text cell that a spreadsheet would take for a formula gets an apostrophe before it, because such
 * cells come from the network; `raw` leaves them as they are.
 */
import { stringify } from 'csv-stringify/sync';

export interface CsvColumn {
  readonly name: string;
  /** As Postgres calls it; only text is ever guarded: a negative number is no formula. */
  readonly type: string;
}

/** OWASP, "CSV Injection": what makes Excel, LibreOffice and Google Sheets read a cell as a formula. */
const formula = /^[=+\-@\t\r]/;

export function csvHeader(columns: readonly CsvColumn[]): string {
  return lines([columns.map(({ name }) => name)]);
}

export function csvRows(
  columns: readonly CsvColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
  raw: boolean,
): string {
  return lines(rows.map((row) => columns.map(({ name, type }) => cell(row[name], !raw && type === 'text'))));
}

function cell(value: unknown, guarded: boolean): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return guarded && formula.test(text) ? `'${text}` : text;
}

function lines(cells: readonly (readonly string[])[]): string {
  return stringify(cells as string[][], { record_delimiter: 'windows' });
}
