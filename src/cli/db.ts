/** `db migrate`, `db status`, `db issuers` and `db operators`: the schema of a database, and what stands in it beside the censuses. */
import type { Command } from 'commander';
import { databaseOption } from './database-option.ts';
import { registerDbIssuers } from './db-issuers.ts';
import { registerOperators } from './operators.ts';

interface DbOptions {
  readonly db: string;
  readonly json?: boolean;
}

export function registerDb(program: Command): void {
  const group = program
    .command('db')
    .description('the schema of a database, and the keys of CAs that it knows');
  group
    .command('migrate')
    .description("bring a database to this program's schema, creating it where there is none")
    .addOption(databaseOption())
    .addHelpText('after', '\nExample: dane-census db migrate --db postgres://census@db.example/census')
    .action(async ({ db: where }: DbOptions) => {
      const { openDatabase } = await import('../store/open.ts');
      const { schemaStatus } = await import('../store/migrate.ts');
      const db = await openDatabase(where, 'create');
      try {
        process.stdout.write(`the schema is at version ${(await schemaStatus(db)).version}\n`);
      } finally {
        await db.close();
      }
    });
  group
    .command('status')
    .description('the version of the schema, the censuses, the size')
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census db status')
    .action(status);
  registerDbIssuers(group);
  registerOperators(group);
}

async function status({ db: where, json }: DbOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { schemaStatus } = await import('../store/migrate.ts');
  const { listCensuses } = await import('../store/census-record.ts');
  const db = await openDatabase(where, 'unchecked');
  try {
    const { version, known } = await schemaStatus(db);
    const [size] = await db.query<{ octets: number }>(
      'SELECT pg_database_size(current_database()) AS octets',
    );
    const censuses = version > 0 ? (await listCensuses(db)).length : 0;
    const told = { kind: db.kind, version, known, censuses, octets: size!.octets };
    if (json) {
      process.stdout.write(`${JSON.stringify(told)}\n`);
      return;
    }
    const advice =
      version === known
        ? 'up to date'
        : version < known
          ? 'run: dane-census db migrate'
          : 'made by a newer dane-census: use that one';
    process.stdout.write(
      `database  ${db.kind}, ${(size!.octets / 2 ** 20).toFixed(1)} MiB\n` +
        `schema    version ${version} of ${known} (${advice})\n` +
        `censuses  ${censuses}\n`,
    );
  } finally {
    await db.close();
  }
}
