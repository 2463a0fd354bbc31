/** Which censuses retention lets go: a table of rules over one series. */
import { expect, test } from 'vitest';
import { type Kept, outdated, type RetentionRule } from '../../src/store/retention.ts';

const DAY = 24 * 3600;
const NOW = Date.UTC(2026, 5, 30) / 1000;

function census(id: number, daysAgo: number, more: Partial<Kept> = {}): Kept {
  const at = new Date((NOW - daysAgo * DAY) * 1000);
  return {
    id,
    stage: 'finished',
    vantage: 'default',
    beside: null,
    rejudgedFrom: null,
    startedAt: at,
    finishedAt: at,
    ...more,
  };
}

/** Two in May, three in June; one of them is not finished. */
const series = [
  census(1, 58),
  census(2, 40),
  census(3, 25),
  census(4, 10, { stage: 'survey', finishedAt: null }),
  census(5, 9),
  census(6, 2),
];

const rule = (more: Partial<RetentionRule>): RetentionRule => ({ keepMonthly: false, ...more });

test.each<[string, readonly Kept[], RetentionRule, number[]]>([
  ['keep 2: the newest two finished stay, and the one that is not', series, rule({ keep: 2 }), [1, 2, 3]],
  ['keep 1', series, rule({ keep: 1 }), [1, 2, 3, 5]],
  ['keep 9: more than there are', series, rule({ keep: 9 }), []],
  ['older than 30 days', series, rule({ olderThanDays: 30 }), [1, 2]],
  ['older than 0 days: the newest stays all the same', series, rule({ olderThanDays: 0 }), [1, 2, 3, 5]],
  ['exactly as old is not older', series, rule({ olderThanDays: 40 }), [1]],
  ['both: only where both let it go', series, rule({ keep: 2, olderThanDays: 30 }), [1, 2]],
  ['keep monthly: the first of May and of June', series, rule({ keep: 1, keepMonthly: true }), [2, 5]],
  [
    'each vantage has its newest',
    [...series, census(7, 1, { vantage: 'tokyo' })],
    rule({ keep: 1 }),
    [1, 2, 3, 5],
  ],
  [
    'one that another stands beside goes after it',
    [census(1, 50), census(2, 49, { beside: 1, vantage: 'b' }), census(3, 5), census(4, 4, { vantage: 'b' })],
    rule({ keep: 1 }),
    [2, 1],
  ],
  [
    'one that another stands beside stays where that stays',
    [census(1, 50), census(2, 49, { beside: 1, vantage: 'b' }), census(3, 5)],
    rule({ keep: 1 }),
    [],
  ],
  [
    'one that judges again neither is the newest nor takes a place',
    [census(1, 50), census(2, 40), census(3, 1, { rejudgedFrom: 1 })],
    rule({ keep: 1 }),
    [1],
  ],
  [
    'one that judges again goes by its own age',
    [census(1, 50), census(2, 40), census(3, 35, { rejudgedFrom: 1 })],
    rule({ olderThanDays: 30 }),
    [1, 3],
  ],
  ['no census', [], rule({ keep: 1 }), []],
])('%s', (_, censuses, by, gone) => {
  expect(outdated(censuses, by, NOW).map(({ id }) => id)).toEqual(gone);
});
