/** `view`: rows of a public view at the terminal, filtered, sorted and bounded; without a name, which views there are. */
import { type Command, Option } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { databaseOption } from './database-option.ts';
import { repeatable } from './repeatable.ts';
import { columnsText, viewsText } from './view-text.ts';
import { wholeNumber } from './whole-number.ts';

/** More is read in an export than at a terminal. */
const DEFAULT_LIMIT = 50;

interface ViewOptions {
  readonly db: string;
  readonly census?: number;
  readonly everyCensus?: boolean;
  readonly where: readonly string[];
  readonly sort: readonly string[];
  readonly limit: number;
  readonly json?: boolean;
}

export function registerView(program: Command): void {
  program
    .command('view')
    .description('rows of a public view, for reading; without a name, the views that there are')
    .argument('[name]', 'the view, such as adoption_by_tld')
    .option('--census <number>', 'the census; the newest that is finished where it is not named', (text) =>
      wholeNumber('--census', text, 1, 999_999_999),
    )
    .option('--every-census', 'the rows of every census')
    .addOption(repeatable('--where <column=value>', 'only rows with this value', 'all rows'))
    .addOption(
      repeatable('--sort <column>', 'by this column first; -column for the largest first', 'by all columns'),
    )
    .addOption(
      new Option('--limit <number>', 'at most so many rows')
        .argParser((text: string) => wholeNumber('--limit', text, 1, 1_000_000))
        .default(DEFAULT_LIMIT),
    )
    .option('--json', 'print one JSON object')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  dane-census view
  dane-census view adoption_by_tld --where tld=nl --every-census
  dane-census view failures_by_reason --where subject=domain --sort -affected --limit 10`,
    )
    .action(view);
}

async function view(name: string | undefined, options: ViewOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { queryView } = await import('../store/query-view.ts');
  const { viewComments } = await import('../store/read-view.ts');
  const db = await openDatabase(options.db, 'existing');
  try {
    if (name === undefined) {
      const comments = [...(await viewComments(db))].sort(([a], [b]) => (a < b ? -1 : 1));
      const views = comments.map(([name, comment]) => ({ name, comment }));
      process.stdout.write(options.json ? `${JSON.stringify({ views })}\n` : viewsText(views));
      return;
    }
    const census = options.everyCensus ? null : await censusOf(db, options.census);
    const { columns, rows } = await queryView(db, name, {
      census,
      where: options.where.map(equality),
      sort: options.sort.map((column) => ({
        column: column.replace(/^-/, ''),
        descending: column.startsWith('-'),
      })),
      limit: options.limit,
    });
    const told = { view: name, census, rows };
    process.stdout.write(
      options.json ? `${JSON.stringify(told)}\n` : columnsText(columns, rows, options.limit),
    );
  } finally {
    await db.close();
  }
}

async function censusOf(db: import('../store/db.ts').Db, number: number | undefined): Promise<number> {
  const { listCensuses } = await import('../store/census-record.ts');
  const censuses = await listCensuses(db);
  const found =
    number === undefined
      ? (censuses.findLast(({ stage }) => stage === 'finished') ?? censuses.at(-1))
      : censuses.find(({ id }) => id === number);
  if (found === undefined) {
    throw new UsageError(
      '--census',
      number === undefined ? 'a database without a census' : String(number),
      'the number of a census in this database',
      'see: dane-census census list',
    );
  }
  return found.id;
}

function equality(text: string): { column: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError('--where', text, 'COLUMN=VALUE', 'such as --where tld=nl');
  return { column: text.slice(0, at), value: text.slice(at + 1) };
}
