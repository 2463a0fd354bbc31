/**
 * `run`: a census from lists to summary. Progress on standard error; on standard output the summary, as text or JSON.
 * Ends with 0, 1 (the lab's truth was not found), 2 (internal), 64 (usage), 130 (interrupted; a second signal at once).
 */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { listFormats } from '../census/list-entry.ts';
import { LARGEST_SAMPLE } from '../census/sample.ts';
import { evidencePolicies } from '../evidence/to-be-proved.ts';
import type { RunOptions } from './census-run.ts';
import { databaseOption } from './database-option.ts';
import { addNetworkOptions } from './network-options.ts';
import { DEFAULT_VANTAGE, vantageName } from './vantage-name.ts';
import { wholeNumber } from './whole-number.ts';

/** Domains per job: some minutes of work, so that the queue costs nothing and a dead node loses little. */
const JOB_SIZE = 2000;

/** What `--lab` is without further words. */
const LAB_DOMAINS = 1000;
const LAB_SEED = 1;

export function registerRun(program: Command): void {
  const number = (flag: string, least: number, most: number) => (text: string) =>
    wholeNumber(flag, text, least, most);
  const command = program
    .command('run')
    .description('a census: read lists of domains, look at each domain and MX host, judge, summarise')
    .argument(
      '[list...]',
      'files with domains: one per line, CSV with a header, or zone files, also .gz and .zst; - for standard input',
    )
    .addOption(databaseOption())
    .option('--resume [census]', 'go on with a census: that one, or the newest unfinished one', (text) =>
      wholeNumber('--resume', text, 1, 999_999_999),
    )
    .addOption(
      new Option('--vantage <name>', 'what the place is called that this census is made from')
        .env('DANE_CENSUS_VANTAGE')
        .argParser(vantageName)
        .default(DEFAULT_VANTAGE),
    )
    .option(
      '--beside <census>',
      'look at the population of that census, from another vantage, in place of lists',
      number('--beside', 1, 999_999_999),
    )
    .option('--lab', 'a census of the lab, a small Internet in this process, held against its known truth')
    .addOption(
      new Option('--lab-domains <number>', 'domains of the lab')
        .argParser(number('--lab-domains', 1, 10_000_000))
        .default(LAB_DOMAINS),
    )
    .addOption(
      new Option('--lab-seed <number>', 'what the lab is drawn from')
        .argParser(number('--lab-seed', 0, 999_999_999))
        .default(LAB_SEED),
    )
    .option(
      '--every-tls-question',
      'ask every mail server for each TLS version and key algorithm, and without SNI, in some four connections; ' +
        'otherwise only what a verdict hangs on, in one or two',
    )
    .addOption(
      new Option('--format <format>', 'read all lists so; otherwise each as its first line shows').choices(
        listFormats,
      ),
    )
    .option(
      '--no-delegations',
      'ask the parent zone for every domain, whatever name servers and DS records a zone file holds of it',
    )
    .addOption(
      new Option('--sample <number>', 'look at so many domains of the lists, drawn at random').argParser(
        number('--sample', 1, LARGEST_SAMPLE),
      ),
    )
    .option(
      '--sample-seed <text>',
      'what the sample is drawn from; the same draws the same (default: drawn, and kept)',
    )
    .option(
      '--sample-by <tag>',
      'give each value of this tag (a column of a CSV list) its proportional part of the sample',
    )
    .addOption(
      new Option(
        '--evidence <policy>',
        'which DNS replies and certificates are kept: all, those behind findings, or none (see: census rejudge, evidence show)',
      )
        .choices([...evidencePolicies])
        .default('findings'),
    )
    .option('--json', 'print the summary as one JSON object')
    .addOption(
      new Option('--nodes <number>', '0: only read the lists and enqueue the jobs')
        .argParser(number('--nodes', 0, 1))
        .default(1),
    )
    .addOption(
      new Option('--workers <number>', 'threads that look (default: one per core)')
        .argParser(number('--workers', 1, 256))
        .default(availableParallelism()),
    )
    .addOption(
      new Option('--job-size <number>', 'domains per job')
        .argParser(number('--job-size', 1, 50_000))
        .default(JOB_SIZE),
    );
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  dane-census run domains.txt
  dane-census run tld.csv.gz --db postgres://census@db.example/census
  dane-census run tld.zone.gz
  dane-census run domains.csv --sample 10000 --sample-by sector
  dane-census run --resume
  dane-census run --beside 12 --vantage tokyo
  dane-census run --lab`,
    )
    .action(async (lists: string[], options: RunOptions) => {
      const { runAsTold } = await import('./census-run.ts');
      await runAsTold(lists, options);
    });
}
