/**
 * What our probe sees of real servers, Postfix and Exim, and what is judged of it. OpenSMTPD is not among them: 6.8 of Debian 12, the
 * only one there is, cannot do TLS with OpenSSL 3.
 */
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TlsaOutcome, TlsaRecord } from '../../src/dane/tlsa-record.ts';
import { judgeEndpoint } from '../../src/survey/judge-endpoint.ts';
import type { Endpoint, ProbeResult } from '../../src/survey/probe-port.ts';
import { certificate, credentials } from '../net/fake-smtp-server.ts';
import { groupWithExim, missingForExim, passwdWithExim } from './exim.ts';
import { startEximServer } from './exim-server.ts';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForPostfix, startPostfix } from './postfix.ts';

const missing = missingForPostfix();
if (missing !== undefined) console.warn(`probing a real Postfix needs ${missing}`);

/** A result that came through JSON: certificates are base64. */
type Printed = Omit<ProbeResult, 'handshakes'> & {
  readonly handshakes: readonly { readonly protocol: string; readonly chain: readonly string[] }[];
};

async function probeWithin(namespace: NetworkNamespace, addresses: readonly string[]): Promise<Printed[]> {
  const endpoints = addresses.map(
    (address): Endpoint => ({
      address,
      serverName: 'mx.example',
      bothKeyAlgorithms: true,
      everyTlsQuestion: true,
    }),
  );
  const script = fileURLToPath(new URL('probe-endpoint.ts', import.meta.url));
  const [command, args] = namespace.enter(process.execPath, script, JSON.stringify(endpoints));
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout) as Printed[];
}

const base64Of = (name: string) => new X509Certificate(certificate(name)).raw.toString('base64');
const noRoute = '2600::25';

describe.skipIf(missing !== undefined && process.env.CI !== 'true')('a real Postfix', () => {
  test('is probed: STARTTLS, both certificates, none, refused, no listener, no route', async () => {
    expect(missing).toBeUndefined();
    const directory = await mkdtemp(join(tmpdir(), 'chains-'));
    const chainFile = async (leaf: string, ...above: string[]) => {
      const { key, cert } = credentials(leaf, ...above);
      const path = join(directory, `${leaf}.pem`);
      await writeFile(path, key + cert);
      return path;
    };
    const ec = await chainFile('leaf-ec', 'int2', 'int1', 'root');
    const rsa = await chainFile('leaf-rsa', 'int2');
    try {
      await using namespace = await makeNetworkNamespace();
      await using postfix = await startPostfix({
        namespace,
        listeners: [
          { address: '5.45.1.1', level: 'may', chainFiles: [ec, rsa] },
          { address: '2a10:5300::1', level: 'may', chainFiles: [ec] },
          { address: '5.45.1.3', level: 'may', chainFiles: [rsa] },
          { address: '5.45.1.4', level: 'none', chainFiles: [] },
          {
            address: '5.45.1.5',
            level: 'may',
            chainFiles: [ec],
            settings: [
              'smtpd_tls_protocols=TLSv1',
              'smtpd_tls_ciphers=export',
              'tls_export_cipherlist=ALL:@SECLEVEL=0',
            ],
          },
        ],
      });
      const [dual, ecdsa, onlyRsa, plain, old, refused, routeless] = await probeWithin(namespace, [
        '5.45.1.1',
        '2a10:5300::1',
        '5.45.1.3',
        '5.45.1.4',
        '5.45.1.5',
        '5.45.1.99',
        noRoute,
      ]);
      expect(dual).toMatchObject({
        reached: 'tls',
        fault: null,
        banner: 'mx.example ESMTP Postfix',
        starttlsOffered: true,
        secondKey: 'seen',
      });
      expect(dual?.capabilities).toEqual(expect.arrayContaining(['PIPELINING', 'SIZE', 'STARTTLS']));
      expect(dual?.capabilitiesInTls).toEqual(expect.arrayContaining(['PIPELINING', 'SIZE']));
      expect(dual?.capabilitiesInTls).not.toContain('STARTTLS');
      expect(dual?.handshakes.map(({ chain }) => chain)).toEqual([
        ['leaf-ec', 'int2', 'int1', 'root'].map(base64Of),
        ['leaf-rsa', 'int2'].map(base64Of),
      ]);
      expect(ecdsa).toMatchObject({ reached: 'tls', secondKey: 'not-offered' });
      expect(ecdsa?.handshakes).toHaveLength(1);
      expect(onlyRsa).toMatchObject({ reached: 'tls', secondKey: 'not-offered' });
      expect(onlyRsa?.handshakes.map(({ chain }) => chain)).toEqual([['leaf-rsa', 'int2'].map(base64Of)]);
      expect(plain).toMatchObject({
        reached: 'ehlo',
        fault: 'theirs',
        because: 'starttls-not-offered',
        starttlsOffered: false,
      });
      expect(old).toMatchObject({ reached: 'tls', handshakes: [{ protocol: 'TLSv1' }] });
      expect(refused).toMatchObject({ reached: 'nothing', fault: 'theirs', because: 'connection-refused' });
      expect(routeless).toMatchObject({ reached: 'nothing', fault: 'ours', because: 'no-local-route' });
      expect(postfix.log()).toContain('TLS connection established from');
      // Politely left, but where TLS failed; and no mail was begun.
      const lost = postfix.log().match(/lost connection.*/g) ?? [];
      expect(lost.filter((line) => !line.startsWith('lost connection after STARTTLS'))).toEqual([]);
      expect(postfix.log()).not.toMatch(/mail=|rcpt=/);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }, 60_000);
});

const withoutExim = missingForExim();
if (withoutExim !== undefined) console.warn(`probing a real Exim needs ${withoutExim}`);

describe.skipIf(withoutExim !== undefined && process.env.CI !== 'true')('a real Exim', () => {
  const addresses = {
    dual: '5.45.2.1',
    ec: '2a10:5300::2:1',
    rsa: '5.45.2.3',
    plain: '5.45.2.4',
    lost: '5.45.2.5',
    old: '5.45.2.6',
    nobody: '5.45.2.99',
  } as const;
  type Listener = keyof typeof addresses;
  const seen = new Map<Listener, Printed>();
  let log = '';

  beforeAll(async () => {
    expect(withoutExim).toBeUndefined();
    const directory = await mkdtemp(join(tmpdir(), 'chains-'));
    // Exim's user passes through.
    await chmod(directory, 0o755);
    const chainFile = async (leaf: string, ...above: string[]) => {
      const { key, cert } = credentials(leaf, ...above);
      const path = join(directory, `${leaf}.pem`);
      await writeFile(path, key + cert);
      return path;
    };
    const ec = await chainFile('leaf-ec', 'int2', 'int1', 'root');
    const rsa = await chainFile('leaf-rsa', 'int2');
    const etc = { passwd: passwdWithExim(), group: groupWithExim() };
    try {
      await using namespace = await makeNetworkNamespace(etc);
      await using exim = await startEximServer(namespace, [
        { address: addresses.dual, chainFiles: [rsa, ec] },
        { address: addresses.ec, chainFiles: [ec] },
        { address: addresses.rsa, chainFiles: [rsa] },
        { address: addresses.plain, chainFiles: [] },
        { address: addresses.lost, chainFiles: [join(directory, 'lost.pem')] },
        { address: addresses.old, chainFiles: [rsa], priority: 'NORMAL:-VERS-ALL:+VERS-TLS1.0' },
      ]);
      const listeners = Object.keys(addresses) as Listener[];
      const results = await probeWithin(
        namespace,
        listeners.map((listener) => addresses[listener]),
      );
      for (const [at, listener] of listeners.entries()) seen.set(listener, results[at]!);
      log = exim.log();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }, 60_000);

  const tls = { reached: 'tls', fault: null, because: null, starttlsOffered: true } as const;
  test.each<[Listener, object]>([
    ['dual', { ...tls, secondKey: 'seen' }],
    ['ec', { ...tls, secondKey: 'not-offered' }],
    ['rsa', { ...tls, secondKey: 'not-offered' }],
    ['plain', { reached: 'ehlo', fault: 'theirs', because: 'starttls-not-offered', starttlsOffered: false }],
    ['lost', { reached: 'ehlo', fault: 'theirs', because: 'starttls-refused', starttlsOffered: true }],
    ['old', { ...tls, handshakes: [{ protocol: 'TLSv1' }] }],
    ['nobody', { reached: 'nothing', fault: 'theirs', because: 'connection-refused' }],
  ])('%s', (listener, facts) => {
    expect(seen.get(listener)).toMatchObject(facts);
  });

  const chains = (listener: Listener) => seen.get(listener)!.handshakes.map(({ chain }) => chain);
  const ecChain = ['leaf-ec', 'int2', 'int1', 'root'].map(base64Of);
  const rsaChain = ['leaf-rsa', 'int2'].map(base64Of);

  test('its greeting, what it offers within TLS, and its chains as sent', () => {
    expect(seen.get('ec')?.banner).toMatch(/^mx\.example ESMTP Exim/);
    expect(seen.get('ec')?.capabilities).toEqual(expect.arrayContaining(['PIPELINING', 'SIZE', 'STARTTLS']));
    expect(seen.get('ec')?.capabilitiesInTls).toEqual(expect.arrayContaining(['PIPELINING', 'SIZE']));
    expect(seen.get('ec')?.capabilitiesInTls).not.toContain('STARTTLS');
    expect(chains('ec')).toEqual([ecChain]);
    expect(chains('rsa')).toEqual([rsaChain]);
    expect(new Set(chains('dual'))).toEqual(new Set([ecChain, rsaChain]));
  });

  const record = (usage: number, name: string): TlsaRecord => {
    const spki = new X509Certificate(certificate(name)).publicKey.export({ type: 'spki', format: 'der' });
    const data = createHash('sha256').update(spki).digest();
    return { usage, selector: 1, matchingType: 1, data };
  };
  const [ec, rsa, stale, next] = ['leaf-ec', 'leaf-rsa', 'other', 'int1'].map((name) => record(3, name));
  const root = record(2, 'root');
  test.each<[string, Listener, TlsaOutcome, readonly (TlsaRecord | undefined)[], string, string | null]>([
    ['its key', 'ec', 'usable', [ec], 'authenticated', null],
    ['its key and the next one', 'ec', 'usable', [ec, next], 'authenticated', null],
    ['a stale key', 'ec', 'usable', [stale], 'failed', 'tlsa-mismatch'],
    ['a stale key, and its anchor', 'ec', 'usable', [stale, root], 'authenticated', null],
    ['an anchor that is not sent', 'rsa', 'usable', [root], 'failed', 'tlsa-mismatch'],
    ['both keys', 'dual', 'usable', [ec, rsa], 'authenticated', null],
    ['one of two keys', 'dual', 'usable', [ec], 'degraded', 'tlsa-mismatch-one-algorithm'],
    ['the other of two keys', 'dual', 'usable', [rsa], 'degraded', 'tlsa-mismatch-one-algorithm'],
    ['the key, over TLS 1.0', 'old', 'usable', [rsa], 'authenticated', null],
    ['a key, without STARTTLS', 'plain', 'usable', [ec], 'failed', 'starttls-not-offered'],
    ['nothing usable, without STARTTLS', 'plain', 'unusable', [], 'failed', 'starttls-not-offered'],
    ['a key, with the certificate file lost', 'lost', 'usable', [ec], 'failed', 'starttls-refused'],
    ['nothing, with the certificate file lost', 'lost', 'none', [], 'cleartext', 'starttls-refused'],
    ['a key, where nobody listens', 'nobody', 'usable', [ec], 'unknown', 'connection-refused'],
    ['nothing usable', 'ec', 'unusable', [], 'encrypted', 'tlsa-unusable'],
    ['nothing', 'ec', 'none', [], 'encrypted', null],
  ])('TLSA records of %s', (_, listener, tlsaOutcome, records, verdict, reason) => {
    const printed = seen.get(listener)!;
    const handshakes = printed.handshakes.map(({ chain }) => ({
      chain: chain.map((base64) => Buffer.from(base64, 'base64')),
    }));
    const demand = { tlsaOutcome, records: records.map((one) => one!), baseDomain: 'mx.example' };
    const judged = judgeEndpoint({ ...printed, handshakes }, demand, printed.seenAt);
    expect(judged).toMatchObject({ verdict, reason });
  });

  test('it was left politely, and no mail was begun', () => {
    expect(log).toMatch(/SMTP connection from .* closed by QUIT/);
    expect(log).not.toMatch(/unexpected disconnection|rejected MAIL|rejected RCPT|synchronization error/);
  });
});
