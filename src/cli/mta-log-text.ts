/** What `mta-log` prints. Pure. Names come from the log: they are escaped before a terminal sees them. */
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { MtaLog } from '../mta-log/mta-log.ts';
import type { FailedDestination, LogTally, OutcomeCount } from '../mta-log/tally.ts';
import type { DisagreementTally } from '../report/disagreement-tally.ts';
import { type Disagreement, disagreementSentence } from '../report/log-disagreement.ts';
import { safe } from './terminal-text.ts';

export interface ToldLog {
  readonly log: Pick<MtaLog, 'lines' | 'unknown'>;
  readonly tally: LogTally;
  /** The number of the census that the log was held against; null where none was given, and with it the next. */
  readonly census: number | null;
  readonly disagreements: DisagreementTally | null;
}

export function mtaLogText({ log, tally, census, disagreements }: ToldLog): string {
  const outcomes = tally.outcomes();
  const total = outcomes.reduce((sum, { deliveries }) => sum + deliveries, 0);
  const lines = [`${log.lines} lines, ${log.unknown} of them say nothing here; ${total} deliveries`];
  if (total > 0) lines.push('', 'Deliveries, as the senders saw them');
  for (const outcome of outcomes) lines.push(outcomeLine(outcome));

  const failed = tally.failed();
  if (failed.length > 0) lines.push('', 'Destinations whose DANE failed');
  for (const destination of failed) lines.push(...failedLines(destination));
  if (tally.notListed > 0) lines.push(`  and ${tally.notListed} deliveries to further destinations`);

  if (disagreements !== null) lines.push('', ...disagreementLines(census!, disagreements, outcomes));
  return `${lines.join('\n')}\n`;
}

export function mtaLogJson({ log, tally, census, disagreements }: ToldLog): object {
  return {
    lines: log.lines,
    unknownLines: log.unknown,
    outcomes: tally.outcomes(),
    daneFailures: tally.failed(),
    daneFailuresNotListed: tally.notListed,
    census,
    compared: disagreements?.compared ?? null,
    notInCensus: disagreements?.notInCensus ?? null,
    disagreements: disagreements?.domains() ?? null,
    disagreementsNotListed: disagreements?.notListed ?? null,
  };
}

function outcomeLine({ mta, tls, status, daneFault, deliveries }: OutcomeCount): string {
  const fault = daneFault === null ? '' : `, DANE failed: ${reasonOf(daneFault).says}`;
  return `  ${String(deliveries).padStart(10)}  ${mta}: TLS ${tls}, ${status}${fault}`;
}

function failedLines({ domain, hosts, deliveries, faults, statuses }: FailedDestination): string[] {
  const where = hosts.length === 0 ? '' : ` at ${hosts.map(safe).join(', ')}`;
  const how = Object.entries(statuses)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
  return [
    `  ${String(deliveries).padStart(10)}  ${domain === null ? 'a domain that is not told' : safe(domain)}${where} (${how})`,
    ...Object.keys(faults).map((key) => {
      const { says, hint } = reasonOf(key as ReasonKey);
      return `  ${''.padStart(10)}  because ${says}${hint === '' ? '' : `; to mend it: ${hint}`}`;
    }),
  ];
}

function disagreementLines(
  census: number,
  tally: DisagreementTally,
  outcomes: readonly OutcomeCount[],
): readonly string[] {
  const lines = [
    `Held against census ${census}: ${tally.compared} deliveries to its domains, ${tally.notInCensus} to others`,
  ];
  for (const { domain, verdict, kinds, deliveries } of tally.domains()) {
    const says = Object.keys(kinds).map((kind) => disagreementSentence(kind as Disagreement));
    lines.push(`  ${String(deliveries).padStart(10)}  ${safe(domain)} (${verdict}): ${says.join('; ')}`);
  }
  if (tally.notListed > 0) lines.push(`  and ${tally.notListed} deliveries to further domains`);
  if (tally.compared > 0 && !outcomes.some(({ tls }) => tls === 'verified')) {
    lines.push('  no delivery was authenticated by DANE at all: see whether the sender uses it');
  }
  return lines;
}
