/** Several processes that migrate one database at once: real ones, on a real Postgres and on the embedded database. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import { schemaStatus } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { listViews } from '../../src/store/read-view.ts';
import { makeOldDatabase } from '../store/old-rows.ts';
import { temporaryDirectory } from '../store/template.ts';
import { type Cluster, missingForPostgres, startPostgres } from './postgres.ts';

const missing = process.env.CI === 'true' ? undefined : missingForPostgres();
if (missing !== undefined) console.warn(`skipped: migrating Postgres needs ${missing}`);

const commandLine = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const STARTERS = 3;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function migrating(where: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [commandLine, 'db', 'migrate', '--db', where],
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe.skipIf(missing !== undefined)('Postgres', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  });
  afterAll(() => cluster?.stop());

  test.each(['an empty database', 'one of version 5 with rows'])(
    '%s: all starters end well, and each step is done once',
    async (what) => {
      const url = cluster.create(what.startsWith('an') ? 'fresh' : 'old');
      if (!what.startsWith('an')) {
        const old = await openPostgres(url);
        await makeOldDatabase(old);
        await old.close();
      }
      const ended = await Promise.all(Array.from({ length: STARTERS }, () => migrating(url)));
      const db = await openDatabase(url, 'existing');
      onTestFinished(() => db.close());
      const { version, known } = await schemaStatus(db);
      expect(version).toBe(known);
      for (const { code, stdout, stderr } of ended) {
        expect(stderr).toBe('');
        expect({ code, stdout }).toEqual({ code: 0, stdout: `the schema is at version ${known}\n` });
      }
      expect(
        await db.query(
          'SELECT count(*)::int AS twice FROM (SELECT number FROM dane.migration GROUP BY number HAVING count(*) > 1) t',
        ),
      ).toEqual([{ twice: 0 }]);
      expect((await listViews(db)).length).toBeGreaterThan(25);
      expect(await db.query('SELECT count(*)::int AS remembered FROM dane.census_total')).toEqual([
        { remembered: what.startsWith('an') ? 0 : 1 },
      ]);
    },
  );
});

describe('embedded', () => {
  test('while one has the directory open, another one is refused, with who has it', async () => {
    const directory = join(temporaryDirectory(), 'database');
    const db = await openEmbedded(directory);
    onTestFinished(() => db.close());
    const { code, stderr } = await migrating(directory);
    expect(code).toBe(64);
    expect(stderr).toContain(`a directory that no other process has open (process ${process.pid}`);
    expect(stderr).toContain('hint: wait until it has ended');
  });

  test('of several at once each ends well or is refused, and the database is whole', async () => {
    const directory = join(temporaryDirectory(), 'database');
    const ended = await Promise.all(Array.from({ length: STARTERS }, () => migrating(directory)));
    const codes = ended.map(({ code }) => code);
    expect(codes).toContain(0);
    expect(codes.filter((code) => code !== 0 && code !== 64)).toEqual([]);
    const db = await openDatabase(directory, 'existing');
    onTestFinished(() => db.close());
    expect((await listViews(db)).length).toBeGreaterThan(25);
  });
});
