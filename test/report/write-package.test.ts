import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import type { TableFormat } from '../../src/report/table.ts';
import { writePackage } from '../../src/report/write-package.ts';
import type { Db } from '../../src/store/db.ts';
import { describeCensuses } from '../../src/store/describe-census.ts';
import { listViews, viewColumns } from '../../src/store/read-view.ts';
import { inOneMoment } from '../../src/store/stream-view.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';
import { fakeCensus } from './fake-census.ts';

async function packaged(db: Db, format: TableFormat, signal = new AbortController().signal): Promise<string> {
  const directory = join(temporaryDirectory(), 'package');
  mkdirSync(directory);
  await inOneMoment(db, async (session) => {
    const censuses = await describeCensuses(session);
    const views = await listViews(session);
    const software = 'dane-census test';
    const request = {
      views,
      censuses,
      format,
      raw: false,
      software,
      title: 'A title',
      license: 'CC-BY-4.0',
      signal,
    };
    await writePackage(session, directory, request);
  });
  return directory;
}

function filesOf(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(directory, file)))
          .digest('hex'),
      ]),
  );
}

async function rowsOf(
  directory: string,
  view: string,
  format: TableFormat,
): Promise<Record<string, unknown>[]> {
  const octets = readFileSync(join(directory, `${view}.${format}`));
  if (format === 'csv') return parse(octets, { columns: true, record_delimiter: '\r\n' });
  return parquetReadObjects({
    file: new Uint8Array(octets).buffer,
    compressors: { ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)) },
  });
}

interface Descriptor {
  readonly resources: readonly {
    readonly name: string;
    readonly path: string;
    readonly bytes: number;
    readonly hash: string;
    readonly rows: number;
    readonly schema: {
      readonly fields: readonly {
        readonly name: string;
        readonly type: string;
        readonly description: string;
      }[];
      readonly primaryKey?: readonly string[];
    };
  }[];
}

test.each<TableFormat>(['csv', 'parquet'])('a package of two censuses as %s', async (format) => {
  const db = await freshDatabase();
  await fakeCensus(db, 120, () => 1_700_000_000);
  await fakeCensus(db, 40, () => 1_700_100_000);
  const directory = await packaged(db, format);
  const digests = filesOf(directory);

  const { resources, ...head }: Descriptor = JSON.parse(
    readFileSync(join(directory, 'datapackage.json'), 'utf8'),
  );
  expect(head).toEqual({
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'dane-census-1-to-2',
    title: 'A title',
    created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    licenses: [{ name: 'CC-BY-4.0' }],
    sources: [{ title: 'our list.txt' }],
  });
  expect(resources.map(({ name }) => name)).toEqual(await listViews(db));
  for (const { name, path, bytes, hash, rows, schema } of resources) {
    expect(hash).toBe(`sha256:${digests[path]}`);
    expect(bytes).toBe(statSync(join(directory, path)).size);
    const [count] = await db.query<{ count: number }>(`SELECT count(*) AS count FROM published.${name}`);
    expect([name, rows]).toEqual([name, count!.count]);
    expect(await rowsOf(directory, name, format)).toHaveLength(rows);
    const columns = await viewColumns(db, name);
    expect(schema.fields.map((field) => [field.name, field.description])).toEqual(
      columns.map((column) => [column.name, column.comment]),
    );
  }

  const sums = readFileSync(join(directory, 'SHA256SUMS'), 'utf8');
  const { SHA256SUMS: _, ...others } = digests;
  expect(sums).toBe(
    Object.entries(others)
      .map(([file, digest]) => `${digest}  ${file}\n`)
      .join(''),
  );

  const { censuses } = JSON.parse(readFileSync(join(directory, 'census.json'), 'utf8'));
  expect(censuses).toMatchObject([
    { census: 1, stage: 'finished', software: 'dane-census test', vantage: 'default', sample: null },
    { census: 2, lists: [{ name: 'our list.txt', complete: true, names: 41, duplicates: 1, invalid: 2 }] },
  ]);
  expect(JSON.stringify(censuses)).not.toContain('/tmp');

  const readme = readFileSync(join(directory, 'README.md'), 'utf8');
  expect(readme).toContain('# A title');
  expect(readme).toContain('Licence: CC-BY-4.0.');
  expect(readme).toContain(`| \`fact_domain.${format}\` | 160 |`);
  for (const { name, description } of resources.flatMap(({ schema }) => schema.fields)) {
    expect(readme.split('\n')).toContainEqual(expect.stringMatching(`^\\| \`${name}\` \\| .* \\| `));
    expect(readme).toContain(description);
  }

  expect(filesOf(await packaged(db, format))).toEqual(digests);
});

test('keys, types and cells of the network in CSV', async () => {
  const db = await freshDatabase();
  await fakeCensus(db, 40);
  const directory = await packaged(db, 'csv');
  const { resources }: Descriptor = JSON.parse(readFileSync(join(directory, 'datapackage.json'), 'utf8'));
  const domains = resources.find(({ name }) => name === 'fact_domain')!;
  expect(domains.schema.primaryKey).toEqual(['census_id', 'ordinal']);
  const types = Object.fromEntries(domains.schema.fields.map(({ name, type }) => [name, type]));
  expect(types).toMatchObject({
    ordinal: 'integer',
    domain: 'string',
    tags: 'object',
    weight: 'number',
    ds_algorithms: 'array',
    mta_sts: 'boolean',
    seen_at: 'datetime',
  });
  const invalid = await rowsOf(directory, 'invalid_name', 'csv');
  expect(invalid.map(({ text }) => text)).toEqual(["'=no..name", "'-x..y"]);
  const [endpoint] = await rowsOf(directory, 'fact_endpoint', 'csv');
  expect(endpoint!.banner).toMatch(/^'=cmd\|/);
});

test('a fact that has octets or an address is text', async () => {
  const db = await freshDatabase();
  await fakeCensus(db, 40);
  const directory = await packaged(db, 'parquet');
  const [handshake] = await rowsOf(directory, 'fact_handshake', 'parquet');
  expect(handshake).toMatchObject({ address: '2001:db8::25', leaf_spki: null });
  expect(handshake!.chain).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ]);
  const certificates = await rowsOf(directory, 'fact_certificate', 'parquet');
  expect(certificates.map(({ sha256 }) => sha256)).toContain((handshake!.chain as string[])[0]);
  expect(certificates[0]).toMatchObject({ not_before: new Date(0), not_after: null });
  const domains = await rowsOf(directory, 'fact_domain', 'parquet');
  expect(domains.find(({ ordinal }) => ordinal === 4)!.tags).toEqual({ sector: '=1+1', 10: 'ä', b: '' });
});

test('an interruption ends the writing', async () => {
  const db = await freshDatabase();
  await fakeCensus(db, 10);
  const controller = new AbortController();
  controller.abort();
  await expect(packaged(db, 'csv', controller.signal)).rejects.toBe(controller.signal.reason);
});
