import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Endpoint, ProbeResult } from '../../src/survey/probe-port.ts';
import { certificate, credentials } from '../net/fake-smtp-server.ts';
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
    (address): Endpoint => ({ address, serverName: 'mx.example', bothKeyAlgorithms: true }),
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
