/**
 * How fast lists go into the database: names per second of each format, and as a ratio against a bare `INSERT … unnest` of the same
 * names into the same table in the same run. In: --names N (default 200,000), --db URL or directory (default: a fresh embedded
 * database in the temporary directory), --profile FORMAT for that one only. Out: one line per format, with the names for each second
 * of this process's CPU time beside, which a busy machine does not change; the embedded database is in it, Postgres is not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { takeIn } from '../src/census/intake.ts';
import { columns } from '../src/store/bulk.ts';
import { beginCensus } from '../src/store/census-record.ts';
import type { Db } from '../src/store/db.ts';
import { openDatabase } from '../src/store/open.ts';

const BATCH = 5000;
const GROUP = 1000;

const { values } = parseArgs({
  options: {
    names: { type: 'string', default: '200000' },
    db: { type: 'string' },
    profile: { type: 'string' },
  },
});
const count = Number(values.names);

const nameOf = (at: number) => `domain-${at.toString(36)}-${(at * 7919) % 1000}.example`;
const sectors = ['bank', 'shop', 'school', 'health', 'public', 'press', 'other'];

/** The lines of one name, and those before all. */
const formats: Record<
  string,
  { readonly head: readonly string[]; readonly of: (at: number) => readonly string[] }
> = {
  plain: { head: [], of: (at) => [nameOf(at)] },
  tranco: { head: [], of: (at) => [`${at + 1},${nameOf(at)}`] },
  'csv, 3 tags': {
    head: ['domain,sector,region,registrar'],
    of: (at) => [`${nameOf(at)},${sectors[at % 7]},"region, ${at % 16}",registrar ${at % 300}`],
  },
  // As a signed registry's: 7 lines a name, half of them signed, one in twenty with name servers of its own.
  zone: {
    head: ['example. 900 IN SOA ns1.example. hostmaster.example. 1 2 3 4 5'],
    of: (at) => {
      const owner = `${nameOf(at)}.`;
      const own = at % 20 === 0;
      const signature = 'x'.repeat(86);
      const servers = own
        ? [`ns1.${owner}`, `ns2.${owner}`]
        : [`ns1.host${at % 5000}.net.`, `ns2.host${at % 5000}.net.`];
      return [
        ...servers.map((server) => `${owner} 7200 IN NS ${server}`),
        ...(at % 2 === 0
          ? [
              `${owner} 7200 IN DS ${at % 65_536} 13 2 ${at.toString(16).padStart(64, '0')}`,
              `${owner} 7200 IN RRSIG DS 13 2 7200 20260801000000 20260701000000 1234 example. ${signature}==`,
            ]
          : []),
        ...(own ? servers.map((server) => `${server} 7200 IN A 192.0.2.${at % 256}`) : []),
        `${at.toString(32).padStart(32, '0')}.example. 900 IN NSEC3 1 1 0 - ${'0'.repeat(32)} NS DS RRSIG`,
        `${at.toString(32).padStart(32, '0')}.example. 900 IN RRSIG NSEC3 13 2 900 20260801000000 20260701000000 1234 example. ${signature}==`,
      ];
    },
  },
};

const directory = mkdtempSync(join(tmpdir(), 'bench-intake-'));
const db = await openDatabase(values.db ?? join(directory, 'db'), 'create');
try {
  const bare = await timed(() => insertBare(db));
  console.log(`bare INSERT        ${perSecond(bare)}`);
  for (const [format, lines] of Object.entries(formats)) {
    if (values.profile !== undefined && values.profile !== format) continue;
    const took = await timed(() => take(db, lines));
    const ratio = (bare.seconds / took.seconds).toFixed(2);
    console.log(`${format.padEnd(18)} ${perSecond(took)}, ${ratio} of the bare INSERT`);
  }
  console.log(`peak memory        ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  await db.close();
  rmSync(directory, { recursive: true, force: true });
}

async function insertBare(into: Db): Promise<void> {
  const census = await beginCensus(into, {}, [], 'bench', 0);
  const into3 = columns('census_id int, ordinal int, name text');
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => [
      census,
      from + at + 1,
      nameOf(from + at),
    ]);
    await into.bulk('dane.domain', into3, rows);
  }
}

async function take(into: Db, { head, of }: (typeof formats)[string]): Promise<void> {
  const census = await beginCensus(into, {}, ['list'], 'bench', 0);
  let names = 0;
  await takeIn({
    db: into,
    census,
    jobSize: 2000,
    format: null,
    delegations: true,
    signal: new AbortController().signal,
    enqueue: async () => {},
    onNames: (added) => {
      names += added;
    },
    read: async function* () {
      yield head.map((line) => Buffer.from(line));
      for (let from = 0; from < count; from += GROUP) {
        const group: Buffer[] = [];
        for (let at = from; at < Math.min(count, from + GROUP); at++) {
          for (const line of of(at)) group.push(Buffer.from(line));
        }
        yield group;
      }
    },
  });
  if (names !== count) throw new Error(`internal error: ${names} names of ${count} were stored`);
}

interface Timed {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(work: () => Promise<void>): Promise<Timed> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function perSecond({ seconds, cpuSeconds }: Timed): string {
  const rate = (of: number) =>
    Math.round(count / of)
      .toLocaleString('en-US')
      .padStart(9);
  return `${rate(seconds)} names a second, ${rate(cpuSeconds)} a CPU second`;
}
