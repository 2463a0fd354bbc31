/**
 * How many test cases each RFC has, by the names of tests and their files, and how large the tables are that break one thing at
 * a time. Run it with: npm run vectors [-- --sections] [REPORT]
 * In: a report of vitest's json reporter; without one the unit tests run first. Cases that did not pass are not counted.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

interface Report {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Files whose cases each spoil one good thing, or send what nobody should. */
const SPOILING = /mutations|downgrade|malformed|hostile|fuzz|budget/;
const projectRoot = join(import.meta.dirname, '..');

function freshReport(): Report {
  const directory = mkdtempSync(join(tmpdir(), 'vectors-'));
  const file = join(directory, 'report.json');
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', 'unit', '--reporter', 'json', '--outputFile', file];
  const { status } = spawnSync(process.execPath, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.stderr.write('not every test passed; those that did not are left out\n');
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(directory, { recursive: true });
  return report;
}

/** The RFCs that a test names, with the sections it names of each; in the file's name where its own has none. */
function rulesOf(fullName: string, file: string): Map<string, Set<string>> {
  const rules = new Map<string, Set<string>>();
  const section = String.raw`(?:§§?[\d.]+|Appendix [A-Z][\d.]*)`;
  for (const [, number, list = ''] of fullName.matchAll(
    new RegExp(`RFC (\\d{4})((?:,? ${section})*)`, 'g'),
  )) {
    const sections = rules.get(number!) ?? new Set();
    for (const [found] of list.matchAll(new RegExp(section, 'g'))) sections.add(found.replace(/\.$/, ''));
    rules.set(number!, sections);
  }
  const ofFile = /^rfc(\d{4})(?:-([\d.]+))?/.exec(basename(file));
  if (rules.size === 0 && ofFile !== null) {
    rules.set(ofFile[1]!, new Set(ofFile[2] === undefined ? [] : [`§${ofFile[2]}`]));
  }
  return rules;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function print(title: string, counts: Map<string, number>): void {
  process.stdout.write(`${title}\n`);
  for (const [key, count] of [...counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    process.stdout.write(`${String(count).padStart(7)}  ${key}\n`);
  }
}

const [path] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const report: Report = path === undefined ? freshReport() : JSON.parse(readFileSync(path, 'utf8'));
const byRfc = new Map<string, number>();
const bySection = new Map<string, number>();
const spoiling = new Map<string, number>();
let total = 0;
for (const { name: file, assertionResults } of report.testResults) {
  for (const { fullName, status } of assertionResults) {
    if (status !== 'passed') continue;
    total++;
    if (SPOILING.test(basename(file))) increment(spoiling, relative(projectRoot, file));
    for (const [number, sections] of rulesOf(fullName, file)) {
      increment(byRfc, `RFC ${number}`);
      for (const section of sections) increment(bySection, `RFC ${number} ${section}`);
    }
  }
}
print('Test cases by RFC (one that names two counts for both)', byRfc);
if (process.argv.includes('--sections')) print('\nby section', bySection);
print('\nCases that spoil one thing, by table', spoiling);
process.stdout.write(`\n${total} cases in all\n`);
