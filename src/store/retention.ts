/**
 * Which censuses a rule of retention lets go. Pure: the rule, the censuses and the clock come in.
 *
 * Never gone, whatever the rule: a census that is not finished; the newest finished one of each vantage; one that another stands
 * beside that stays. A census that judged another's evidence again is counted apart from those that looked themselves: it neither
 * takes the place of one, nor counts as the newest.
 */
import type { Instant } from '../base/instant.ts';
import type { CensusRecord } from './census-record.ts';

/** At least one of the first two: where both are given, a census goes only where both let it. */
export interface RetentionRule {
  /** Of each vantage, as many of the newest finished censuses stay. */
  readonly keep?: number;
  /** Those finished within so many days stay. */
  readonly olderThanDays?: number;
  /** The first census of each month (UTC) and vantage stays too. */
  readonly keepMonthly: boolean;
}

export type Kept = Pick<
  CensusRecord,
  'id' | 'stage' | 'vantage' | 'beside' | 'rejudgedFrom' | 'startedAt' | 'finishedAt'
>;

const SECONDS_PER_DAY = 24 * 3600;

/** In the order in which they can be dropped: those that stand beside another before that one, otherwise oldest first. */
export function outdated<C extends Kept>(censuses: readonly C[], rule: RetentionRule, now: Instant): C[] {
  const finished = censuses.filter(({ stage }) => stage === 'finished').sort((a, b) => a.id - b.id);
  const going = new Set<C>();
  for (const group of groups(
    finished,
    ({ vantage, rejudgedFrom }) => `${rejudgedFrom === null} ${vantage}`,
  )) {
    const monthly = new Set(rule.keepMonthly ? firstOfMonths(group) : []);
    for (const [at, census] of group.entries()) {
      const newer = group.length - 1 - at;
      if (newer === 0 && census.rejudgedFrom === null) continue;
      if (rule.keep !== undefined && newer < rule.keep) continue;
      if (rule.olderThanDays !== undefined && ageInDays(census, now) <= rule.olderThanDays) continue;
      if (!monthly.has(census)) going.add(census);
    }
  }
  const staying = censuses.filter((census) => !going.has(census));
  const held = new Set(staying.map(({ beside }) => beside));
  return [...going]
    .filter(({ id }) => !held.has(id))
    .sort((a, b) => Number(a.beside === null) - Number(b.beside === null) || a.id - b.id);
}

function ageInDays({ finishedAt, startedAt }: Kept, now: Instant): number {
  return (now - (finishedAt ?? startedAt).getTime() / 1000) / SECONDS_PER_DAY;
}

function firstOfMonths<C extends Kept>(group: readonly C[]): readonly C[] {
  return groups(group, ({ startedAt }) => startedAt.toISOString().slice(0, 7)).map(([first]) => first!);
}

function groups<C>(all: readonly C[], key: (one: C) => string): readonly C[][] {
  const found = new Map<string, C[]>();
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return [...found.values()];
}
