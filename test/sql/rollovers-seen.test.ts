/** Roll-overs as the history has them, host by host; and what only looks like one. */
import { expect, test } from 'vitest';
import { rememberCensus } from '../../src/store/remember.ts';
import { freshDatabase } from '../store/template.ts';
import { writeHistory } from './history.ts';
import { DAY, keyDigest, momentOf } from './scripted-census.ts';

/** When a host was looked at; its endpoint was a second earlier. */
const stamp = (census: number) => new Date(momentOf(census).getTime() + 1000);

test('history: each roll-over by how its record led, with bounds; what is none of one is not there', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  const rows = await db.query(
    `SELECT census_id, host, outcome, led_by, tlsa_parameters, key_changed, lead_at_least::int, lead_at_most::int, two_ttls::int, legacy
       FROM published.rollovers_seen ORDER BY host`,
  );
  const seen = (host: string, census_id: number, rest: object) => ({
    census_id,
    host: `mx.${host}.example`,
    tlsa_parameters: '3 1 1',
    key_changed: true,
    two_ttls: 7200,
    ...rest,
  });
  // A host is stamped one second after its endpoint.
  expect(rows).toEqual([
    seen('at-once', 3, {
      outcome: 'cannot-tell',
      led_by: 'next',
      lead_at_least: -DAY - 1,
      lead_at_most: DAY - 1,
      legacy: 'removed',
    }),
    seen('in-time', 4, {
      outcome: 'in-time',
      led_by: 'next',
      lead_at_least: DAY - 1,
      lead_at_most: 3 * DAY - 1,
      legacy: 'removed',
    }),
    seen('issuer', 3, {
      outcome: 'in-time',
      led_by: 'issuer',
      tlsa_parameters: '2 1 1',
      lead_at_least: DAY - 1,
      lead_at_most: null,
      legacy: 'kept',
    }),
    seen('key-kept', 3, {
      outcome: 'in-time',
      led_by: 'same-record',
      key_changed: false,
      lead_at_least: DAY - 1,
      lead_at_most: null,
      legacy: 'none',
    }),
    seen('missed', 3, {
      outcome: 'missed',
      led_by: null,
      lead_at_least: null,
      lead_at_most: null,
      legacy: 'removed',
    }),
    seen('renewed', 3, {
      outcome: 'missed',
      led_by: null,
      tlsa_parameters: '',
      key_changed: false,
      lead_at_least: null,
      lead_at_most: null,
      two_ttls: null,
      legacy: 'kept',
    }),
    seen('too-early', 3, {
      outcome: 'too-early',
      led_by: 'next',
      lead_at_least: -1,
      lead_at_most: 2 * DAY - 1,
      two_ttls: 200_000,
      legacy: 'removed',
    }),
    seen('unreached', 4, {
      outcome: 'cannot-tell',
      led_by: 'next',
      lead_at_least: -1,
      lead_at_most: 3 * DAY - 1,
      legacy: 'kept',
    }),
  ]);
  expect(
    await db.query(
      `SELECT new_key, old_key, old_still_shown, legacy_gone_at, key_absent_at FROM published.rollovers_seen WHERE host = 'mx.in-time.example'`,
    ),
  ).toEqual([
    {
      old_key: keyDigest('K1'),
      new_key: keyDigest('K2'),
      old_still_shown: false,
      legacy_gone_at: stamp(5),
      key_absent_at: momentOf(3),
    },
  ]);
});

test('history: what each record is for at the end', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  const rows = await db.query<{ told: string }>(
    `SELECT host || ' ' || concat_ws(' ', usage, selector, matching_type) || ' ' || first_census || ' ' || state AS told
       FROM (SELECT *, census_id AS first_census FROM published.tlsa_record_history) h ORDER BY 1`,
  );
  expect(rows.map(({ told }) => told.replace('mx.', '').replace('.example', ''))).toEqual([
    'at-once 3 1 1 1 removed',
    'at-once 3 1 1 3 current',
    'both-current 3 1 1 1 current',
    'both-current 3 1 1 1 current',
    'comes-and-goes 3 1 1 3 removed',
    'in-time 3 1 1 1 removed',
    'in-time 3 1 1 2 current',
    'in-time 3 1 1 5 next',
    'issuer 2 1 1 1 issuer',
    'issuer 3 1 1 1 legacy',
    'key-kept 3 1 1 1 current',
    'missed 3 1 1 1 removed',
    'missed 3 1 1 4 current',
    'renewed 3 0 1 1 legacy',
    'same-key 3 0 1 1 current',
    'same-key 3 1 0 1 current',
    'same-key 3 1 1 1 current',
    'ta-on-leaf 2 1 1 1 not-served',
    'ta-on-leaf 2 1 1 1 on-the-leaf',
    'ta-on-leaf 3 1 1 1 current',
    'too-early 3 1 1 1 removed',
    'too-early 3 1 1 2 current',
    'unreached 3 1 1 1 legacy',
    'unreached 3 1 1 2 current',
  ]);
  expect(
    await db.query(
      `SELECT absent_at, first_at, last_at, gone_at FROM published.tlsa_record_history WHERE host = 'mx.comes-and-goes.example'`,
    ),
  ).toEqual([{ absent_at: stamp(2), first_at: stamp(3), last_at: stamp(4), gone_at: stamp(5) }]);
});

test('lead times: shares of the roll-overs of a census that can be told', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  expect(
    await db.query(
      `SELECT census_id, outcome, led_by, rollovers::int, rollovers_share, lead_at_least_median::int AS least FROM published.rollover_lead_times
        ORDER BY census_id, outcome, led_by`,
    ),
  ).toEqual([
    {
      census_id: 3,
      outcome: 'cannot-tell',
      led_by: 'next',
      rollovers: 1,
      rollovers_share: null,
      least: -DAY - 1,
    },
    {
      census_id: 3,
      outcome: 'in-time',
      led_by: 'issuer',
      rollovers: 1,
      rollovers_share: '0.200000',
      least: DAY - 1,
    },
    {
      census_id: 3,
      outcome: 'in-time',
      led_by: 'same-record',
      rollovers: 1,
      rollovers_share: '0.200000',
      least: DAY - 1,
    },
    { census_id: 3, outcome: 'missed', led_by: null, rollovers: 2, rollovers_share: '0.400000', least: null },
    {
      census_id: 3,
      outcome: 'too-early',
      led_by: 'next',
      rollovers: 1,
      rollovers_share: '0.200000',
      least: -1,
    },
    { census_id: 4, outcome: 'cannot-tell', led_by: 'next', rollovers: 1, rollovers_share: null, least: -1 },
    {
      census_id: 4,
      outcome: 'in-time',
      led_by: 'next',
      rollovers: 1,
      rollovers_share: '1.000000',
      least: DAY - 1,
    },
  ]);
});

test('remembering again changes nothing, and what is remembered outlives the censuses', async () => {
  const db = await freshDatabase();
  await writeHistory(db);
  const kept = async () =>
    Promise.all(
      ['tlsa_seen', 'key_seen', 'host_seen', 'census_total'].map((table) =>
        db.query(`SELECT to_jsonb(t)::text AS row FROM dane.${table} t ORDER BY 1`),
      ),
    );
  const before = await kept();
  expect(before.map((rows) => rows.length)).toEqual([24, 21, 12, 6]);
  await db.exec('UPDATE dane.census SET remembered = false');
  for (const census of [1, 6, 3]) await db.tx((session) => rememberCensus(session, census));
  expect(await kept()).toEqual(before);
  const rollovers = await db.query('SELECT * FROM published.rollovers_seen ORDER BY host');
  for (const census of [1, 2, 3, 4]) await db.query('SELECT dane.drop_census($1::int)', [census]);
  expect(await db.query('SELECT * FROM published.rollovers_seen ORDER BY host')).toEqual(rollovers);
});
