/**
 * The lab: a whole small Internet in one process, reached through an address map without privileges. In: how many domains, and
 * a seed. Out: what to point a census at, and the truth to hold it against. Its servers run in a thread of their own and listen
 * on 127.0.0.1 only. The same seed and size give the same names, keys, certificates and behaviours at each start.
 */
import { Worker } from 'node:worker_threads';
import type { Instant } from '../base/instant.ts';
import { UsageError } from '../base/usage-error.ts';
import { planWorld } from './plan/world.ts';
import type { NameServerPlan } from './plan/zone-plan.ts';
import { CLOSED_PREFIXES, MAX_POPULATION } from './population/addresses.ts';
import type { LabTruth } from './truth.ts';

export interface LabOptions {
  /** From 1 to `MAX_POPULATION`; the zoo first, then the population. */
  readonly domains: number;
  readonly seed: number;
}

/** What to point a resolver or a census at. */
export interface LabConfig {
  /** As named.root. */
  readonly rootHints: string;
  /** As a zone file with a DS record. */
  readonly trustAnchors: string;
  /** As `net/address-map.ts` reads it. */
  readonly addressMap: string;
  /** The instant that signatures and certificates are to be judged at. */
  readonly now: Instant;
}

export interface Lab extends LabConfig {
  /** The same four, to be spread into a configuration. */
  readonly config: LabConfig;
  names(): Iterable<string>;
  readonly truth: LabTruth;
  /** Ends the thread with its sockets. */
  close(): Promise<void>;
}

/** 2026-07-01T12:00:00Z. A constant, so that reruns see the same certificates and a resumed census the same clock. */
export const LAB_NOW: Instant = 1_782_907_200;

/** tcpmux (RFC 1078), which nothing listens on: connections are refused by the system itself. */
const CLOSED_PORT = 1;

/** Starts the servers and waits until they listen. Throws `UsageError` for sizes that cannot be. */
export async function startLab({ domains, seed }: LabOptions): Promise<Lab> {
  if (!Number.isSafeInteger(domains) || domains < 1 || domains > MAX_POPULATION) {
    throw new UsageError('lab domains', String(domains), `a whole number from 1 to ${MAX_POPULATION}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new UsageError('lab seed', String(seed), 'a whole number from 0 to 4294967295');
  }
  const world = planWorld({ domains, seed });
  const worker = new Worker(new URL('../../workers/lab.ts', import.meta.url), {
    workerData: { domains, seed, now: LAB_NOW },
    // Options of the process that concern its own entry point (--input-type) would keep a thread from starting.
    execArgv: [],
  });
  const { dnsPort, smtpPort, trustAnchors } = await started(worker);
  const config: LabConfig = {
    rootHints: rootHintsOf(world.rootServers),
    trustAnchors,
    addressMap: [
      ...CLOSED_PREFIXES.map((prefix) => `${prefix} 127.0.0.1:${CLOSED_PORT}`),
      `*:53 127.0.0.1:${dnsPort} proxy`,
      `*:25 127.0.0.1:${smtpPort} proxy`,
      '',
    ].join('\n'),
    now: LAB_NOW,
  };
  return {
    ...config,
    config,
    names: world.names,
    truth: world.truth,
    async close() {
      await worker.terminate();
    },
  };
}

function rootHintsOf(servers: readonly NameServerPlan[]): string {
  const lines = servers.flatMap(({ host, addresses }) => [
    `. 3600000 NS ${host}.`,
    ...addresses.map((address) => `${host}. 3600000 ${address.includes(':') ? 'AAAA' : 'A'} ${address}`),
  ]);
  return `${lines.join('\n')}\n`;
}

/** What the thread posts once its servers listen. */
export interface Started {
  readonly dnsPort: number;
  readonly smtpPort: number;
  readonly trustAnchors: string;
}

function started(worker: Worker): Promise<Started> {
  return new Promise((resolve, reject) => {
    worker.once('message', (told: Started) => {
      worker.off('error', reject);
      // A thread that dies later would leave a census without answers: better end with it.
      worker.on('error', (error) => {
        throw error;
      });
      resolve(told);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`internal error: the lab's thread ended with ${code}`)));
  });
}
