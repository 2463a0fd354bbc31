/**
 * What resolving and validating costs, against Unbound in the same run: MX of every domain of a signed Internet of its own, cold
 * at each start, one thread on core 0, the name servers (NSD) and Unbound's client (dnsperf) on core 1. The two take turns;
 * ratios are of CPU time within one round, the median of the rounds is shown. Then both are held against the truth.
 *
 * Needs root, two cores and the Debian packages iproute2, nsd, unbound, dnsperf and bind9-dnsutils. Touches no network but a
 * namespace of its own, and leaves nothing behind. Run it with: npm run bench:resolve -- [--domains N] [--rounds N] [--profile]
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs, promisify } from 'node:util';
import { systemClock } from '../src/base/instant.ts';
import { askResolver } from '../test/interop/differential-resolvers.ts';
import { missingForPrograms } from '../test/interop/name-servers-process.ts';
import { makeNetworkNamespace, type NetworkNamespace } from '../test/interop/network-namespace.ts';
import { missingForNsd, startNsd } from '../test/interop/nsd.ts';
import { startUnbound } from '../test/interop/unbound.ts';
import { type BenchInternet, benchInternet } from './bench-internet.ts';
import type { Looked } from './bench-lookups.ts';
import { profileTable } from './bench-profile.ts';
import { median, pinned } from './bench-rounds.ts';

const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    domains: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    outstanding: { type: 'string', default: '500' },
    profile: { type: 'boolean', default: false },
  },
});
const size = Number(values.domains);
const rounds = Number(values.rounds);

const RESOLVER_ADDRESS = '5.45.0.9';
/** Questions to dig at a time: its output is held in memory. */
const QUESTIONS_AT_ONCE = 1000;
/** Clock ticks a second in /proc (USER_HZ), the same on every Linux. */
const TICKS = 100;
/** Large enough that nothing is dropped or forgotten within one run. */
const unboundSettings = [
  'so-rcvbuf: 4m',
  'num-threads: 1',
  'msg-cache-size: 128m',
  'rrset-cache-size: 256m',
  'key-cache-size: 64m',
  'neg-cache-size: 16m',
];

interface Measured {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly megabytes: number;
  readonly queries: number;
}

const missing = missingForNsd() ?? missingForPrograms('/usr/sbin/unbound', '/usr/bin/dig');
if (missing !== undefined) throw new Error(`this benchmark needs ${missing}`);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** UDP datagrams sent within the namespace so far. */
async function datagrams(namespace: NetworkNamespace): Promise<number> {
  const [program, args] = namespace.enter('cat', '/proc/net/snmp');
  const [names, numbers] = (await run(program, args)).stdout
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '));
  return Number(numbers![names!.indexOf('OutDatagrams')]);
}

/** Of the one process of that name within the namespace. */
async function pidOf(namespace: NetworkNamespace, command: string): Promise<number> {
  const pids = (await run('ip', ['netns', 'pids', namespace.name])).stdout.trim().split('\n');
  for (const pid of pids) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === command) return Number(pid);
  }
  throw new Error(`no ${command} in the namespace`);
}

async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function peakMegabytesOf(pid: number): Promise<number> {
  return Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

async function runOurs(
  namespace: NetworkNamespace,
  internet: BenchInternet,
  directory: string,
  more: readonly string[] = [],
): Promise<Measured & Looked> {
  const hints = join(directory, 'hints');
  const anchor = join(directory, 'anchor');
  await writeFile(hints, internet.hints);
  await writeFile(anchor, `${internet.anchor}\n`);
  const script = join(import.meta.dirname, 'bench-lookups.ts');
  const network = ['--root-hints', hints, '--trust-anchor', anchor, '--queries-per-second', '0'];
  const node = [process.execPath, script, ...network, '--outstanding', values.outstanding, ...more];
  const before = await datagrams(namespace);
  const [program, args] = pinned(namespace, 0).enter(...node);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: directory });
  child.stdin.end(internet.domains.map(({ name }) => name).join('\n'));
  const looked = JSON.parse(await text(child.stdout)) as Looked;
  const queries = ((await datagrams(namespace)) - before) / 2;
  return { ...looked, megabytes: looked.peakMegabytes, queries };
}

async function runUnbound(
  namespace: NetworkNamespace,
  internet: BenchInternet,
  questions: string,
  check: boolean,
): Promise<Measured & { readonly mistakes: number | undefined }> {
  const { hints, anchor, domains } = internet;
  const started = { namespace: pinned(namespace, 0), address: RESOLVER_ADDRESS, hints, anchor };
  await using _unbound = await startUnbound(started, unboundSettings);
  const pid = await pidOf(namespace, 'unbound');
  const sentBefore = await datagrams(namespace);
  const cpuBefore = await cpuSecondsOf(pid);
  const dnsperf = [
    'dnsperf',
    '-s',
    RESOLVER_ADDRESS,
    '-d',
    questions,
    '-D',
    '-b',
    '4096',
    '-n',
    '1',
    '-c',
    '1',
    '-T',
    '1',
  ];
  const [program, args] = pinned(namespace, 1).enter(...dnsperf, '-q', values.outstanding);
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 28 });
  const cpuSeconds = (await cpuSecondsOf(pid)) - cpuBefore;
  const queries = ((await datagrams(namespace)) - sentBefore) / 2 - domains.length;
  const number = (label: string) => Number(new RegExp(`${label}:\\s+([\\d.]+)`).exec(stdout)![1]);
  if (number('Queries lost') > 0) say(`  unbound lost ${number('Queries lost')} queries`);
  return {
    cpuSeconds,
    wallSeconds: number('Run time \\(s\\)'),
    megabytes: await peakMegabytesOf(pid),
    queries,
    mistakes: check ? await mistakesOfUnbound(namespace, internet) : undefined,
  };
}

/** What it answers from its cache against the truth. */
async function mistakesOfUnbound(namespace: NetworkNamespace, { domains }: BenchInternet): Promise<number> {
  let mistakes = 0;
  for (let at = 0; at < domains.length; at += QUESTIONS_AT_ONCE) {
    const some = domains.slice(at, at + QUESTIONS_AT_ONCE);
    const questions = some.map(({ name }) => `${name}. MX`);
    const verdicts = await askResolver(namespace, RESOLVER_ADDRESS, questions);
    mistakes += some.filter(({ truth }, i) => verdicts.get(questions[i]!)?.status !== truth).length;
  }
  return mistakes;
}

function show(title: string, measured: readonly Measured[], count: number): void {
  const each = measured.map(({ cpuSeconds }) => (cpuSeconds * 1000) / count);
  const span = `${Math.min(...each).toFixed(3)}-${Math.max(...each).toFixed(3)}`;
  const of = (pick: (one: Measured) => number) => median(measured.map(pick));
  say(
    `${title.padEnd(12)} ${median(each).toFixed(3)} CPU-s per 1000 domains (${span}), ` +
      `${Math.round(of(({ wallSeconds }) => count / wallSeconds))} domains/s, ` +
      `${(of(({ queries }) => queries) / count).toFixed(3)} queries per domain, ` +
      `${Math.round(of(({ megabytes }) => megabytes))} MB`,
  );
}

say(`signing ${size} domains`);
const internet = benchInternet(size, systemClock());
const { domains } = internet;
const directory = await mkdtemp(join(tmpdir(), 'bench-resolve-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rm(directory, { recursive: true }));
const namespace = stack.use(await makeNetworkNamespace());
for (const { addresses, zones } of internet.servers) {
  stack.use(await startNsd(pinned(namespace, 1), addresses, zones));
}
const questions = join(directory, 'questions');
await writeFile(questions, `${domains.map(({ name }) => `${name} MX`).join('\n')}\n`);

const ours: Looked[] = [];
const measured: { ours: Measured[]; unbound: Measured[] } = { ours: [], unbound: [] };
const ratios: number[] = [];
let mistakes = 0;
let mistakesOfPeer = 0;
for (let round = 0; round < rounds; round++) {
  const looked = await runOurs(namespace, internet, directory);
  const peer = await runUnbound(namespace, internet, questions, round === rounds - 1);
  ours.push(looked);
  measured.ours.push(looked);
  measured.unbound.push(peer);
  ratios.push(looked.cpuSeconds / peer.cpuSeconds);
  mistakes += domains.filter(({ truth }, at) => looked.statuses[at] !== truth).length;
  mistakesOfPeer += peer.mistakes ?? 0;
  say(`round ${round + 1}: ${ratios.at(-1)!.toFixed(2)} x unbound`);
}
show('dane-census', measured.ours, domains.length);
show('unbound', measured.unbound, domains.length);
const perDomain = median(ours.map(({ verifications }) => verifications / domains.length));
const share = median(ours.map(({ verifySeconds, cpuSeconds }) => verifySeconds / cpuSeconds));
say(`verifications ${perDomain.toFixed(3)} per domain, ${Math.round(share * 100)} % of our CPU time`);
say(`ratio        ${median(ratios).toFixed(2)} x unbound (paired, median of ${rounds})`);
const counts = ['secure', 'insecure', 'bogus'].map(
  (status) => `${domains.filter(({ truth }) => truth === status).length} ${status}`,
);
say(`truth        ${counts.join(', ')}; wrong: dane-census ${mistakes}, unbound ${mistakesOfPeer}`);
if (values.profile) {
  const profile = join(directory, 'cpuprofile');
  await runOurs(namespace, internet, directory, ['--profile', profile]);
  for (const line of profileTable(await readFile(profile, 'utf8'))) say(line);
}
if (mistakes + mistakesOfPeer > 0) process.exitCode = 1;
