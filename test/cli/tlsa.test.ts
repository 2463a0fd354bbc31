import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { UsageError } from '../../src/base/usage-error.ts';
import { writePemCertificate } from '../../src/pki/pem.ts';
import { digest, intermediate, keys, leaf, MX, root, spkiOf } from '../pki/hierarchy.ts';
import { tlsa } from './tlsa-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'dane-census-tlsa-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const chain = file('chain.pem', [leaf(), intermediate(), root()].map(writePemCertificate).join(''));
const [ee, ta, other] = [keys.ec, keys.root, keys.other].map((key) => toHex(digest('sha256', spkiOf(key))));
const sound = ['--chain', chain, '--name', MX, '--now', '2026-06-01T00:00:00Z'];

const verify = (...args: string[]) => tlsa('verify', ...args);

describe('tlsa verify --json', () => {
  test('a match: exit 0', async () => {
    const { stdout, exitCode } = await verify(...sound, '--rr', `3 1 1 ${ee}`, '--json');
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      matched: { usage: 3, selector: 1, matchingType: 1, depth: 0 },
      reason: null,
    });
    expect(exitCode).toBe(0);
  });

  test('several records, white space in the digest', async () => {
    const spaced = `2 1 1  ${ta!.slice(0, 10)} ${ta!.slice(10).toUpperCase()}`;
    const { stdout } = await verify(...sound, '--rr', `3 1 1 ${other}`, '--rr', spaced, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, matched: { usage: 2, depth: 2 } });
  });

  test.each([
    ['no match', ['--rr', `3 1 1 ${other}`], 'tlsa-mismatch'],
    ['a record that is unusable', ['--rr', `0 1 1 ${ee}`], 'tlsa-unusable'],
    ['a digest too short', ['--rr', '3 1 1 abcd'], 'tlsa-unusable'],
    ['expired under a trust anchor', ['--rr', `2 1 1 ${ta}`, '--now', '2030-01-01'], 'ta-expired'],
    ['another name', ['--rr', `2 1 1 ${ta}`, '--name', 'other.test'], 'ta-name-mismatch'],
    ['an empty file', ['--rr', `3 1 1 ${ee}`, '--chain', file('empty.pem', '\n')], 'chain-empty'],
    [
      'PEM of something else',
      ['--rr', `3 1 1 ${ee}`, '--chain', file('odd.pem', writePemCertificate(new Uint8Array(9)))],
      'leaf-unparsable',
    ],
  ])('%s: exit 1', async (_, args, reason) => {
    const { stdout, exitCode } = await verify(...sound, ...args, '--json');
    expect(JSON.parse(stdout)).toEqual({ ok: false, matched: null, reason });
    expect(exitCode).toBe(1);
  });

  test('a further reference name', async () => {
    const args = [...sound, '--rr', `2 1 1 ${ta}`, '--name', 'other.test', '--reference-name', 'x.test'];
    expect((await verify(...args, '--json')).exitCode).toBe(1);
    expect((await verify(...args, '--reference-name', MX, '--json')).exitCode).toBe(0);
  });
});

describe('tlsa verify, for people', () => {
  test('says what matched', async () => {
    const { stdout } = await verify(...sound, '--rr', `2 1 1 ${ta}`);
    expect(stdout).toBe(`${MX}: authenticated: the record 2 1 1 matches the certificate at depth 2\n`);
  });

  test('says what is wrong and how to mend it', async () => {
    const { stdout } = await verify(...sound, '--rr', `3 1 1 ${other}`);
    expect(stdout).toMatch(
      /^mx\.provider\.test: not authenticated: .*\(tlsa-mismatch, RFC 7672 §2\.2\)\n {2}hint: /,
    );
  });
});

describe('bad usage', () => {
  const rr = ['--rr', `3 1 1 ${ee}`];
  test.each([
    ['a file that is not there', ['--chain', join(directory, 'absent.pem'), ...rr], '--chain'],
    ['a directory', ['--chain', directory, ...rr], '--chain'],
    ['a file without PEM', ['--chain', file('text.pem', 'hello'), ...rr], '--chain'],
    [
      'a block without its end',
      ['--chain', file('cut.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n'), ...rr],
      '--chain',
    ],
    ['a record that is none', ['--rr', '3 1 abcd'], '--rr'],
    ['an odd number of digits', ['--rr', '3 1 1 abc'], '--rr'],
    ['a bad instant', ['--now', 'yesterday', ...rr], '--now'],
    ['an empty name', ['--name', '', ...rr], '--name'],
  ])('%s', async (_, args, where) => {
    const failure = verify(...sound, ...args, '--json');
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(where);
  });

  test.each([
    ['no record', sound],
    ['no chain', ['--name', MX, ...rr]],
    ['no name', ['--chain', chain, ...rr]],
    ['an unknown option', [...sound, ...rr, '--bogus']],
  ])('%s', async (_, args) => {
    await expect(verify(...args)).rejects.toMatchObject({ exitCode: 1 });
  });
});
