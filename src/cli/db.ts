/** `db migrate`, `db status`, `db gc`, `db issuers` and `db operators`: the schema, sizes, retention, and what stands beside the censuses. */
import type { Command } from 'commander';
import type { Sizes } from '../store/sizes.ts';
import { counted } from './counted.ts';
import { databaseOption } from './database-option.ts';
import { registerDbGc } from './db-gc.ts';
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
    .description('the version of the schema, the censuses, the sizes')
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: dane-census db status')
    .action(status);
  registerDbIssuers(group);
  registerOperators(group);
  registerDbGc(group);
}

async function status({ db: where, json }: DbOptions): Promise<void> {
  const { openDatabase } = await import('../store/open.ts');
  const { schemaStatus } = await import('../store/migrate.ts');
  const { databaseOctets, readSizes } = await import('../store/sizes.ts');
  const db = await openDatabase(where, 'unchecked');
  try {
    const { version, known } = await schemaStatus(db);
    const octets = await databaseOctets(db);
    // Only of its own schema does it know what to read.
    const sizes = version === known ? await readSizes(db) : undefined;
    const censuses = sizes?.censuses.length ?? null;
    const told = {
      kind: db.kind,
      version,
      known,
      censuses,
      octets,
      sizes: sizes ?? null,
    };
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
      `database  ${db.kind}, ${mebibytes(octets)}\n` +
        `schema    version ${version} of ${known} (${advice})\n${sizes === undefined ? '' : sizesText(sizes)}`,
    );
  } finally {
    await db.close();
  }
}

function sizesText({ tables, censuses }: Sizes): string {
  const lines = [`censuses  ${censuses.length}`];
  for (const { census, octets, domains, endpoints, octetsPerDomain, octetsPerEndpoint } of censuses) {
    lines.push(
      `  ${census}: ${mebibytes(octets)}, ${counted(domains)} domains (${counted(octetsPerDomain ?? 0)} octets each), ` +
        `${counted(endpoints)} endpoints (${counted(octetsPerEndpoint ?? 0)} octets each)`,
    );
  }
  lines.push('tables, over all censuses');
  for (const { table, octets } of tables)
    lines.push(`  ${table.padEnd(20)} ${mebibytes(octets).padStart(12)}`);
  return `${lines.join('\n')}\n`;
}

function mebibytes(octets: number): string {
  return `${(octets / 2 ** 20).toFixed(1)} MiB`;
}
