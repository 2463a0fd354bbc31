import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificate, credentials } from '../net/fake-smtp-server.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { missingForPostfix, startPostfix } from './postfix.ts';
import { addresses, domain, internetOf, rootHints } from './small-internet.ts';

const missing = missingForNsd() ?? missingForPostfix();
if (missing !== undefined) console.warn(`checking against a real NSD and Postfix needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function spkiDigest(fixture: string): string {
  const key = new X509Certificate(certificate(fixture)).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('hex');
}

const P256 = { algorithm: 'ECDSAP256SHA256' };
const matching = `3 1 1 ${spkiDigest('leaf-ec')}`;
const stale = `3 1 1 ${'ab'.repeat(32)}`;
const ipv4 = { good: '5.45.1.1', dual: '5.45.1.2', plain: '5.45.1.3' };
const ipv6 = '2a10:5300::1';

/** Domain, extra lines, whether it is signed, what `check` must find and exit with. */
const cases = [
  ['good', [`mx A ${ipv4.good}`, `mx AAAA ${ipv6}`, `_25._tcp.mx TLSA ${matching}`], P256, 'dane', 0],
  ['stale', [`mx A ${ipv4.good}`, `_25._tcp.mx TLSA ${stale}`], P256, 'dane-failed', 1],
  [
    'next',
    [`mx A ${ipv4.good}`, `_25._tcp.mx TLSA ${stale}`, `_25._tcp.mx TLSA ${matching}`],
    P256,
    'dane',
    0,
  ],
  ['dual', [`mx A ${ipv4.dual}`, `_25._tcp.mx TLSA ${matching}`], P256, 'dane-degraded', 1],
  ['plain', [`mx A ${ipv4.plain}`, `_25._tcp.mx TLSA ${matching}`], P256, 'dane-failed', 1],
  ['pkix', [`mx A ${ipv4.good}`, `_25._tcp.mx TLSA 1 1 1 ${spkiDigest('leaf-ec')}`], P256, 'no-dane', 1],
  ['absent', [`mx A ${ipv4.good}`], P256, 'no-dane', 1],
  ['unsigned', [`mx A ${ipv4.good}`, `_25._tcp.mx TLSA ${matching}`], {}, 'no-dane', 1],
  ['nobody', [`mx A 5.45.9.9`, `_25._tcp.mx TLSA ${matching}`], P256, 'unknown', 2],
] as const;

interface Printed {
  readonly verdict: string;
  readonly hosts: readonly {
    readonly endpoints: readonly { readonly verdict: string }[];
    readonly tlsa: { readonly ttl: number } | null;
  }[];
  readonly advice: readonly { readonly key: string }[];
}

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('check, NSD and Postfix', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    const zones = await signZones(
      internetOf(cases.map(([label, lines, rest]) => domain(label, lines, rest))),
    );
    namespace = await makeNetworkNamespace();
    running.push(await startNsd(namespace, Object.values(addresses), zones));
    directory = await mkdtemp(join(tmpdir(), 'check-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), zones.find(({ origin }) => origin === '.')!.ds);
    const chainFile = async (fixture: string) => {
      const { key, cert } = credentials(fixture);
      await writeFile(join(directory, `${fixture}.pem`), key + cert);
      return join(directory, `${fixture}.pem`);
    };
    const ec = await chainFile('leaf-ec');
    const rsa = await chainFile('leaf-rsa');
    running.push(
      await startPostfix({
        namespace,
        listeners: [
          { address: ipv4.good, level: 'may', chainFiles: [ec] },
          { address: ipv6, level: 'may', chainFiles: [ec] },
          { address: ipv4.dual, level: 'may', chainFiles: [ec, rsa] },
          { address: ipv4.plain, level: 'none', chainFiles: [] },
        ],
      }),
    );
  });

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  async function type(...args: readonly string[]) {
    const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
    const options = ['--json', '--timeout', '1000', '--smtp-timeout', '5000', ...files];
    const [command, entered] = namespace.enter(process.execPath, commandLine, ...args, ...options);
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(command, entered, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  test.each(cases)('%s.nl', async (label, _lines, _rest, verdict, exit) => {
    const { code, stdout, stderr } = await type('check', `${label}.nl`);
    expect(stderr).toBe('');
    const printed = JSON.parse(stdout) as Printed;
    expect({ verdict: printed.verdict, exit: code }).toEqual({ verdict, exit });
    if (label === 'good') {
      const endpoints = printed.hosts.flatMap((host) => host.endpoints);
      expect(endpoints.map((endpoint) => endpoint.verdict)).toEqual(['authenticated', 'authenticated']);
    }
  });

  test.each([
    ['good', 'tlsa-single-record'],
    ['dual', 'tlsa-mismatch-one-algorithm'],
    ['plain', 'starttls-not-offered'],
    ['pkix', 'usage-pkix'],
    ['absent', 'tlsa-absent'],
    ['unsigned', 'domain-unsigned'],
  ])('advice to %s.nl: %s', async (label, key) => {
    const { advice } = JSON.parse((await type('check', `${label}.nl`)).stdout) as Printed;
    expect(advice.map((one) => one.key)).toContain(key);
  });

  test('current + next is a roll-over scheme', async () => {
    const { advice } = JSON.parse((await type('check', 'next.nl')).stdout) as Printed;
    expect(advice.map(({ key }) => key).filter((key) => /^(rollover|tlsa-single)/.test(key))).toEqual([]);
  });

  test('tlsa generate from a live server by its name: both keys', async () => {
    const { code, stdout } = await type('tlsa', 'generate', '--server', 'mx.dual.nl');
    const { owner, records } = JSON.parse(stdout);
    expect(owner).toBe('_25._tcp.mx.dual.nl.');
    expect(records.map(({ rr }: { rr: string }) => rr).sort()).toEqual(
      ['leaf-ec', 'leaf-rsa'].map((fixture) => `3 1 1 ${spkiDigest(fixture)}`).sort(),
    );
    expect(code).toBe(0);
  });

  test('tlsa plan takes the TTL from the DNS', async () => {
    const files = ['--current', join(directory, 'leaf-ec.pem'), '--next', join(directory, 'leaf-rsa.pem')];
    const plan = (host: string) => type('tlsa', 'plan', '--name', host, ...files);
    const { hosts } = JSON.parse((await type('check', 'good.nl')).stdout) as Printed;
    expect(JSON.parse((await plan('mx.good.nl')).stdout).ttl).toBe(hosts[0]!.tlsa!.ttl);
    const without = await plan('mx.absent.nl');
    expect(without).toMatchObject({ code: 64, stderr: expect.stringContaining('--ttl') });
  });
});
