/** What whoever watches a census hears of it. Counts are of this process and of what stood in the database before. */
import type { CensusStage } from '../store/census-record.ts';

export interface Progress {
  readonly census: number;
  readonly stage: CensusStage;
  /** Different domains stored; it grows until the intake is over. */
  readonly domains: number;
  readonly domainsDone: number;
  /** MX hosts found up to now. */
  readonly hosts: number;
  readonly hostsDone: number;
  readonly judged: number;
  /** Domains and hosts of this process whose lookups failed. */
  readonly failures: number;
}

export type Watch = (progress: Progress) => void;

/** Counts, and tells on every change. */
export class Tally {
  #now: Progress;
  readonly #watch: Watch;

  constructor(begin: Progress, watch: Watch) {
    this.#now = begin;
    this.#watch = watch;
    watch(begin);
  }

  /** Hosts that were found and not looked at, as far as this process knows. */
  get pendingHosts(): number {
    return this.#now.hosts - this.#now.hostsDone;
  }

  enter(stage: CensusStage): void {
    if (stage === this.#now.stage) return;
    this.#now = { ...this.#now, stage };
    this.#watch(this.#now);
  }

  add(
    counts: Partial<
      Record<'domains' | 'domainsDone' | 'hosts' | 'hostsDone' | 'judged' | 'failures', number>
    >,
  ): void {
    const now = this.#now;
    this.#now = {
      ...now,
      domains: now.domains + (counts.domains ?? 0),
      domainsDone: now.domainsDone + (counts.domainsDone ?? 0),
      hosts: now.hosts + (counts.hosts ?? 0),
      hostsDone: now.hostsDone + (counts.hostsDone ?? 0),
      judged: now.judged + (counts.judged ?? 0),
      failures: now.failures + (counts.failures ?? 0),
    };
    this.#watch(this.#now);
  }
}
