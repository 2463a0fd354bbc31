import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { takeIn } from '../../src/census/intake.ts';
import { beginCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { readSources } from '../../src/store/intake-record.ts';
import { freshDatabase, temporaryDirectory } from '../store/template.ts';

async function intake(db: Db, census: number, more: Partial<Parameters<typeof takeIn>[0]> = {}) {
  return takeIn({
    db,
    census,
    jobSize: 1000,
    format: null,
    delegations: true,
    signal: new AbortController().signal,
    enqueue: async () => {},
    onNames: () => {},
    ...more,
  });
}

function listFile(lines: readonly (string | Buffer)[]): string {
  const file = join(temporaryDirectory(), 'list.txt');
  writeFileSync(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  return file;
}

test('every line is a name, skipped, or kept with its number and reason', async () => {
  const db = await freshDatabase();
  const first = listFile([
    '\ufeffdomain',
    'a.example',
    '',
    '# no',
    'A.example.',
    'http://b.example',
    Buffer.from([0xff, 0xfe]),
    'c.example\r',
  ]);
  const second = listFile(['c.example', 'x'.repeat(20_000), 'd.example,tag']);
  const census = await beginCensus(db, {}, [first, second], 'test', 0);
  expect(await intake(db, census)).toBe(true);
  expect(await readSources(db, census)).toMatchObject([
    { complete: true, lines: 8, skipped: 3, names: 3, duplicates: 1, invalid: 2 },
    { complete: true, lines: 3, skipped: 0, names: 2, duplicates: 1, invalid: 1 },
  ]);
  expect(await db.query('SELECT ordinal, name FROM dane.domain ORDER BY ordinal')).toEqual([
    { ordinal: 1, name: 'a.example' },
    { ordinal: 3, name: 'c.example' },
    { ordinal: 5, name: 'd.example' },
  ]);
  expect(await db.query('SELECT source, line, reason FROM dane.invalid_name ORDER BY source, line')).toEqual([
    { source: 0, line: 6, reason: 'line-is-url' },
    { source: 0, line: 7, reason: 'line-not-utf8' },
    { source: 1, line: 2, reason: 'line-too-long' },
  ]);
});

test('cut off, it goes on where it was; a list that has changed meanwhile is refused', async () => {
  const db = await freshDatabase();
  const lines = Array.from({ length: 12_000 }, (_, at) => `d${at}.example`);
  const list = listFile(lines);
  const census = await beginCensus(db, {}, [list], 'test', 0);
  const stop = new AbortController();
  expect(await intake(db, census, { signal: stop.signal, onNames: () => stop.abort() })).toBe(false);
  expect(await readSources(db, census)).toMatchObject([{ complete: false, lines: 5000 }]);

  writeFileSync(list, lines.with(77, 'changed.example').join('\n'));
  await expect(intake(db, census)).rejects.toThrow('the list whose first 5000 lines were read before');
  writeFileSync(list, lines.slice(0, 100).join('\n'));
  await expect(intake(db, census)).rejects.toThrow('the list whose first 5000 lines were read before');

  writeFileSync(list, [...lines, 'more.example'].join('\n'));
  expect(await intake(db, census)).toBe(true);
  const [count] = await db.query('SELECT count(*) AS count, max(ordinal) AS last FROM dane.domain');
  expect(count).toEqual({ count: 12_001, last: 12_001 });
  const [parts] = await db.query(
    'SELECT count(*) AS parts, sum(last_ordinal - first_ordinal + 1) AS all FROM dane.part',
  );
  expect(parts).toEqual({ parts: 13, all: 12_001 });
});

test('CSV with quoted line ends, cut off and taken up again: nothing is missing and nothing twice', async () => {
  const db = await freshDatabase();
  const rows = Array.from({ length: 7000 }, (_, at) => `d${at}.example,${at + 1},"s${at % 7}\nof ${at % 2}"`);
  const list = listFile(['domain,rank,sector', ...rows]);
  const census = await beginCensus(db, {}, [list], 'test', 0);
  for (let more = true; more; ) {
    const stop = new AbortController();
    await intake(db, census, { signal: stop.signal, onNames: () => stop.abort() });
    const [source] = await readSources(db, census);
    more = !source!.complete;
  }
  expect(await readSources(db, census)).toMatchObject([{ lines: 14_001, names: 7000, invalid: 0 }]);
  const domains = await db.query<{ domain: string; rank: number; tags: object }>(
    'SELECT domain, rank, tags FROM published.domain_result ORDER BY ordinal',
  );
  expect(domains).toEqual(
    rows.map((_, at) => ({
      domain: `d${at}.example`,
      rank: at + 1,
      tags: { sector: `s${at % 7}\nof ${at % 2}` },
    })),
  );
  const [sets] = await db.query('SELECT count(*) AS sets FROM dane.tag_set');
  expect(sets).toEqual({ sets: 14 });
});

test('gzip and Zstandard of every format, several lists at once', async () => {
  const db = await freshDatabase();
  const packed = (name: string, octets: Buffer) => {
    const file = join(temporaryDirectory(), name);
    writeFileSync(file, octets);
    return file;
  };
  const lists = [
    packed('a.csv.gz', gzipSync('domain;rank;weight;sector\na.example;7;0.5;x\n')),
    packed('b.zone.zst', zstdCompressSync('$ORIGIN tld.\n@ SOA n h 1 2 3 4 5\nb NS ns.b\n')),
    packed('c.gz', gzipSync('1,c.example\n')),
  ];
  const census = await beginCensus(db, {}, lists, 'test', 0);
  await intake(db, census);
  expect(
    await db.query('SELECT domain, rank, weight, tags FROM published.domain_result ORDER BY ordinal'),
  ).toEqual([
    { domain: 'a.example', rank: 7, weight: 0.5, tags: { sector: 'x' } },
    { domain: 'b.tld', rank: null, weight: null, tags: null },
    { domain: 'c.example', rank: 1, weight: null, tags: null },
  ]);
  expect(await db.query('SELECT format, apex FROM dane.source ORDER BY source')).toEqual([
    { format: 'csv', apex: null },
    { format: 'zone', apex: 'tld' },
    { format: 'plain', apex: null },
  ]);
});

test('standard input that was read in part cannot be read again, and says so', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['-'], 'test', 0);
  const stop = new AbortController();
  const read = async function* () {
    for (let at = 0; at < 6000; at++) yield [Buffer.from(`d${at}.example`)];
  };
  await intake(db, census, { signal: stop.signal, onNames: () => stop.abort(), read });
  await expect(intake(db, census, { read })).rejects.toThrow('a list that can be read again');
});

test('two processes that read the lists of one census: the second is refused', async () => {
  const db = await freshDatabase();
  const census = await beginCensus(db, {}, ['list'], 'test', 0);
  const names = Array.from({ length: 5000 }, (_, at) => Buffer.from(`d${at}.example`));
  const other = async function* () {
    yield [...names, Buffer.from('other.example')];
  };
  const read = async function* () {
    yield names;
    await intake(db, census, { read: other });
    yield [Buffer.from('last.example')];
  };
  await expect(intake(db, census, { read })).rejects.toThrow(
    'a census whose lists no other process is reading',
  );
});

test('1,000,000 names are streamed, never held', async () => {
  const db = {
    query: async (text: string) =>
      text.includes('FROM dane.source')
        ? [
            {
              source: 0,
              name: 'list',
              complete: false,
              lines: 0,
              digest: null,
              skipped: 0,
              names: 0,
              duplicates: 0,
              invalid: 0,
            },
          ]
        : text.includes('count(*)')
          ? [{ count: 0 }]
          : [{}],
    bulk: async (_: string, __: unknown, rows: readonly unknown[]) => rows.length,
  } as unknown as Db;
  Object.assign(db, { tx: (work: (session: Db) => Promise<unknown>) => work(db) });
  const read = async function* () {
    for (let at = 0; at < 1000; at++) {
      yield Array.from({ length: 1000 }, (_, n) => Buffer.from(`domain-${at}-${n}.example`));
    }
  };
  let names = 0;
  let most = 0;
  const before = process.memoryUsage().heapUsed;
  await intake(db, 1, {
    read,
    onNames: (added) => {
      names += added;
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    },
  });
  expect(names).toBe(1_000_000);
  expect(most).toBeLessThan(200 * 2 ** 20);
}, 60_000);
