/** Everything that a census says of itself beside its figures: configuration, versions, lists with their digests, sample, vantage. */
import type { Session } from './db.ts';
import { schemaStatus } from './migrate.ts';

export interface CensusDescription {
  readonly census: number;
  readonly stage: string;
  /** Program and version that started it. */
  readonly software: string;
  /** Of the database that it was read from. */
  readonly schemaVersion: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly vantage: string;
  readonly beside: number | null;
  readonly rejudgedFrom: number | null;
  readonly sample: unknown;
  readonly strata: readonly SampledStratum[];
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly lists: readonly ListDescription[];
}

export interface SampledStratum {
  readonly stratum: string;
  readonly population: number;
  readonly drawn: number;
}

export interface ListDescription {
  /** As it was given: a path of the machine that the census ran on. */
  readonly name: string;
  readonly complete: boolean;
  readonly lines: number;
  /** SHA-256 over its lines, each ended by a line feed, in lower-case hexadecimal; null where no line was read. */
  readonly sha256: string | null;
  readonly skipped: number;
  readonly names: number;
  readonly duplicates: number;
  readonly invalid: number;
}

type CensusRow = Omit<CensusDescription, 'lists' | 'strata' | 'schemaVersion'>;

/** All censuses, in order of their numbers. */
export async function describeCensuses(session: Session): Promise<CensusDescription[]> {
  const { version } = await schemaStatus(session);
  const censuses = await session.query<CensusRow>(
    `SELECT census_id AS census, stage, software, started_at AS "startedAt", finished_at AS "finishedAt", vantage, beside,
            rejudged_from AS "rejudgedFrom", sample, config AS configuration
       FROM dane.census ORDER BY census_id`,
  );
  const strata = await session.query<SampledStratum & { census: number }>(
    `SELECT census_id AS census, stratum, population, drawn FROM dane.sample_stratum
      ORDER BY census_id, stratum COLLATE "C"`,
  );
  const lists = await session.query<ListDescription & { census: number }>(
    `SELECT census_id AS census, name, complete, lines, encode(digest, 'hex') AS sha256, skipped, names, duplicates, invalid
       FROM dane.source ORDER BY census_id, source`,
  );
  const of = <R extends { census: number }>(rows: readonly R[], id: number) =>
    rows.filter(({ census }) => census === id).map(({ census: _, ...row }) => row);
  return censuses.map((census) => ({
    ...census,
    schemaVersion: version,
    strata: of(strata, census.census),
    lists: of(lists, census.census),
  }));
}
