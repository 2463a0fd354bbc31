/**
 * How long each public view takes on a census, beside reading the verdict of each domain once (`ratio`), which nothing that counts
 * domains can do without. Every row is fetched and left.
 *
 *   node scripts/bench-views.ts --db ./census-data [--census 1] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { listCensuses } from '../src/store/census-record.ts';
import type { Db } from '../src/store/db.ts';
import { openDatabase } from '../src/store/open.ts';
import { listViews } from '../src/store/read-view.ts';

/** Rows that a cursor hands over at once. */
const FETCH_SIZE = 10_000;

const { values } = parseArgs({
  options: {
    db: { type: 'string', default: './census-data' },
    census: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});

const db = await openDatabase(values.db, 'existing');
try {
  const census = Number(
    values.census ?? (await listCensuses(db)).findLast(({ stage }) => stage === 'finished')?.id,
  );
  const rounds = Number(values.rounds);
  const times = new Map<string, { rows: number; ms: number[] }>();
  const note = (name: string, { rows, ms }: { rows: number; ms: number }) => {
    const known = times.get(name) ?? { rows, ms: [] };
    known.ms.push(ms);
    times.set(name, known);
  };
  const views = await listViews(db);
  for (let round = 0; round < rounds; round++) {
    note('', await read(db, `SELECT * FROM dane.domain_verdict WHERE census_id = ${census}`));
    for (const view of views)
      note(view, await read(db, `SELECT * FROM published.${view} WHERE census_id = ${census}`));
  }
  const base = median(times.get('')!.ms);
  console.log(`census ${census} (${db.kind}), medians of ${rounds}; ratio 1 is ${base.toFixed(0)} ms`);
  for (const [view, { rows, ms }] of [...times]
    .slice(1)
    .sort(([, a], [, b]) => median(b.ms) - median(a.ms))) {
    const time = median(ms);
    console.log(
      `${view.padEnd(34)} ${String(rows).padStart(9)} rows ${time.toFixed(0).padStart(7)} ms  ratio ${(time / base).toFixed(2)}`,
    );
  }
  console.log(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
} finally {
  await db.close();
}

async function read(on: Db, text: string): Promise<{ rows: number; ms: number }> {
  const began = performance.now();
  const rows = await on.tx(async (session) => {
    await session.query(`DECLARE view_rows NO SCROLL CURSOR FOR ${text}`);
    let count = 0;
    for (;;) {
      const fetched = await session.query(`FETCH ${FETCH_SIZE} FROM view_rows`);
      if (fetched.length === 0) return count;
      count += fetched.length;
    }
  });
  return { rows, ms: performance.now() - began };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
