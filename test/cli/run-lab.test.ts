import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabComparison } from '../../src/cli/lab-population.ts';
import { compareRates } from '../../src/lab/compare-rates.ts';
import { planWorld } from '../../src/lab/plan/world.ts';
import { ratesOfTruth } from '../../src/lab/rates-of-truth.ts';
import { tlsaProfiles } from '../../src/lab/zoo/tlsa-profiles.ts';
import { openDatabase } from '../../src/store/open.ts';
import { readViewBatches } from '../../src/store/read-view.ts';
import { schemeOfProfile } from '../sql/lab-schemes.ts';

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
    const { lab } = JSON.parse(ran.stdout) as { lab: LabComparison };
    expect(lab.compared).toBeGreaterThan(10 * DOMAINS);
    expect(lab.agreed).toBe(lab.compared);
  });

  test('agrees with the truth in every figure of the views', () => {
    const { rates } = (JSON.parse(ran.stdout) as { lab: LabComparison }).lab;
    expect(rates.disagreements).toEqual([]);
    expect(rates.agreed).toBe(rates.compared);
    expect(rates.compared).toBeGreaterThan(1000);
    expect(rates.views).toBeGreaterThan(15);
  });

  test('agrees in more of them where every TLS question is asked', async () => {
    const all = ['--lab-domains', String(DOMAINS), '--every-tls-question', '--json', '--db', 'every'];
    const { code, stdout, stderr } = await type('run', '--lab', ...all);
    expect(code, stderr).toBe(0);
    const lab = (text: string) => (JSON.parse(text) as { lab: LabComparison }).lab;
    expect(lab(stdout).compared).toBeGreaterThan(lab(ran.stdout).compared);
    expect(lab(stdout).rates.disagreements).toEqual([]);
    expect(lab(stdout).rates.views).toBeGreaterThan(lab(ran.stdout).rates.views);
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

  test('tells the roll-over scheme of each profile of the zoo by what its hosts show', async () => {
    const { stdout } = await type('export', '--view', 'rollover_scheme_list');
    const [header = '', ...lines] = stdout.trimEnd().split('\r\n');
    const at = header.split(',').indexOf('scheme');
    const cells = lines.map((line) => line.split(','));
    // `mx.dane-tls-1.2.xa` is of the profile dane-tls-1.2.
    const seen = new Map(cells.map((row) => [row[1]!.split('.').slice(1, -1).join('.'), row[at]]));
    const usable = Object.entries(tlsaProfiles).filter(([, { outcome }]) => outcome === 'usable');
    expect(usable.map(([word]) => [word, seen.get(word)])).toEqual(
      usable.map(([word]) => [word, schemeOfProfile(word)[0]]),
    );
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

  test('one verdict that is spoilt in the database makes each figure that counts it disagree', async () => {
    const db = await openDatabase(join(directory, 'census-data'), 'existing');
    try {
      await db.query(
        `UPDATE dane.domain_verdict SET verdict = 'no-dane', reason = 'tlsa-absent'
          WHERE ordinal = (SELECT ordinal FROM dane.domain WHERE name = 'signed-nsec.xa')`,
      );
      const { truth } = planWorld({ domains: DOMAINS, seed: 1 });
      const { disagreements, agreed, compared } = await compareRates(
        ratesOfTruth(truth, false),
        (view, take) => readViewBatches(db, view, 1, take),
      );
      expect(agreed).toBe(compared - disagreements.length);
      const counts = disagreements.filter(({ column }) => !column.includes('share'));
      expect(counts.map(({ view, key, column }) => `${view} ${key} ${column}`).sort()).toEqual([
        'adoption  dane',
        'adoption  dane_any',
        'adoption_by_provider signed-nsec.xa dane',
        'adoption_by_provider signed-nsec.xa dane_any',
        'adoption_by_tld xa dane',
        'adoption_by_tld xa dane_any',
        'domain_verdicts dane domains',
        'domain_verdicts no-dane domains',
      ]);
      for (const { expected, seen } of counts) expect(Math.abs(Number(expected) - Number(seen))).toBe(1);
    } finally {
      await db.close();
    }
  });
});
