/**
 * Rows as Parquet, compressed with zstd: typed columns, real lists, and row groups of a fixed size, so that the memory needed does
 * not grow with the rows. Octets hang on nothing but the rows, the schema and the versions of the writer and of zstd.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { columnKind, type TableColumn } from './column-kind.ts';
import { nameJson, parquetSchema, parquetValue } from './parquet-schema.ts';
import type { Table } from './table.ts';

/** Rows of one row group, held in memory until it is full: some 100 MB of the widest view; twice as many make the file 2 % smaller. */
export const ROWS_PER_GROUP = 32_768;

/** What zstd calls its default; named, so that no other default changes the octets. */
const ZSTD_LEVEL = 3;

export interface ParquetOptions {
  /** Names of columns that are never null. */
  readonly key: readonly string[];
  /** Program and version, for the reader of the file. */
  readonly software: string;
  /** Texts that are kept with the file, by name. */
  readonly about: Readonly<Record<string, string>>;
}

export function parquetTable(columns: readonly TableColumn[], options: ParquetOptions): Table {
  const octets = new ByteWriter();
  const writer = new ParquetWriter({
    writer: octets,
    schema: parquetSchema(columns, options.key),
    codec: 'ZSTD',
    compressors: {
      ZSTD: (input) =>
        zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
    },
    createdBy: options.software,
    kvMetadata: Object.entries(options.about).map(([key, value]) => ({ key, value })),
  });
  const kinds = columns.map(({ type }) => columnKind(type));
  let group = emptyGroup(columns);
  let held = 0;

  const writeGroup = () => {
    if (held === 0) return;
    atOnce(
      writer.write({
        columnData: columns.map(({ name }, at) => ({ name, data: group[at]! })),
        rowGroupSize: held,
      }),
    );
    group = emptyGroup(columns);
    held = 0;
  };
  /** What has been written since the last time; the writer's count of octets goes on. */
  const written = () => {
    const chunk = octets.getBytes().slice();
    octets.index = 0;
    return chunk;
  };
  return {
    begin: written,
    take(rows) {
      for (const row of rows) {
        for (const [at, { name }] of columns.entries()) group[at]!.push(parquetValue(kinds[at]!, row[name]));
        held += 1;
        if (held === ROWS_PER_GROUP) writeGroup();
      }
      return written();
    },
    end() {
      writeGroup();
      nameJson(writer.schema);
      atOnce(writer.finish());
      return written();
    },
  };
}

/** The writer waits for nothing where what it writes to does not. */
function atOnce(written: unknown): void {
  if (written !== undefined) throw new Error('internal error: the Parquet writer has not written yet');
}

function emptyGroup(columns: readonly TableColumn[]): unknown[][] {
  return columns.map(() => []);
}
