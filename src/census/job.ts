/**
 * The three kinds of jobs. Each reads what is still to do for its part, hands it to the surveyor in slices, and writes
 * every slice as it comes; the last slice, the closing of the part, the parts that follow and the completion of the job
 * are one transaction. A job that runs a second time finds only what the first left, and writes nothing twice.
 */
import type PQueue from 'p-queue';
import type { Clock } from '../base/instant.ts';
import { sliced } from '../base/sliced.ts';
import type { Db, Session } from '../store/db.ts';
import { advance, closePart, orderTransactions, readBucket, readRange } from '../store/part.ts';
import {
  type DomainToJudge,
  type PendingDomain,
  pendingDomains,
  pendingHosts,
  pendingVerdicts,
  writeVerdicts,
} from '../store/pending.ts';
import { writeDomains } from '../store/write-domains.ts';
import { writeHosts } from '../store/write-hosts.ts';
import type { HostForDomain } from '../survey/judge-domain.ts';
import { rememberingSendersJudge } from '../survey/sender-letters.ts';
import type { JudgedDomain } from '../survey/verdicts.ts';
import type { Claim, JobQueue } from './job-queue.ts';
import type { Tally } from './progress.ts';
import { providerBucket } from './provider-bucket.ts';
import type { SurveyedDomains, SurveyedHosts, Surveyor } from './surveyor.ts';
import { dropUncalledFor, writeBeside } from './write-beside.ts';

/** Domains that a thread gets at once: a slice is as slow as its slowest name, and is what a kill costs. */
export const DOMAIN_SLICE = 100;

/** Hosts that a thread gets at once. */
const HOST_SLICE = 100;

/** The most hosts that one job deals with; what is left in the bucket gets another job, behind those of other buckets. */
const HOSTS_PER_JOB = 400;

export type JudgeDomain = (
  facts: DomainToJudge['facts'],
  hosts: ReadonlyMap<string, HostForDomain>,
) => JudgedDomain;

export interface JobContext {
  readonly db: Db;
  readonly census: number;
  readonly queue: JobQueue;
  readonly surveyor: Surveyor;
  readonly judge: JudgeDomain;
  /** Bound the slices in flight, over all jobs of the node. */
  readonly slices: { readonly domains: PQueue; readonly hosts: PQueue };
  readonly tally: Tally;
  readonly clock: Clock;
  /** No new slice begins when it is aborted. */
  readonly stop: AbortSignal;
  /** Slices in flight are given up when it is aborted. */
  readonly abandon: AbortSignal;
}

/** Thrown by a job that was stopped before its end. */
export class JobStopped extends Error {}

/** Thrown by a job that another node has taken over. */
export class ClaimLost extends Error {}

/** Throws JobStopped, ClaimLost, or what went wrong; slices written until then stay. */
export function runJob(context: JobContext, claim: Claim): Promise<void> {
  switch (claim.stage) {
    case 'domains':
      return runDomainJob(context, claim);
    case 'hosts':
      return runHostJob(context, claim);
    case 'verdicts':
      return runVerdictJob(context, claim);
  }
}

async function runDomainJob(context: JobContext, claim: Claim): Promise<void> {
  const { db, census, surveyor, slices, abandon, stop, tally } = context;
  const range = await readRange(db, census, claim);
  const pending = range === null ? [] : await pendingDomains(db, census, range);
  const todo = sliced(pending, DOMAIN_SLICE);
  const write = (slice: readonly PendingDomain[], seen: SurveyedDomains) => async (session: Session) => {
    const facts = new Map(seen.domains.map((one) => [one.domain, one]));
    const rows = slice.map(({ ordinal, name }) => ({ ordinal, facts: present(facts.get(name), name) }));
    const written = await writeDomains(session, census, rows, providerBucket);
    await writeBeside(session, census, 'domains', seen);
    return () =>
      tally.add({
        domainsDone: written.domains,
        hosts: written.hosts,
        failures: seen.domains.filter(({ mail }) => mail === 'unknown').length,
      });
  };
  let left = todo.length;
  let last: Write | undefined;
  const results = await Promise.allSettled(
    todo.map(async (slice) => {
      const seen = await slices.domains.add(async () => {
        if (stop.aborted) throw new JobStopped();
        return surveyor.domains(
          slice.map(({ name, delegation }) => ({ name, delegation })),
          abandon,
        );
      });
      left--;
      if (left > 0) await commit(db, write(slice, seen));
      else last = write(slice, seen);
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  await end(context, claim, last);
}

/** Slice after slice: one provider is never asked by two threads at once. */
async function runHostJob(context: JobContext, claim: Claim): Promise<void> {
  const { db, census, surveyor, slices, abandon, stop, tally } = context;
  const bucket = await readBucket(db, census, claim.part);
  const pending = bucket === null ? [] : await pendingHosts(db, census, bucket, HOSTS_PER_JOB);
  const todo = sliced(pending, HOST_SLICE);
  let last: Write | undefined;
  for (const [number, slice] of todo.entries()) {
    const seen = await slices.hosts.add(async () => {
      if (stop.aborted) throw new JobStopped();
      return surveyor.hosts(slice, abandon);
    });
    const write = writeSlice(census, slice, seen, tally);
    if (number < todo.length - 1) await commit(db, write);
    else last = write;
  }
  await end(context, claim, last);
}

function writeSlice(census: number, slice: readonly string[], seen: SurveyedHosts, tally: Tally): Write {
  return async (session) => {
    const facts = new Map(seen.hosts.map((one) => [one.host, one]));
    const hosts = slice.map((host) => present(facts.get(host), host));
    const written = await writeHosts(
      session,
      census,
      hosts,
      seen.certificates,
      new Set(seen.evidence?.certificates),
    );
    await writeBeside(session, census, 'hosts', seen);
    return () =>
      tally.add({
        hostsDone: written,
        failures: hosts.filter(({ verdict }) => verdict === 'lookup-failed' || verdict === 'unknown').length,
      });
  };
}

async function runVerdictJob(context: JobContext, claim: Claim): Promise<void> {
  const { db, census, judge, tally } = context;
  tally.enter('judging');
  const range = await readRange(db, census, claim);
  const { domains, hosts } =
    range === null ? { domains: [], hosts: new Map() } : await pendingVerdicts(db, census, range);
  const mailOf = rememberingSendersJudge(hosts);
  const verdicts = domains.map(({ ordinal, facts }) => ({
    ordinal,
    judged: judge(facts, hosts),
    mail: mailOf(facts),
  }));
  await end(context, claim, async (session) => {
    const judged = await writeVerdicts(session, census, verdicts);
    await dropUncalledFor(session, census, domains, verdicts);
    return () => tally.add({ judged });
  });
}

/** Writes rows, and returns what to tell when they are committed. */
type Write = (session: Session) => Promise<() => void>;

async function commit(db: Db, write: Write): Promise<void> {
  (await db.tx(write))();
}

async function end(context: JobContext, claim: Claim, write: Write | undefined): Promise<void> {
  const { db, census, queue, clock } = context;
  const tell = await db.tx(async (session) => {
    const told = await write?.(session);
    await orderTransactions(session, census);
    await closePart(session, census, claim);
    if (!(await queue.complete(session, claim))) throw new ClaimLost();
    await queue.enqueue(session, await advance(session, census, clock()));
    return told;
  });
  tell?.();
}

/** A surveyor that leaves out a name would leave a hole in every rate. */
function present<T>(facts: T | undefined, name: string): T {
  if (facts === undefined) throw new Error(`internal error: the survey returned no facts of ${name}`);
  return facts;
}
