/** What `census compare` prints for people. Every rate names its denominator; what could not be compared is shown and in no rate. */
import type { CensusRecord } from '../store/census-record.ts';
import type { CensusComparison, ChangedDomain, MeasuredChange } from '../store/compare-censuses.ts';
import { counted } from './counted.ts';

/** What each cause of `published.census_change_causes` means, in words for one line. */
const causes: Readonly<Record<string, string>> = {
  list: 'in one list only',
  'not-looked': 'could not be looked at in one of the two',
  mail: 'takes mail in one of the two only',
  lookup: 'lookups fail in one of the two',
  ds: 'the zone is signed (DS) in one of the two only',
  tlsa: 'TLSA records of an MX host came or went',
  mismatch: 'what an MX host shows began, or ceased, to meet its records',
  mx: 'names other MX hosts',
  other: 'for another reason',
};

const measures: Readonly<Record<MeasuredChange['measure'], string>> = {
  dane_any: 'Domains with DANE (TLSA on some MX host, working or not)',
  dane: 'Domains with every MX host authenticated',
};

/** Providers that are printed; JSON has more. */
const MOST_PROVIDERS = 10;

/** With a line end. */
export function comparisonText(earlier: CensusRecord, later: CensusRecord, told: CensusComparison): string {
  const lines = [`Census ${headOf(earlier)} against census ${headOf(later)}`, ''];
  lines.push(
    `  ${counted(told.domains)} domains in either list; ${counted(told.compared)} are in both, and could be looked at in both`,
    '',
    'What became of them (of those that can be compared)',
  );
  for (const { change, domains, share } of told.changes) {
    const rate = share === null ? 'in no rate' : `${(Number(share) * 100).toFixed(2)} %`;
    lines.push(`  ${change.padEnd(16)} ${counted(domains).padStart(12)}  ${rate.padStart(10)}`);
  }
  for (const measure of told.measures) lines.push(...measureLines(measure));
  const some = told.providers.slice(0, MOST_PROVIDERS);
  if (some.length > 0) lines.push('', 'Providers with the greatest change (domains with DANE; all domains)');
  for (const one of some) {
    lines.push(
      `  ${one.provider.padEnd(32)} ${counted(one.earlier_dane)} → ${counted(one.later_dane)}` +
        `  (${counted(one.earlier_domains)} → ${counted(one.later_domains)}; came ${counted(one.came)}, went ${counted(one.went)},` +
        ` broken ${counted(one.broken)}, repaired ${counted(one.repaired)})`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** With a line end: change, domain, verdicts, and why it counts as DANE in one census only. */
export function changedDomainText(row: ChangedDomain): string {
  const verdicts = `${row.earlier_verdict ?? '-'} → ${row.later_verdict ?? '-'}`;
  return `${row.change}\t${row.domain}\t${verdicts}\t${row.dane_any_cause ?? row.dane_cause ?? '-'}\n`;
}

function headOf({ id, vantage, startedAt, stage }: CensusRecord): string {
  const state = stage === 'finished' ? '' : `, not finished (${stage})`;
  return `${id} (${startedAt.toISOString()}, vantage ${vantage}${state})`;
}

function measureLines({ measure, earlier, later, causes: found }: MeasuredChange): readonly string[] {
  const lines = [
    '',
    `${measures[measure]}: ${counted(earlier)} → ${counted(later)} (${signed(later - earlier)})`,
  ];
  for (const { cause, gained, lost, net } of found) {
    lines.push(
      `  ${signed(net).padStart(10)}  ${causes[cause] ?? cause} (+${counted(gained)} −${counted(lost)})`,
    );
  }
  return lines;
}

function signed(number: number): string {
  return number > 0 ? `+${counted(number)}` : number < 0 ? `−${counted(-number)}` : '0';
}
