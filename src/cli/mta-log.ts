/** `mta-log FILE…`, as the command line has it; `mta-log-run.ts` does it. */
import { type Command, Option } from 'commander';
import { wholeNumber } from './whole-number.ts';

export interface MtaLogOptions {
  readonly db?: string;
  readonly census?: number;
  readonly json?: boolean;
}

export function registerMtaLog(program: Command): void {
  program
    .command('mta-log <file...>')
    .description(
      'read mail logs (Postfix, Exim, Halon, PowerMTA): where DANE failed, and where a census disagrees',
    )
    .addOption(
      new Option('--db <where>', 'hold the log against a census: a postgres:// URL or a directory').env(
        'DANE_CENSUS_DB',
      ),
    )
    .option('--census <number>', 'the census; the newest finished one where it is not named', (text) =>
      wholeNumber('--census', text, 1, 999_999_999),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Files may be compressed (.gz, .zst); - is standard input.

Examples:
  dane-census mta-log /var/log/mail.log /var/log/mail.log.1.gz
  journalctl -u postfix@- -o short-iso | dane-census mta-log - --db ./census-data`,
    )
    .action(async (files: string[], options: MtaLogOptions) => {
      const { readMtaLogs } = await import('./mta-log-run.ts');
      await readMtaLogs(files, options);
    });
}
