/**
 * What changed between any two censuses of a database, in figures and domain by domain. The comparing is SQL
 * (`sql/views/91-compare.sql`), set by set over two partitions; nothing but counts and batches of changed domains comes here.
 */
import type { Db, Session } from './db.ts';

/** As `published.census_changes.change`; its comment defines each. */
export interface ChangeCount {
  readonly change: string;
  readonly domains: number;
  /** Of `compared`, a fraction of 1 as text with six decimals; null for what is not among them. */
  readonly share: string | null;
}

/** Of `published.census_change_causes`: why the DANE domains by one measure are more or fewer. */
export interface MeasuredChange {
  readonly measure: 'dane_any' | 'dane';
  readonly earlier: number;
  readonly later: number;
  /** Their `net` adds up to `later` less `earlier`. */
  readonly causes: readonly {
    readonly cause: string;
    readonly gained: number;
    readonly lost: number;
    readonly net: number;
  }[];
}

/** Of `published.census_changes_by_provider`. */
export interface ProviderChange {
  readonly provider: string;
  readonly earlier_domains: number;
  readonly later_domains: number;
  readonly earlier_dane: number;
  readonly later_dane: number;
  readonly came: number;
  readonly went: number;
  readonly came_with_dane: number;
  readonly went_with_dane: number;
  readonly adopted: number;
  readonly lost: number;
  readonly broken: number;
  readonly repaired: number;
  readonly not_comparable: number;
}

export interface CensusComparison {
  /** Domains of either census. */
  readonly domains: number;
  /** Of these, those that are in both and could be looked at in both: the denominator of the shares. */
  readonly compared: number;
  readonly changes: readonly ChangeCount[];
  readonly measures: readonly MeasuredChange[];
  /** Those with the greatest change of DANE domains, then of domains that came and went. */
  readonly providers: readonly ProviderChange[];
}

/** As `published.census_change_domains`. */
export interface ChangedDomain {
  readonly domain: string;
  readonly change: string;
  readonly earlier_verdict: string | null;
  readonly later_verdict: string | null;
  readonly dane_any_cause: string | null;
  readonly dane_cause: string | null;
}

/** Providers that are told of. */
const MOST_PROVIDERS = 20;

/** Domains that a cursor hands over at once. */
const FETCH_SIZE = 5000;

/** Both must exist. All figures are from one moment. */
export function compareCensuses(db: Db, earlier: number, later: number): Promise<CensusComparison> {
  return db.tx(async (session) => {
    await prepare(session);
    const changes = await session.query<ChangeCount & { domains: number; compared: number }>(
      `SELECT s.change, s.domains, s.compared::bigint AS compared,
              CASE WHEN s.counts THEN dane.share(s.domains, s.compared) END AS share
         FROM (SELECT t.*, sum(t.domains) FILTER (WHERE t.counts) OVER () AS compared
                 FROM (SELECT change, change NOT IN ('new-in-list', 'gone-from-list', 'not-comparable') AS counts,
                              count(*) AS domains FROM dane.compare_domains($1, $2) GROUP BY change) t) s
        ORDER BY s.domains DESC, s.change`,
      [earlier, later],
    );
    return {
      domains: changes.reduce((sum, { domains }) => sum + domains, 0),
      compared: changes[0]?.compared ?? 0,
      changes: changes.map(({ change, domains, share }) => ({ change, domains, share })),
      measures: await measures(session, earlier, later),
      providers: await session.query<ProviderChange>(
        `SELECT * FROM dane.compare_providers($1, $2)
          WHERE earlier_dane <> later_dane OR came + went + adopted + lost + broken + repaired > 0
          ORDER BY abs(later_dane - earlier_dane) DESC, came + went DESC, provider COLLATE "C" LIMIT $3`,
        [earlier, later, MOST_PROVIDERS],
      ),
    };
  });
}

async function measures(session: Session, earlier: number, later: number): Promise<MeasuredChange[]> {
  const totals = await session.query<Omit<MeasuredChange, 'causes'>>(
    `SELECT m.measure, count(*) FILTER (WHERE v.census_id = $1) AS earlier, count(*) FILTER (WHERE v.census_id = $2) AS later
       FROM (VALUES ('dane_any', 'dane%'), ('dane', 'dane')) AS m (measure, pattern)
       LEFT JOIN dane.domain_verdict v ON v.census_id IN ($1, $2) AND v.verdict LIKE m.pattern
      GROUP BY m.measure ORDER BY m.measure DESC`,
    [earlier, later],
  );
  const causes = await session.query<MeasuredChange['causes'][number] & { measure: string }>(
    `SELECT measure, cause, count(*) FILTER (WHERE gained) AS gained, count(*) FILTER (WHERE NOT gained) AS lost,
            count(*) FILTER (WHERE gained) - count(*) FILTER (WHERE NOT gained) AS net
       FROM dane.compare_causes($1, $2) GROUP BY measure, cause ORDER BY count(*) DESC, cause`,
    [earlier, later],
  );
  return totals.map((total) => ({
    ...total,
    causes: causes.filter(({ measure }) => measure === total.measure).map(({ measure: _, ...one }) => one),
  }));
}

/** Every domain that is not unchanged, sorted by change and name, batch by batch. `take` must not use the database. */
export function streamChanges(
  db: Db,
  earlier: number,
  later: number,
  take: (rows: readonly ChangedDomain[]) => Promise<void> | void,
): Promise<void> {
  const [a, b] = [Math.trunc(earlier), Math.trunc(later)];
  return db.tx(async (session) => {
    await prepare(session);
    await session.query(
      `DECLARE changed_domains NO SCROLL CURSOR FOR
       SELECT c.domain, c.change, c.earlier_verdict, c.later_verdict, k.dane_any_cause, k.dane_cause
         FROM dane.compare_domains(${a}, ${b}) c
         LEFT JOIN (SELECT domain, max(cause) FILTER (WHERE measure = 'dane_any') AS dane_any_cause,
                           max(cause) FILTER (WHERE measure = 'dane') AS dane_cause
                      FROM dane.compare_causes(${a}, ${b}) GROUP BY domain) k ON k.domain = c.domain
        WHERE c.change <> 'unchanged' ORDER BY c.change, c.domain COLLATE "C"`,
    );
    for (;;) {
      const rows = await session.query<ChangedDomain>(`FETCH ${FETCH_SIZE} FROM changed_domains`);
      if (rows.length === 0) return;
      await take(rows);
    }
  });
}

/**
 * For a few large queries: translating them to machine code costs more than it saves, and what is hashed of a million domains
 * shall not go through files.
 */
async function prepare(session: Session): Promise<void> {
  await session.query('SET LOCAL jit = off');
  await session.query("SET LOCAL work_mem = '64MB'");
}
