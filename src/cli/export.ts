/** `export`: public views of one census or of a time span, one as a file or several as a data package. */
import { type Command, Option } from 'commander';
import { databaseOption } from './database-option.ts';
import type { ExportOptions } from './export-run.ts';
import { repeatable } from './repeatable.ts';
import { wholeNumber } from './whole-number.ts';

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write public views: one as a file, several as a data package that can be deposited')
    .addOption(repeatable('--view <name>', 'the view, such as domain_result or fact_mx'))
    .option('--all', 'every view; see docs/data-dictionary.md for what they hold')
    .addOption(new Option('--format <format>', 'the form').choices(['csv', 'parquet']).default('csv'))
    .option('--census <number>', 'the census; the newest where it is not named', (text) =>
      wholeNumber('--census', text, 1, 999_999_999),
    )
    .option(
      '--from <date>',
      'in place of --census, all censuses started on that date (ISO 8601, UTC) or later',
    )
    .option('--to <date>', 'and on that date or earlier')
    .option(
      '--output <place>',
      'a file for one view, which is replaced, and standard output where it is not named; a new directory for several',
    )
    .option('--force', 'replace a directory that holds a data package')
    .option('--license <name>', 'licence of the data package, as a name (CC-BY-4.0) or URL')
    .option('--title <text>', 'title of the data package')
    .option('--raw', 'leave cells of CSV as they are that a spreadsheet would take for formulas')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  dane-census export --view failures_by_reason --output failures.csv
  dane-census export --all --format parquet --license CC-BY-4.0 --output census-2026-11
  dane-census export --view adoption --from 2026-01-01 --to 2026-12-31`,
    )
    .action(async (options: ExportOptions) => {
      const { exportAsTold } = await import('./export-run.ts');
      await exportAsTold(options);
    });
}
