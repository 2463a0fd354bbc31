/** Written, and read back by another program (hyparquet). */
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { expect, test } from 'vitest';
import { parquetTable, ROWS_PER_GROUP } from '../../src/report/parquet.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];
type Columns = readonly { readonly name: string; readonly type: string }[];

const about = { view: 'a_view', definition: 'What it holds.' };
const options = { key: ['id'], software: 'dane-census test', about };

function written(columns: Columns, batches: readonly Rows[]): ArrayBuffer {
  const table = parquetTable(columns, options);
  const octets = Buffer.concat([table.begin(), ...batches.map((rows) => table.take(rows)), table.end()]);
  return new Uint8Array(octets).buffer;
}

function read(file: ArrayBuffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({
    file,
    compressors: { ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)) },
  });
}

/** One value in a column of that type, between nulls. */
async function throughFile(type: string, value: unknown): Promise<unknown> {
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'value', type },
  ];
  const rows = [null, value, null].map((each, id) => ({ id, value: each }));
  const found = await read(written(columns, [rows]));
  expect(found.map(({ id }) => id)).toEqual([0, 1, 2]);
  expect([found[0]!.value, found[2]!.value].map((each) => each ?? null)).toEqual([null, null]);
  return found[1]!.value;
}

test.each([
  ['boolean', true, true],
  ['boolean', false, false],
  ['smallint', -32768, -32768],
  ['integer', 2 ** 31 - 1, 2 ** 31 - 1],
  ['bigint', 4_294_967_295, 4_294_967_295n],
  ['bigint', -(2n ** 63n), -(2n ** 63n)],
  ['double precision', 0.1, 0.1],
  ['numeric', '0.331667', 0.331667],
  ['numeric', '-12.500000000', -12.5],
  ['numeric(12,6)', '0', 0],
  ['timestamp with time zone', new Date('2026-11-24T12:00:00.5Z'), new Date('2026-11-24T12:00:00.5Z')],
  ['timestamp with time zone', new Date('9999-12-31T23:59:59Z'), new Date('9999-12-31T23:59:59Z')],
  ['date', '2026-11-24', new Date('2026-11-24')],
  ['text', '', ''],
  ['text', '=ä\u{1f600}', '=ä\u{1f600}'],
  ['text[]', [], []],
  ['text[]', ['a', '', 'b'], ['a', '', 'b']],
  ['smallint[]', [8, 13], [8, 13]],
  ['jsonb', '{"b": [1, null], "a": "x"}', { b: [1, null], a: 'x' }],
  ['bigint[]', '[9007199254740991]', [9007199254740991]],
  ['inet', '192.0.2.1', '192.0.2.1'],
])('%s comes back, beside nulls (%#)', async (type, value, back) => {
  expect(await throughFile(type, value)).toEqual(back);
});

test('each type is what readers know it by; only the key holds a value in every row', () => {
  const types = [
    'boolean',
    'integer',
    'bigint',
    'double precision',
    'numeric',
    'date',
    'text',
    'text[]',
    'jsonb',
  ];
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'seen_at', type: 'timestamp with time zone' },
    ...types.map((type, at) => ({ name: `c${at}`, type })),
  ];
  const metadata = parquetMetadata(written(columns, []));
  const found = parquetSchema(metadata).children.map(({ element, children }) => [
    element.repetition_type,
    element.type ?? children[0]!.children[0]!.element.type,
    element.converted_type,
  ]);
  expect(found).toEqual([
    ['REQUIRED', 'INT32', undefined],
    ['OPTIONAL', 'INT64', 'TIMESTAMP_MILLIS'],
    ['OPTIONAL', 'BOOLEAN', undefined],
    ['OPTIONAL', 'INT32', undefined],
    ['OPTIONAL', 'INT64', undefined],
    ['OPTIONAL', 'DOUBLE', undefined],
    ['OPTIONAL', 'INT64', 'DECIMAL'],
    ['OPTIONAL', 'INT32', 'DATE'],
    ['OPTIONAL', 'BYTE_ARRAY', 'UTF8'],
    ['OPTIONAL', 'BYTE_ARRAY', 'LIST'],
    ['OPTIONAL', 'BYTE_ARRAY', 'JSON'],
  ]);
  expect(metadata.created_by).toBe('dane-census test');
  expect(metadata.key_value_metadata).toEqual(Object.entries(about).map(([key, value]) => ({ key, value })));
});

test.each(['0.0000001', '1000000000000', 'NaN', 'Infinity', '1e5'])(
  'a decimal that the column cannot hold exactly is refused, never rounded: %s',
  (value) => {
    expect(() => written([{ name: 'id', type: 'numeric' }], [[{ id: value }]])).toThrow(
      'is no decimal of 18 digits',
    );
  },
);

test('a null in the key is refused', () => {
  expect(() => written([{ name: 'id', type: 'integer' }], [[{ id: null }]])).toThrow();
});

test('row groups have one size, whatever the batches, and the octets hang on the rows alone', async () => {
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'text', type: 'text' },
  ];
  const rows = Array.from({ length: ROWS_PER_GROUP + 5 }, (_, id) => ({ id, text: `t${id % 7}` }));
  const batches = [rows.slice(0, 3), rows.slice(3, 20_000), rows.slice(20_000)];
  const file = written(columns, batches);
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([
    BigInt(ROWS_PER_GROUP),
    5n,
  ]);
  expect(await read(file)).toEqual(rows);
  expect(Buffer.from(file).equals(Buffer.from(written(columns, [rows])))).toBe(true);
});

test('any texts, lists and decimals come back', async () => {
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'text', type: 'text' },
    { name: 'list', type: 'text[]' },
    { name: 'share', type: 'numeric' },
  ];
  const text = fc.string({ unit: 'grapheme' });
  const row = fc.record({
    text: fc.option(text),
    list: fc.option(fc.array(text)),
    share: fc.option(
      fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((millionths) => (millionths / 1e6).toFixed(6)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (drawn) => {
      const rows = drawn.map((each, id) => ({ id, ...each }));
      const found = await read(written(columns, [rows]));
      // The reader gives decimals as the nearest number or its neighbour, and nulls of lists as undefined.
      const told = (each: Record<string, unknown>) => [
        each.id,
        each.text ?? null,
        each.list ?? null,
        typeof (each.share ?? null) === 'object' ? null : Math.round(Number(each.share) * 1e6),
      ];
      expect(found.map(told)).toEqual(rows.map(told));
    }),
  );
});
