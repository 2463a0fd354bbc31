/** `db issuers`: the keys of CAs by which records of usage 2 are told, shown and added to. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../base/usage-error.ts';
import { databaseOption } from './database-option.ts';
import { safe } from './terminal-text.ts';

interface IssuersOptions {
  readonly db: string;
  readonly load?: string;
  readonly json?: boolean;
}

export function registerDbIssuers(group: Command): void {
  group
    .command('issuers')
    .description(
      'the keys of CAs that issuer_set_health knows; --load adds your own, which stand before ours',
    )
    .addOption(databaseOption())
    .option('--load <file>', 'CSV: spki_sha256,family,name,state,retired_on,source (as sql/issuer-keys.csv)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census db issuers --load our-ca.csv')
    .action(issuers);
}

async function issuers({ db: where, load, json }: IssuersOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { listIssuerKeys, parseIssuerKeys, putIssuerKeys } = await import('../store/issuer-keys.ts');
  const given = load === undefined ? [] : parseIssuerKeys(textOf(load), load);
  const db = await openDatabase(where, 'existing');
  try {
    if (given.length > 0) await db.tx((session) => putIssuerKeys(session, given));
    const keys = await listIssuerKeys(db);
    if (json) {
      process.stdout.write(`${JSON.stringify({ loaded: given.length, keys })}\n`);
      return;
    }
    for (const { spki, family, name, state, retiredOn, byUser } of keys) {
      const since = retiredOn === null ? '' : ` ${retiredOn}`;
      const whose = byUser ? '  (yours)' : '';
      process.stdout.write(`2 1 1 ${spki}  ${safe(`${family}: ${name}`)}, ${state}${since}${whose}\n`);
    }
  } finally {
    await db.close();
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError('--load', file, `a file that can be read (${(error as Error).message})`);
  }
}
