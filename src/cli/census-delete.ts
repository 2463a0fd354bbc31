/** `census delete`: takes one census out of the database, without asking. */
import type { Command } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { databaseArgument, databaseOption } from './database-option.ts';
import { wholeNumber } from './whole-number.ts';

interface DeleteOptions {
  readonly db: string;
  readonly json?: boolean;
  readonly unfinished?: boolean;
}

export function registerCensusDelete(group: Command): void {
  group
    .command('delete')
    .description('take a census out of the database; it asks nothing')
    .argument('<number>', 'the census', (text: string) => wholeNumber('census delete', text, 1, 999_999_999))
    .addOption(databaseOption())
    .option('--unfinished', 'also one that is not finished, and that no process is working on')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census census delete 3')
    .action(remove);
}

async function remove(number: number, { db: where, json, unfinished }: DeleteOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { findCensus } = await import('../store/census-record.ts');
  const { dropCensus, forgetTotals } = await import('../store/drop-census.ts');
  const { heldJobs, removeJobs } = await import('../census/job-queue.ts');
  const db = await openDatabase(where, 'existing');
  try {
    const census = await findCensus(db, number);
    if (census === undefined) {
      throw new UsageError(
        'census delete',
        String(number),
        'the number of a census in this database',
        'see: dane-census census list',
      );
    }
    if (census.stage !== 'finished') {
      const held = await heldJobs(db, number);
      if (held > 0) {
        throw new UsageError(
          'census delete',
          String(number),
          `a census that no process is working on (${held} of its jobs are in work)`,
          'stop that process first (Ctrl-C)',
        );
      }
      if (!unfinished) {
        throw new UsageError(
          'census delete',
          String(number),
          'a census that is finished',
          `to go on with it: dane-census run --resume ${number}${databaseArgument(where)}; to take it away: --unfinished`,
        );
      }
    }
    const octets = await dropCensus(db, census);
    await forgetTotals(db, number);
    await removeJobs(db, number);
    process.stdout.write(
      json
        ? `${JSON.stringify({ deleted: number, octets })}\n`
        : `census ${number} is gone; ${(octets / 2 ** 20).toFixed(1)} MiB came free\n`,
    );
  } finally {
    await db.close();
  }
}
