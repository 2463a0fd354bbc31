/** A process of its own for tests that kill it: runs or resumes a census, and says each step on standard output. */

import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import { openDatabase } from '../../src/store/open.ts';
import { fakeJudge, fakeSurveyor } from './fake-surveyor.ts';

const [where, list, resume] = process.argv.slice(2);
const db = await openDatabase(where!, 'create');
const clock = () => 1_700_000_000;
const census =
  resume === 'resume'
    ? await resumable(db, undefined)
    : await begin(db, { lists: [list!], jobSize: 100, survey: {}, lab: null }, 'test 0', clock);
const say = (text: string) => process.stdout.write(`${text}\n`);
const outcome = await runCensus({
  db,
  census,
  surveyor: fakeSurveyor(async (what) => {
    say(`ask ${what}`);
  }),
  judge: fakeJudge,
  concurrency: { domains: 4, hosts: 4 },
  clock,
  signal: new AbortController().signal,
  watch: ({ stage, domains, domainsDone, hostsDone, judged }) =>
    say(`${stage} ${domains} ${domainsDone} ${hostsDone} ${judged}`),
  report: (message) => process.stderr.write(`${message}\n`),
});
say(outcome);
await db.close();
