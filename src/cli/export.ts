/** `export`: a public view of one census as CSV, to standard output or, in one move when it is whole, to a file. */
import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { databaseOption } from './database-option.ts';
import { wholeNumber } from './network-options.ts';

interface ExportOptions {
  readonly db: string;
  readonly view: string;
  readonly format: 'csv';
  readonly census?: number;
  readonly output?: string;
  readonly raw?: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write a public view of one census')
    .requiredOption('--view <name>', 'the view, such as domain_result or adoption_by_tld')
    .addOption(new Option('--format <format>', 'the form').choices(['csv']).default('csv'))
    .option('--census <number>', 'the census; the newest where it is not named', (text) =>
      wholeNumber('--census', text, 1, 999_999_999),
    )
    .option('--output <file>', 'the file; standard output where it is not named')
    .option('--raw', 'leave cells as they are that a spreadsheet would take for formulas')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample: dane-census export --view failures_by_reason --output failures.csv')
    .action(exportView);
}

async function exportView(options: ExportOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { listCensuses } = await import('../store/census-record.ts');
  const { streamView, viewColumns } = await import('../store/read-view.ts');
  const { csvHeader, csvRows } = await import('../report/csv.ts');
  const db = await openDatabase(options.db, 'existing');
  try {
    const columns = await viewColumns(db, options.view);
    const censuses = await listCensuses(db);
    const census =
      options.census === undefined ? censuses.at(-1) : censuses.find(({ id }) => id === options.census);
    if (census === undefined) {
      throw new UsageError(
        '--census',
        options.census === undefined ? 'a database without a census' : String(options.census),
        'the number of a census in this database',
        'see: dane-census census list',
      );
    }
    if (census.stage !== 'finished') {
      process.stderr.write(
        `dane-census: census ${census.id} is not finished: what is missing is in no count\n`,
      );
    }
    await writeTo(options.output, async (out) => {
      await put(out, csvHeader(columns));
      await streamView(db, options.view, census.id, (rows) =>
        put(out, csvRows(columns, rows, options.raw === true)),
      );
    });
  } finally {
    await db.close();
  }
}

async function writeTo(file: string | undefined, write: (out: Writable) => Promise<void>): Promise<void> {
  if (file === undefined) {
    // Whoever reads may have seen enough, as `head` does.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
    await write(process.stdout);
    return;
  }
  const unfinished = `${file}.unfinished`;
  const out = createWriteStream(unfinished);
  try {
    await once(out, 'open');
  } catch (error) {
    throw new UsageError('--output', file, `a file that can be written (${(error as Error).message})`);
  }
  try {
    await write(out);
    out.end();
    await once(out, 'close');
    renameSync(unfinished, file);
  } catch (error) {
    out.destroy();
    rmSync(unfinished, { force: true });
    throw error;
  }
}

async function put(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
