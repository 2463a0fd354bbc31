import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { registerExport } from '../../src/cli/export.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import { openDatabase } from '../../src/store/open.ts';
import { listViews } from '../../src/store/read-view.ts';
import { fakeCensus } from '../report/fake-census.ts';
import { freshDirectory, temporaryDirectory } from '../store/template.ts';

interface Filled {
  readonly where: string;
  readonly views: readonly string[];
}

/** A database with two finished censuses, of 2023-11-14 and 2026-11-24; `unfinished` adds one more. */
async function filled({ unfinished = false } = {}): Promise<Filled> {
  const where = await freshDirectory();
  const db = await openDatabase(where, 'existing');
  try {
    await fakeCensus(db, 20, () => 1_700_000_000);
    await fakeCensus(db, 10, () => Date.parse('2026-11-24T12:00:00Z') / 1000);
    if (unfinished) await beginCensus(db, {}, [], 'dane-census test', 1_800_000_000);
    return { where, views: await listViews(db) };
  } finally {
    await db.close();
  }
}

/** Rejects with what the command throws. */
async function exported(
  { where }: Filled,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += Buffer.from(text as Uint8Array).toString();
      return true;
    }),
  );
  onTestFinished(() => void spies.map((spy) => spy.mockRestore()));
  const program = new Command().exitOverride();
  registerExport(program);
  try {
    await program.parseAsync(['export', '--db', where, ...args], { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return said;
}

const linesOf = (csv: string) => csv.trimEnd().split('\r\n');

test('one view goes to standard output or, the same, to a file', async () => {
  const database = await filled();
  const { stdout, stderr } = await exported(database, '--view', 'fact_domain');
  expect(stderr).toBe('');
  expect(linesOf(stdout)).toHaveLength(1 + 10);
  const file = join(temporaryDirectory(), 'domains.csv');
  expect(await exported(database, '--view', 'fact_domain', '--output', file)).toEqual({
    stdout: '',
    stderr: '',
  });
  expect(readFileSync(file, 'utf8')).toBe(stdout);
});

test('--census, --from and --to choose censuses; rows follow each other by their numbers', async () => {
  const database = await filled();
  const censusesOf = async (...args: string[]) =>
    linesOf((await exported(database, '--view', 'adoption_by_tld', ...args)).stdout)
      .slice(1)
      .map((line) => line.split(',')[0]);
  expect(await censusesOf('--census', '1')).toEqual(['1']);
  expect(await censusesOf('--from', '2023-01-01', '--to', '2026-11-24')).toEqual(['1', '2']);
  expect(await censusesOf('--to', '2023-12-31')).toEqual(['1']);
});

test('--raw leaves formulas as they are', async () => {
  const database = await filled();
  expect((await exported(database, '--view', 'invalid_name')).stdout).toContain(",'=no..name,");
  expect((await exported(database, '--view', 'invalid_name', '--raw')).stdout).toContain(',=no..name,');
});

test('several views go into a new directory as a data package, which --force replaces', async () => {
  const database = await filled();
  const directory = temporaryDirectory();
  const output = join(directory, 'package');
  const all = ['--all', '--format', 'parquet', '--output', output];
  const { stderr } = await exported(database, ...all);
  expect(stderr).toMatch(/^dane-census: \d+ views, [\d,]+ rows, [\d.]+ MB in /);
  const tables = database.views.map((view) => `${view}.parquet`);
  expect(readdirSync(output).sort()).toEqual(
    [...tables, 'README.md', 'SHA256SUMS', 'census.json', 'datapackage.json'].sort(),
  );
  const sums = readFileSync(join(output, 'SHA256SUMS'), 'utf8');
  await expect(exported(database, ...all)).rejects.toMatchObject({
    hint: expect.stringContaining('--force'),
  });
  await exported(database, ...all, '--force');
  expect(readFileSync(join(output, 'SHA256SUMS'), 'utf8')).toBe(sums);

  await exported(database, '--view', 'adoption', '--view', 'fact_mx', '--output', join(directory, 'two'));
  expect(readdirSync(join(directory, 'two')).sort()).toEqual(
    ['README.md', 'SHA256SUMS', 'adoption.csv', 'census.json', 'datapackage.json', 'fact_mx.csv'].sort(),
  );
  expect(readdirSync(directory).sort()).toEqual(['package', 'two']);
});

test('of a census that is not finished it says so', async () => {
  const { stdout, stderr } = await exported(await filled({ unfinished: true }), '--view', 'fact_domain');
  expect(stderr).toBe('dane-census: census 3 is not finished: what is missing is in no count\n');
  expect(linesOf(stdout)).toHaveLength(1);
});

test('bad usage is refused, and leaves nothing behind', async () => {
  const database = await filled();
  const directory = temporaryDirectory();
  const output = join(directory, 'x');
  for (const args of [
    [],
    ['--all', '--view', 'adoption', '--output', output],
    ['--all'],
    ['--view', 'adoption', '--view', 'fact_mx'],
    ['--view', 'adoption', '--view', 'x; DROP TABLE dane.census', '--output', output],
    ['--view', 'nothing', '--output', output],
    ['--all', '--census', '9', '--output', output],
    ['--all', '--output', join(output, 'below/nothing')],
  ]) {
    await expect(exported(database, ...args)).rejects.toMatchObject({ name: 'UsageError' });
  }
  expect(readdirSync(directory)).toEqual([]);
});
