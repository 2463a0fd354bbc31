/** `db operators`: which suffixes of host names belong to which operator, listed or loaded. */
import type { Command } from 'commander';
import { databaseOption } from './database-option.ts';
import { safe } from './terminal-text.ts';

interface OperatorsOptions {
  readonly db: string;
  readonly load?: string;
  readonly json?: boolean;
}

export function registerOperators(group: Command): void {
  group
    .command('operators')
    .description('which suffixes of host names belong to which operator; the longest suffix decides')
    .addOption(databaseOption())
    .option(
      '--load <file>',
      'CSV of suffix and operator: its rows take the place of those loaded before, and stand above those that come with the program',
    )
    .option('--json', 'print one JSON array')
    .addHelpText('after', '\nExample: dane-census db operators --load operators.csv')
    .action(operators);
}

async function operators({ db: where, load, json }: OperatorsOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { listOperators, replaceUserOperators } = await import('../store/operators.ts');
  const { readOperatorList } = await import('../census/operator-list.ts');
  const loaded = load === undefined ? undefined : readOperatorList(load);
  const db = await openDatabase(where, 'existing');
  try {
    if (loaded !== undefined) await replaceUserOperators(db, loaded);
    const listed = await listOperators(db);
    process.stdout.write(
      json
        ? `${JSON.stringify(listed)}\n`
        : listed.map(({ suffix, operator, origin }) => `${suffix}\t${safe(operator)}\t${origin}\n`).join(''),
    );
  } finally {
    await db.close();
  }
}
