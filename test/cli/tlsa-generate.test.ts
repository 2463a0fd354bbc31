import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { writePemCertificate } from '../../src/pki/pem.ts';
import { certificate, credentials, listen, smtpServer } from '../net/fake-smtp-server.ts';
import { intermediate, leaf, MX, root } from '../pki/hierarchy.ts';
import { tlsa } from './tlsa-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'dane-census-generate-'));
afterAll(() => rmSync(directory, { recursive: true }));
const fixture = (name: string) => fileURLToPath(new URL(`../net/fixtures/${name}`, import.meta.url));
function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}
const generate = (...args: string[]) => tlsa('generate', ...args);

/** As OpenSSL 3.0.19 says of the fixtures, by the how-to's commands. */
const openssl = {
  ecKey: '01af3a6bbb68fab1a9bbc2bc992a55518dc2b0b9f5ae34579b17087ef13f7576',
  ecKey512:
    'd319b90a28362892470111fc9719b9f180c9e15073affab701c71a8ccfe76119afce8782557ca334a0e6b016da80e7b29c404a61b76c8995a0f7b6df45821966',
  ecCertificate: '626bed3d798fdbafcd09d8e29c551560cdf959ac3b205281b79399f60e0a31ed',
  rsaKey: '7f44a7cce9564ba564a8a40b64205accdc87b61dc777eb82ff5e8f876a874aea',
  intermediateKey: '1e1c72dfd6a572d0acb7820b184af8050cfb7285457786c002083458d0b34c45',
  rootKey: '0a89c1cd76ae6144837147b95735c33eebeda0bcb0dc125813b2affa10cb9362',
};

describe('tlsa generate: the digests of the how-to’s openssl commands', () => {
  test.each([
    ['a certificate', ['leaf-ec.pem'], `3 1 1 ${openssl.ecKey}`],
    ['a private key', ['leaf-ec.key'], `3 1 1 ${openssl.ecKey}`],
    ['SHA2-512', ['leaf-ec.pem', '--matching-type', '2'], `3 1 2 ${openssl.ecKey512}`],
    ['the certificate itself', ['leaf-ec.pem', '--selector', '0'], `3 0 1 ${openssl.ecCertificate}`],
    ['RSA', ['leaf-rsa.pem'], `3 1 1 ${openssl.rsaKey}`],
    ['an issuer', ['int2.pem', '--usage', '2'], `2 1 1 ${openssl.intermediateKey}`],
    ['a root', ['root.pem', '--usage', '2'], `2 1 1 ${openssl.rootKey}`],
  ])('%s', async (_, [name, ...args], rr) => {
    const { stdout } = await generate(fixture(name!), ...args, '--json');
    expect(JSON.parse(stdout).records).toMatchObject([{ rr }]);
  });

  test('lines of a zone file: the leaf, then each issuer with its name', async () => {
    const chain = file('chain.pem', [leaf(), intermediate(), root()].map(writePemCertificate).join(''));
    const { stdout, stderr, exitCode } = await generate(chain, '--name', `${MX.toUpperCase()}.`);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`; made of ${chain}`);
    expect(lines[1]).toMatch(
      /^_25\._tcp\.mx\.provider\.test\. IN TLSA 3 1 1 [0-9a-f]{64} ; CN=mx\.provider\.test$/,
    );
    expect(lines[2]).toMatch(/IN TLSA 2 1 1 [0-9a-f]{64} ; CN=Intermediate CA$/);
    expect(lines[3]).toMatch(/IN TLSA 2 1 1 [0-9a-f]{64} ; CN=Root CA$/);
    expect(lines[4]).toBe('; TTL: 1800 to 3600 seconds is advised');
    expect(lines).toHaveLength(5);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: undefined });
  });

  test('a certificate’s name cannot write a line of its own', async () => {
    const evil = file(
      'evil.pem',
      writePemCertificate(leaf({ subject: 'a\n_25._tcp.x. IN TLSA 3 1 1 00\u001b[2J' })),
    );
    const { stdout } = await generate(evil, '--name', MX);
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('; '))).toHaveLength(1);
    expect(stdout).not.toContain('\u001b');
  });

  test('several files, another port, advice on stderr', async () => {
    const args = [fixture('leaf-ec.pem'), fixture('leaf-rsa.pem'), '--port', '587', '--name', 'mx.example'];
    const { stdout, stderr } = await generate(...args, '--selector', '0');
    expect(stdout.match(/^_587\._tcp\.mx\.example\. IN TLSA 3 0 1 /gm)).toHaveLength(2);
    expect(stderr).toContain('advice: selector 0');
  });

  test('--json names the advice, and writes nothing else', async () => {
    const { stdout, stderr } = await generate(fixture('leaf-ec.pem'), '--usage', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      owner: null,
      advice: [{ key: 'usage-pkix' }],
      ttl: { least: 1800, most: 3600 },
      records: [{ line: null, certificate: { keyAlgorithm: 'ec', keyBits: 256 } }],
    });
    expect(stderr).toBe('');
  });
});

describe('tlsa generate --server', () => {
  const live = (port: number, ...args: string[]) =>
    generate('--server', `127.0.0.1:${port}`, '--allow-private', '--json', ...args);

  test('both key algorithms, with their issuers; SNI is the name', async () => {
    const [ec, rsa] = [credentials('leaf-ec', 'int2'), credentials('leaf-rsa', 'int2')];
    await using server = await smtpServer({ tls: { key: [ec.key, rsa.key], cert: [ec.cert, rsa.cert] } });
    const { stdout, exitCode } = await live(server.port, '--name', 'mx.example');
    const { owner, records } = JSON.parse(stdout);
    expect(owner).toBe(`_${server.port}._tcp.mx.example.`);
    expect(records.map(({ rr }: { rr: string }) => rr).sort()).toEqual(
      [
        `2 1 1 ${openssl.intermediateKey}`,
        `2 1 1 ${openssl.intermediateKey}`,
        `3 1 1 ${openssl.ecKey}`,
        `3 1 1 ${openssl.rsaKey}`,
      ].sort(),
    );
    expect(new Set(server.serverNames)).toEqual(new Set(['mx.example']));
    expect(exitCode).toBeUndefined();
  });

  test('a server without STARTTLS: exit 2, with the reason', async () => {
    await using server = await smtpServer({ ehlo: '250 mx\r\n' });
    const { stdout, exitCode } = await live(server.port);
    expect(JSON.parse(stdout)).toMatchObject({
      records: [],
      notSeen: [{ where: '127.0.0.1', because: 'starttls-not-offered' }],
    });
    expect(exitCode).toBe(2);
  });

  test('RFC 6890: an address for special use is not dialled unless allowed', async () => {
    await using server = await listen(() => {});
    const { stdout, exitCode } = await generate('--server', `127.0.0.1:${server.port}`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ notSeen: [{ because: 'address-not-dialled' }] });
    expect({ exitCode, connections: server.connections }).toEqual({ exitCode: 2, connections: 0 });
  });
});

describe('tlsa generate: bad usage', () => {
  const good = fixture('leaf-ec.pem');
  test.each([
    ['nothing', []],
    ['a file and a server', [good, '--server', 'mx.example']],
    ['a file that is not there', [join(directory, 'absent.pem')]],
    ['a directory', [directory]],
    ['no PEM', [file('text.pem', 'hello')]],
    ['a certificate cut off', [file('cut.pem', certificate('leaf-ec').slice(0, 200))]],
    ['a block that is no certificate', [file('odd.pem', writePemCertificate(new Uint8Array(9)))]],
    ['a key behind a passphrase', [file('locked.key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\n')]],
    ['selector 0 of a key', [fixture('leaf-ec.key'), '--selector', '0']],
    ['usage 4', [good, '--usage', '4']],
    ['selector 2', [good, '--selector', '2']],
    ['matching type 3', [good, '--matching-type', '3']],
    ['port 0', [good, '--port', '0']],
    ['a name that is none', [good, '--name', 'a b']],
    ['an empty name', [good, '--name', '']],
    ['a server without name', ['--server', ':25']],
    ['a server with a bad port', ['--server', 'mx.example:smtp']],
    ['a bracketed name', ['--server', '[mx.example]:25']],
  ])('%s', async (_, args) => {
    await expect(generate(...args)).rejects.toThrow(UsageError);
  });
});
