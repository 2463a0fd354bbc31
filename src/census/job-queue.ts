/**
 * The jobs of one census, in pg-boss (schema `jobs` of the same database): one queue per stage, one job per open part.
 *
 * A job is created, claimed by one node at a time, and completed in the caller's transaction; completing is fenced to the
 * claim, so that a node that was thought dead cannot end a job that another one has now. A part has at most one live
 * job, whoever enqueues it and how often. What is done is not kept here but in `dane.part`: losing the queue loses nothing.
 *
 * When a node dies: on Postgres its jobs come back when their heartbeat has been missing for ten seconds; the embedded
 * database has no other node, so that whoever opens it makes the queues anew.
 */
import { type Db as BossDatabase, PgBoss } from 'pg-boss';
import type { Db, Session } from '../store/db.ts';
import { type Part, type PartStage, partStages } from '../store/part.ts';

/** The shortest that pg-boss allows. */
const HEARTBEAT_SECONDS = 10;

/** How often missing heartbeats are looked for. */
const MONITOR_SECONDS = 5;

/** The longest that pg-boss allows; jobs end by themselves, and dead nodes are found by their heartbeat. */
const EXPIRE_SECONDS = 24 * 3600;

/** A census may pause for long. */
const RETENTION_SECONDS = 365 * 24 * 3600;

/** A job comes back as often as nodes die; faults of ours are counted apart (`dane.part.failures`). */
const RETRY_LIMIT = 1_000_000;

/** A job that this node has now. */
export interface Claim extends Part {
  readonly id: string;
  /** Names the attempt. */
  readonly retryCount: number;
}

export interface JobQueue {
  /** Puts jobs into the queue, those that stand there already excepted. */
  enqueue(session: Session, parts: readonly Part[]): Promise<void>;
  /** At most `limit` jobs, which are this node's until completed, released or lost. */
  claim(stage: PartStage, limit: number): Promise<readonly Claim[]>;
  /** False where the claim was lost: the caller must roll back. */
  complete(session: Session, claim: Claim): Promise<boolean>;
  /** Gives the job back, to be claimed again at once. */
  release(claim: Claim): Promise<void>;
  /** To be called every few seconds for all claims held. */
  keepAlive(claims: readonly Claim[]): Promise<void>;
  /** Takes the queues away; for a census that is finished. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** How often `keepAlive` must be called, in milliseconds: three times within a heartbeat. */
export const KEEP_ALIVE_INTERVAL = (HEARTBEAT_SECONDS * 1000) / 3;

/** `onFault` hears of faults of the queue's own maintenance, which tries again by itself. */
export async function openJobQueue(
  db: Db,
  census: number,
  onFault: (error: Error) => void,
): Promise<JobQueue> {
  const shared = db.kind === 'postgres';
  const own = trackedDatabase(db);
  const boss = new PgBoss({
    db: own,
    backend: shared ? 'postgres' : 'pglite',
    schema: 'jobs',
    supervise: shared,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
    schedule: false,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', onFault);
  await boss.start();
  const queueOf = (stage: PartStage) => queueName(census, stage);
  for (const stage of partStages) {
    if (!shared) await boss.deleteQueue(queueOf(stage));
    await boss.createQueue(queueOf(stage), {
      policy: 'exclusive',
      retryLimit: RETRY_LIMIT,
      retryDelay: 0,
      expireInSeconds: EXPIRE_SECONDS,
      retentionSeconds: RETENTION_SECONDS,
      ...(shared ? { heartbeatSeconds: HEARTBEAT_SECONDS } : {}),
    });
  }
  return {
    async enqueue(session, parts) {
      for (const stage of partStages) {
        const jobs = parts
          .filter((part) => part.stage === stage)
          .map(({ part }) => ({ data: { part }, singletonKey: String(part) }));
        if (jobs.length > 0) await boss.insert(queueOf(stage), jobs, { db: bossDatabase(session) });
      }
    },
    async claim(stage, limit) {
      const jobs = await boss.fetch<{ part: number }>(queueOf(stage), { batchSize: limit });
      return jobs.map(({ id, retryCount, data }) => ({ stage, part: data.part, id, retryCount }));
    },
    async complete(session, claim) {
      const answer = await boss.complete(queueOf(claim.stage), claim, null, { db: bossDatabase(session) });
      // Left out of pg-boss's published types, and the only word on whether the claim still held; a test pins it.
      return (answer as { readonly affected?: number }).affected === 1;
    },
    async release(claim) {
      await boss.fail(queueOf(claim.stage), claim, null);
    },
    async keepAlive(claims) {
      if (!shared) return;
      for (const stage of partStages) {
        const held = claims.filter((claim) => claim.stage === stage);
        if (held.length > 0) await boss.touch(queueOf(stage), held);
      }
    },
    async remove() {
      for (const stage of partStages) await boss.deleteQueue(queueOf(stage));
    },
    async close() {
      await boss.stop({ graceful: false });
      await own.idle();
    },
  };
}

function queueName(census: number, stage: PartStage): string {
  return `census-${census}-${stage}`;
}

/** How many jobs of a census some node is working on; nobody else has the embedded database open. */
export async function heldJobs(db: Db, census: number): Promise<number> {
  const [queue] = await db.query<{ there: boolean }>("SELECT to_regclass('jobs.job') IS NOT NULL AS there");
  if (db.kind === 'embedded' || !queue!.there) return 0;
  const [row] = await db.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM jobs.job
      WHERE name = ANY($1::text[]) AND state = 'active'
        AND coalesce(heartbeat_on, started_on) > now() - make_interval(secs => $2::int)`,
    [partStages.map((stage) => queueName(census, stage)), HEARTBEAT_SECONDS],
  );
  return row!.held;
}

/** Takes away what the queue has of a census that is no more. */
export async function removeJobs(db: Db, census: number): Promise<void> {
  const fail = (error: Error) => {
    throw error;
  };
  const queue = await openJobQueue(db, census, fail);
  try {
    await queue.remove();
  } finally {
    await queue.close();
  }
}

/** pg-boss polls by itself, and stopping it does not wait for a poll under way: the database must not be closed under it. */
function trackedDatabase(session: Session): BossDatabase & { idle(): Promise<void> } {
  const { executeSql } = bossDatabase(session);
  const underWay = new Set<Promise<unknown>>();
  return {
    executeSql(text, values) {
      const asked = executeSql(text, values);
      underWay.add(asked);
      const over = () => underWay.delete(asked);
      asked.then(over, over);
      return asked;
    },
    async idle() {
      // A poll may ask again when its first answer is there.
      while (underWay.size > 0) {
        await Promise.allSettled(underWay);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** pg-boss sends parameters with one statement, or several statements without. */
function bossDatabase(session: Session): BossDatabase {
  return {
    async executeSql(text, values) {
      return { rows: values?.length ? await session.query(text, values) : await session.exec(text) };
    },
  };
}
