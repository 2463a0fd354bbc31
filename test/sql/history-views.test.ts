/** Domains and MX hosts over all censuses, and how long domains were broken, as the history has them. */
import { expect, test } from 'vitest';
import { freshDatabase } from '../store/template.ts';
import { writeHistory } from './history.ts';
import { DAY, keyDigest, momentOf } from './scripted-census.ts';

test('domain_episodes: first and last seen broken, what ended it, and how long at least and at most', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  expect(
    await db.query(
      `SELECT domain, census_id, verdicts, reasons, looks::int, not_looked::int, first_broken_at, last_broken_census, last_broken_at,
              ended_census, ended_by, seconds_at_least::int AS least, seconds_at_most::int AS most
         FROM published.domain_episodes ORDER BY domain`,
    ),
  ).toEqual([
    {
      domain: 'bogus.example',
      census_id: 2,
      verdicts: ['lookup-failed'],
      reasons: ['rrsig-expired'],
      looks: 2,
      // Between two looks that saw it broken, one could not look: that is neither an end nor a look more.
      not_looked: 1,
      first_broken_at: momentOf(2),
      last_broken_census: 4,
      last_broken_at: momentOf(4),
      ended_census: 5,
      ended_by: 'repaired',
      least: 2 * DAY,
      most: 4 * DAY,
    },
    {
      domain: 'comes-and-goes.example',
      census_id: 6,
      verdicts: ['lookup-failed'],
      reasons: ['rrsig-expired'],
      looks: 1,
      not_looked: 0,
      first_broken_at: momentOf(6),
      last_broken_census: 6,
      last_broken_at: momentOf(6),
      ended_census: null,
      ended_by: null,
      least: 0,
      most: null,
    },
    {
      domain: 'missed.example',
      census_id: 3,
      verdicts: ['dane-failed'],
      reasons: ['tlsa-mismatch'],
      looks: 1,
      not_looked: 0,
      first_broken_at: momentOf(3),
      last_broken_census: 3,
      last_broken_at: momentOf(3),
      ended_census: 4,
      ended_by: 'repaired',
      least: 0,
      most: 2 * DAY,
    },
    {
      domain: 'renewed.example',
      census_id: 3,
      verdicts: ['dane-failed'],
      reasons: ['tlsa-mismatch'],
      looks: 4,
      not_looked: 0,
      first_broken_at: momentOf(3),
      last_broken_census: 6,
      last_broken_at: momentOf(6),
      ended_census: null,
      ended_by: null,
      least: 3 * DAY,
      most: null,
    },
  ]);
});

test('history_of_domain: one row per census, oldest first; a census that judges again is left out', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  await db.exec('UPDATE dane.census SET rejudged_from = 5 WHERE census_id = 6');
  const of = (domain: string) =>
    db.query(
      `SELECT census_id, verdict, mx_status, mail, hosts FROM published.history_of_domain WHERE domain = $1 ORDER BY seen_at`,
      [domain],
    );
  expect(await of('loses-ds.example')).toEqual(
    [
      [1, 'dane', 'secure'],
      [2, 'dane', 'secure'],
      [3, 'dane', 'secure'],
      [4, 'insecure-mx', 'insecure'],
      [5, 'insecure-mx', 'insecure'],
    ].map(([census_id, verdict, mx_status]) => ({
      census_id,
      verdict,
      mx_status,
      mail: 'mx',
      hosts: ['mx.key-kept.example'],
    })),
  );
  expect((await of('listed-late.example')).map((row) => row.census_id)).toEqual([4, 5]);
  expect((await of('not-looked.example'))[2]).toMatchObject({
    verdict: 'unknown',
    mail: 'unknown',
    hosts: null,
  });
});

test('history_of_host: records and keys of each look', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  const rows = await db.query<{ tlsa_records: string[]; leaf_keys: string[] | null; verdict: string }>(
    `SELECT verdict, tlsa_records, leaf_keys FROM published.history_of_host WHERE host = 'mx.unreached.example' ORDER BY seen_at`,
  );
  const record = (key: string) => `3 1 1 ${keyDigest(key)}`;
  const both = [record('K1'), record('K2')].sort();
  expect(rows).toEqual([
    { verdict: 'dane', tlsa_records: [record('K1')], leaf_keys: [keyDigest('K1')] },
    { verdict: 'dane', tlsa_records: both, leaf_keys: [keyDigest('K1')] },
    { verdict: 'unknown', tlsa_records: both, leaf_keys: null },
    ...Array.from({ length: 3 }, () => ({
      verdict: 'dane',
      tlsa_records: both,
      leaf_keys: [keyDigest('K2')],
    })),
  ]);
});

test('adoption_over_time: who is in no share, and intervals where the census is a sample', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  await db.exec('UPDATE dane.census_total SET sampled = true WHERE census_id = 5');
  const rows = await db.query(
    `SELECT census_id, domains::int, no_mail::int, unknown::int, not_judged::int, judged::int, lookup_failed::int,
            dane_any_share, dane_any_share_low, dane_any_share_high FROM published.adoption_over_time WHERE census_id IN (3, 5) ORDER BY 1`,
  );
  const shares = (share: string, low: string | null, high: string | null) => ({
    dane_any_share: share,
    dane_any_share_low: low,
    dane_any_share_high: high,
  });
  expect(rows).toEqual([
    {
      census_id: 3,
      domains: 19,
      no_mail: 0,
      unknown: 3,
      not_judged: 0,
      judged: 16,
      lookup_failed: 0,
      ...shares('0.937500', null, null),
    },
    {
      census_id: 5,
      domains: 20,
      no_mail: 1,
      unknown: 0,
      not_judged: 0,
      judged: 19,
      lookup_failed: 0,
      // 14 of 19 by Wilson's formula, computed apart.
      ...shares('0.736842', '0.512084', '0.881936'),
    },
  ]);
});
