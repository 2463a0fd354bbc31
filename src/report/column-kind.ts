/**
 * What a column of a view holds, for every form that it is written in. The Postgres type tells; values come as the database layer
 * hands them over with `exact` (`store/stream-view.ts`).
 */

/** A column of a view, as far as writing it is concerned. */
export interface TableColumn {
  readonly name: string;
  /** As Postgres calls it. */
  readonly type: string;
}

/**
 * - `decimal`: text of a decimal number.
 * - `instant`: a Date.
 * - `date`: text as 2026-11-24.
 * - `texts`, `int32s`: arrays of those.
 * - `json`: JSON as text.
 * - `text`: everything else, as text.
 */
export type ColumnKind =
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'double'
  | 'decimal'
  | 'instant'
  | 'date'
  | 'texts'
  | 'int32s'
  | 'json'
  | 'text';

const kinds: Readonly<Record<string, ColumnKind>> = {
  boolean: 'boolean',
  smallint: 'int32',
  integer: 'int32',
  bigint: 'int64',
  real: 'double',
  'double precision': 'double',
  'timestamp with time zone': 'instant',
  date: 'date',
  'text[]': 'texts',
  'smallint[]': 'int32s',
  'integer[]': 'int32s',
  json: 'json',
  jsonb: 'json',
};

export function columnKind(type: string): ColumnKind {
  if (type.startsWith('numeric') && !type.endsWith('[]')) return 'decimal';
  return kinds[type] ?? (type.endsWith('[]') ? 'json' : 'text');
}
