import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { writePemCertificate } from '../../src/pki/pem.ts';
import { credentials, smtpServer } from '../net/fake-smtp-server.ts';
import { intermediate, keys, leaf, MX, root } from '../pki/hierarchy.ts';
import { tlsa } from './tlsa-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'dane-census-plan-'));
afterAll(() => rmSync(directory, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}
const pem = (...ders: readonly Uint8Array[]) => ders.map(writePemCertificate).join('');
const privatePem = (key: (typeof keys)['ec']) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

const chain = file('chain.pem', pem(leaf(), intermediate(), root()));
const bare = file('leaf.pem', pem(leaf()));
const next = file('next.key', privatePem(keys.other));
const sameKey = file('same.key', privatePem(keys.ec));
const always = ['--name', MX, '--start', '2026-06-01T00:00:00Z', '--json'];
const plan = (...args: string[]) => tlsa('plan', ...args);

interface Printed {
  readonly ttl: number;
  readonly plans: readonly {
    readonly scheme: string;
    readonly steps: readonly {
      readonly notBefore: string;
      readonly records: readonly { readonly rr: string | null }[];
    }[];
  }[];
  readonly warnings: readonly { readonly about: string; readonly key: string }[];
}
const planned = async (...args: string[]) => JSON.parse((await plan(...always, ...args)).stdout) as Printed;

describe('tlsa plan', () => {
  test('both schemes, with dates and the exact records', async () => {
    const { plans, warnings } = await planned('--current', chain, '--next', next, '--ttl', '3600');
    const generated = async (...args: string[]) =>
      JSON.parse((await tlsa('generate', ...args, '--json')).stdout).records.map(
        ({ rr }: { rr: string }) => rr,
      );
    const [current, , top] = await generated(chain);
    const [following] = await generated(next);
    expect(plans.map(({ scheme }) => scheme)).toEqual(['current-next', 'current-issuer']);
    expect(plans.map(({ steps }) => steps.map(({ records }) => records.map(({ rr }) => rr)))).toEqual([
      [
        [current, following],
        [current, following],
        [following, null],
        [following, null],
      ],
      [
        [current, top],
        [current, top],
        [following, top],
        [following, top],
      ],
    ]);
    for (const { steps } of plans) {
      expect(steps.map(({ notBefore }) => notBefore)).toEqual([
        '2026-06-01T00:00:00Z',
        '2026-06-01T02:00:00Z',
        '2026-06-01T02:00:00Z',
        '2026-06-01T04:00:00Z',
      ]);
    }
    expect(warnings).toEqual([]);
  });

  test.each([
    ['a leaf alone and a next key', ['--current', bare, '--next', next], ['current-next']],
    ['a chain without a next key', ['--current', chain], ['current-issuer']],
    [
      'a leaf alone and its issuer',
      ['--current', bare, '--issuer', file('ca.pem', pem(intermediate()))],
      ['current-issuer'],
    ],
  ])('%s', async (_, args, schemes) => {
    const { plans, warnings } = await planned(...args, '--ttl', '3600');
    expect(plans.map(({ scheme }) => scheme)).toEqual(schemes);
    expect(warnings).toEqual([]);
  });

  const stranger = file(
    'stranger.pem',
    pem(root({ subject: 'Stranger', key: keys.other, issuer: { subject: 'Stranger', key: keys.other } })),
  );
  test.each([
    [
      'an issuer that signed nothing here',
      ['--current', bare, '--issuer', stranger],
      'current',
      'ta-chain-invalid',
    ],
    [
      'another host than the certificate names',
      ['--current', chain, '--name', 'other.test'],
      'current',
      'ta-name-mismatch',
    ],
    ['an expired certificate', ['--current', chain, '--start', '2030-01-01'], 'current', 'ta-expired'],
    [
      'a next chain of another CA',
      [
        '--current',
        chain,
        '--next',
        file('next.pem', pem(leaf({ key: keys.other, issuer: { subject: 'Stranger', key: keys.other } }))),
      ],
      'next',
      'tlsa-mismatch',
    ],
    ['a long TTL', ['--current', chain, '--ttl', '86400'], 'ttl', 'tlsa-ttl-long'],
    ['a short TTL', ['--current', chain, '--ttl', '60'], 'ttl', 'tlsa-ttl-short'],
    [
      'two keys and one next',
      ['--current', chain, '--current', file('rsa.key', privatePem(keys.rsa)), '--next', next],
      'keys',
      'rollover-one-algorithm',
    ],
  ])('%s: a warning', async (_, args, about, key) => {
    expect((await planned('--ttl', '3600', ...args)).warnings).toMatchObject([{ about, key }]);
  });

  test('in words: numbered, dated, and what is not made yet is said to be so', async () => {
    const args = ['--name', MX, '--start', '2026-06-01', '--ttl', '1800', '--current', bare, '--next', next];
    const { stdout } = await plan(...args);
    expect(stdout).toMatch(/^ {2}1\. from 2026-06-01T00:00:00Z: publish/m);
    expect(stdout).toMatch(/^ {2}2\. from 2026-06-01T01:00:00Z: ask every name server again/m);
    expect(stdout).toContain('IN TLSA 3 1 1 (made by: tlsa generate) ; the key after next');
    expect(stdout).toContain('For current + issuer, give the whole chain');
  });

  test('what is in use can be seen at the live server', async () => {
    await using server = await smtpServer({ tls: credentials('leaf-ec', 'int2') });
    const args = ['--server', `127.0.0.1:${server.port}`, '--allow-private', '--next', next, '--ttl', '3600'];
    const { plans } = await planned(...args, '--name', 'mx.example');
    expect(plans[0]!.steps[0]!.records[0]!.rr).toBe(
      '3 1 1 01af3a6bbb68fab1a9bbc2bc992a55518dc2b0b9f5ae34579b17087ef13f7576',
    );
    expect(plans.map(({ scheme }) => scheme)).toEqual(['current-next', 'current-issuer']);
  });

  test.each([
    ['no certificate in use', []],
    ['a certificate and a server', ['--current', chain, '--server', 'mx.example']],
    ['nothing to change to', ['--current', bare]],
    ['a next key that is in use', ['--current', bare, '--next', sameKey]],
    ['a TTL of 0', ['--current', chain, '--ttl', '0']],
    ['a start that is no time', ['--current', chain, '--start', 'soon']],
    ['a file that is not there', ['--current', join(directory, 'absent')]],
  ])('bad usage: %s', async (_, args) => {
    await expect(planned('--ttl', '3600', ...args)).rejects.toThrow(UsageError);
  });
});
