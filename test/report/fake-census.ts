/** A finished census of a surveyor without a network, with whatever a list can say of domains. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import type { Db } from '../../src/store/db.ts';
import { tagSetKey } from '../../src/store/dictionary-key.ts';
import { fakeJudge, fakeSurveyor } from '../census/fake-surveyor.ts';
import { temporaryDirectory } from '../store/template.ts';

/** Its number. The list is written into `directory`. Lines that are no names are in the list too, and one name twice. */
export async function fakeCensus(
  db: Db,
  domains: number,
  clock = () => 1_700_000_000,
  directory = temporaryDirectory(),
): Promise<number> {
  const list = join(directory, 'our list.txt');
  const names = Array.from({ length: domains }, (_, at) => `d${at}.example`);
  writeFileSync(list, [...names, 'd0.example', '=no..name', '-x..y'].join('\n'));
  const census = await begin(
    db,
    { lists: [list], jobSize: 100, survey: { addressMap: null }, lab: null },
    'dane-census test',
    clock,
  );
  await runCensus({
    db,
    census: await resumable(db, census.id),
    surveyor: fakeSurveyor(),
    judge: fakeJudge,
    concurrency: { domains: 4, hosts: 4 },
    clock,
    signal: new AbortController().signal,
    watch: () => {},
    report: (message) => {
      throw new Error(message);
    },
    grace: 50,
  });
  const tags = [{ sector: '=1+1', 10: 'ä', b: '' }, { sector: 'Bank "x"' }, { sector: 'bank' }, null];
  for (const [at, of] of tags.entries()) {
    const tagSet = of === null ? null : tagSetKey(of);
    if (of !== null) {
      await db.query(
        'INSERT INTO dane.tag_set VALUES ($1::text::bigint, $2::text::jsonb) ON CONFLICT DO NOTHING',
        [String(tagSet), JSON.stringify(of)],
      );
    }
    await db.query(
      `UPDATE dane.domain SET tag_set = $1::text::bigint, rank = ordinal, weight = 1 / ordinal::double precision
        WHERE census_id = $2 AND ordinal % 4 = $3`,
      [tagSet === null ? null : String(tagSet), census.id, at],
    );
  }
  return census.id;
}
