/** The options of `run` that say which domains a census is of, and how its lists are read. */
import { randomUUID } from 'node:crypto';
import { UsageError } from '../base/usage-error.ts';
import type { ListFormat } from '../census/list-entry.ts';
import type { IntakeConfig } from '../census/run-census.ts';

export interface ListOptions {
  readonly resume?: number | true;
  readonly lab?: boolean;
  readonly beside?: number;
  readonly format?: ListFormat;
  readonly delegations: boolean;
  readonly sample?: number;
  readonly sampleSeed?: string;
  readonly sampleBy?: string;
}

/** A seed that nobody gave is drawn here and kept, so that the sample can be drawn again. */
export function intakeOf({ format, delegations, sample, sampleSeed, sampleBy }: ListOptions): IntakeConfig {
  const drawn =
    sample === undefined ? null : { size: sample, seed: sampleSeed ?? randomUUID(), by: sampleBy ?? null };
  return { format: format ?? null, delegations, sample: drawn };
}

/** Throws UsageError where the options and the lists do not go together. */
export function refuseContradictions(lists: readonly string[], options: ListOptions): void {
  const { resume, lab, beside } = options;
  const given = lists.join(' ');
  refuseSampleWithout(options);
  if (resume !== undefined && (lists.length > 0 || lab)) {
    throw new UsageError(
      'run --resume',
      lab ? '--lab' : given,
      'nothing else',
      'a census knows its lists: run --resume',
    );
  }
  if (lab && lists.length > 0) {
    throw new UsageError('run --lab', given, 'no list', 'the lab brings its own domains: run --lab');
  }
  if (resume === undefined && beside === undefined && !lab && lists.length === 0) {
    throw new UsageError(
      'run',
      'no list',
      'a list of domains',
      'try: dane-census run domains.txt, or run --lab',
    );
  }
}

function refuseSampleWithout({ resume, lab, beside, sample, sampleSeed, sampleBy }: ListOptions): void {
  const first = [
    ['--sample', sample],
    ['--sample-seed', sampleSeed],
    ['--sample-by', sampleBy],
  ].find(([, value]) => value !== undefined);
  if (first === undefined) return;
  const [flag, value] = [String(first[0]), String(first[1])];
  if (resume !== undefined) {
    throw new UsageError(flag, value, 'nothing beside --resume', 'a census knows its sample: run --resume');
  }
  if (beside !== undefined) {
    throw new UsageError(
      flag,
      value,
      'nothing beside --beside',
      'the census that is named has its domains, drawn or not',
    );
  }
  if (lab) throw new UsageError(flag, value, 'a list', 'the truth of the lab is that of all its domains');
  if (sample === undefined) throw new UsageError(flag, value, '--sample as well', 'try --sample 1000');
}
