import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DomainFacts, HostFacts } from '../../src/survey/facts.ts';
import { judgeEndpointFor } from '../../src/survey/judge-endpoint.ts';
import { nextHopNames } from '../../src/survey/next-hop-names.ts';
import type { SendersVerdict } from '../../src/survey/sender-verdicts.ts';
import type { DomainVerdict, EndpointVerdict } from '../../src/survey/verdicts.ts';
import { eximOutcomes, groupWithExim, missingForExim, passwdWithExim, sendWithExim } from './exim.ts';
import { missingForPrograms, outputOf } from './name-servers-process.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { missingForPostfix, queueServices, startPostfix } from './postfix.ts';
import { type Delivery, outcomesOf, startSender, submit } from './postfix-sender.ts';
import { type Fingered, finger } from './posttls-finger.ts';
import { cases, providers, servers } from './senders-cases.ts';
import { pemOf } from './senders-chains.ts';
import { differences } from './senders-differences.ts';
import { addresses, internetOf, rootHints } from './small-internet.ts';
import { startUnbound } from './unbound.ts';

const missing =
  missingForNsd() ?? missingForPostfix() ?? missingForPrograms('/usr/sbin/unbound') ?? missingForExim();
if (missing !== undefined) console.warn(`sending with a real Postfix and Exim needs ${missing}`);

interface Checked extends SendersVerdict, Pick<DomainFacts, 'domain' | 'mail' | 'aliases'> {
  readonly verdict: DomainVerdict;
  readonly hosts: readonly Pick<HostFacts, 'host' | 'endpoints'>[];
}

/** With one certificate of two `degraded` is either, and posttls-finger is shown one. */
const matched: readonly EndpointVerdict[] = ['authenticated', 'degraded'];
const unmatched: readonly EndpointVerdict[] = ['failed', 'degraded', 'encrypted'];

/** What `check` says of the domains of all cases. */
async function check(namespace: NetworkNamespace, options: readonly string[]): Promise<Checked[]> {
  const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const domains = cases.map(({ label }) => `${label}.nl`);
  const limits = ['--timeout', '2000', '--smtp-timeout', '5000', '--queries-per-second', '0'];
  const printed = await outputOf(namespace, [
    process.execPath,
    commandLine,
    'check',
    '--json',
    ...limits,
    ...options,
    ...domains,
  ]);
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Checked);
}

const RESOLVER = '5.45.0.9';

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('what real senders do', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];
  const seen = new Map<string, Delivery>();
  const surveyed = new Map<string, Checked>();
  let fingered: ReadonlyMap<string, Fingered>;

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    const zones = await signZones(internetOf([...cases.flatMap((one) => one.zones), ...providers]));
    namespace = await makeNetworkNamespace({
      'resolv.conf': `nameserver ${RESOLVER}\noptions edns0 trust-ad\n`,
      passwd: passwdWithExim(),
      group: groupWithExim(),
    });
    directory = await mkdtemp(join(tmpdir(), 'senders-'));
    running.push(await startNsd(namespace, Object.values(addresses), zones));
    const anchor = zones.find(({ origin }) => origin === '.')!.ds;
    running.push(await startUnbound({ namespace, address: RESOLVER, hints: rootHints, anchor }));
    const chainFile = async (name: string, text: string) => {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    };
    const listeners = await Promise.all(
      servers.map(async ({ address, chains, bySni = {}, withoutKeys, level, settings = [] }, i) => {
        const files = chains.map((chain, j) => chainFile(`${i}-${j}.pem`, withoutKeys ? '' : pemOf(chain)));
        const sni = await Promise.all(
          Object.entries(bySni).map(async ([name, chain]) => {
            return `${name}=${await chainFile(`${i}-${name}.pem`, pemOf(chain))}`;
          }),
        );
        const maps = sni.length === 0 ? [] : [`tls_server_sni_maps=inline:{${sni.join()}}`];
        return { address, level, chainFiles: await Promise.all(files), settings: [...settings, ...maps] };
      }),
    );
    running.push(
      await startPostfix({
        namespace,
        hostname: 'mx.example',
        listeners,
        main: ['mynetworks = 0.0.0.0/0 [::]/0', 'default_transport = discard:'],
        services: queueServices,
      }),
    );
    const sender = await startSender(namespace);
    running.push(sender);
    const recipients = cases.map(({ label }) => `x@${label}.nl`);
    await submit(namespace, recipients);
    for (const [who, found] of await outcomesOf(sender, recipients)) seen.set(who, found);
    for (const setting of ['try', 'require']) {
      const log = await sendWithExim(namespace, [`hosts_${setting}_dane = *`], recipients);
      for (const [who, found] of eximOutcomes(log)) seen.set(`exim-${setting} ${who}`, found);
    }
    fingered = await finger(
      namespace,
      cases.map(({ label }) => `${label}.nl`),
    );
    const hints = await chainFile('hints', rootHints);
    const anchors = await chainFile('anchor', anchor);
    for (const one of await check(namespace, ['--root-hints', hints, '--trust-anchor', anchors])) {
      surveyed.set(one.domain, one);
    }
  });

  afterAll(async () => {
    for (const server of running.reverse()) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  describe.each(cases)('$label', ({ label, seen: expected, open = [], exceptions = {} }) => {
    test('as the senders’ logs say', () => {
      for (const [sender, outcomes] of Object.entries(expected)) {
        const found = seen.get(`${sender} x@${label}.nl`);
        expect.soft(outcomes, `${sender}: ${found?.line}`).toContain(found?.outcome);
      }
    });

    test('as our own survey says', () => {
      const { senders } = surveyed.get(`${label}.nl`)!;
      for (const [key, outcomes] of Object.entries(expected)) {
        const ours = senders.find(({ sender }) => sender === key)!;
        const said = `${key}: ${JSON.stringify(ours)}`;
        if (open.includes(ours.sender)) {
          expect.soft(ours.outcome, said).toBe('unknown');
          expect.soft(ours.possible, said).toEqual(expect.arrayContaining([...outcomes]));
        } else {
          const exception = exceptions[ours.sender];
          const wanted = exception === undefined ? outcomes : [exception.ours];
          expect.soft(new Set(ours.possible), said).toEqual(new Set(wanted));
          expect.soft(ours.outcome, said).toBe(ours.possible.at(-1));
        }
      }
    });
  });

  test('where Postfix and Exim differ, RFC 7672 has its say, and one of them follows it', () => {
    const differing = cases.filter(({ seen: { 'postfix-dane': postfix, 'exim-try': exim } }) => {
      return postfix!.join() !== exim!.join();
    });
    expect(differing.map(({ label }) => label).sort()).toEqual(Object.keys(differences).sort());
    for (const { label, seen: logged } of differing) {
      const programs = [...logged['postfix-dane']!, ...logged['exim-try']!];
      expect.soft(programs, label).toEqual(expect.arrayContaining([...differences[label]!.rfc7672]));
    }
  });

  test('RFC 7672 §3.2.2: the verdict of a domain whose name a certificate bears is what Postfix does', () => {
    const verdictOf = (domain: string) => surveyed.get(domain)!.verdict;
    expect(verdictOf('ta-next-hop.nl')).toBe('dane');
    expect(verdictOf('alias.ta-expanded.nl')).toBe('dane');
    expect(verdictOf('alias.ta-way.nl')).toBe('dane-failed');
    expect(verdictOf('ta-wrong-name.nl')).toBe('dane-failed');
    expect(verdictOf('insecure-mx-ta-next-hop.nl')).toBe('insecure-mx');
  });

  test('posttls-finger agrees on every address where it came to TLS', () => {
    expect(fingered.size).toBeGreaterThan(60);
    for (const [domain, { host, address, matches }] of fingered) {
      const facts = surveyed.get(domain)!;
      const found = facts.hosts.find((one) => one.host === host)!;
      const endpoint = found.endpoints.find((one) => one.address === address)!;
      const { verdict } = judgeEndpointFor(endpoint, nextHopNames(facts));
      expect.soft(matches ? matched : unmatched, domain).toContain(verdict);
    }
  });
});
