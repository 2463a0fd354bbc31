/** `census compare`: what changed between two censuses, as text or JSON; with `--list` domain by domain. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import type { CensusRecord } from '../store/census-record.ts';
import type { ChangedDomain } from '../store/compare-censuses.ts';
import { changedDomainText, comparisonText } from './census-compare-text.ts';
import { databaseOption } from './database-option.ts';
import { wholeNumber } from './whole-number.ts';

interface CompareOptions {
  readonly db: string;
  readonly json?: boolean;
  readonly list?: boolean;
}

export function registerCensusCompare(group: Command): void {
  const number = (text: string) => wholeNumber('census compare', text, 1, 999_999_999);
  group
    .command('compare')
    .description('what changed from one census to another, why, and at whom')
    .argument('<earlier>', 'number of a census', number)
    .argument('<later>', 'number of another one', number)
    .addOption(databaseOption())
    .option('--list', 'tell every domain that is not unchanged')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  dane-census census compare 11 12\n  dane-census census compare 11 12 --list | grep ^broken',
    )
    .action(compare);
}

async function compare(a: number, b: number, { db: where, json, list }: CompareOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { findCensus } = await import('../store/census-record.ts');
  const { compareCensuses, streamChanges } = await import('../store/compare-censuses.ts');
  const db = await openDatabase(where, 'existing');
  try {
    const [earlier, later] = [known(await findCensus(db, a), a), known(await findCensus(db, b), b)];
    const told = await compareCensuses(db, a, b);
    if (json) {
      const head = JSON.stringify({ earlier: moment(earlier), later: moment(later), ...told });
      await write(list ? `${head.slice(0, -1)},"list":[` : `${head}\n`);
      if (!list) return;
      let separator = '';
      await streamChanges(db, a, b, async (rows) => {
        await write(rows.map((row) => `${separator}${JSON.stringify(row)}`).join(','));
        separator = ',';
      });
      await write(']}\n');
      return;
    }
    if (list) {
      await streamChanges(db, a, b, (rows: readonly ChangedDomain[]) =>
        write(rows.map(changedDomainText).join('')),
      );
      return;
    }
    await write(comparisonText(earlier, later, told));
  } finally {
    await db.close();
  }
}

function known(census: CensusRecord | undefined, number: number): CensusRecord {
  if (census !== undefined) return census;
  throw new UsageError(
    'census compare',
    String(number),
    'the number of a census in this database',
    'see: dane-census census list',
  );
}

function moment({ id, stage, vantage, startedAt, finishedAt }: CensusRecord): object {
  return { id, stage, vantage, startedAt, finishedAt };
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
