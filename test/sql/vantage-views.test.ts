/** The same population from three vantages: what differs, what could not be looked at, and what is not side by side at all. */
import { expect, test } from 'vitest';
import { freshDatabase } from '../store/template.ts';
import { certificateDigest, type ScriptedCensus, type ScriptedHost, writeCensus } from './scripted-census.ts';

const names = ['same', 'other-key', 'moved', 'dark', 'stripped', 'unsigned', 'failing'];
const dane: ScriptedHost = { records: ['3 1 1 K1'] };

function seenFrom(hosts: Record<string, ScriptedHost>, unsigned: boolean): ScriptedCensus {
  return {
    domains: Object.fromEntries(
      names.map((name) => [
        `${name}.example`,
        name === 'failing' && unsigned
          ? { hosts: [], lookup: 'ours' as const }
          : { hosts: [`mx.${name}.example`], signed: !(name === 'unsigned' && unsigned) },
      ]),
    ),
    hosts: Object.fromEntries(names.map((name) => [`mx.${name}.example`, hosts[name] ?? dane])),
  };
}

async function sideBySide() {
  const db = await freshDatabase();
  // Not beside any other: in none of the views.
  await writeCensus(db, seenFrom({}, false));
  const base = await writeCensus(db, { ...seenFrom({}, false), vantage: 'ams' });
  const tokyo = seenFrom(
    {
      'other-key': { ...dane, shows: ['K2'] },
      moved: { ...dane, address: '192.0.2.99' },
      dark: { ...dane, shows: null },
      stripped: {},
    },
    true,
  );
  await writeCensus(db, { ...tokyo, vantage: 'tokyo', beside: base });
  await writeCensus(db, {
    ...seenFrom({ dark: { ...dane, shows: null } }, false),
    vantage: 'lima',
    beside: base,
  });
  // Judged again: it looked at nothing.
  const again = await writeCensus(db, { ...seenFrom({}, true), vantage: 'ams', beside: base });
  await db.query('UPDATE dane.census SET rejudged_from = $1 WHERE census_id = $2', [base, again]);
  return { db, base };
}

test('vantage_disagreements: what differs, and what was not looked at from everywhere', async () => {
  const { db, base } = await sideBySide();
  const rows = await db.query<{ told: string; seen: string[] }>(
    `SELECT concat_ws(' ', subject, replace(name, '.example', ''), what, state) AS told, seen
       FROM published.vantage_disagreements WHERE census_id = $1 ORDER BY 1, 2`,
    [base],
  );
  const short = (name: string) => certificateDigest(name);
  expect(rows.map(({ told, seen }) => `${told}: ${seen.join(', ')}`)).toEqual([
    'domain dark verdict not-looked: ams: dane, lima: could not look, tokyo: could not look',
    'domain failing mx-status not-looked: ams: secure, lima: secure, tokyo: could not look',
    'domain failing verdict not-looked: ams: dane, lima: dane, tokyo: could not look',
    'domain other-key verdict differ: ams: dane, lima: dane, tokyo: dane-failed',
    'domain stripped verdict differ: ams: dane, lima: dane, tokyo: no-dane',
    'domain unsigned mx-status differ: ams: secure, lima: secure, tokyo: insecure',
    'domain unsigned verdict differ: ams: dane, lima: dane, tokyo: insecure-mx',
    `endpoint mx.dark certificate not-looked: ams: ${short('K1')}, lima: could not look, tokyo: could not look`,
    'endpoint mx.dark reach not-looked: ams: tls, lima: could not look, tokyo: could not look',
    'endpoint mx.dark verdict not-looked: ams: authenticated, lima: could not look, tokyo: could not look',
    // The host is named by a domain that tokyo could not look at: it was not told of the endpoint.
    `endpoint mx.failing certificate not-looked: ams: ${short('K1')}, lima: ${short('K1')}`,
    'endpoint mx.failing reach not-looked: ams: tls, lima: tls',
    'endpoint mx.failing verdict not-looked: ams: authenticated, lima: authenticated',
    `endpoint mx.moved certificate not-looked: ams: ${short('K1')}, lima: ${short('K1')}`,
    `endpoint mx.moved certificate not-looked: tokyo: ${short('K1')}`,
    'endpoint mx.moved reach not-looked: ams: tls, lima: tls',
    'endpoint mx.moved reach not-looked: tokyo: tls',
    'endpoint mx.moved verdict not-looked: ams: authenticated, lima: authenticated',
    'endpoint mx.moved verdict not-looked: tokyo: authenticated',
    `endpoint mx.other-key certificate differ: ams: ${short('K1')}, lima: ${short('K1')}, tokyo: ${short('K2')}`,
    'endpoint mx.other-key verdict differ: ams: authenticated, lima: authenticated, tokyo: failed',
    'endpoint mx.stripped verdict differ: ams: authenticated, lima: authenticated, tokyo: encrypted',
    'host mx.failing addresses not-looked: ams: 192.0.2.25, lima: 192.0.2.25',
    'host mx.failing tlsa not-looked: ams: usable, lima: usable',
    'host mx.moved addresses differ: ams: 192.0.2.25, lima: 192.0.2.25, tokyo: 192.0.2.99',
    'host mx.stripped tlsa differ: ams: usable, lima: usable, tokyo: none',
  ]);
  expect(await db.query('SELECT DISTINCT census_id FROM published.vantage_disagreements')).toEqual([
    { census_id: base },
  ]);
});

test('vantage_agreement: what was not looked at from everywhere is in no share', async () => {
  const { db, base } = await sideBySide();
  const rows = await db.query(
    `SELECT concat_ws(' ', subject, what) AS told, vantages::int, agree::int, differ::int, not_looked::int, differ_share
       FROM published.vantage_agreement WHERE census_id = $1 ORDER BY 1`,
    [base],
  );
  const row = (told: string, agree: number, differ: number, not_looked: number, differ_share: string) => ({
    told,
    vantages: 3,
    agree,
    differ,
    not_looked,
    differ_share,
  });
  expect(rows).toEqual([
    row('domain mx-status', 5, 1, 1, '0.166667'),
    row('domain verdict', 2, 3, 2, '0.600000'),
    row('endpoint certificate', 3, 1, 4, '0.250000'),
    row('endpoint reach', 4, 0, 4, '0.000000'),
    row('endpoint verdict', 2, 2, 4, '0.500000'),
    row('host addresses', 5, 1, 1, '0.166667'),
    row('host tlsa', 5, 1, 1, '0.166667'),
  ]);
});

test('vantage_endpoints: one row per endpoint and vantage', async () => {
  const { db, base } = await sideBySide();
  expect(
    await db.query(
      `SELECT census_id, vantage, seen_by, reached, fault, verdict, leaf_certificate FROM published.vantage_endpoints
        WHERE host = 'mx.dark.example' ORDER BY vantage`,
    ),
  ).toEqual(
    ['ams', 'lima', 'tokyo'].map((vantage, at) => ({
      census_id: base,
      vantage,
      seen_by: [2, 4, 3][at],
      ...(vantage === 'ams'
        ? { reached: 'tls', fault: null, verdict: 'authenticated', leaf_certificate: certificateDigest('K1') }
        : { reached: 'nothing', fault: 'network', verdict: 'unknown', leaf_certificate: null }),
    })),
  );
});
