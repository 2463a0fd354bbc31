/** Censuses of the lab, judged again from their evidence: without the lab, which is gone by then, and without a socket. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { reasonOf } from '../../src/base/reasons/catalogue.ts';
import type { JudgeDomain } from '../../src/census/job.ts';
import { beginOrResumeRejudging, runRejudging } from '../../src/census/rejudge.ts';
import { createRejudgingSurveyor } from '../../src/census/rejudging-surveyor.ts';
import { createReplay } from '../../src/census/replay.ts';
import { begin, resumable, runCensus } from '../../src/census/run-census.ts';
import { showEvidence } from '../../src/census/show-evidence.ts';
import { createSurvey } from '../../src/census/stack.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from '../../src/cli/network-options.ts';
import type { EvidencePolicy } from '../../src/evidence/to-be-proved.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { findCensus } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { readRejudgement } from '../../src/store/rejudge-record.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import { freshDatabase } from '../store/template.ts';
import { allRows } from './all-rows.ts';
import { fakeJudge, fakeSurveyor } from './fake-surveyor.ts';

vi.mock('node:dgram', async (original) => {
  const real = await original<typeof import('node:dgram')>();
  return { ...real, createSocket: vi.fn(real.createSocket) };
});
vi.mock('node:net', async (original) => {
  const real = await original<typeof import('node:net')>();
  return { ...real, connect: vi.fn(real.connect) };
});

const options = addNetworkOptions(new Command()).parse([], { from: 'user' }).opts<NetworkOptions>();
const clock = () => 1_800_000_000;
const SOFTWARE = 'test 1';
const DOMAINS = 150;
const quiet = {
  clock,
  watch: () => {},
  report: (message: string) => {
    throw new Error(message);
  },
};

async function census(db: Db, lab: Lab, evidence: EvidencePolicy): Promise<number> {
  const waits = { timeoutMs: 500, smtpTimeoutMs: 1500, queriesPerSecond: 0 };
  const survey = { ...surveyConfigFrom(options), ...lab.config, ...waits };
  const config = { lists: ['the lab'], jobSize: 100, survey, lab: null, evidence };
  const begun = await begin(db, config, 'test 0', clock);
  const surveyor = createSurvey(survey, evidence);
  await runCensus({
    ...quiet,
    db,
    census: begun,
    surveyor,
    judge: judgeDomain,
    concurrency: { domains: 4, hosts: 4 },
    signal: new AbortController().signal,
    async *read() {
      for (const name of lab.names()) yield [Buffer.from(name)];
    },
  });
  await surveyor.close();
  return begun.id;
}

async function rejudge(db: Db, from: number, judge: JudgeDomain = judgeDomain) {
  const { signal } = new AbortController();
  const rejudging = await beginOrResumeRejudging(db, from, SOFTWARE, clock);
  const outcome = await runRejudging(rejudging, { ...quiet, db, judge, signal, grace: 50 });
  return { id: rejudging.census.id, outcome };
}

/** Neither is reachable after the lab's end; but nobody shall even try. */
function socketsOpened(): number {
  return vi.mocked(createSocket).mock.calls.length + vi.mocked(connect).mock.calls.length;
}

/** A judge of another opinion: nobody fails. */
const lenient: typeof judgeDomain = (facts, hosts) => {
  const judged = judgeDomain(facts, hosts);
  return judged.verdict === 'dane-failed' ? { verdict: 'dane', reason: null } : judged;
};

async function verdictsOf(db: Db, id: number): Promise<Record<string, number>> {
  const rows = await db.query<{ verdict: string; count: number }>(
    'SELECT verdict, count(*)::int AS count FROM dane.domain_verdict WHERE census_id = $1 GROUP BY verdict',
    [id],
  );
  return Object.fromEntries(rows.map(({ verdict, count }) => [verdict, count]));
}

test.each(['all', 'findings'] as const)(
  'evidence of %s gives the very same rows again, or newer verdicts beside the old, and no socket is opened',
  async (policy) => {
    const lab = await startLab({ domains: DOMAINS, seed: 3 });
    const db = await freshDatabase();
    const from = await census(db, lab, policy);
    await lab.close();
    const before = socketsOpened();
    expect(before).toBeGreaterThan(0);
    const old = await allRows(db, from);

    const same = await rejudge(db, from);
    expect(same.outcome).toBe('finished');
    expect(await allRows(db, same.id)).toEqual(old);
    const counts = await readRejudgement(db, same.id);
    expect(counts.domainsReplayed + counts.domainsCarried).toBe(DOMAINS);
    expect(counts.hostsReplayed + counts.hostsCarried).toBe(old.host_fact!.length);
    const { kept } = await subjectsOf(db, from);
    if (policy === 'findings') {
      await expectProof(db, from);
      expect(counts.domainsReplayed + counts.hostsReplayed).toBe(
        kept.filter(({ complete }) => complete).length,
      );
    } else {
      // None but the few hosts whose servers were asked in another way by somebody else, if any.
      expect(counts.domainsCarried + counts.hostsCarried).toBeLessThan(DOMAINS / 50);
    }

    const newer = await rejudge(db, from, lenient);
    const [verdicts, oldVerdicts] = [await verdictsOf(db, newer.id), await verdictsOf(db, from)];
    expect(oldVerdicts['dane-failed']).toBeGreaterThan(0);
    expect(verdicts['dane-failed']).toBeUndefined();
    expect(verdicts.dane).toBe(oldVerdicts.dane! + oldVerdicts['dane-failed']!);
    expect(await allRows(db, from)).toEqual(old);
    expect(socketsOpened()).toBe(before);
  },
  150_000,
);

/** A verdict that somebody may dispute has evidence; of one that is well what was kept until then is gone. */
async function expectProof(db: Db, from: number): Promise<void> {
  const { kept } = await subjectsOf(db, from);
  const broken = await db.query<{ name: string }>(
    `SELECT d.name FROM dane.domain d JOIN dane.domain_verdict v USING (census_id, ordinal)
      WHERE census_id = $1 AND verdict = 'dane-failed' ORDER BY d.name`,
    [from],
  );
  const names = new Set(kept.filter(({ subject }) => subject === 'domain').map(({ name }) => name));
  expect(broken.filter(({ name }) => !names.has(name))).toEqual([]);
  const proven = kept.find(({ name, complete }) => complete && broken.some((one) => one.name === name))!;
  const [shown] = await showEvidence(db, (await findCensus(db, from))!, proven.name);
  expect(shown).toMatchObject({ subject: 'domain', complete: true, missing: [] });
  expect(shown!.exchanges[0]!.octets.length).toBeGreaterThan(0);
  const [well] = await db.query<{ wrong: number }>(
    `SELECT count(*)::int AS wrong FROM dane.evidence_subject s
       JOIN dane.domain d USING (census_id, name) JOIN dane.domain_verdict v USING (census_id, ordinal)
      WHERE census_id = $1 AND s.subject = 'domain' AND v.verdict = 'dane' AND s.provisional IS NOT NULL`,
    [from],
  );
  expect(well!.wrong).toBe(0);
  const [loose] = await db.query<{ bundles: number }>(
    `SELECT count(*)::int AS bundles FROM dane.evidence_subject s
      WHERE census_id = $1 AND provisional IS NOT NULL
        AND NOT EXISTS (SELECT FROM dane.evidence e WHERE e.census_id = $1 AND e.bundle = s.provisional)`,
    [from],
  );
  expect(loose!.bundles).toBe(0);
}

async function subjectsOf(db: Db, id: number) {
  const kept = await db.query<{ subject: string; name: string; complete: boolean }>(
    'SELECT subject, name, complete FROM dane.evidence_subject WHERE census_id = $1',
    [id],
  );
  return { kept };
}

test('what there is no evidence of is taken over row by row, hostile text included, and gone on with where it was interrupted', async () => {
  const db = await freshDatabase();
  const survey = surveyConfigFrom(options);
  const config = { lists: ['fake'], jobSize: 100, survey, lab: null, evidence: 'findings' as const };
  const { id: from } = await begin(db, config, 'test 0', clock);
  const run = { ...quiet, db, judge: fakeJudge, concurrency: { domains: 2, hosts: 2 } };
  await runCensus({
    ...run,
    census: (await findCensus(db, from))!,
    surveyor: fakeSurveyor(),
    signal: new AbortController().signal,
    async *read() {
      for (let at = 0; at < 600; at++) yield [Buffer.from(`d${at % 550}.example`)];
      yield [Buffer.from('postmaster@d1.example')];
    },
  });
  const stop = new AbortController();
  const rejudging = await beginOrResumeRejudging(db, from, SOFTWARE, clock);
  const watch = ({ domainsDone }: { domainsDone: number }) => {
    if (domainsDone > 0) stop.abort();
  };
  expect(await runRejudging(rejudging, { ...run, signal: stop.signal, watch })).toBe('interrupted');
  await expect(resumable(db, rejudging.census.id)).rejects.toThrow('a census that looks for itself');

  const { id, outcome } = await rejudge(db, from, fakeJudge);
  expect({ id, outcome }).toEqual({ id: rejudging.census.id, outcome: 'finished' });
  const old = await allRows(db, from);
  expect(await allRows(db, id)).toEqual(old);
  expect(await readRejudgement(db, id)).toEqual({
    domainsReplayed: 0,
    domainsCarried: 550,
    hostsReplayed: 0,
    hostsCarried: old.host_fact!.length,
  });
  // What is judged again is always that of the census that looked.
  expect((await beginOrResumeRejudging(db, id, SOFTWARE, clock)).from.id).toBe(from);
});

test('a host that nobody looked at then is unknown by our own fault', async () => {
  const surveyor = createRejudgingSurveyor({
    db: await freshDatabase(),
    from: 1,
    policy: 'all',
    source: { recordsOf: () => [] },
    replay: createReplay(surveyConfigFrom(options)),
    startedAt: 5,
  });
  const { hosts, rejudged } = await surveyor.hosts(['new.example'], new AbortController().signal);
  expect(hosts).toMatchObject([{ host: 'new.example', verdict: 'unknown', reason: 'evidence-missing' }]);
  expect(reasonOf('evidence-missing').mender).toBe('ours');
  expect(rejudged).toEqual({ replayed: 0, carried: 1 });
});

test('a census without evidence is refused, and so is one that is not finished or not there', async () => {
  const db = await freshDatabase();
  const config = { lists: [], jobSize: 100, survey: {}, lab: null };
  const { id } = await begin(db, { ...config, evidence: 'none' }, 'test 0', clock);
  const refused = (number: number) => beginOrResumeRejudging(db, number, SOFTWARE, clock);
  await expect(refused(id)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('finished'),
  });
  await db.query(`UPDATE dane.census SET stage = 'finished' WHERE census_id = $1`, [id]);
  await expect(refused(id)).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('--evidence findings'),
  });
  await expect(refused(7)).rejects.toMatchObject({ name: 'UsageError' });
  expect(await db.query('SELECT FROM dane.census')).toHaveLength(1);
});
