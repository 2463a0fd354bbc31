/**
 * What evidence costs: CPU time of surveying the lab with each policy as a ratio of that without evidence, round by round in one run,
 * and the octets that are kept of each domain. CPU time is that of the surveying thread: the lab's servers have their own.
 *
 *   npm run bench:evidence -- [--domains 2000] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { Command } from 'commander';
import { createSurvey } from '../src/census/stack.ts';
import type { SurveyConfig } from '../src/census/survey-config.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from '../src/cli/network-options.ts';
import type { EvidenceSlice } from '../src/evidence/evidence-slice.ts';
import { type EvidencePolicy, verdictIsToBeProved } from '../src/evidence/to-be-proved.ts';
import { startLab } from '../src/lab/lab.ts';
import type { DomainFacts, HostFacts } from '../src/survey/facts.ts';
import { judgeDomain } from '../src/survey/judge-domain.ts';
import { median } from './bench-rounds.ts';

const SLICE = 100;
const SLICES_AT_ONCE = 4;

const { values } = parseArgs({
  options: { domains: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '3' } },
});
const [count, rounds] = [Number(values.domains), Number(values.rounds)];
const lab = await startLab({ domains: count, seed: 1 });
const options = addNetworkOptions(new Command()).parse([], { from: 'user' }).opts<NetworkOptions>();
const config: SurveyConfig = {
  ...surveyConfigFrom(options),
  ...lab.config,
  timeoutMs: 1000,
  smtpTimeoutMs: 3000,
  queriesPerSecond: 0,
};
const names = [...lab.names()];
const { signal } = new AbortController();

interface Costs {
  /** Microseconds. */
  readonly cpu: number;
  /** Kept until the verdicts, and thereafter. */
  readonly octetsAtFirst: number;
  readonly octets: number;
  readonly subjects: number;
  readonly incomplete: number;
}

async function survey(policy: EvidencePolicy): Promise<Costs> {
  const surveyor = createSurvey(config, policy);
  const before = process.threadCpuUsage();
  const slices: EvidenceSlice[] = [];
  const domains: DomainFacts[] = [];
  const hosts = new Map<string, HostFacts>();
  for (let at = 0; at < names.length; at += SLICE * SLICES_AT_ONCE) {
    const parts = Array.from({ length: SLICES_AT_ONCE }, (_, k) =>
      names.slice(at + k * SLICE, at + (k + 1) * SLICE),
    );
    const seen = await Promise.all(
      parts.map((part) =>
        surveyor.domains(
          part.map((name) => ({ name, delegation: null })),
          signal,
        ),
      ),
    );
    domains.push(...seen.flatMap((one) => one.domains));
    const named = seen.flatMap((one) => one.domains.flatMap(({ edges }) => edges.map(({ host }) => host)));
    const fresh = [...new Set(named)].filter((host) => !hosts.has(host));
    const surveyed = await surveyor.hosts(fresh, signal);
    for (const host of surveyed.hosts) hosts.set(host.host, host);
    for (const { evidence } of [...seen, surveyed]) if (evidence !== undefined) slices.push(evidence);
  }
  const after = process.threadCpuUsage(before);
  await surveyor.close();

  const broken = new Set(
    domains.filter((facts) => verdictIsToBeProved(judgeDomain(facts, hosts))).map(({ domain }) => domain),
  );
  const octetsOf = (bundle: EvidenceSlice['bundle']) =>
    bundle === undefined ? 0 : bundle.keys.length + bundle.octets.length;
  const total = (of: (slice: EvidenceSlice) => number) => slices.reduce((sum, slice) => sum + of(slice), 0);
  const isCalledFor = ({ subjects }: EvidenceSlice) =>
    subjects.some(({ name, provisional }) => provisional && broken.has(name));
  return {
    cpu: after.user + after.system,
    octetsAtFirst: total(({ bundle, provisional }) => octetsOf(bundle) + octetsOf(provisional)),
    octets: total((slice) => octetsOf(slice.bundle) + (isCalledFor(slice) ? octetsOf(slice.provisional) : 0)),
    subjects: total(({ subjects }) => subjects.length),
    incomplete: total(({ subjects }) => subjects.filter(({ complete }) => !complete).length),
  };
}

const policies = ['none', 'findings', 'all'] as const;
const measured: Record<EvidencePolicy, Costs[]> = { none: [], findings: [], all: [] };
// The first survey warms up what all of them share.
await survey('none');
for (let round = 0; round < rounds; round++) {
  for (const policy of policies) measured[policy].push(await survey(policy));
}
process.stdout.write(`${count} domains of the lab, ${rounds} rounds\n`);
for (const policy of policies) {
  const ratio = median(measured[policy].map(({ cpu }, round) => cpu / measured.none[round]!.cpu));
  const { octetsAtFirst, octets, subjects, incomplete } = measured[policy].at(-1)!;
  process.stdout.write(
    `${policy.padEnd(9)} CPU ${ratio.toFixed(3)} of none; ${Math.round(octets / count)} octets a domain ` +
      `(${Math.round(octetsAtFirst / count)} until the verdicts); ${subjects} subjects, ${incomplete} of them incomplete\n`,
  );
}
await lab.close();
