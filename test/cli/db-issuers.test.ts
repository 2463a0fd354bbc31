/** `db issuers` by the command line: shown, added to, refused. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshDirectory, temporaryDirectory } from '../store/template.ts';

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const type = (...args: string[]) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [commandLine, 'db', 'issuers', ...args],
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
const header = 'spki_sha256,family,name,state,retired_on,source\n';
const digest = '0'.repeat(64);

test('keys of the user stand beside ours, and stay', async () => {
  const db = await freshDirectory();
  const file = join(temporaryDirectory(), 'ours.csv');
  writeFileSync(file, `${header}${digest},Our CA,\u001b[2J,retired,2026-02-01,us\n`);
  const loaded = await type('--db', db, '--load', file, '--json');
  expect(loaded.code, loaded.stderr).toBe(0);
  const { loaded: count, keys } = JSON.parse(loaded.stdout) as {
    loaded: number;
    keys: { spki: string; byUser: boolean }[];
  };
  expect([count, keys.length > 1, keys.filter(({ byUser }) => byUser).map(({ spki }) => spki)]).toEqual([
    1,
    true,
    [digest],
  ]);
  const { stdout } = await type('--db', db);
  expect(stdout).toContain(`2 1 1 ${digest}  Our CA: \\u001b[2J, retired 2026-02-01  (yours)\n`);
  expect(stdout).toContain("Let's Encrypt RSA: R3, retired 2024-06-06\n");
});

test('a file of another form is refused, and so is one that is not there', async () => {
  const file = join(temporaryDirectory(), 'bad.csv');
  writeFileSync(file, `${header}abc,F,N,current,,s\n`);
  const bad = await type('--load', file);
  expect([bad.code, bad.stderr]).toEqual([64, expect.stringContaining('line 2')]);
  expect((await type('--load', `${file}.not`)).code).toBe(64);
});
