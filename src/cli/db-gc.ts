/** `db gc`: retention. Drops old censuses by a rule, and what nothing refers to any more, and says what came free. */
import { type Command, Option } from 'commander';
import { systemClock } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import type { RetentionRule } from '../store/retention.ts';
import { databaseOption } from './database-option.ts';
import { wholeNumber } from './whole-number.ts';

interface GcOptions {
  readonly db: string;
  readonly keep?: number;
  readonly olderThan?: number;
  readonly keepMonthly?: boolean;
  readonly evidence?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What went, or with `--dry-run` would go. */
export interface Gone {
  readonly dryRun: boolean;
  readonly censuses: readonly { readonly census: number; readonly octets: number }[];
  readonly evidence: readonly { readonly census: number; readonly octets: number }[];
  readonly dictionaries: readonly {
    readonly table: string;
    readonly rows: number;
    readonly octets: number;
  }[];
}

export function registerDbGc(group: Command): void {
  const number = (flag: string, least: number) => (text: string) =>
    wholeNumber(`db gc ${flag}`, text, least, 999_999);
  group
    .command('gc')
    .description('retention: drop old censuses by a rule, then what no census refers to any more')
    .addOption(databaseOption())
    .addOption(
      new Option('--keep <number>', 'of each vantage, keep as many of the newest censuses').argParser(
        number('--keep', 1),
      ),
    )
    .addOption(
      new Option('--older-than <days>', 'drop only what was finished longer ago').argParser(
        number('--older-than', 0),
      ),
    )
    .option('--keep-monthly', 'keep the first census of each month too')
    .option('--evidence', 'drop the evidence of these censuses only, and keep what was judged')
    .option('--dry-run', 'tell what would go, and drop nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Never dropped: a census that is not finished, the newest finished one of each vantage, and one that another stands beside
that stays. Adoption over time and what was learnt of roll-overs stay, whatever goes. Without --keep and --older-than only
what no census refers to goes.

Examples:
  dane-census db gc --keep 12 --keep-monthly --dry-run
  dane-census db gc --older-than 90 --evidence`,
    )
    .action(collect);
}

async function collect(options: GcOptions): Promise<void> {
  refuseWithoutRule(options);
  const { openDatabase } = await import('../store/open.ts');
  const { listCensuses } = await import('../store/census-record.ts');
  const { censusOctets, dropCensus } = await import('../store/drop-census.ts');
  const { dropEvidence } = await import('../store/drop-evidence.ts');
  const { collectDictionaries, countUnused } = await import('../store/dictionaries.ts');
  const { outdated } = await import('../store/retention.ts');
  const dryRun = options.dryRun === true;
  const db = await openDatabase(options.db, 'existing');
  try {
    const rule = ruleOf(options);
    const going = rule === undefined ? [] : outdated(await listCensuses(db), rule, systemClock());
    const censuses: { census: number; octets: number }[] = [];
    const evidence: { census: number; octets: number }[] = [];
    for (const census of going) {
      const of = { census: census.id };
      if (options.evidence) {
        const octets = await dropEvidence(db, census.id, dryRun);
        if (octets > 0) evidence.push({ ...of, octets });
      } else {
        const octets = dryRun ? await censusOctets(db, census.id) : await dropCensus(db, census);
        censuses.push({ ...of, octets });
      }
    }
    const numbers = going.map(({ id }) => id);
    const dictionaries = options.evidence
      ? []
      : await (dryRun ? countUnused(db, numbers) : collectDictionaries(db));
    const gone: Gone = { dryRun, censuses, evidence, dictionaries };
    process.stdout.write(options.json ? `${JSON.stringify(gone)}\n` : goneText(gone));
  } finally {
    await db.close();
  }
}

function ruleOf({ keep, olderThan, keepMonthly }: GcOptions): RetentionRule | undefined {
  if (keep === undefined && olderThan === undefined) return undefined;
  return {
    keepMonthly: keepMonthly === true,
    ...(keep === undefined ? {} : { keep }),
    ...(olderThan === undefined ? {} : { olderThanDays: olderThan }),
  };
}

function refuseWithoutRule(options: GcOptions): void {
  const lone = options.evidence ? '--evidence' : options.keepMonthly ? '--keep-monthly' : undefined;
  if (lone === undefined || ruleOf(options) !== undefined) return;
  throw new UsageError(
    'db gc',
    `${lone} alone`,
    'a rule that says which censuses go',
    'add --keep NUMBER or --older-than DAYS',
  );
}

/** With a line end. */
export function goneText({ dryRun, censuses, evidence, dictionaries }: Gone): string {
  const verb = dryRun ? 'would go' : 'is gone';
  const lines = [
    ...censuses.map(({ census, octets }) => `census ${census} ${verb}: ${mebibytes(octets)}`),
    ...evidence.map(({ census, octets }) => `the evidence of census ${census} ${verb}: ${mebibytes(octets)}`),
    ...dictionaries
      .filter(({ rows }) => rows > 0)
      .map(
        ({ table, rows, octets }) =>
          `${rows.toLocaleString('en-US')} rows of ${table}: ${dryRun ? 'would go' : 'are gone'}, ` +
          `${mebibytes(octets)} free for rows to come`,
      ),
  ];
  const octets = [...censuses, ...evidence].reduce((sum, one) => sum + one.octets, 0);
  if (lines.length === 0) return 'there is nothing to drop\n';
  return `${lines.join('\n')}\n${mebibytes(octets)} ${dryRun ? 'would come' : 'came'} free\n`;
}

function mebibytes(octets: number): string {
  return `${(octets / 2 ** 20).toFixed(1)} MiB`;
}
