/**
 * The surveyor over worker threads: each thread builds its own survey (sockets, caches, TLS contexts) from the same
 * configuration and takes a few slices at a time. Plain data crosses; nothing else is shared.
 * A task that is abandoned costs its thread: what else runs there ends too, which is meant for the end of a run only.
 */
import { Piscina } from 'piscina';
import type { DomainToSurvey } from '../survey/facts.ts';
import type { SurveyedDomains, SurveyedHosts, Surveyor } from './surveyor.ts';

/**
 * Slices with each thread at once. A slice waits for its slowest name, some seconds where servers are silent, and the
 * thread bounds by itself what is in flight: so many slices keep it supplied while most of them wait for stragglers.
 */
export const SLICES_PER_THREAD = { domains: 64, hosts: 32 } as const;

/** What a thread is asked; `workers/survey.ts` answers. */
export type SurveyTask =
  | { readonly what: 'domains'; readonly domains: readonly DomainToSurvey[] }
  | { readonly what: 'hosts'; readonly names: readonly string[] };

export interface PiscinaSurveyorOptions {
  readonly threads: number;
  /** The threads' configuration; must survive structured cloning. */
  readonly config: object;
  /** Hears of a thread that died while it had nothing to do; it is replaced. One that had rejects its tasks. */
  readonly onFault: (error: Error) => void;
  /** The threads' entry point; another one in tests. */
  readonly entry?: URL;
}

/** The source runs as TypeScript and as what it is built to; the entry point has the same ending. */
const ending = import.meta.filename.slice(import.meta.filename.lastIndexOf('.'));

export function createPiscinaSurveyor({ threads, config, onFault, entry }: PiscinaSurveyorOptions): Surveyor {
  const pool = new Piscina({
    filename: (entry ?? new URL(`../../workers/survey${ending}`, import.meta.url)).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: SLICES_PER_THREAD.domains + SLICES_PER_THREAD.hosts,
    workerData: config,
  });
  pool.on('error', (error: Error) => {
    onFault(error);
    // After threads that could not start Piscina starts no more, and would let slices wait for ever.
    if (pool.threads.length === 0) void pool.destroy();
  });
  const run = <T>(task: SurveyTask, signal: AbortSignal) => pool.run(task, { signal }) as Promise<T>;
  return {
    domains: (domains, signal) => run<SurveyedDomains>({ what: 'domains', domains }, signal),
    hosts: (names, signal) => run<SurveyedHosts>({ what: 'hosts', names }, signal),
    close: () => pool.destroy(),
  };
}
