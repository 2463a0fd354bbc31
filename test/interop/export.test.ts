/** A data package from Postgres, with another locale and time zone, against the same from the embedded database. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type TableFormat, tableFormats } from '../../src/report/table.ts';
import { writePackage } from '../../src/report/write-package.ts';
import type { Db } from '../../src/store/db.ts';
import { describeCensuses } from '../../src/store/describe-census.ts';
import { openDatabase } from '../../src/store/open.ts';
import { listViews, viewColumns } from '../../src/store/read-view.ts';
import { inOneMoment, streamView } from '../../src/store/stream-view.ts';
import { fakeCensus } from '../report/fake-census.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';
import { type Cluster, missingForPostgres, startPostgres } from './postgres.ts';

const missing = process.env.CI === 'true' ? undefined : missingForPostgres();
if (missing !== undefined) console.warn(`skipped: export tests need ${missing}`);

describe.skipIf(missing !== undefined)('export from Postgres', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  });
  afterAll(() => cluster?.stop());

  const open = async (name: string, ...options: string[]): Promise<Db> => {
    const db = await openDatabase(cluster.create(name, ...options), 'create');
    onTestFinished(() => db.close());
    return db;
  };

  async function filesOf(db: Db, format: TableFormat): Promise<Record<string, string>> {
    const directory = join(temporaryDirectory(), 'package');
    mkdirSync(directory);
    await inOneMoment(db, async (session) => {
      const [censuses, views] = [await describeCensuses(session), await listViews(session)];
      const software = 'dane-census test';
      const { signal } = new AbortController();
      const request = {
        views,
        censuses,
        format,
        raw: false,
        software,
        title: 'x',
        license: undefined,
        signal,
      };
      await writePackage(session, directory, request);
    });
    return Object.fromEntries(
      readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'latin1')]),
    );
  }

  test('the same census gives the same octets as from the embedded database', async () => {
    // Where "ä" is sorted beside "a" and capitals beside small letters, and clocks stand elsewhere.
    const locale = ['--locale-provider=icu', '--icu-locale=en', '--template=template0'];
    const postgres = await open('elsewhere', ...locale);
    await postgres.query("ALTER DATABASE elsewhere SET TimeZone = 'Asia/Tokyo'");
    await postgres.query("ALTER DATABASE elsewhere SET IntervalStyle = 'sql_standard'");
    await postgres.query('ALTER DATABASE elsewhere SET extra_float_digits = -3');
    const embedded = await freshDatabase();
    const names = ['a', 'B', 'Z', 'ä', 'mx-1', 'mx1', 'mx.a', '_x'];
    const lists = temporaryDirectory();
    for (const db of [embedded, postgres]) {
      await fakeCensus(db, 400, undefined, lists);
      for (const name of names) {
        await db.query('INSERT INTO dane.host (census_id, host, provider, bucket) VALUES (1, $1, $1, 1)', [
          name,
        ]);
      }
    }
    for (const format of tableFormats) {
      const [expected, found] = [await filesOf(embedded, format), await filesOf(postgres, format)];
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      expect(Object.keys(found).filter((file) => found[file] !== expected[file])).toEqual([]);
    }
  });

  test('all views are of one moment, whatever is written meanwhile', async () => {
    const db = await open('moment');
    await fakeCensus(db, 50);
    const counts = await inOneMoment(db, async (session) => {
      const count = async () => {
        const columns = await viewColumns(session, 'fact_domain');
        let rows = 0;
        await streamView(session, { view: 'fact_domain', columns }, 1, (batch) => {
          rows += batch.length;
        });
        return rows;
      };
      const before = await count();
      await db.query("INSERT INTO dane.domain (census_id, ordinal, name) VALUES (1, 99999, 'late.example')");
      return [before, await count()];
    });
    expect(counts).toEqual([50, 50]);
  });
});
