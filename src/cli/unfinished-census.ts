/** Says on standard error that there is a census to go on with. */
import { findUnfinishedCensus } from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { databaseArgument } from './database-option.ts';

export async function mentionUnfinished(db: Db, where: string): Promise<void> {
  const unfinished = await findUnfinishedCensus(db);
  if (unfinished === undefined) return;
  const { rejudgedFrom, id } = unfinished;
  const goOn = rejudgedFrom === null ? `run --resume ${id}` : `census rejudge ${rejudgedFrom}`;
  process.stderr.write(
    `dane-census: census ${unfinished.id} is not finished; to go on with it, type: ` +
      `dane-census ${goOn}${databaseArgument(where)}\n`,
  );
}
