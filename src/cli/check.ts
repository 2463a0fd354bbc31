/** `check DOMAIN…`: everything about a few domains, for a person; needs no database. */
import type { Command } from 'commander';
import { reasonOf } from '../base/reasons/catalogue.ts';
import { UsageError } from '../base/usage-error.ts';
import { adviceJson } from './check-advice.ts';
import { type Checked, checkReport } from './check-report.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from './network-options.ts';

const EXIT = { well: 0, problems: 1, couldNotLook: 2 } as const;

export function registerCheck(program: Command): void {
  const command = program
    .command('check <domain...>')
    .description('look at a few domains: MX, TLSA, every address, what is wrong and how to mend it')
    .option('--json', 'print one JSON object a domain, a line each')
    .addHelpText(
      'after',
      '\nExit status: 0 all well, 1 problems found, 2 could not look, 64 usage.\n\nExample:\n  dane-census check internet.nl',
    );
  addNetworkOptions(command).action(check);
}

async function check(
  domains: readonly string[],
  options: NetworkOptions & { json?: boolean },
): Promise<void> {
  const [{ createSurvey }, { judgeDomain }, { judgeSenders }, { listedName }, { adviceFor }] =
    await Promise.all([
      import('../census/stack.ts'),
      import('../survey/judge-domain.ts'),
      import('../survey/judge-senders.ts'),
      import('../census/listed-name.ts'),
      import('../survey/advice.ts'),
    ]);
  const names = domains.map((domain) => {
    const listed = listedName(domain, 2);
    if (listed.kind === 'name') return listed.name;
    const why = listed.kind === 'invalid' ? reasonOf(listed.reason).says : 'it is empty';
    throw new UsageError('DOMAIN', domain, 'a domain name', why);
  });
  const survey = createSurvey({
    ...surveyConfigFrom(options),
    askEveryNameServer: true,
    everyTlsQuestion: true,
  });
  const { signal } = new AbortController();
  let worst = 0;
  try {
    for (const name of names) {
      const facts = (await survey.domains([{ name, delegation: null }], signal)).domains[0]!;
      const surveyed = await survey.hosts(
        facts.edges.map((edge) => edge.host),
        signal,
      );
      const hosts = facts.edges.map((edge) => surveyed.hosts.find((host) => host.host === edge.host)!);
      const byName = new Map(hosts.map((host) => [host.host, host]));
      const judged = judgeDomain(facts, byName);
      const mail = judgeSenders(facts, byName);
      const advice = adviceFor({ facts, hosts, certificates: surveyed.certificates });
      const checked = { facts, hosts, judged, mail, advice };
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ ...judged, ...facts, hosts, ...mail, advice: adviceJson(advice) })}\n`
          : checkReport(checked),
      );
      worst = Math.max(worst, exitOf(checked));
    }
  } finally {
    await survey.close();
  }
  process.exitCode = worst;
}

/**
 * A domain that takes no mail and says so is well; findings of domain or host that somebody can mend are problems whatever the
 * verdict. Advice that is not followed is none.
 */
function exitOf({ facts, hosts, judged }: Checked): number {
  if (judged.verdict === 'unknown') return EXIT.couldNotLook;
  const findings = [facts, ...hosts].flatMap((subject) => subject.findings);
  const hasProblem = findings.some(({ key }) => reasonOf(key).mender !== 'nobody');
  const well = judged.verdict === 'dane' || judged.reason === 'null-mx';
  return well && !hasProblem ? EXIT.well : EXIT.problems;
}
