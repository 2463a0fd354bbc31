/**
 * One census from its lists to its last verdict: begins it or goes on with it, reads the lists, then works on its jobs
 * until there are none. May be killed at any moment: what is committed is never done again, what is not is done by
 * whoever resumes. Does not open or close the database or the surveyor; does not print.
 */
import type { Clock } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import {
  beginCensus,
  type CensusRecord,
  countCensus,
  findCensus,
  findUnfinishedCensus,
} from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { advance, forgetFailures, openParts, orderTransactions } from '../store/part.ts';
import { drawSample } from './draw-sample.ts';
import { type IntakeOptions, takeIn } from './intake.ts';
import type { JudgeDomain } from './job.ts';
import { type JobQueue, openJobQueue } from './job-queue.ts';
import type { ListFormat } from './list-entry.ts';
import { type Concurrency, runNode } from './node.ts';
import { Tally, type Watch } from './progress.ts';
import type { SampleConfig } from './sample.ts';
import type { Surveyor } from './surveyor.ts';

/** What a census was begun with, kept with it: resuming needs no options. */
export interface CensusConfig {
  readonly lists: readonly string[];
  /** Domains per job. */
  readonly jobSize: number;
  /** How the lists are read; left out by versions that read plain lists only. */
  readonly intake?: IntakeConfig;
  /** What the surveyor was built from. */
  readonly survey: object;
  /** The lab that is the population; null for the Internet. */
  readonly lab: { readonly domains: number; readonly seed: number } | null;
  /** What evidence is kept; left out in censuses of before there was any. */
  readonly evidence?: EvidencePolicy;
}

export interface IntakeConfig {
  /** Null for what each list shows. */
  readonly format: ListFormat | null;
  /** False: parents are asked for every delegation, whatever zone files say. */
  readonly delegations: boolean;
  /** What is drawn from the lists; null for all of them. */
  readonly sample: SampleConfig | null;
}

const PLAIN: IntakeConfig = { format: 'plain', delegations: false, sample: null };

export interface RunOptions {
  readonly db: Db;
  /** The census, in the state that `beginOrResume` returned. */
  readonly census: CensusRecord;
  /** Null to only read the lists and enqueue jobs for other nodes. */
  readonly surveyor: Surveyor | null;
  readonly judge: JudgeDomain;
  readonly concurrency: Concurrency;
  readonly clock: Clock;
  /** Ends the run in order; the census can be resumed. */
  readonly signal: AbortSignal;
  readonly watch: Watch;
  /** Hears of what went wrong and is tried again. */
  readonly report: (message: string) => void;
  /** The lines of a list, where it is no file. */
  readonly read?: (list: string) => AsyncIterable<readonly Buffer[]>;
  readonly grace?: number;
}

/** - `interrupted`: by the signal. - `enqueued`: no surveyor was given. */
export type RunOutcome = 'finished' | 'interrupted' | 'enqueued';

/** A new census in stage `intake`. */
export async function begin(
  db: Db,
  config: CensusConfig,
  software: string,
  clock: Clock,
  vantage?: string,
): Promise<CensusRecord> {
  const id = await beginCensus(db, config, config.lists, software, clock(), vantage);
  return (await findCensus(db, id))!;
}

/** The census of that number, or the newest unfinished one. Throws UsageError where there is none, or it is finished. */
export async function resumable(
  db: Db,
  id: number | undefined,
): Promise<CensusRecord & { config: CensusConfig }> {
  const census = id === undefined ? await findUnfinishedCensus(db) : await findCensus(db, id);
  if (census === undefined) {
    throw new UsageError(
      '--resume',
      id === undefined ? 'no number' : String(id),
      id === undefined ? 'a database with an unfinished census' : 'the number of a census in this database',
      'see: dane-census census list',
    );
  }
  if (census.stage === 'finished') {
    throw new UsageError(
      '--resume',
      String(census.id),
      'a census that is not finished',
      'see: dane-census census list',
    );
  }
  if (census.rejudgedFrom !== null) {
    throw new UsageError(
      '--resume',
      String(census.id),
      'a census that looks for itself',
      `that one judges evidence again; to go on with it: dane-census census rejudge ${census.rejudgedFrom}`,
    );
  }
  return census as CensusRecord & { config: CensusConfig };
}

/** Throws UsageError for lists that cannot be read, JobFailed, and what the database throws. */
export async function runCensus(options: RunOptions): Promise<RunOutcome> {
  const { db, census, clock, watch, report } = options;
  const tally = new Tally(
    { census: census.id, stage: census.stage, ...(await countCensus(db, census.id)), failures: 0 },
    watch,
  );
  const queue = await openJobQueue(db, census.id, (error) => report(`job queue: ${error.message}`));
  try {
    await db.tx(async (session) => {
      await orderTransactions(session, census.id);
      await forgetFailures(session, census.id);
      await advance(session, census.id, clock());
      await queue.enqueue(session, await openParts(session, census.id));
    });
    return await stages(options, queue, tally);
  } finally {
    await queue.close();
  }
}

async function stages(options: RunOptions, queue: JobQueue, tally: Tally): Promise<RunOutcome> {
  const { db, census, surveyor, signal } = options;
  const { jobSize, intake = PLAIN } = census.config as CensusConfig;
  if (census.stage === 'intake') {
    const { sample, ...reading } = intake;
    const taking: IntakeOptions = {
      db,
      census: census.id,
      jobSize,
      ...reading,
      signal,
      enqueue: queue.enqueue,
      onNames: (domains) => tally.add({ domains }),
      ...(options.read === undefined ? {} : { read: options.read }),
    };
    const complete = await (sample === null ? takeIn(taking) : drawSample(taking, sample));
    if (!complete) return 'interrupted';
    tally.enter('survey');
  }
  if (surveyor === null) return 'enqueued';
  const finished = await runNode({
    ...options,
    census: census.id,
    jobSize,
    queue,
    surveyor,
    tally,
    stop: signal,
  });
  if (!finished) return 'interrupted';
  tally.enter('finished');
  await queue.remove();
  return 'finished';
}
