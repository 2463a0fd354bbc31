/** `run --beside`: whose population is looked at, and how the census begins. */
import packageJson from '../../package.json' with { type: 'json' };
import { systemClock } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import { beginBeside } from '../census/begin-beside.ts';
import { begin, type CensusConfig } from '../census/run-census.ts';
import type { CensusRecord } from '../store/census-record.ts';
import { besideWhich } from '../store/copy-population.ts';
import type { Db } from '../store/db.ts';

interface BesideOptions {
  readonly vantage: string;
  readonly beside?: number;
  readonly lab?: boolean;
  readonly resume?: number | true;
}

/** A census whose population is looked at, with what it was begun with. */
type Beside = CensusRecord & { readonly config: CensusConfig };

/** Throws UsageError where lists, the lab or a census to resume are named too. */
export function refuseListBeside(lists: readonly string[], options: BesideOptions): void {
  if (options.beside === undefined) return;
  const other = options.resume !== undefined ? '--resume' : options.lab ? '--lab' : lists.join(' ');
  if (other === '') return;
  throw new UsageError(
    'run --beside',
    other,
    'no list, no lab and nothing to resume',
    'the census that is named has the domains: run --beside NUMBER --vantage NAME',
  );
}

/** Undefined where `--beside` is not given. Throws UsageError where that census cannot be looked at from this vantage. */
export async function besideAsTold(db: Db, { beside, vantage }: BesideOptions): Promise<Beside | undefined> {
  if (beside === undefined) return undefined;
  return (await besideWhich(db, beside, vantage)) as Beside;
}

/** The new census, with lists of its own or the names of `beside`. */
export function beginAsTold(
  db: Db,
  config: CensusConfig,
  beside: Beside | undefined,
  { vantage }: BesideOptions,
): Promise<CensusRecord> {
  const software = `${packageJson.name} ${packageJson.version}`;
  return beside === undefined
    ? begin(db, config, software, systemClock, vantage)
    : beginBeside(db, beside.id, vantage, { ...config, lists: [] }, software, systemClock);
}
