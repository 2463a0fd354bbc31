/**
 * `datapackage.json`: what a directory of exported views holds, for machines (Data Package 2.0 and Table Schema,
 * https://datapackage.org/standard/; readers of version 1 understand it too). Pure, and without the time of exporting: the same
 * censuses give the same text.
 */
import type { CensusDescription } from '../store/describe-census.ts';
import { type ColumnKind, columnKind } from './column-kind.ts';
import type { TableFormat } from './table.ts';
import type { WrittenFile } from './whole-output.ts';

/** One view that has been written. */
export interface ExportedView extends WrittenFile {
  readonly view: string;
  /** Name of the file in the package. */
  readonly file: string;
  /** The definition of the view. */
  readonly comment: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  /** Columns that tell rows apart and are never null; undefined where that is not known. */
  readonly key: readonly string[] | undefined;
  readonly rows: number;
}

export interface PackageDescription {
  readonly title: string;
  /** A name or the URL of one; undefined where the user named none. */
  readonly license: string | undefined;
  readonly format: TableFormat;
  /** Cells are as they were, formulas and all. Says nothing about Parquet. */
  readonly raw: boolean;
  /** The censuses of the rows, at least one, by number. */
  readonly censuses: readonly CensusDescription[];
  readonly views: readonly ExportedView[];
}

const mediaTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
};

export function dataPackage(description: PackageDescription): object {
  const { title, license, censuses, views } = description;
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: packageName(censuses),
    title,
    created: createdAt(censuses).toISOString(),
    ...(license === undefined
      ? {}
      : { licenses: [/^https?:\/\//.test(license) ? { path: license } : { name: license }] }),
    sources: [...new Set(censuses.flatMap(({ lists }) => lists.map(({ name }) => name)))].map((name) => ({
      title: name,
    })),
    resources: views.map((view) => resource(view, description)),
  };
}

function resource(view: ExportedView, { format, raw }: PackageDescription): object {
  return {
    name: view.view,
    type: 'table',
    path: view.file,
    title: view.view,
    description: view.comment,
    format,
    mediatype: mediaTypes[format],
    encoding: 'utf-8',
    bytes: view.bytes,
    hash: `sha256:${view.sha256}`,
    rows: view.rows,
    ...(format === 'csv'
      ? { dialect: { delimiter: ',', lineTerminator: '\r\n', quoteChar: '"', doubleQuote: true } }
      : {}),
    ...(format === 'csv' ? { guardedAgainstFormulas: !raw } : {}),
    schema: {
      fields: view.columns.map(({ name, type, comment }) => ({
        name,
        type: fieldType(type),
        description: comment,
        ...((view.key ?? ['census_id']).includes(name) ? { constraints: { required: true } } : {}),
      })),
      missingValues: [''],
      ...(view.key === undefined ? {} : { primaryKey: view.key }),
    },
  };
}

/** When the newest census was finished, or begun where it is not: the rows are not older than that, and exporting adds none. */
export function createdAt(censuses: readonly CensusDescription[]): Date {
  const newest = censuses.at(-1)!;
  return newest.finishedAt ?? newest.startedAt;
}

/** Lower case, of letters, digits and hyphens, as version 1 demands. */
export function packageName(censuses: readonly CensusDescription[]): string {
  const [first, last] = [censuses[0]!.census, censuses.at(-1)!.census];
  return first === last ? `dane-census-${first}` : `dane-census-${first}-to-${last}`;
}

const fieldTypes: Readonly<Record<ColumnKind, string>> = {
  boolean: 'boolean',
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  decimal: 'number',
  instant: 'datetime',
  date: 'date',
  texts: 'array',
  int32s: 'array',
  json: 'object',
  text: 'string',
};

/** The Table Schema type of a Postgres type. Arrays are JSON in a CSV cell and lists in Parquet. */
export function fieldType(type: string): string {
  return type.endsWith('[]') ? 'array' : fieldTypes[columnKind(type)];
}
