/**
 * Runs within the network namespace of `bench-probe.ts`: probes every address on standard input with the probe and the bounds of a
 * survey, in this thread, and prints what it cost as one JSON object. `--profile FILE` writes a CPU profile of the probes (not of the
 * start). Each address stands for a provider of its own.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/instant.ts';
import { createDialer } from '../src/net/dial.ts';
import { createSmtpProbe } from '../src/net/smtp-probe.ts';
import { SmtpSessions } from '../src/net/smtp-sessions.ts';
import { keyFamilyOf } from '../src/net/tls-chain.ts';
import type { ProbeResult } from '../src/survey/probe-port.ts';

/** What one run prints. */
export interface Probed {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
  /** "TLSv1.3 ecdsa", or why there is none, of each address in the order of the input. */
  readonly seen: readonly string[];
}

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '100' }, profile: { type: 'string' } },
});
const addresses = (await text(process.stdin)).trim().split('\n');
const probe = createSmtpProbe({
  dialer: createDialer({ allowPrivate: false }),
  ehloName: 'probe.example',
  clock: systemClock,
});
const sessions = new SmtpSessions({ sessions: Number(values.sessions), sessionsPerProvider: 1 });

function look(address: string): Promise<ProbeResult> {
  const endpoint = { address, serverName: 'mx.example', bothKeyAlgorithms: false, everyTlsQuestion: false };
  return sessions.run({ address, provider: address }, () => probe(endpoint));
}

function told({ handshakes: [handshake], because }: ProbeResult): string {
  return handshake === undefined ? `${because}` : `${handshake.protocol} ${keyFamilyOf(handshake.chain)}`;
}

const profiler = new Session();
if (values.profile !== undefined) {
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.start');
}
const began = performance.now();
const before = process.cpuUsage();
const results = await Promise.all(addresses.map(look));
const { user, system } = process.cpuUsage(before);
const wallSeconds = (performance.now() - began) / 1000;
if (values.profile !== undefined) {
  const { profile } = await profiler.post('Profiler.stop');
  await writeFile(values.profile, JSON.stringify(profile));
}
const probed: Probed = {
  cpuSeconds: (user + system) / 1e6,
  wallSeconds,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  seen: results.map(told),
};
process.stdout.write(JSON.stringify(probed));
