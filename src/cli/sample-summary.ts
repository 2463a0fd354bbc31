/** What the summary of a sample says besides: how it was drawn, and the intervals of the rates of domains. */
import type { Db } from '../store/db.ts';
import { type Interval, type SampleRecord, sampleIntervals } from '../store/read-sample.ts';
import { counted } from './counted.ts';

/** A rate whose units are domains; its interval only where the census is a sample. */
export type DomainRate<Key extends string> = Readonly<Record<Key, string>> & {
  readonly domains: number;
  readonly share: string | null;
  readonly interval?: Interval | undefined;
};

/** The denominator is the sum of the rows that are in the rate. */
export async function withIntervals<Row extends DomainRate<never>>(
  db: Db,
  census: number,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const rated = rows.filter(({ share }) => share !== null);
  const total = rated.reduce((sum, { domains }) => sum + domains, 0);
  const intervals = await sampleIntervals(
    db,
    census,
    rated.map(({ domains }) => domains),
    total,
  );
  return rows.map((row) => {
    const interval = row.share === null ? null : intervals[rated.indexOf(row)];
    return interval ? { ...row, interval } : row;
  });
}

export function percent(share: string): string {
  return `${(Number(share) * 100).toFixed(2)} %`;
}

/** With a blank line behind; none where the whole population is looked at. */
export function sampleLines(sample: SampleRecord | null): readonly string[] {
  if (sample === null) return [];
  const { drawn, population: all, seed, by, strata, exact } = sample;
  const parts = by === null ? '' : `, in proportion to the ${counted(strata)} values of ${by}`;
  return [
    `  A sample: ${counted(drawn)} of ${exact ? '' : 'about '}${counted(all)} domains, drawn at random${parts}, from the seed ${seed}`,
    '  Rates of domains come with their Wilson intervals at 95 %; MX hosts and endpoints come in clusters, and have none',
    '',
  ];
}
