/**
 * The summary of a census, for people and for machines, read from the public views alone. Every rate names its
 * denominator; what could not be looked at is shown and is in no rate.
 */
import type { Db } from '../store/db.ts';
import { type Interval, readSample, type SampleRecord } from '../store/read-sample.ts';
import { readView } from '../store/read-view.ts';
import { counted } from './counted.ts';
import { databaseArgument } from './database-option.ts';
import { type DomainRate, percent, sampleLines, withIntervals } from './sample-summary.ts';

export interface Overview {
  readonly census_id: number;
  readonly stage: string;
  readonly software: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly listed: number;
  readonly duplicates: number;
  readonly invalid: number;
  readonly domains: number;
  readonly looked_at: number;
  readonly not_looked_at: number;
  readonly no_mail: number;
  readonly unknown: number;
  readonly judged: number;
  readonly hosts: number;
  readonly hosts_looked_at: number;
  readonly endpoints: number;
  readonly endpoints_unknown: number;
}

interface Failure {
  readonly subject: 'domain' | 'host' | 'endpoint';
  readonly verdict: string;
  readonly reason: string | null;
  readonly affected: number;
  readonly says: string | null;
  readonly mender: string | null;
  readonly hint: string | null;
}

/** Shares are fractions of 1, as text with six decimals; null where a row is in no rate. */
export interface Summary {
  readonly overview: Overview;
  /** Null where the whole population is looked at. */
  readonly sample: SampleRecord | null;
  readonly mxSecurity: readonly DomainRate<'mx_status'>[];
  readonly tlsaOutcomes: readonly {
    tlsa_outcome: string;
    hosts: number;
    uses: number;
    share: string | null;
  }[];
  readonly domainVerdicts: readonly DomainRate<'verdict'>[];
  readonly hostVerdicts: readonly { verdict: string; hosts: number; share: string | null }[];
  readonly endpointVerdicts: readonly { verdict: string; endpoints: number; share: string | null }[];
  readonly failures: readonly Failure[];
  readonly findings: readonly { subject: string; finding: string; affected: number; says: string | null }[];
}

export async function readSummary(db: Db, census: number): Promise<Summary> {
  const [overview] = await readView<Overview>(db, 'census_overview', census);
  return {
    overview: overview!,
    sample: await readSample(db, census),
    mxSecurity: await withIntervals(db, census, await readView(db, 'mx_security', census)),
    tlsaOutcomes: await readView(db, 'tlsa_outcomes', census),
    domainVerdicts: await withIntervals(db, census, await readView(db, 'domain_verdicts', census)),
    hostVerdicts: await readView(db, 'host_verdicts', census),
    endpointVerdicts: await readView(db, 'endpoint_verdicts', census),
    failures: await readView(db, 'failures_by_reason', census),
    findings: await readView(db, 'findings_by_reason', census),
  };
}

/** With a line end. `where` is what `--db` said. */
export function summaryText(summary: Summary, where: string): string {
  const { overview } = summary;
  const lines = [`Census ${overview.census_id}: ${stageText(overview)}`, ''];
  lines.push(...sampleLines(summary.sample), ...population(overview));
  const mx = summary.mxSecurity.map(
    ({ mx_status, domains, share, interval }) => [mx_status, domains, share, interval] as const,
  );
  table(lines, 'MX security', 'of the domains looked at, indeterminate ones left out', mx);
  const outcomes = summary.tlsaOutcomes.map(
    ({ tlsa_outcome, hosts, share }) => [tlsa_outcome, hosts, share] as const,
  );
  table(lines, 'TLSA outcomes', 'of the MX hosts looked at, faults of ours left out', outcomes);
  const domains = summary.domainVerdicts.map(
    ({ verdict, domains: count, share, interval }) => [verdict, count, share, interval] as const,
  );
  table(
    lines,
    'Domain verdicts',
    `of ${counted(overview.judged)} domains: those without mail and those that could not be looked at left out`,
    domains,
  );
  const hosts = summary.hostVerdicts.map(
    ({ verdict, hosts: count, share }) => [verdict, count, share] as const,
  );
  table(lines, 'MX host verdicts', 'of the MX hosts that could be looked at', hosts);
  const ends = summary.endpointVerdicts.map(
    ({ verdict, endpoints, share }) => [verdict, endpoints, share] as const,
  );
  table(lines, 'Endpoint verdicts', 'of the endpoints (MX host and address) that could be looked at', ends);
  failures(lines, summary.failures);
  lines.push(...next(overview, where));
  return `${lines.join('\n')}\n`;
}

function stageText({ stage, started_at, finished_at, software }: Overview): string {
  const began = `started ${started_at.toISOString()} by ${software}`;
  return finished_at === null ? `not finished (${stage}), ${began}` : `finished, ${began}`;
}

function population(overview: Overview): readonly string[] {
  const { listed, duplicates, invalid, domains, not_looked_at, no_mail, unknown, judged } = overview;
  const lines = [
    `  ${counted(listed)} names in the lists, ${counted(duplicates)} of them duplicates; ${counted(invalid)} lines name no domain`,
    `  ${counted(domains)} domains: ${counted(judged)} in the rates, ${counted(no_mail)} without mail, ${counted(unknown)} could not be looked at`,
  ];
  if (not_looked_at > 0) lines.push(`  ${counted(not_looked_at)} domains are still to be looked at`);
  const { hosts, hosts_looked_at, endpoints, endpoints_unknown } = overview;
  lines.push(
    `  ${counted(hosts_looked_at)} of ${counted(hosts)} MX hosts looked at, ${counted(endpoints)} endpoints (${counted(endpoints_unknown)} could not be looked at)`,
  );
  return lines;
}

function table(
  lines: string[],
  title: string,
  denominator: string,
  rows: readonly (readonly [
    name: string,
    count: number,
    share: string | null,
    interval?: Interval | undefined,
  ])[],
): void {
  if (rows.length === 0) return;
  lines.push('', `${title} (${denominator})`);
  for (const [name, count, share, interval] of [...rows].sort((a, b) => b[1] - a[1])) {
    const rate = share === null ? 'in no rate' : percent(share);
    const ends = interval === undefined ? '' : `   ${percent(interval.low)} to ${percent(interval.high)}`;
    lines.push(`  ${name.padEnd(16)} ${counted(count).padStart(12)}  ${rate.padStart(10)}${ends}`);
  }
}

/** The most reasons of each kind of subject that are printed; the view has all. */
const MOST_REASONS = 12;

function failures(lines: string[], all: readonly Failure[]): void {
  for (const [subject, title] of [
    ['domain', 'What is broken, by domains'],
    ['host', 'What is broken, by MX hosts'],
    ['endpoint', 'What is broken, by endpoints'],
  ] as const) {
    const some = all.filter((failure) => failure.subject === subject).sort((a, b) => b.affected - a.affected);
    if (some.length === 0) continue;
    lines.push('', title);
    for (const { affected, verdict, reason, says, hint, mender } of some.slice(0, MOST_REASONS)) {
      lines.push(`  ${counted(affected).padStart(10)}  ${verdict}: ${says ?? reason ?? 'without a reason'}`);
      if (hint) lines.push(`  ${''.padStart(10)}  → ${mender}: ${hint}`);
    }
    if (some.length > MOST_REASONS)
      lines.push(`  and ${some.length - MOST_REASONS} more reasons (export --view failures_by_reason)`);
  }
}

function next({ census_id, finished_at }: Overview, where: string): readonly string[] {
  const db = databaseArgument(where);
  const lines = ['', 'What next'];
  if (finished_at === null) lines.push(`  dane-census run --resume ${census_id}${db}`);
  lines.push(
    `  dane-census export --view domain_result --census ${census_id} --output domains.csv${db}`,
    `  dane-census export --view failures_by_reason --census ${census_id}${db}`,
    `  dane-census census show ${census_id}${db}`,
  );
  return lines;
}
