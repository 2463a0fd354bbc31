/**
 * `census rejudge`: a new census that judges the evidence of a finished one again, with the program of today, and asks nobody. The old
 * one stays as it is. It runs as any other: it may be killed at any moment and gone on with.
 */
import type { Clock } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import { type CensusRecord, findCensus } from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { beginRejudgement, findRejudgement } from '../store/rejudge-record.ts';
import { createRejudgingSurveyor } from './rejudging-surveyor.ts';
import { createReplay } from './replay.ts';
import { type CensusConfig, type RunOptions, type RunOutcome, runCensus } from './run-census.ts';
import { storedEvidence } from './stored-evidence.ts';
import { surveyConfigOf } from './survey-config.ts';

/** They wait for each other's bundles, and for the one processor that this process has. */
const CONCURRENCY = { domains: 2, hosts: 2 } as const;

export interface Rejudging {
  /** The new census. */
  readonly census: CensusRecord;
  /** The one whose evidence it is. */
  readonly from: CensusRecord;
}

/**
 * Begins to judge `id` again, or goes on where this software began to and did not finish. A census that is itself one that was
 * judged again leads to the one that looked. Throws UsageError for one that is not there, not finished, or without evidence.
 */
export async function beginOrResumeRejudging(
  db: Db,
  id: number,
  software: string,
  clock: Clock,
): Promise<Rejudging> {
  const from = await whoLooked(db, id);
  if (from.stage !== 'finished') {
    throw new UsageError(
      'census rejudge',
      String(from.id),
      'a finished census',
      `run: dane-census run --resume ${from.id}`,
    );
  }
  if (policyOf(from) === 'none') {
    throw new UsageError(
      'census rejudge',
      String(id),
      'a census that keeps evidence',
      'nothing of it can be judged again: begin the next one with --evidence findings or --evidence all',
    );
  }
  const unfinished = await findRejudgement(db, from.id, software);
  const number = unfinished ?? (await beginRejudgement(db, from.id, software, clock()));
  return { census: (await findCensus(db, number))!, from };
}

/** The census that looked: `id` itself, or the one that `id` judges again. Throws UsageError where it is not there. */
export async function whoLooked(db: Db, id: number): Promise<CensusRecord> {
  const census = await findCensus(db, id);
  const from = census?.rejudgedFrom == null ? census : await findCensus(db, census.rejudgedFrom);
  if (from === undefined) {
    const found =
      census === undefined ? String(id) : `${id}, whose evidence was that of a census that is gone`;
    throw new UsageError(
      'census',
      found,
      'the number of a census in this database',
      'see: dane-census census list',
    );
  }
  return from;
}

/** Censuses of before there was evidence have none. */
export function policyOf({ config }: Pick<CensusRecord, 'config'>): EvidencePolicy {
  return (config as CensusConfig).evidence ?? 'none';
}

/** Throws JobFailed, and what the database throws. */
export async function runRejudging(
  { census, from }: Rejudging,
  options: Omit<RunOptions, 'census' | 'surveyor' | 'concurrency' | 'read'>,
): Promise<RunOutcome> {
  const { db } = options;
  const surveyor = createRejudgingSurveyor({
    db,
    from: from.id,
    policy: policyOf(from),
    source: await storedEvidence(db, from.id),
    replay: createReplay(surveyConfigOf((from.config as CensusConfig).survey)),
    startedAt: Math.floor(from.startedAt.getTime() / 1000),
  });
  return runCensus({ ...options, census, surveyor, concurrency: CONCURRENCY });
}
