/**
 * Runs within the network namespace of `bench-resolve.ts`: looks up MX of every domain on standard input with one lookup in this
 * thread, cold, and prints what it cost as one JSON object. Arguments: those that `resolve` takes for the network, `--outstanding`, and
 * `--profile` with a file for a CPU profile of the lookups (not of the start).
 */
import crypto from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { syncBuiltinESMExports } from 'node:module';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import type { NetworkOptions } from '../src/cli/network-options.ts';

// The parts import `verify` by name: it is wrapped before they are loaded.
const bareVerify = crypto.verify;
let verifications = 0;
let verifyMs = 0;
crypto.verify = ((...args: Parameters<typeof bareVerify>) => {
  const began = performance.now();
  const valid = bareVerify(...args);
  verifyMs += performance.now() - began;
  verifications++;
  return valid;
}) as typeof bareVerify;
syncBuiltinESMExports();

const { createLookup } = await import('../src/census/stack.ts');
const { addNetworkOptions, surveyConfigFrom } = await import('../src/cli/network-options.ts');
const { parseName } = await import('../src/dns/name.ts');
const { RRType } = await import('../src/dns/rr-type.ts');

/** What one run prints. */
export interface Looked {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly verifications: number;
  /** Within `crypto.verify`, in seconds of the clock. */
  readonly verifySeconds: number;
  readonly peakMegabytes: number;
  /** The security status of each domain, in the order of the input. */
  readonly statuses: readonly string[];
}

interface Options extends NetworkOptions {
  readonly outstanding: string;
  readonly profile?: string;
}

const command = addNetworkOptions(new Command())
  .requiredOption('--outstanding <number>')
  .option('--profile <file>');
const options = command.parse().opts<Options>();
const names = (await text(process.stdin)).trim().split('\n');
const { lookup, close } = createLookup(surveyConfigFrom(options));
const statuses: string[] = [];
let next = 0;

async function lookUpTheRest(): Promise<void> {
  while (next < names.length) {
    const at = next++;
    const answer = await lookup.ask(parseName(names[at]!)!, RRType.MX);
    statuses[at] = answer.security.status;
  }
}

const profiler = new Session();
if (options.profile !== undefined) {
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.start');
}
const began = performance.now();
const before = process.cpuUsage();
await Promise.all(Array.from({ length: Number(options.outstanding) }, lookUpTheRest));
const { user, system } = process.cpuUsage(before);
const wallSeconds = (performance.now() - began) / 1000;
close();
if (options.profile !== undefined) {
  const { profile } = await profiler.post('Profiler.stop');
  await writeFile(options.profile, JSON.stringify(profile));
}
const looked: Looked = {
  cpuSeconds: (user + system) / 1e6,
  wallSeconds,
  verifications,
  verifySeconds: verifyMs / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  statuses,
};
process.stdout.write(JSON.stringify(looked));
