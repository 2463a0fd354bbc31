/**
 * Rows as CSV (RFC 4180, UTF-8): a header, CRLF, quotes where needed. Instants are ISO 8601 in UTC, arrays and objects JSON. Null is
 * an empty cell, an empty text is `""`, as Postgres reads them.
 *
 * A cell that a spreadsheet would take for a formula gets an apostrophe before it, because such cells come from the network;
 * `raw` leaves them as they are. Spreadsheets of many countries divide cells at semicolons, where quotes that begin elsewhere do
 * not hold them together: what follows a semicolon, tab or line end within a cell is guarded like a cell.
 */
import { stringify } from 'csv-stringify/sync';
import { type ColumnKind, columnKind, type TableColumn } from './column-kind.ts';
import type { Table } from './table.ts';

/**
 * Before what Excel, LibreOffice, Numbers or Google Sheets read as a formula: OWASP, "CSV Injection", and ASVS 5.0, 1.2.10; with the
 * full-width forms, and spaces that some of them skip.
 */
const beforeFormula = /^(?=[\t\r\n\0])|(?<=^|[;\t\r\n])(?= *[=+\-@＝＋－＠])/g;

/** A negative number is no formula; all else may begin with anything. */
const harmless: readonly ColumnKind[] = ['boolean', 'int32', 'int64', 'double', 'decimal', 'instant', 'date'];

export function csvHeader(columns: readonly TableColumn[]): string {
  return lines([columns.map(({ name }) => name)]);
}

export function csvRows(
  columns: readonly TableColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
  raw: boolean,
): string {
  const guarded = columns.map(({ type }) => !raw && !harmless.includes(columnKind(type)));
  return lines(rows.map((row) => columns.map(({ name }, at) => cell(row[name], guarded[at]!))));
}

export function csvTable(columns: readonly TableColumn[], raw: boolean): Table {
  return {
    begin: () => Buffer.from(csvHeader(columns)),
    take: (rows) => Buffer.from(csvRows(columns, rows, raw)),
    end: () => new Uint8Array(),
  };
}

function cell(value: unknown, guarded: boolean): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return guarded ? text.replace(beforeFormula, "'") : text;
}

function lines(cells: readonly (readonly (string | null)[])[]): string {
  return stringify(cells as (string | null)[][], { record_delimiter: 'windows', quoted_match: /^$/ });
}
