/** What `mta-log` does: streams the logs through the readers, counts, and asks the census about destinations in batches. */
import { LruCache } from '../base/lru-cache.ts';
import { UsageError } from '../base/usage-error.ts';
import { type FileWords, listLines } from '../census/list-lines.ts';
import type { Delivery } from '../mta-log/delivery.ts';
import { MtaLog } from '../mta-log/mta-log.ts';
import { LogTally } from '../mta-log/tally.ts';
import { DisagreementTally } from '../report/disagreement-tally.ts';
import { listCensuses } from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { openDatabase } from '../store/open.ts';
import { readViewRows } from '../store/read-view.ts';
import type { DomainVerdict } from '../survey/verdicts.ts';
import type { MtaLogOptions } from './mta-log.ts';
import { mtaLogJson, mtaLogText } from './mta-log-text.ts';

const logWords: FileWords = {
  where: 'FILE',
  hint: 'give the name of a mail log, or - for standard input',
};

export async function readMtaLogs(files: readonly string[], options: MtaLogOptions): Promise<void> {
  if (options.census !== undefined && options.db === undefined) {
    throw new UsageError(
      '--census',
      String(options.census),
      '--db beside it',
      'name the database of the census',
    );
  }
  const db = options.db === undefined ? undefined : await openDatabase(options.db, 'existing');
  try {
    const census = db === undefined ? undefined : await CensusVerdicts.open(db, options.census);
    const log = new MtaLog();
    const tally = new LogTally();
    const take = async (deliveries: readonly Delivery[]) => {
      for (const delivery of deliveries) {
        tally.add(delivery);
        await census?.compare(delivery);
      }
    };
    for (const file of files) {
      for await (const lines of listLines(file, logWords)) {
        for (const line of lines) {
          const deliveries = log.read(line.toString('utf8'));
          if (deliveries.length > 0) await take(deliveries);
        }
      }
    }
    await take(log.end());
    await census?.flush();
    const told = { log, tally, census: census?.number ?? null, disagreements: census?.tally ?? null };
    process.stdout.write(options.json ? `${JSON.stringify(mtaLogJson(told))}\n` : mtaLogText(told));
  } finally {
    await db?.close();
  }
}

/** Deliveries that wait for one query together. */
const BATCH = 5000;
/** Verdicts remembered: most mail goes to few domains. */
const MAX_VERDICTS = 50_000;

/** The domain verdicts of one census, looked up as destinations come. */
class CensusVerdicts {
  readonly number: number;
  readonly tally = new DisagreementTally();
  readonly #db: Db;
  readonly #known = new LruCache<string, DomainVerdict | 'not-in-census' | null>(MAX_VERDICTS, () => 0);
  #waiting: (Delivery & { readonly domain: string })[] = [];

  private constructor(db: Db, number: number) {
    this.#db = db;
    this.number = number;
  }

  /** Throws UsageError where there is no such census. */
  static async open(db: Db, number: number | undefined): Promise<CensusVerdicts> {
    const censuses = await listCensuses(db);
    const census =
      number === undefined
        ? censuses.findLast(({ stage }) => stage === 'finished')
        : censuses.find(({ id }) => id === number);
    if (census === undefined) {
      throw new UsageError(
        '--census',
        number === undefined ? 'a database without a finished census' : String(number),
        'the number of a census in this database',
        'see: dane-census census list',
      );
    }
    return new CensusVerdicts(db, census.id);
  }

  async compare(delivery: Delivery): Promise<void> {
    const { domain } = delivery;
    if (domain === null) return;
    const known = this.#known.get(domain);
    if (known !== undefined) {
      this.tally.add({ ...delivery, domain }, known);
      return;
    }
    this.#waiting.push({ ...delivery, domain });
    if (this.#waiting.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    const domains = [...new Set(waiting.map(({ domain }) => domain))];
    const rows = await readViewRows<{ domain: string; verdict: DomainVerdict | null }>(
      this.#db,
      'domain_result',
      this.number,
      { column: 'domain', values: domains, columns: ['domain', 'verdict'] },
    );
    const verdicts = new Map(rows.map(({ domain, verdict }) => [domain, verdict]));
    const verdictOf = (domain: string) => (verdicts.has(domain) ? verdicts.get(domain)! : 'not-in-census');
    for (const domain of domains) this.#known.set(domain, verdictOf(domain), 1);
    for (const delivery of waiting) this.tally.add(delivery, verdictOf(delivery.domain));
  }
}
