/**
 * What a probe of a mail server costs, against Postfix's `posttls-finger` and `openssl s_client` in the same run: STARTTLS with a bank
 * of real servers (a Postfix smtpd for each address, half with a P-256 certificate, half with RSA-2048), servers on core 1, whoever
 * looks on core 0. The three take turns; ratios are of CPU time for each endpoint within one round, the median of the rounds is
 * shown. Then all that was seen is held against what the servers are.
 *
 * The other two are a process for each endpoint, ten at once, as one runs them from a shell: their start counts, since it comes with
 * every endpoint, and so does the trust store that s_client reads. Ours is the probe of a survey with its bounds; the start of Node,
 * once for a census, does not count. With fewer than three cores the servers are the limit of endpoints a second; CPU time is not.
 *
 * Needs root, two cores and the Debian packages iproute2, postfix and openssl. Touches no network but a namespace of its own, and
 * leaves nothing behind. Run it with: npm run bench:probe -- [--servers N] [--rounds N] [--sessions N] [--profile]
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs, promisify } from 'node:util';
import { makeNetworkNamespace } from '../test/interop/network-namespace.ts';
import { missingForPostfix, startPostfix } from '../test/interop/postfix.ts';
import { ec, pemOf, rsa } from '../test/interop/senders-chains.ts';
import type { Probed } from './bench-probes.ts';
import { profileTable } from './bench-profile.ts';
import { median, pinned } from './bench-rounds.ts';

const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '3' },
    sessions: { type: 'string', default: '100' },
    profile: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

/** How often each server is looked at in a round: longer for whoever is quick, so that each has seconds. */
const PASSES = { ours: 20, finger: 2, openssl: 1 } as const;
const AT_ONCE = 10;
/** Seconds, for one program in one round. */
const PATIENCE = 120;
const PORT = 25;

interface Measured {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly endpoints: number;
  readonly mistakes: number;
}

const missing = missingForPostfix() ?? (existsSync('/usr/bin/openssl') ? undefined : 'the package openssl');
if (missing !== undefined) throw new Error(`this benchmark needs ${missing}`);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const addresses = Array.from(
  { length: Number(values.servers) },
  (_, n) => `5.45.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`,
);
const families = ['ecdsa', 'rsa'] as const;
const familyOf = new Map(addresses.map((address, n) => [address, families[n % 2]!]));
const passes = (times: number) => Array.from({ length: times }, () => addresses).flat();

await using stack = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'bench-probe-'));
stack.defer(() => rm(directory, { recursive: true }));
const namespace = stack.use(await makeNetworkNamespace());
const chains = { ecdsa: join(directory, 'ecdsa.pem'), rsa: join(directory, 'rsa.pem') };
await writeFile(chains.ecdsa, pemOf(ec));
await writeFile(chains.rsa, pemOf(rsa));
say(`starting ${addresses.length} servers`);
stack.use(
  await startPostfix({
    namespace: pinned(namespace, 1),
    listeners: addresses.map((address) => ({
      address,
      chainFiles: [chains[familyOf.get(address)!]],
      level: 'may',
      // Nothing that throttles or logs: a server process for each address, started once.
      settings: [
        'smtpd_tls_loglevel=0',
        'smtpd_client_event_limit_exceptions=static:all',
        'max_use=100000',
        'max_idle=1h',
      ],
    })),
  }),
);

async function runOurs(more: readonly string[] = []): Promise<Measured & Probed> {
  const asked = passes(PASSES.ours);
  const script = join(import.meta.dirname, 'bench-probes.ts');
  const [program, args] = pinned(namespace, 0).enter(
    process.execPath,
    script,
    '--sessions',
    values.sessions,
    ...more,
  );
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: directory,
    timeout: PATIENCE * 1000,
  });
  child.stdin.end(asked.join('\n'));
  const probed = JSON.parse(await text(child.stdout)) as Probed;
  const mistakes = asked.filter((address, at) => probed.seen[at] !== `TLSv1.3 ${familyOf.get(address)}`);
  for (const wrong of mistakes.slice(0, 3)) say(`  ${wrong}: ${probed.seen[asked.indexOf(wrong)]}`);
  return { ...probed, endpoints: asked.length, mistakes: mistakes.length };
}

/** One process for each address, so many at once; CPU time is that of the shell's children, as the shell tells it. */
async function runParallel(
  times: number,
  command: string,
  mistakesIn: (output: string) => number,
): Promise<Measured> {
  const list = join(directory, 'addresses');
  await writeFile(list, `${passes(times).join('\n')}\n`);
  // s_client would wait for more to say.
  const script = `timeout ${PATIENCE} xargs -a ${list} -P ${AT_ONCE} -I ADDRESS ${command} 2>&1 </dev/null; times`;
  const [program, args] = pinned(namespace, 0).enter('sh', '-c', script);
  const began = performance.now();
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 28 });
  const wallSeconds = (performance.now() - began) / 1000;
  const spent = [
    ...stdout
      .trimEnd()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  const cpuSeconds = spent.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  return { cpuSeconds, wallSeconds, endpoints: times * addresses.length, mistakes: mistakesIn(stdout) };
}

const runFinger = () =>
  runParallel(PASSES.finger, `posttls-finger -c -l encrypt -L summary '[ADDRESS]'`, (output) => {
    const seen = new Map<string, number>();
    const form = /established to (\S+)\[\S+\]:25: TLSv1\.3 .* server-signature (ECDSA|RSA)/g;
    for (const [, address, family] of output.matchAll(form)) {
      if (familyOf.get(address!) === family!.toLowerCase()) seen.set(address!, (seen.get(address!) ?? 0) + 1);
    }
    return addresses.reduce((sum, address) => sum + PASSES.finger - (seen.get(address) ?? 0), 0);
  });

/** Its output names no address: what was seen is counted. */
const runOpenssl = () =>
  runParallel(PASSES.openssl, `openssl s_client -starttls smtp -brief -connect ADDRESS:${PORT}`, (output) => {
    const wanted = families.map((family) => addresses.filter((one) => familyOf.get(one) === family).length);
    const signatures = [/^Signature type: ECDSA/gm, /^Signature type: RSA/gm];
    return wanted.reduce(
      (sum, count, at) => sum + Math.abs(count - [...output.matchAll(signatures[at]!)].length),
      0,
    );
  });

const perEndpoint = ({ cpuSeconds, endpoints }: Measured) => (cpuSeconds * 1000) / endpoints;

function show(title: string, measured: readonly Measured[]): void {
  const each = measured.map(perEndpoint);
  const span = `${Math.min(...each).toFixed(2)}-${Math.max(...each).toFixed(2)}`;
  const rate = median(measured.map(({ endpoints, wallSeconds }) => endpoints / wallSeconds));
  say(
    `${title.padEnd(16)} ${median(each).toFixed(2)} ms CPU per endpoint (${span}), ` +
      `${Math.round(1000 / median(each))} endpoints per CPU-s, ${Math.round(rate)} endpoints/s, ` +
      `${measured.reduce((sum, { mistakes }) => sum + mistakes, 0)} wrong`,
  );
}

// Every server has started its process and looked at its keys before anything is measured.
await runOurs();
const ours: (Measured & Probed)[] = [];
const finger: Measured[] = [];
const openssl: Measured[] = [];
for (let round = 0; round < rounds; round++) {
  ours.push(await runOurs());
  finger.push(await runFinger());
  openssl.push(await runOpenssl());
  const times = [finger, openssl].map((peer) => perEndpoint(peer.at(-1)!) / perEndpoint(ours.at(-1)!));
  say(
    `round ${round + 1}: posttls-finger ${times[0]!.toFixed(1)} x ours, s_client ${times[1]!.toFixed(1)} x`,
  );
}
show('dane-census', ours);
show('posttls-finger', finger);
show('openssl s_client', openssl);
const ratio = (peer: readonly Measured[]) =>
  median(peer.map((one, round) => perEndpoint(one) / perEndpoint(ours[round]!))).toFixed(1);
say(
  `ratio            ${ratio(finger)} x less CPU than posttls-finger, ${ratio(openssl)} x less than s_client ` +
    `(paired, median of ${rounds})`,
);
say(
  `memory           ${Math.round(median(ours.map((one) => one.peakMegabytes)))} MB with ${values.sessions} sessions`,
);
if (values.profile) {
  const profile = join(directory, 'cpuprofile');
  await runOurs(['--profile', profile]);
  for (const line of profileTable(await readFile(profile, 'utf8'))) say(line);
}
if ([...ours, ...finger, ...openssl].some(({ mistakes }) => mistakes > 0)) process.exitCode = 1;
