/** The lab as the population of a census: its names as a list, and its truth held against what the census found. */
import type { CensusConfig } from '../census/run-census.ts';
import type { SurveyConfig } from '../census/survey-config.ts';
import { compareRates, type RateComparison } from '../lab/compare-rates.ts';
import {
  type Comparison,
  compareWithTruth,
  type Seen,
  type SeenEndpoint,
} from '../lab/compare-with-truth.ts';
import { startLab } from '../lab/lab.ts';
import { ratesOfTruth } from '../lab/rates-of-truth.ts';
import type { Db } from '../store/db.ts';
import { readView, readViewBatches } from '../store/read-view.ts';
import { counted } from './counted.ts';

/** Single facts, and the figures of aggregate views. */
export interface LabComparison extends Comparison {
  readonly rates: RateComparison;
}

export interface LabRun {
  readonly plan: NonNullable<CensusConfig['lab']>;
  /** Names of lists that only `read` understands. */
  readonly lists: readonly string[];
  readonly config: Partial<SurveyConfig>;
  read(list: string): AsyncIterable<readonly Buffer[]>;
  compare(db: Db, census: number, everyTlsQuestion: boolean): Promise<LabComparison>;
  close(): Promise<void>;
}

/**
 * Waits and manners for servers on this machine, in place of those for the Internet: some of the lab's servers never answer, and
 * waiting for them is most of what a small census takes. Milliseconds.
 */
const LAB_WAITS = { timeoutMs: 1000, smtpTimeoutMs: 3000, queriesPerSecond: 0 } as const;

/** Disagreements that are printed one by one. */
const MOST_DISAGREEMENTS = 50;

export async function labPopulation(plan: LabRun['plan']): Promise<LabRun> {
  const lab = await startLab(plan);
  return {
    plan,
    lists: ['the lab'],
    config: { ...lab.config, ...LAB_WAITS, forwarders: [] },
    async *read() {
      for (const name of lab.names()) yield [Buffer.from(name)];
    },
    async compare(db, census, everyTlsQuestion) {
      const facts = await compareWithTruth(lab.truth, await seenBy(db, census, everyTlsQuestion));
      const rates = await compareRates(ratesOfTruth(lab.truth, everyTlsQuestion), (view, take) =>
        readViewBatches(db, view, census, take),
      );
      return { ...facts, rates };
    },
    close: () => lab.close(),
  };
}

async function seenBy(db: Db, census: number, everyTlsQuestion: boolean): Promise<Seen> {
  const domains = await readView<{
    domain: string;
    mail: string;
    mx_status: string;
    verdict: string;
    reason: string | null;
  }>(db, 'domain_result', census);
  const findings = new Map<string, string[]>();
  for (const { subject, name, finding } of await readView<{ subject: string; name: string; finding: string }>(
    db,
    'finding_list',
    census,
  )) {
    if (subject === 'host') findings.set(name, [...(findings.get(name) ?? []), finding]);
  }
  const hosts = await readView<{
    host: string;
    tlsa_outcome: string;
    verdict: string;
    reason: string | null;
  }>(db, 'host_result', census);
  const endpoints = await readView<Omit<SeenEndpoint, 'withoutSni'> & { without_sni: string | null }>(
    db,
    'endpoint_result',
    census,
  );
  return {
    domains: domains.map(({ mx_status: mxStatus, ...rest }) => ({ ...rest, mxStatus })),
    hosts: hosts.map(({ tlsa_outcome: tlsaOutcome, ...rest }) => ({
      ...rest,
      tlsaOutcome,
      findings: findings.get(rest.host) ?? [],
    })),
    endpoints: endpoints.map(({ without_sni: withoutSni, ...rest }) => ({ ...rest, withoutSni })),
    serverFaults: await readView(db, 'name_server_findings', census),
    everyTlsQuestion,
  };
}

/** With a line end. */
export function labReport({ compared, agreed, disagreements, missing, rates }: LabComparison): string {
  const lines = ['', 'Held against the truth of the lab'];
  lines.push(`  ${counted(agreed)} of ${counted(compared)} facts agree`);
  for (const { subject, field, expected, seen } of disagreements.slice(0, MOST_DISAGREEMENTS)) {
    lines.push(`  ${subject}: ${field} should be ${expected}, is ${seen}`);
  }
  for (const subject of missing.slice(0, MOST_DISAGREEMENTS)) lines.push(`  ${subject}: was not looked at`);
  const left =
    Math.max(0, disagreements.length - MOST_DISAGREEMENTS) + Math.max(0, missing.length - MOST_DISAGREEMENTS);
  if (left > 0) lines.push(`  and ${counted(left)} more`);
  lines.push(
    `  ${counted(rates.agreed)} of ${counted(rates.compared)} figures of ${counted(rates.views)} views agree`,
  );
  for (const { view, key, column, expected, seen } of rates.disagreements.slice(0, MOST_DISAGREEMENTS)) {
    lines.push(`  ${[view, key].join(' ').trim()}: ${column} should be ${expected}, is ${seen}`);
  }
  const more = rates.disagreements.length - MOST_DISAGREEMENTS;
  if (more > 0) lines.push(`  and ${counted(more)} more`);
  return `${lines.join('\n')}\n`;
}

/** The lab, started; a census of a lab is resumed with the same lab, drawn again from its seed. */
export async function labOf(
  resumed: Pick<CensusConfig, 'lab'> | undefined,
  options: { readonly lab?: boolean; readonly labDomains: number; readonly labSeed: number },
): Promise<LabRun | undefined> {
  const plan =
    resumed !== undefined
      ? resumed.lab
      : options.lab
        ? { domains: options.labDomains, seed: options.labSeed }
        : null;
  return plan === null ? undefined : labPopulation(plan);
}

/** Whether the census found the truth of the lab, in single facts and in figures. */
export function agrees({ compared, agreed, rates }: LabComparison): boolean {
  return agreed === compared && rates.agreed === rates.compared;
}
