/** What goes with a census, what stays, and what came free. */
import { expect, test } from 'vitest';
import { findCensus, listCensuses } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { type CollectedDictionary, collectDictionaries, countUnused } from '../../src/store/dictionaries.ts';
import { censusOctets, dropCensus, forgetTotals } from '../../src/store/drop-census.ts';
import { dropEvidence } from '../../src/store/drop-evidence.ts';
import { databaseOctets, readSizes } from '../../src/store/sizes.ts';
import { certificateDigest, type ScriptedCensus, writeCensus } from '../sql/scripted-census.ts';
import { freshDatabase } from './template.ts';

const seen = (...shows: string[]): ScriptedCensus => ({
  domains: { 'd.example': { hosts: ['mx.d.example'] }, 'e.example': { hosts: ['mx.d.example'] } },
  hosts: { 'mx.d.example': { records: ['3 1 1 K1'], shows } },
});

const drop = async (db: Db, id: number) => dropCensus(db, (await findCensus(db, id))!);

async function certificates(db: Db): Promise<string[]> {
  const rows = await db.query<{ sha256: string }>(
    "SELECT encode(sha256, 'hex') AS sha256 FROM dane.certificate",
  );
  return rows.map(({ sha256 }) => sha256).sort();
}

test('a census goes whole; another one, and what is kept once over all, stays', async () => {
  const db = await freshDatabase();
  await writeCensus(db, seen('K1'));
  await writeCensus(db, seen('K1', 'rsa:R1'));
  const octets = await censusOctets(db, 1);
  expect(octets).toBeGreaterThan(100_000);
  expect(await drop(db, 1)).toBe(octets);
  expect((await listCensuses(db)).map(({ id }) => id)).toEqual([2]);
  const left = await db.query(
    "SELECT 1 FROM pg_class WHERE relnamespace = 'dane_census'::regnamespace AND relname LIKE '%\\_1'",
  );
  expect(left).toEqual([]);
  expect(await db.query('SELECT census_id, count(*)::int AS domains FROM dane.domain GROUP BY 1')).toEqual([
    { census_id: 2, domains: 2 },
  ]);
  // Retention keeps what it came to; whoever deletes a census by name wants that gone too.
  const kept = 'SELECT census_id, kept FROM published.adoption_over_time ORDER BY 1';
  expect(await db.query(kept)).toEqual([
    { census_id: 1, kept: false },
    { census_id: 2, kept: true },
  ]);
  await forgetTotals(db, 1);
  expect(await db.query(kept)).toEqual([{ census_id: 2, kept: true }]);
});

test('a census that others stand beside is refused, one whose evidence was judged again is not', async () => {
  const db = await freshDatabase();
  await writeCensus(db, seen('K1'));
  await writeCensus(db, { ...seen('K1'), vantage: 'b', beside: 1 });
  await writeCensus(db, seen('K1'));
  await db.exec('UPDATE dane.census SET rejudged_from = 2 WHERE census_id = 3');
  await expect(drop(db, 1)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('no other one stands beside (2)'),
  });
  await drop(db, 2);
  await drop(db, 1);
  expect(await listCensuses(db)).toMatchObject([{ id: 3, rejudgedFrom: 2 }]);
});

test('certificates go that no census shows any more, with and without SNI', async () => {
  const db = await freshDatabase();
  await writeCensus(db, seen('K1', 'rsa:R1'));
  await writeCensus(db, seen('K1'));
  await db.query("INSERT INTO dane.chain VALUES (9, ARRAY[decode($1, 'hex')])", [certificateDigest('K9')]);
  await db.exec('UPDATE dane.endpoint_look SET chain_without_sni = 9 WHERE census_id = 2');
  await db.query(
    `INSERT INTO dane.certificate (sha256, key_algorithm, subject, issuer, self_signed)
     VALUES (decode($1, 'hex'), 'ec', '', '', false)`,
    [certificateDigest('K9')],
  );
  const of = (counted: readonly CollectedDictionary[]) =>
    counted.find(({ table }) => table === 'dane.certificate')!;
  expect(of(await countUnused(db, []))).toEqual({ table: 'dane.certificate', rows: 0, octets: 0 });
  expect(of(await countUnused(db, [1])).rows).toBe(1);
  expect(of(await countUnused(db, [1, 2])).rows).toBe(3);
  expect((await collectDictionaries(db)).every(({ rows }) => rows === 0)).toBe(true);
  await drop(db, 1);
  const collected = await collectDictionaries(db);
  expect(of(collected).rows).toBe(1);
  expect(of(collected).octets).toBeGreaterThan(0);
  expect(collected.find(({ table }) => table === 'dane.chain')!.rows).toBe(1);
  expect(await certificates(db)).toEqual([certificateDigest('K1'), certificateDigest('K9')].sort());
});

test('evidence goes alone, where there is any', async () => {
  const db = await freshDatabase();
  await writeCensus(db, seen('K1'));
  await db.exec('DROP TABLE IF EXISTS dane_census.evidence_1');
  expect(await dropEvidence(db, 1, false)).toBe(0);
  await db.exec(
    "CREATE TABLE dane_census.evidence_1 AS SELECT repeat('x', 1000) AS octets FROM generate_series(1, 1000)",
  );
  const octets = await dropEvidence(db, 1, true);
  expect(octets).toBeGreaterThan(0);
  expect(await dropEvidence(db, 1, false)).toBe(octets);
  expect(await dropEvidence(db, 1, false)).toBe(0);
  expect(await db.query('SELECT count(*)::int AS domains FROM dane.domain')).toEqual([{ domains: 2 }]);
});

test('sizes: each table once, its partitions added up; of each census the octets of a domain and of an endpoint', async () => {
  const db = await freshDatabase();
  await db.exec('CREATE TABLE dane.ballast (census_id int, octets text) PARTITION BY LIST (census_id)');
  for (let census = 1; census <= 2; census++) await writeCensus(db, seen('K1'));
  await db.exec(
    "INSERT INTO dane.ballast SELECT 1 + n % 2, repeat('x', 100) FROM generate_series(1, 1000) n",
  );
  const { tables, censuses } = await readSizes(db);
  expect(new Set(tables.map(({ table }) => table)).size).toBe(tables.length);
  expect(tables.map(({ table }) => table)).toContain('certificate');
  const [ballast] = await db.query<{ octets: number }>(
    "SELECT (pg_total_relation_size('dane_census.ballast_1') + pg_total_relation_size('dane_census.ballast_2'))::bigint AS octets",
  );
  expect(tables.find(({ table }) => table === 'ballast')).toEqual({
    table: 'ballast',
    octets: ballast!.octets,
  });
  expect(censuses).toMatchObject([
    { census: 1, domains: 2, endpoints: 1 },
    { census: 2, domains: 2, endpoints: 1 },
  ]);
  for (const { census, octets, octetsPerDomain, octetsPerEndpoint } of censuses) {
    expect(octets).toBe(await censusOctets(db, census));
    expect(octetsPerDomain).toBe(Math.round(octets / 2));
    expect(octetsPerEndpoint).toBe(octets);
  }
  expect(await databaseOctets(db)).toBeGreaterThan(tables.reduce((sum, { octets }) => sum + octets, 0));
});
