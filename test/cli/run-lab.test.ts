import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const DOMAINS = 300;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('a census of the lab by the command line', () => {
  let directory: string;
  const type = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      const options = { cwd: directory, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(process.execPath, [commandLine, ...args], options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  let ran: Ended;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'run-lab-'));
    ran = await type('run', '--lab', '--lab-domains', String(DOMAINS), '--json');
  }, 180_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('agrees with the truth in every fact, and ends with 0', () => {
    expect(ran.code, ran.stderr).toBe(0);
    const { lab } = JSON.parse(ran.stdout) as { lab: { compared: number; agreed: number } };
    expect(lab.compared).toBeGreaterThan(10 * DOMAINS);
    expect(lab.agreed).toBe(lab.compared);
  });

  test('agrees in more of them where every TLS question is asked', async () => {
    const all = ['--lab-domains', String(DOMAINS), '--every-tls-question', '--json', '--db', 'every'];
    const { code, stdout, stderr } = await type('run', '--lab', ...all);
    expect(code, stderr).toBe(0);
    const facts = (text: string) => (JSON.parse(text) as { lab: { compared: number } }).lab.compared;
    expect(facts(stdout)).toBeGreaterThan(facts(ran.stdout));
  }, 180_000);

  test('shows its progress on standard error, plainly where that is no terminal', () => {
    expect(ran.stderr).toContain('census 1: finished');
    expect(ran.stderr).not.toContain('\u001b');
  });

  test('can be exported: one row for each domain', async () => {
    const { code, stdout } = await type('export', '--view', 'domain_result', '--format', 'csv');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\r\n')).toHaveLength(1 + DOMAINS);
  });

  test('is listed, and shown again with the same figures', async () => {
    const listed = await type('census', 'list', '--json');
    expect(listed.code, listed.stderr).toBe(0);
    const shown = await type('census', 'show', '1', '--json');
    const again = JSON.parse(shown.stdout) as { domainVerdicts: unknown };
    expect(again.domainVerdicts).toEqual((JSON.parse(ran.stdout) as typeof again).domainVerdicts);
  });

  test('an unknown view is a usage error that names the views', async () => {
    const { code, stderr } = await type('export', '--view', 'nothing');
    expect(code).toBe(64);
    expect(stderr).toContain('domain_result');
  });
});
