/** `census list` and `census show`: what a database holds; `census rejudge` is a file of its own. */
import type { Command } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { registerCensusCompare } from './census-compare.ts';
import { registerCensusDelete } from './census-delete.ts';
import { registerRejudge } from './census-rejudge.ts';
import { databaseOption } from './database-option.ts';
import { readSummary, summaryText } from './summary.ts';
import { wholeNumber } from './whole-number.ts';

interface CensusOptions {
  readonly db: string;
  readonly json?: boolean;
}

export function registerCensus(program: Command): void {
  const group = program.command('census').description('the censuses of a database');
  group
    .command('list')
    .description('every census, with its stage')
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census census list')
    .action(list);
  group
    .command('show')
    .description('the figures of one census')
    .argument('[number]', 'the census; the newest where it is not named', (text: string) =>
      wholeNumber('census show', text, 1, 999_999_999),
    )
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census census show 1')
    .action(show);
  registerCensusCompare(group);
  registerCensusDelete(group);
  registerRejudge(group);
}

async function list({ db: where, json }: CensusOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { listCensuses } = await import('../store/census-record.ts');
  const db = await openDatabase(where, 'existing');
  try {
    const censuses = await listCensuses(db);
    if (json) {
      process.stdout.write(`${JSON.stringify({ censuses })}\n`);
      return;
    }
    if (censuses.length === 0) process.stdout.write('there is no census in this database\n');
    for (const { id, stage, startedAt, finishedAt, software, vantage, beside, rejudgedFrom } of censuses) {
      const kin =
        (beside === null ? '' : `  beside ${beside}`) +
        (rejudgedFrom === null ? '' : `  judges ${rejudgedFrom} again`);
      const ended = finishedAt === null ? '' : `  finished ${finishedAt.toISOString()}`;
      process.stdout.write(
        `${id}  ${stage.padEnd(8)}  started ${startedAt.toISOString()}${ended}  from ${vantage}${kin}  ${software}\n`,
      );
    }
  } finally {
    await db.close();
  }
}

async function show(number: number | undefined, { db: where, json }: CensusOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { listCensuses } = await import('../store/census-record.ts');
  const db = await openDatabase(where, 'existing');
  try {
    const censuses = await listCensuses(db);
    const census = number === undefined ? censuses.at(-1) : censuses.find(({ id }) => id === number);
    if (census === undefined) {
      throw new UsageError(
        'census show',
        number === undefined ? 'a database without a census' : String(number),
        'the number of a census in this database',
        'see: dane-census census list',
      );
    }
    const summary = await readSummary(db, census.id);
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : summaryText(summary, where));
  } finally {
    await db.close();
  }
}
