/** `tlsa generate` beside the commands of the how-to, run by a real openssl over certificates of every key type. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parseInstant } from '../../src/base/instant.ts';
import { issueCertificate } from '../../src/pki/issue-certificate.ts';
import { writePemCertificate } from '../../src/pki/pem.ts';

function missingOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'the Debian package openssl';
  }
}
const missing = missingOpenssl();
if (missing !== undefined) console.warn(`comparing TLSA records with openssl needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'openssl-tlsa-'));
afterAll(() => rmSync(directory, { recursive: true }));

const keys = {
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'RSA 4096': () => generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  Ed25519: () => generateKeyPairSync('ed25519').privateKey,
};

const run = (input: Buffer | undefined, ...args: string[]) => execFileSync('openssl', args, { input });
const hex = (octets: Buffer, digest: string) => run(octets, digest, '-binary').toString('hex');

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true')('tlsa generate and openssl', () => {
  test.each(Object.keys(keys) as (keyof typeof keys)[])('%s', (name) => {
    expect(missing).toBeUndefined();
    const key = keys[name]();
    const self = { subject: name, key };
    const der = issueCertificate({
      ...self,
      issuer: self,
      serial: 1,
      notBefore: parseInstant('2026-01-01')!,
      notAfter: parseInstant('2027-01-01')!,
    });
    const certificate = join(directory, 'certificate.pem');
    const privateKey = join(directory, 'private.pem');
    const publicKey = join(directory, 'public.pem');
    writeFileSync(certificate, writePemCertificate(der));
    writeFileSync(privateKey, key.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(publicKey, run(undefined, 'pkey', '-in', privateKey, '-pubout'));
    const spki = run(
      run(undefined, 'x509', '-in', certificate, '-noout', '-pubkey'),
      ...['pkey', '-pubin', '-outform', 'DER'],
    );
    const whole = run(undefined, 'x509', '-in', certificate, '-outform', 'DER');

    const expected = [
      [certificate, '1', '1', hex(spki, 'sha256')],
      [certificate, '1', '2', hex(spki, 'sha512')],
      [certificate, '1', '0', spki.toString('hex')],
      [certificate, '0', '1', hex(whole, 'sha256')],
      [certificate, '0', '2', hex(whole, 'sha512')],
      [certificate, '0', '0', whole.toString('hex')],
      [privateKey, '1', '1', hex(spki, 'sha256')],
      [publicKey, '1', '1', hex(spki, 'sha256')],
    ] as const;
    for (const [file, selector, matchingType, data] of expected) {
      const args = ['--selector', selector, '--matching-type', matchingType, '--json'];
      const said = execFileSync(process.execPath, [commandLine, 'tlsa', 'generate', file, ...args]);
      expect(JSON.parse(said.toString()).records).toMatchObject([{ data }]);
    }
  });
});
