/**
 * Views as files, alone or together as a data package that can be deposited as it is: tables, `datapackage.json`, `census.json`,
 * `README.md` and `SHA256SUMS`. All rows are of one moment of the database.
 */
import { join } from 'node:path';
import type { Session } from '../store/db.ts';
import type { CensusDescription } from '../store/describe-census.ts';
import { viewColumns, viewComments } from '../store/read-view.ts';
import { streamView } from '../store/stream-view.ts';
import { viewKeys } from '../store/view-keys.ts';
import { csvTable } from './csv.ts';
import { dataPackage, type ExportedView, type PackageDescription } from './data-package.ts';
import { packageReadme } from './package-readme.ts';
import { parquetTable } from './parquet.ts';
import { publishable } from './publishable.ts';
import type { Table, TableFormat } from './table.ts';
import { type Put, type WrittenFile, writeFileHashed } from './whole-output.ts';

/** What every data package of ours holds. */
export const PACKAGE_MARK = 'datapackage.json';

export interface TableRequest {
  readonly view: string;
  readonly format: TableFormat;
  readonly raw: boolean;
  /** Numbers of the censuses, whose rows follow each other in that order. */
  readonly censuses: readonly number[];
  /** Program and version. */
  readonly software: string;
  /** Ends the writing with its reason. */
  readonly signal: AbortSignal;
}

/** What `writeTable` has written, but for the file that took it. */
export type WrittenTable = Omit<ExportedView, 'file' | keyof WrittenFile>;

/** Hands the octets of a view to `put`. The session must be of `inOneMoment`. Throws UsageError where there is no such view. */
export async function writeTable(session: Session, request: TableRequest, put: Put): Promise<WrittenTable> {
  const { view, format, raw, signal } = request;
  const columns = await viewColumns(session, view);
  const comment = (await viewComments(session)).get(view) ?? '';
  const key = viewKeys[view];
  const table: Table =
    format === 'csv'
      ? csvTable(columns, raw)
      : parquetTable(columns, {
          key: key ?? ['census_id'],
          software: request.software,
          about: { view, definition: comment },
        });
  let rows = 0;
  await put(table.begin());
  for (const census of request.censuses) {
    await streamView(
      session,
      { view, columns },
      census,
      async (batch) => {
        signal.throwIfAborted();
        rows += batch.length;
        await put(table.take(batch));
      },
      { exact: true },
    );
  }
  await put(table.end());
  return { view, comment, columns, key, rows };
}

export interface PackageRequest extends Omit<TableRequest, 'view' | 'censuses'> {
  /** In the order in which they are to be listed. */
  readonly views: readonly string[];
  readonly censuses: readonly CensusDescription[];
  readonly title: string;
  readonly license: string | undefined;
}

/** Fills `directory`, which is empty. */
export async function writePackage(
  session: Session,
  directory: string,
  request: PackageRequest,
): Promise<PackageDescription> {
  const censuses = request.censuses.map(publishable);
  const numbers = censuses.map(({ census }) => census);
  const views: ExportedView[] = [];
  for (const view of request.views) {
    const file = `${view}.${request.format}`;
    let table: WrittenTable | undefined;
    const written = await writeFileHashed(join(directory, file), async (put) => {
      table = await writeTable(session, { ...request, view, censuses: numbers }, put);
    });
    views.push({ ...table!, file, ...written });
  }
  const description = { ...request, censuses, views };
  const sums = views.map(({ file, sha256 }) => ({ file, sha256 }));
  const texts = {
    'README.md': packageReadme(description),
    'census.json': json({ censuses }),
    [PACKAGE_MARK]: json(dataPackage(description)),
  };
  for (const [file, text] of Object.entries(texts)) {
    const { sha256 } = await writeFileHashed(join(directory, file), (put) => put(text));
    sums.push({ file, sha256 });
  }
  sums.sort((a, b) => (a.file < b.file ? -1 : 1));
  await writeFileHashed(join(directory, 'SHA256SUMS'), (put) =>
    put(sums.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('')),
  );
  return description;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
