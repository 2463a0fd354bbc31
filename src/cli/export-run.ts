/** `export` at work: what is asked for, and where it goes. */
import { once } from 'node:events';
import packageJson from '../../package.json' with { type: 'json' };
import { UsageError } from '../base/usage-error.ts';
import type { TableFormat } from '../report/table.ts';
import { writeWholeDirectory, writeWholeFile } from '../report/whole-output.ts';
import { PACKAGE_MARK, writePackage, writeTable } from '../report/write-package.ts';
import type { Session } from '../store/db.ts';
import { type CensusDescription, describeCensuses } from '../store/describe-census.ts';
import { openDatabase } from '../store/open.ts';
import { listViews, viewColumns, viewThemes } from '../store/read-view.ts';
import { inOneMoment } from '../store/stream-view.ts';
import { chosenCensuses, type Span } from './export-span.ts';
import { awaitInterruption, EXIT_INTERRUPTED } from './interruption.ts';

export interface ExportOptions extends Span {
  readonly db: string;
  readonly view: readonly string[];
  readonly all?: boolean;
  readonly format: TableFormat;
  readonly output?: string;
  readonly force?: boolean;
  readonly license?: string;
  readonly title?: string;
  readonly raw?: boolean;
}

/** Throws UsageError for what cannot be done. An interruption leaves nothing behind, and the exit status 130. */
export async function exportAsTold(options: ExportOptions): Promise<void> {
  refuseContradiction(options);
  const db = await openDatabase(options.db, 'existing');
  const interruption = awaitInterruption();
  try {
    await inOneMoment(db, (session) => exportFrom(session, options, interruption.signal));
  } catch (error) {
    if (!interruption.signal.aborted || error !== interruption.signal.reason) throw error;
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    interruption.end();
    await db.close();
  }
}

function refuseContradiction({ view, all, output, format }: ExportOptions): void {
  if (view.length > 0 === (all === true)) {
    throw new UsageError(
      'export',
      view.length > 0 ? '--view and --all' : 'neither --view nor --all',
      'one of them',
    );
  }
  if (isPackage(view, all) && output === undefined) {
    throw new UsageError('--output', 'nothing', 'a new directory, for several views go into one');
  }
  if (output === undefined && format === 'parquet' && process.stdout.isTTY) {
    throw new UsageError('--output', 'a terminal', 'a file, for Parquet is no text');
  }
}

function isPackage(views: readonly string[], all: boolean | undefined): boolean {
  return all === true || views.length > 1;
}

async function exportFrom(session: Session, options: ExportOptions, signal: AbortSignal): Promise<void> {
  for (const view of options.view) await viewColumns(session, view);
  const censuses = chosenCensuses(await describeCensuses(session), options);
  for (const { census, stage } of censuses) {
    if (stage === 'finished') continue;
    process.stderr.write(`dane-census: census ${census} is not finished: what is missing is in no count\n`);
  }
  const request = {
    format: options.format,
    raw: options.raw === true,
    software: `${packageJson.name} ${packageJson.version}`,
    signal,
  };
  if (isPackage(options.view, options.all)) {
    const views = options.all ? await everyView(session) : [...new Set(options.view)];
    const { title = titleOf(censuses), license } = options;
    const replace = { replace: options.force === true, mark: PACKAGE_MARK };
    await writeWholeDirectory(options.output!, replace, async (directory) => {
      const written = await writePackage(session, directory, { ...request, views, censuses, title, license });
      tell(options.output!, written.views);
    });
    return;
  }
  const numbers = censuses.map(({ census }) => census);
  const one = { ...request, view: options.view[0]!, censuses: numbers };
  if (options.output === undefined) {
    await writeTable(session, one, putToStandardOutput);
    return;
  }
  await writeWholeFile(options.output, async (put) => {
    await writeTable(session, one, put);
  });
}

/** In the order of the data dictionary. */
async function everyView(session: Session): Promise<readonly string[]> {
  return viewThemes(await listViews(session)).flatMap(({ views }) => views);
}

function titleOf(censuses: readonly CensusDescription[]): string {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const [first, last] = [censuses[0]!, censuses.at(-1)!];
  return first === last
    ? `DANE for SMTP: census ${first.census} of ${day(first.startedAt)}`
    : `DANE for SMTP: censuses ${first.census} to ${last.census}, ${day(first.startedAt)} to ${day(last.startedAt)}`;
}

function tell(directory: string, views: readonly { readonly rows: number; readonly bytes: number }[]): void {
  const sum = (of: (view: { rows: number; bytes: number }) => number) =>
    views.reduce((n, view) => n + of(view), 0);
  const megabytes = sum(({ bytes }) => bytes) / 1e6;
  process.stderr.write(
    `dane-census: ${views.length} views, ${sum(({ rows }) => rows).toLocaleString('en')} rows, ${megabytes.toFixed(1)} MB in ${directory}\n`,
  );
}

async function putToStandardOutput(octets: Uint8Array | string): Promise<void> {
  if (octets.length > 0 && !process.stdout.write(octets)) await once(process.stdout, 'drain');
}
