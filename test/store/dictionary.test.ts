import { expect, test } from 'vitest';
import { beginCensus } from '../../src/store/census-record.ts';
import { Entries, entryKey } from '../../src/store/dictionary.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import type { DomainFacts } from '../../src/survey/facts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase } from './template.ts';

const { signal } = new AbortController();
const { domains: seenDomains } = await fakeSurveyor().domains(
  [{ name: 'd1.example', delegation: null }],
  signal,
);
const aDomain = seenDomains[0]!;

test('an entry has one key, whoever makes it, and another entry another', () => {
  expect(entryKey(['data', 'secure', null, 'NOERROR'])).toBe(
    entryKey(['data', 'secure', undefined, 'NOERROR']),
  );
  const different = [
    ['data', 'secure', null, 'NOERROR'],
    ['data', 'secure', 'NOERROR', null],
    ['data', 'secure,null', 'NOERROR'],
    [['data'], 'secure', null, 'NOERROR'],
    [],
    [null],
    [0],
    ['0'],
  ];
  expect(new Set(different.map(entryKey)).size).toBe(different.length);
});

test('keys are signed 64-bit numbers, and text that the database cannot hold has a key all the same', () => {
  for (const entry of [['a'], ['b'], ['\0'], ['\ud800']]) {
    const key = entryKey(entry);
    expect(key).toBe(BigInt.asIntN(64, key));
  }
  expect(entryKey(['\0'])).not.toBe(entryKey(['']));
});

test('entries are stored once, whoever writes them again', async () => {
  const db = await freshDatabase();
  const write = async (...words: readonly string[]) => {
    const entries = new Entries('ehlo', 'keywords text[]');
    const keys = words.map((word) => entries.add([[word]]));
    await entries.write(db);
    return keys;
  };
  const [first, second, again] = await write('SIZE', 'PIPELINING', 'SIZE');
  expect(again).toBe(first);
  expect(await write('PIPELINING', '8BITMIME')).toContain(second);
  expect(await db.query('SELECT keywords FROM dane.ehlo ORDER BY keywords')).toEqual(
    [['8BITMIME'], ['PIPELINING'], ['SIZE']].map((keywords) => ({ keywords })),
  );
});

test('what is stored by dictionaries reads as it was seen, and domains with equal MX hosts share a set', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, [], 'test', 0);
  const edges = [
    { preference: 10, host: 'a.example' },
    { preference: 20, host: 'a.example' },
    { preference: 20, host: 'b.example' },
  ];
  const domain = (name: string, change: Partial<DomainFacts>): DomainFacts => ({
    ...aDomain,
    domain: name,
    ...change,
  });
  const seen = [
    domain('one.example', { edges }),
    domain('two.example', { edges, zone: { ...aDomain.zone!, apex: 'two.example' } }),
    domain('three.example', { edges: [], mail: 'none', zone: null, soa: null }),
  ];
  await db.query(
    `INSERT INTO dane.domain (census_id, ordinal, name) SELECT $1, n, name
       FROM unnest('{one.example,two.example,three.example}'::text[]) WITH ORDINALITY AS t (name, n)`,
    [census],
  );
  await writeDomains(
    db,
    census,
    seen.map((facts, at) => ({ ordinal: at + 1, facts })),
    (host) => ({ provider: host, bucket: 0 }),
  );
  expect(await db.query('SELECT ordinal, preference, host FROM dane.mx_edge ORDER BY 1, 2, 3')).toEqual(
    [1, 2].flatMap((ordinal) => edges.map((edge) => ({ ordinal, ...edge }))),
  );
  expect(await db.query('SELECT count(DISTINCT mx_set) AS sets, count(*) AS rows FROM dane.mx_set')).toEqual([
    { sets: 1, rows: 3 },
  ]);
  expect(await db.query('SELECT host, domains FROM dane.host_use ORDER BY host')).toEqual([
    { host: 'a.example', domains: 2 },
    { host: 'b.example', domains: 2 },
  ]);
  expect(
    await db.query('SELECT zone_apex, soa_refresh, mx_status FROM dane.domain_fact ORDER BY ordinal'),
  ).toEqual([
    { zone_apex: aDomain.zone!.apex, soa_refresh: aDomain.soa!.refresh, mx_status: aDomain.mx.status },
    { zone_apex: 'two.example', soa_refresh: aDomain.soa!.refresh, mx_status: aDomain.mx.status },
    { zone_apex: null, soa_refresh: null, mx_status: aDomain.mx.status },
  ]);
});
