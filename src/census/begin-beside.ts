/** A census that looks at the population of another one, from another vantage: begun with its names and parts in one transaction. */
import type { Clock } from '../base/instant.ts';
import { type CensusRecord, findCensus, insertCensus, setCensusStage } from '../store/census-record.ts';
import { copyPopulation } from '../store/copy-population.ts';
import type { Db } from '../store/db.ts';
import { addDomainPart } from '../store/part.ts';
import type { CensusConfig } from './run-census.ts';

/** In stage `survey`: no list is to be read. `besideWhich` has said that `beside` may be looked at from `vantage`. */
export async function beginBeside(
  db: Db,
  beside: number,
  vantage: string,
  config: CensusConfig,
  software: string,
  clock: Clock,
): Promise<CensusRecord> {
  const id = await db.tx(async (session) => {
    const census = await insertCensus(session, { config, lists: [], software, at: clock(), vantage });
    const last = await copyPopulation(session, beside, census);
    for (let part = 0; part * config.jobSize < last; part++) {
      const first = part * config.jobSize + 1;
      await addDomainPart(session, census, part, { first, last: Math.min(first + config.jobSize - 1, last) });
    }
    await setCensusStage(session, census, 'survey');
    return census;
  });
  return (await findCensus(db, id))!;
}
