/** `census rejudge`: judges what a census has evidence of again, offline, as a new census. */
import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { systemClock } from '../base/instant.ts';
import { counted } from './counted.ts';
import { databaseArgument, databaseOption } from './database-option.ts';
import { awaitInterruption, EXIT_INTERRUPTED } from './interruption.ts';
import { wholeNumber } from './whole-number.ts';

interface RejudgeOptions {
  readonly db: string;
  readonly json?: boolean;
}

export function registerRejudge(group: Command): void {
  group
    .command('rejudge')
    .description(
      'judge the evidence of a census again with this program, offline, as a new census; the old one stays',
    )
    .argument('<number>', 'the census', (text: string) => wholeNumber('census rejudge', text, 1, 999_999_999))
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nGoes on where an earlier one was interrupted.\n\nExample:\n  dane-census census rejudge 1 && dane-census census compare 1 2',
    )
    .action(rejudge);
}

async function rejudge(number: number, { db: where, json }: RejudgeOptions): Promise<void> {
  const [
    { openDatabase },
    { beginOrResumeRejudging, runRejudging },
    { judgeDomain },
    { readRejudgement },
    progress,
  ] = await Promise.all([
    import('../store/open.ts'),
    import('../census/rejudge.ts'),
    import('../survey/judge-domain.ts'),
    import('../store/rejudge-record.ts'),
    import('./progress.ts'),
  ]);
  const stop = awaitInterruption();
  const display = progress.showProgress(process.stderr, () => performance.now());
  try {
    const db = await openDatabase(where, 'existing');
    try {
      const software = `${packageJson.name} ${packageJson.version}`;
      const rejudging = await beginOrResumeRejudging(db, number, software, systemClock);
      const { census, from } = rejudging;
      const outcome = await runRejudging(rejudging, {
        db,
        judge: judgeDomain,
        clock: systemClock,
        signal: stop.signal,
        watch: display.watch,
        report: display.report,
      });
      display.close();
      if (outcome !== 'finished') {
        process.stderr.write(
          `dane-census: interrupted; to go on, type: dane-census census rejudge ${from.id}${databaseArgument(where)}\n`,
        );
        process.exitCode = EXIT_INTERRUPTED;
        return;
      }
      const counts = await readRejudgement(db, census.id);
      process.stdout.write(
        json
          ? `${JSON.stringify({ census: census.id, rejudgedFrom: from.id, ...counts })}\n`
          : `Census ${census.id}: census ${from.id} judged again by ${software}\n\n` +
              `  ${counted(counts.domainsReplayed)} domains from evidence, ${counted(counts.domainsCarried)} taken over as they were found\n` +
              `  ${counted(counts.hostsReplayed)} MX hosts from evidence, ${counted(counts.hostsCarried)} taken over as they were found\n` +
              `  every domain has a new verdict\n\n` +
              `What differs: dane-census census compare ${from.id} ${census.id}${databaseArgument(where)}\n`,
      );
    } finally {
      await db.close();
    }
  } finally {
    display.close();
    stop.end();
  }
}
