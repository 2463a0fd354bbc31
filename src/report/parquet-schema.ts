/** Columns of a view as Parquet has them (parquet-format, LogicalTypes.md), and its values in their physical types. */
import type { ParquetWriter } from 'hyparquet-writer';
import { type ColumnKind, columnKind, type TableColumn } from './column-kind.ts';

export type SchemaElement = ParquetWriter['schema'][number];

/** Shares have six places (`dane.share`), and so has every other decimal of a view; 18 digits are what 64 bits hold. */
const DECIMAL_PLACES = 6;
const DECIMAL_DIGITS = 18;

const MS_PER_DAY = 86_400_000;

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const int32 = { type: 'INT32' } as const;

const scalars: Readonly<
  Record<Exclude<ColumnKind, 'texts' | 'int32s'>, Omit<SchemaElement, 'name' | 'repetition_type'>>
> = {
  boolean: { type: 'BOOLEAN' },
  int32,
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  decimal: {
    type: 'INT64',
    converted_type: 'DECIMAL',
    scale: DECIMAL_PLACES,
    precision: DECIMAL_DIGITS,
    logical_type: { type: 'DECIMAL', scale: DECIMAL_PLACES, precision: DECIMAL_DIGITS },
  },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  json: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
  text,
};

/** The root first. Columns of the key hold a value in every row, others may be null. */
export function parquetSchema(columns: readonly TableColumn[], key: readonly string[]): SchemaElement[] {
  return [
    { name: 'rows', num_children: columns.length },
    ...columns.flatMap(({ name, type }): SchemaElement[] => {
      const kind = columnKind(type);
      const repetition_type = key.includes(name) ? 'REQUIRED' : 'OPTIONAL';
      if (kind !== 'texts' && kind !== 'int32s') return [{ name, repetition_type, ...scalars[kind] }];
      return [
        {
          name,
          repetition_type,
          num_children: 1,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', ...(kind === 'texts' ? text : int32) },
      ];
    }),
  ];
}

/**
 * Adds to a schema what older readers know JSON by. The writer must not see it before the values are written: it takes them for
 * objects then, and would quote their text once more.
 */
export function nameJson(schema: readonly SchemaElement[]): void {
  for (const element of schema) {
    if (element.logical_type?.type === 'JSON') element.converted_type = 'JSON';
  }
}

/** A value as the writer takes it. Throws for a decimal that the column cannot hold exactly. */
export function parquetValue(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'int64':
      return BigInt(value as number | bigint);
    case 'decimal':
      return scaled(String(value));
    case 'date':
      return Math.round(Date.parse(value as string) / MS_PER_DAY);
    default:
      return value;
  }
}

/** `0.25` becomes 250000n. */
function scaled(number: string): bigint {
  const [, sign, whole, places] = /^(-?)(\d+)(?:\.(\d*?)0*)?$/.exec(number) ?? [];
  if (
    whole === undefined ||
    (places ?? '').length > DECIMAL_PLACES ||
    whole.length > DECIMAL_DIGITS - DECIMAL_PLACES
  ) {
    throw new Error(
      `internal error: ${number} is no decimal of ${DECIMAL_DIGITS} digits, ${DECIMAL_PLACES} of them after the point: views round to that`,
    );
  }
  return BigInt(`${sign}${whole}${(places ?? '').padEnd(DECIMAL_PLACES, '0')}`);
}
