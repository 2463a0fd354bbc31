/** `check` over real Postfixes that differ in TLS: versions, keys, and what they show to clients without SNI. */
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/survey/facts.ts';
import type { EndpointFacts } from '../../src/survey/probed-facts.ts';
import { certificate, credentials } from '../net/fake-smtp-server.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { missingForPostfix, type PostfixListener, startPostfix } from './postfix.ts';
import { addresses, domain, internetOf, rootHints } from './small-internet.ts';

const missing = missingForNsd() ?? missingForPostfix();
if (missing !== undefined) console.warn(`checking the TLS of a real Postfix needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function spkiDigest(fixture: string): string {
  const key = new X509Certificate(certificate(fixture)).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('hex');
}

interface Case {
  /** Chain files by fixture, leaf first. */
  readonly chains: readonly (readonly string[])[];
  /** For clients that name the host; all others are shown `chains`. */
  readonly named?: readonly string[];
  readonly settings?: readonly string[];
  /** The fixture that the TLSA record describes. */
  readonly tlsaOf: string;
  readonly endpoint: Partial<EndpointFacts>;
  readonly protocol: string;
  readonly findings: readonly Finding['key'][];
  readonly exit: number;
}

/** What Postfix calls cipher grade `export` is free to be set, and wide enough for old versions and small keys. */
const everyCipher = ['smtpd_tls_ciphers=export', 'tls_export_cipherlist=ALL:@SECLEVEL=0'];
const well = { verdict: 'authenticated', secondKey: 'not-offered', withoutSni: 'same-chain' } as const;
const good: Case = {
  chains: [['leaf-ec', 'int2']],
  tlsaOf: 'leaf-ec',
  endpoint: { ...well, tls12: true, tls13: true, matchedWithoutSni: true },
  protocol: 'TLSv1.3',
  findings: [],
  exit: 0,
};

const cases: Readonly<Record<string, Case>> = {
  both: good,
  only12: {
    ...good,
    settings: ['smtpd_tls_protocols=>=TLSv1.2,<=TLSv1.2'],
    endpoint: { ...well, tls12: true, tls13: false },
    protocol: 'TLSv1.2',
  },
  only13: {
    ...good,
    settings: ['smtpd_tls_protocols=>=TLSv1.3'],
    endpoint: { ...well, tls12: false, tls13: true },
  },
  old: {
    ...good,
    settings: ['smtpd_tls_protocols=>=TLSv1,<=TLSv1.1', ...everyCipher],
    endpoint: { ...well, secondKey: 'not-asked', tls12: false, tls13: false },
    protocol: 'TLSv1.1',
    findings: ['tls-version-old'],
    exit: 1,
  },
  small: {
    ...good,
    chains: [['weak-rsa']],
    tlsaOf: 'weak-rsa',
    settings: everyCipher,
    endpoint: { ...well, tls12: true },
    findings: ['tls-key-small'],
    exit: 1,
  },
  dual: {
    ...good,
    chains: [['leaf-ec', 'int2'], ['leaf-rsa']],
    endpoint: { verdict: 'degraded', secondKey: 'seen', withoutSni: 'same-chain', tls12: true, tls13: true },
    exit: 1,
  },
  sni: {
    ...good,
    chains: [['leaf-rsa']],
    named: ['leaf-ec', 'int2'],
    endpoint: { ...well, withoutSni: 'other-key', matchedWithoutSni: false },
    findings: ['tlsa-match-needs-sni'],
  },
  samekey: {
    ...good,
    chains: [['leaf-ec']],
    named: ['leaf-ec', 'int2'],
    endpoint: { ...well, withoutSni: 'same-key', matchedWithoutSni: true },
  },
  wrongname: {
    ...good,
    named: ['leaf-rsa'],
    endpoint: { ...well, verdict: 'failed', withoutSni: 'other-key', matchedWithoutSni: true },
    findings: ['tlsa-match-without-sni-only'],
    exit: 1,
  },
};

const labels = Object.keys(cases);
const addressOf = (label: string) => `5.45.2.${labels.indexOf(label) + 1}`;

interface Printed {
  readonly hosts: readonly {
    readonly endpoints: readonly EndpointFacts[];
    readonly findings: readonly Finding[];
  }[];
}

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('check, Postfix and its TLS', () => {
  let namespace: NetworkNamespace;
  let directory: string;
  const running: AsyncDisposable[] = [];

  beforeAll(async () => {
    expect(missing).toBeUndefined();
    const zones = await signZones(
      internetOf(
        labels.map((label) => {
          const tlsa = `3 1 1 ${spkiDigest(cases[label]!.tlsaOf)}`;
          return domain(label, [`mx A ${addressOf(label)}`, `_25._tcp.mx TLSA ${tlsa}`], {
            algorithm: 'ECDSAP256SHA256',
          });
        }),
      ),
    );
    namespace = await makeNetworkNamespace();
    running.push(await startNsd(namespace, Object.values(addresses), zones));
    directory = await mkdtemp(join(tmpdir(), 'check-tls-'));
    await writeFile(join(directory, 'hints'), rootHints);
    await writeFile(join(directory, 'anchor'), zones.find(({ origin }) => origin === '.')!.ds);
    const listeners = await Promise.all(labels.map(listener));
    running.push(await startPostfix({ namespace, listeners }));
  });

  afterAll(async () => {
    for (const server of running) await server[Symbol.asyncDispose]();
    await namespace[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  async function chainFile([leaf = '', ...above]: readonly string[]): Promise<string> {
    const path = join(directory, `${[leaf, ...above].join('+')}.pem`);
    const { key, cert } = credentials(leaf, ...above);
    await writeFile(path, key + cert);
    return path;
  }

  async function listener(label: string): Promise<PostfixListener> {
    const { chains, named, settings = [] } = cases[label]!;
    const chainFiles = await Promise.all(chains.map(chainFile));
    const listening = { address: addressOf(label), level: 'may', chainFiles } as const;
    if (named === undefined) return { ...listening, settings };
    const map = join(directory, `${label}.sni`);
    await writeFile(map, `mx.${label}.nl ${await chainFile(named)}\n`);
    return { ...listening, settings: [...settings, `tls_server_sni_maps=texthash:${map}`] };
  }

  async function check(label: string, ...more: readonly string[]): Promise<{ code: number; stdout: string }> {
    const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
    const options = ['--timeout', '1000', '--smtp-timeout', '5000', ...files, ...more];
    const [command, entered] = namespace.enter(
      process.execPath,
      commandLine,
      'check',
      `${label}.nl`,
      ...options,
    );
    return new Promise((resolve) => {
      const child = execFile(command, entered, (_error, stdout) =>
        resolve({ code: child.exitCode ?? -1, stdout }),
      );
    });
  }

  test.each(labels)('%s.nl', async (label) => {
    const { endpoint, protocol, findings, exit } = cases[label]!;
    const { code, stdout } = await check(label, '--json');
    const [host] = (JSON.parse(stdout) as Printed).hosts;
    expect(host?.endpoints).toMatchObject([endpoint]);
    expect(host?.endpoints[0]?.handshakes[0]?.protocol).toBe(protocol);
    expect(host?.findings.map(({ key }) => key)).toEqual(findings);
    expect(code).toBe(exit);
  });

  test('as sentences', async () => {
    expect((await check('only12')).stdout).toMatch(/^ {6}TLS 1\.2: yes; TLS 1\.3: no$/m);
    expect((await check('sni')).stdout).toMatch(
      /^ {6}without SNI: a certificate of another key, which no TLSA record matches$/m,
    );
  });
});
