/**
 * A node: takes jobs of one census until there are none, or until it is told to stop.
 *
 * - running: claims as many jobs of each stage as it has room for; where there are none, waits for one of its own to
 *   end, and looks again now and then, for those that other nodes make or leave behind.
 * - stopping (the signal): claims nothing and begins no slice; slices in flight have a grace to end and are written;
 *   then jobs are released.
 * - failing (a job threw too often): as stopping, and then throws.
 * - done: the census is finished.
 */
import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import { findCensus } from '../store/census-record.ts';
import { advance, countFailure, openParts, type PartStage } from '../store/part.ts';
import { ClaimLost, DOMAIN_SLICE, type JobContext, JobStopped, runJob } from './job.ts';
import { type Claim, KEEP_ALIVE_INTERVAL } from './job-queue.ts';

/** How long slices in flight may take after the first signal, in milliseconds. */
const GRACE = 5000;

/** How long to wait for jobs of other nodes before looking again, in milliseconds. */
const POLL_INTERVAL = 1000;

/** After so many polls without a job, open parts are put into the queue again, in case it lost some. */
const POLLS_BEFORE_HEALING = 30;

/** A job that threw so often will not do better the next time. */
const MOST_FAILURES = 3;

/** They wait for nothing but the database. */
const VERDICT_JOBS = 1;

/** Slices that may be with the surveyor at once. */
export interface Concurrency {
  readonly domains: number;
  readonly hosts: number;
}

export interface NodeOptions extends Omit<JobContext, 'slices' | 'abandon'> {
  readonly concurrency: Concurrency;
  /** Domains per job of this census. */
  readonly jobSize: number;
  readonly report: (message: string) => void;
  /** GRACE, shorter in tests. */
  readonly grace?: number;
}

/** A job of ours failed again and again: the census cannot go on, and must not end as if it had. */
export class JobFailed extends Error {
  constructor(claim: Claim, cause: unknown) {
    super(
      `the job for part ${claim.part} of ${claim.stage} has failed ${MOST_FAILURES} times: ${told(cause)}`,
      { cause },
    );
    this.name = 'JobFailed';
  }
}

/** True when the census is finished, false when it was stopped. Throws JobFailed, or what the database throws. */
export async function runNode(options: NodeOptions): Promise<boolean> {
  const { db, census, queue, stop, clock, concurrency, jobSize, tally, report } = options;
  const stopping = new AbortController();
  const abandon = new AbortController();
  const context: JobContext = {
    ...options,
    slices: {
      domains: new PQueue({ concurrency: concurrency.domains }),
      hosts: new PQueue({ concurrency: concurrency.hosts }),
    },
    stop: stopping.signal,
    abandon: abandon.signal,
  };
  const room: Record<PartStage, number> = {
    // The slices of a host job follow each other.
    hosts: concurrency.hosts,
    // Those of a domain job need not; one job more, so that there is no gap between jobs.
    domains: 1 + Math.ceil((concurrency.domains * DOMAIN_SLICE) / jobSize),
    verdicts: VERDICT_JOBS,
  };
  const held = new Map<Claim, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  const fail = (error: unknown) => {
    failure ??= { error };
    halt();
  };
  const halt = () => {
    stopping.abort();
    wake();
  };
  stop.addEventListener('abort', halt);
  if (stop.aborted) halt();
  const heartbeat = setInterval(
    () => void queue.keepAlive([...held.keys()]).catch(fail),
    KEEP_ALIVE_INTERVAL,
  );

  const work = async (claim: Claim) => {
    try {
      await runJob(context, claim);
    } catch (error) {
      if (error instanceof ClaimLost) {
        report(`another node has taken over part ${claim.part} of ${claim.stage}`);
        return;
      }
      await queue.release(claim);
      if (error instanceof JobStopped || abandon.signal.aborted) return;
      const failures = await countFailure(db, census, claim, told(error));
      report(`part ${claim.part} of ${claim.stage} failed: ${told(error)}`);
      if (failures >= MOST_FAILURES) fail(new JobFailed(claim, error));
    }
  };
  const begin = (claim: Claim) => {
    const running = work(claim)
      .catch(fail)
      .finally(() => {
        held.delete(claim);
        wake();
      });
    held.set(claim, running);
  };
  const holds = (stage: PartStage) => [...held.keys()].some((claim) => claim.stage === stage);
  const claimAll = async (): Promise<number> => {
    let claimed = 0;
    for (const stage of ['hosts', 'domains', 'verdicts'] as const) {
      const free = room[stage] - [...held.keys()].filter((claim) => claim.stage === stage).length;
      if (free <= 0) continue;
      for (const claim of await queue.claim(stage, free)) {
        begin(claim);
        claimed++;
      }
    }
    return claimed;
  };

  try {
    let polls = 0;
    while (!stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if ((await claimAll()) > 0) {
        polls = 0;
      } else if (held.size === 0) {
        if ((await findCensus(db, census))?.stage === 'finished') return true;
        if (db.kind === 'embedded' && polls > 0) {
          throw new Error('internal error: the census is not finished, and no job is left');
        }
        if (polls++ % POLLS_BEFORE_HEALING === 0) {
          await db.tx(async (session) => {
            await advance(session, census, clock());
            await queue.enqueue(session, await openParts(session, census));
          });
          continue;
        }
      } else if (tally.pendingHosts > 0 && !holds('hosts')) {
        // Hosts need not wait for the end of the domain job that found them.
        const made = await db.tx(async (session) => {
          const parts = await advance(session, census, clock());
          await queue.enqueue(session, parts);
          return parts.length;
        });
        if (made > 0) continue;
      }
      if (stopping.signal.aborted) break;
      const timer = new AbortController();
      await Promise.race([woken, delay(POLL_INTERVAL, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
    }
    const patience = setTimeout(() => abandon.abort(), options.grace ?? GRACE);
    await Promise.all(held.values());
    clearTimeout(patience);
    if (failure !== undefined) throw failure.error;
    return (await findCensus(db, census))?.stage === 'finished';
  } finally {
    stopping.abort();
    abandon.abort();
    await Promise.allSettled(held.values());
    clearInterval(heartbeat);
    stop.removeEventListener('abort', halt);
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
