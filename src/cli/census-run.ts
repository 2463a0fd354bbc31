/** What `run` does: opens the database, starts the lab where asked, runs or resumes the census, tells what came out. */
import { resolve } from 'node:path';
import { systemClock } from '../base/instant.ts';
import { refuseUnreadable } from '../census/list-lines.ts';
import { createPiscinaSurveyor, SLICES_PER_THREAD } from '../census/piscina-surveyor.ts';
import { type CensusConfig, type RunOutcome, resumable, runCensus } from '../census/run-census.ts';
import { createSurvey } from '../census/stack.ts';
import {
  configOfThread,
  type SurveyConfig,
  surveyConfigOf,
  type ThreadConfig,
} from '../census/survey-config.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import type { CensusRecord } from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { openDatabase } from '../store/open.ts';
import { judgeDomain } from '../survey/judge-domain.ts';
import { databaseArgument } from './database-option.ts';
import { awaitInterruption, EXIT_INTERRUPTED } from './interruption.ts';
import { agrees, type LabRun, labOf, labReport } from './lab-population.ts';
import { intakeOf, type ListOptions, refuseContradictions } from './list-options.ts';
import { type NetworkOptions, surveyConfigFrom } from './network-options.ts';
import { type ProgressDisplay, showProgress } from './progress.ts';
import { beginAsTold, besideAsTold, refuseListBeside } from './run-beside.ts';
import { readSummary, summaryText } from './summary.ts';
import { mentionUnfinished } from './unfinished-census.ts';

const EXIT_DISAGREEMENT = 1;

export interface RunOptions extends NetworkOptions, ListOptions {
  readonly db: string;
  readonly vantage: string;
  readonly labDomains: number;
  readonly labSeed: number;
  readonly everyTlsQuestion?: boolean;
  readonly evidence: EvidencePolicy;
  readonly json?: boolean;
  readonly nodes: number;
  readonly workers: number;
  readonly jobSize: number;
}

export async function runAsTold(lists: readonly string[], options: RunOptions): Promise<void> {
  refuseContradictions(lists, options);
  refuseListBeside(lists, options);
  const stop = awaitInterruption();
  const display = showProgress(process.stderr, () => performance.now());
  try {
    const db = await openDatabase(options.db, options.resume === undefined ? 'create' : 'existing');
    try {
      await runIn(db, lists, options, stop.signal, display);
    } finally {
      await db.close();
    }
  } finally {
    display.close();
    stop.end();
  }
}

async function runIn(
  db: Db,
  lists: readonly string[],
  options: RunOptions,
  signal: AbortSignal,
  display: ProgressDisplay,
): Promise<void> {
  const resumed =
    options.resume === undefined
      ? undefined
      : await resumable(db, options.resume === true ? undefined : options.resume);
  const beside = await besideAsTold(db, options);
  const lab = await labOf(resumed?.config ?? beside?.config, options);
  try {
    const config = resumed?.config ?? (await newConfig(lists, options, lab));
    const survey = { ...surveyConfigOf(config.survey), ...lab?.config };
    // Threads that cannot start would only say so again and again: what is wrong with the configuration shows here.
    await createSurvey(configOfThread(survey, options.workers)).close();
    if (resumed === undefined) await mentionUnfinished(db, options.db);
    const census = resumed ?? (await beginAsTold(db, config, beside, options));
    const outcome = await look(db, census, survey, lab, options, signal, display);
    display.close();
    await tell(db, census.id, outcome, lab, survey.everyTlsQuestion, options);
  } finally {
    await lab?.close();
  }
}

/** Throws UsageError for lists that cannot be read, before there is a census that nobody can go on with. */
async function newConfig(
  lists: readonly string[],
  options: RunOptions,
  lab: LabRun | undefined,
): Promise<CensusConfig> {
  for (const list of lists) await refuseUnreadable(list);
  return {
    lists: lab === undefined ? lists.map((list) => (list === '-' ? list : resolve(list))) : lab.lists,
    jobSize: options.jobSize,
    intake: intakeOf(options),
    // With what the lab is reached by: its evidence is judged again without it.
    survey: {
      ...surveyConfigFrom(options),
      everyTlsQuestion: options.everyTlsQuestion === true,
      ...lab?.config,
    },
    evidence: options.evidence,
    lab: lab === undefined ? null : lab.plan,
  };
}

async function look(
  db: Db,
  census: CensusRecord,
  survey: SurveyConfig,
  lab: LabRun | undefined,
  { workers, nodes }: RunOptions,
  signal: AbortSignal,
  display: ProgressDisplay,
): Promise<RunOutcome> {
  const { evidence = 'none' } = census.config as CensusConfig;
  const threadConfig: ThreadConfig = { survey: configOfThread(survey, workers), evidence };
  const surveyor =
    nodes === 0
      ? null
      : createPiscinaSurveyor({
          threads: workers,
          config: threadConfig,
          onFault: (error) => display.report(`a thread died: ${error.message}`),
        });
  try {
    return await runCensus({
      db,
      census,
      surveyor,
      judge: judgeDomain,
      concurrency: {
        domains: workers * SLICES_PER_THREAD.domains,
        hosts: workers * SLICES_PER_THREAD.hosts,
      },
      clock: systemClock,
      signal,
      watch: display.watch,
      report: display.report,
      ...(lab === undefined ? {} : { read: lab.read }),
    });
  } finally {
    await surveyor?.close();
  }
}

async function tell(
  db: Db,
  census: number,
  outcome: RunOutcome,
  lab: LabRun | undefined,
  everyTlsQuestion: boolean,
  { db: where, json }: RunOptions,
): Promise<void> {
  const goOn = `dane-census run --resume ${census}${databaseArgument(where)}`;
  if (outcome === 'interrupted') {
    process.stderr.write(`dane-census: interrupted; to go on, type: ${goOn}\n`);
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  const summary = await readSummary(db, census);
  const compared =
    outcome === 'finished' && lab !== undefined ? await lab.compare(db, census, everyTlsQuestion) : undefined;
  if (json) {
    process.stdout.write(`${JSON.stringify({ outcome, ...summary, lab: compared ?? null })}\n`);
  } else {
    process.stdout.write(summaryText(summary, where));
    if (compared !== undefined) process.stdout.write(labReport(compared));
  }
  if (outcome === 'enqueued')
    process.stderr.write(`dane-census: jobs are enqueued; to work on them, type: ${goOn}\n`);
  if (compared !== undefined && !agrees(compared)) process.exitCode = EXIT_DISAGREEMENT;
}
