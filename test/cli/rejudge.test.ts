/** A census of the lab by the command line, judged again: killed in the middle, and gone on with. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { allRows } from '../census/all-rows.ts';

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe('census rejudge and evidence show', () => {
  let directory: string;
  const type = (...args: string[]) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const options = { cwd: directory, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(process.execPath, [commandLine, ...args], options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rejudge-'));
    const ran = await type('run', '--lab', '--lab-domains', '150', '--evidence', 'findings', '--json');
    expect(ran.code, ran.stderr).toBe(0);
  }, 180_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('kill -9 in the middle: gone on with, it ends with the rows of the census that looked', async () => {
    const args = [commandLine, 'census', 'rejudge', '1'];
    const running = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(running, 'exit');
    for await (const line of createInterface({ input: running.stderr })) {
      // The first word of it: jobs are under way, and their rows are still to come.
      if (/^census 2/.test(line)) running.kill('SIGKILL');
    }
    expect(await ended).toEqual([null, 'SIGKILL']);

    const resumed = await type('run', '--resume');
    expect(resumed).toMatchObject({ code: 64, stderr: expect.stringContaining('census rejudge 1') });
    const { code, stdout, stderr } = await type('census', 'rejudge', '1', '--json');
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout) as Record<string, number>;
    expect(told).toMatchObject({ census: 2, rejudgedFrom: 1 });
    expect(told.domainsReplayed! + told.domainsCarried!).toBe(150);
    const db = await openDatabase(join(directory, 'census-data'), 'existing');
    try {
      expect(await allRows(db, 2)).toEqual(await allRows(db, 1));
    } finally {
      await db.close();
    }
  }, 180_000);

  async function hostWithChain(): Promise<string> {
    const db = await openDatabase(join(directory, 'census-data'), 'existing');
    try {
      const [row] = await db.query<{ name: string }>(
        `SELECT s.name FROM dane.evidence_subject s
           JOIN dane.handshake h ON h.census_id = s.census_id AND h.host = s.name
          WHERE s.census_id = 1 AND s.subject = 'host' AND s.complete ORDER BY s.name LIMIT 1`,
      );
      return row!.name;
    } finally {
      await db.close();
    }
  }

  test('evidence is shown from the root down, as text and with its octets, also for a census that was judged again', async () => {
    const name = await hostWithChain();
    const text = await type('evidence', 'show', `${name.toUpperCase()}.`, '--census', '2');
    expect(text.code, text.stderr).toBe(0);
    expect(text.stdout.split('\n')[0]).toBe(`Evidence of the host ${name} in census 1: complete`);
    const { stdout } = await type('evidence', 'show', name, '--census', '1', '--json');
    const { evidence } = JSON.parse(stdout) as {
      evidence: { exchanges: { name: string; reply: string }[]; chains: { pem: string }[] }[];
    };
    const names = evidence[0]!.exchanges.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['.', `_25._tcp.${name}.`]));
    expect(evidence[0]!.exchanges.some(({ reply }) => Buffer.from(reply, 'base64').length > 100)).toBe(true);
    expect(evidence[0]!.chains[0]!.pem).toContain('-----BEGIN CERTIFICATE-----');
  }, 60_000);

  test('what the census has not looked at has no evidence', async () => {
    const { code, stderr } = await type('evidence', 'show', 'nobody.example');
    expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('nobody.example') });
  }, 60_000);
});
