/** Two censuses against each other: what the history has between each and the one before it, and that causes add up to the difference. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChangedDomain, compareCensuses, streamChanges } from '../../src/store/compare-censuses.ts';
import type { Db } from '../../src/store/db.ts';
import { freshDatabase } from '../store/template.ts';
import { writeHistory } from './history.ts';
import { type ScriptedCensus, writeCensus } from './scripted-census.ts';

/** Change, domain, and why it counts in dane_any and in dane in one census only. */
const changes: Readonly<Record<number, readonly string[]>> = {
  2: ['broken bogus'],
  3: [
    'adopted comes-and-goes tlsa tlsa',
    'adopted moves-to mx mx',
    'broken missed - mismatch',
    'broken renewed - mismatch',
    'gone-from-list listed-early list list',
    'not-comparable bogus',
    'not-comparable not-looked not-looked not-looked',
    'not-comparable unreached not-looked not-looked',
  ],
  4: [
    'lost loses-ds ds ds',
    'new-in-list listed-late list list',
    'not-comparable bogus',
    'not-comparable not-looked not-looked not-looked',
    'not-comparable unreached not-looked not-looked',
    'repaired missed - mismatch',
    'still-broken renewed',
  ],
  5: [
    'lost comes-and-goes tlsa tlsa',
    'lost gives-up-mail mail mail',
    'lost moves-away mx mx',
    'repaired bogus',
    'still-broken renewed',
  ],
  6: ['adopted loses-ds ds ds', 'broken comes-and-goes', 'still-broken renewed'],
};

const told = (row: ChangedDomain) =>
  [row.change, row.domain.replace('.example', ''), row.dane_any_cause ?? '-', row.dane_cause ?? '-']
    .join(' ')
    .replace(/( -)+$/, '');

test('history: every domain that changed since the census before, and why', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  for (const [census, expected] of Object.entries(changes)) {
    const viewed = await db.query<ChangedDomain>(
      'SELECT * FROM published.census_change_domains WHERE census_id = $1 ORDER BY change, domain',
      [census],
    );
    expect(viewed.map(told)).toEqual(expected);
    const streamed: ChangedDomain[] = [];
    await streamChanges(db, Number(census) - 1, Number(census), (rows) => void streamed.push(...rows));
    expect(streamed.map(told)).toEqual(expected);
  }
});

test('history: the counts of the views, of the command, and the totals of adoption are the same', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  const totals = await db.query<{ dane_any: number; dane: number; dane_any_change: number | null }>(
    'SELECT dane_any, dane, dane_any_change FROM published.adoption_over_time ORDER BY census_id',
  );
  expect(totals.map(({ dane_any }) => dane_any)).toEqual([16, 16, 15, 17, 14, 15]);
  expect(totals.map(({ dane }) => dane)).toEqual([16, 16, 13, 16, 13, 14]);
  expect(totals.map(({ dane_any_change }) => dane_any_change)).toEqual([null, 0, -1, 2, -3, 1]);
  for (let census = 2; census <= 6; census++) {
    const { changes: counts, compared, measures } = await compareCensuses(db, census - 1, census);
    expect(
      await db.query(
        `SELECT change, domains, domains_share AS share FROM published.census_changes WHERE census_id = $1
          ORDER BY domains DESC, change`,
        [census],
      ),
    ).toEqual(counts);
    expect(counts.reduce((sum, { share, domains }) => sum + (share === null ? 0 : domains), 0)).toBe(
      compared,
    );
    for (const { measure, earlier, later, causes } of measures) {
      expect([earlier, later]).toEqual([totals[census - 2]![measure], totals[census - 1]![measure]]);
      const viewed = await db.query<{ cause: string; net: number }>(
        `SELECT cause, gained, lost, net FROM published.census_change_causes
          WHERE census_id = $1 AND measure = $2 ORDER BY gained + lost DESC, cause`,
        [census, measure],
      );
      expect(viewed).toEqual(causes);
      expect(causes.reduce((sum, { net }) => sum + net, 0)).toBe(later - earlier);
    }
  }
  expect(
    await db.query(
      'SELECT change, domains::int AS domains FROM published.census_transitions WHERE census_id = 5 AND earlier_verdict IS DISTINCT FROM later_verdict ORDER BY 1, 2',
    ),
  ).toEqual([
    { change: 'lost', domains: 1 },
    { change: 'lost', domains: 2 },
    { change: 'repaired', domains: 1 },
  ]);
});

test('providers: domains that came and went, and those that could not be looked at in neither count', async () => {
  const db = await freshDatabase();
  const hosts = { 'mx.a.example': { records: ['3 1 1 K1'] }, 'mx.b.example': {} };
  const at = (host: string) => ({ hosts: [host] });
  await writeCensus(db, {
    hosts,
    domains: {
      'stays.example': at('mx.a.example'),
      'moves.example': at('mx.a.example'),
      'dark.example': at('mx.a.example'),
      'leaves.example': at('mx.a.example'),
    },
  });
  await writeCensus(db, {
    hosts,
    domains: {
      'stays.example': at('mx.a.example'),
      'moves.example': at('mx.b.example'),
      'dark.example': { hosts: [], lookup: 'ours' },
      'enters.example': at('mx.b.example'),
    },
  });
  const nothing = { adopted: 0, broken: 0, repaired: 0 };
  expect((await compareCensuses(db, 1, 2)).providers).toEqual([
    {
      provider: 'a.example',
      earlier_domains: 4,
      later_domains: 1,
      earlier_dane: 4,
      later_dane: 1,
      came: 0,
      went: 1,
      came_with_dane: 0,
      went_with_dane: 1,
      lost: 1,
      not_comparable: 1,
      ...nothing,
    },
    {
      provider: 'b.example',
      earlier_domains: 0,
      later_domains: 2,
      earlier_dane: 0,
      later_dane: 0,
      came: 1,
      went: 0,
      came_with_dane: 0,
      went_with_dane: 0,
      lost: 1,
      not_comparable: 0,
      ...nothing,
    },
  ]);
});

test('a census is held against the one before it from the same vantage, and not against one that judges again', async () => {
  const db = await freshDatabase();
  const script: ScriptedCensus = { hosts: {}, domains: { 'd.example': { hosts: ['mx.d.example'] } } };
  for (const vantage of ['a', 'b', 'a', 'b', 'a']) await writeCensus(db, { ...script, vantage });
  await db.exec('UPDATE dane.census SET rejudged_from = 1 WHERE census_id = 3');
  expect(await db.query('SELECT census_id, earlier FROM published.census_pair ORDER BY 1')).toEqual([
    { census_id: 4, earlier: 2 },
    { census_id: 5, earlier: 1 },
  ]);
});

const hostScript = fc.record({
  records: fc.constantFrom([], ['3 1 1 K1'], ['3 1 1 K2'], ['3 1 1 K1', '3 1 1 K2']),
  shows: fc.constantFrom(['K1'], ['K2'], ['K1', 'rsa:K2'], null),
});
const failingHost = fc.record({ lookup: fc.constant('bogus' as const) });
const hostNames = ['mx.a.example', 'mx.b.example', 'mx.c.example'];
const domainScript = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      hosts: fc.subarray(hostNames, { minLength: 1 }),
      signed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ hosts: fc.constant(null) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      hosts: fc.constant([]),
      lookup: fc.constantFrom('ours' as const, 'bogus' as const),
    }),
  },
);
const domainNames = Array.from({ length: 12 }, (_, at) => `d${at}.example`);
const someCensus: fc.Arbitrary<ScriptedCensus> = fc.record({
  hosts: fc
    .tuple(
      ...hostNames.map(() =>
        fc.oneof({ weight: 5, arbitrary: hostScript }, { weight: 1, arbitrary: failingHost }),
      ),
    )
    .map((scripts) => Object.fromEntries(scripts.map((script, at) => [hostNames[at]!, script]))),
  domains: fc
    .tuple(fc.subarray(domainNames), fc.array(domainScript, { minLength: 12, maxLength: 12 }))
    .map(([names, scripts]) => Object.fromEntries(names.map((name, at) => [name, scripts[at]!]))),
});

test('property: of any two censuses, causes add up to the difference, and every domain is in one count', async () => {
  const db = await freshDatabase();
  await fc.assert(
    fc.asyncProperty(someCensus, someCensus, async (one, other) => {
      const [a, b] = [await writeCensus(db, one), await writeCensus(db, other)];
      const { domains, changes: counts, measures } = await compareCensuses(db, a, b);
      const union = new Set([...Object.keys(one.domains), ...Object.keys(other.domains)]);
      expect(domains).toBe(union.size);
      expect(counts.reduce((sum, count) => sum + count.domains, 0)).toBe(union.size);
      for (const { measure, causes } of measures) {
        const difference = (await counted(db, b, measure)) - (await counted(db, a, measure));
        expect(causes.reduce((sum, { net }) => sum + net, 0)).toBe(difference);
      }
      for (const census of [a, b]) await db.query('SELECT dane.drop_census($1::int)', [census]);
    }),
    { numRuns: 25 },
  );
});

async function counted(db: Db, census: number, measure: 'dane_any' | 'dane'): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `SELECT coalesce(max(${measure}), 0)::int AS count FROM published.adoption WHERE census_id = $1`,
    [census],
  );
  return row!.count;
}
