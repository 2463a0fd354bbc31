/** What is wrong with name servers as findings: one for each kind, with the addresses that have it. Pure. */
import type { Finding } from './facts.ts';
import type { NameServerFault, ServerAnswerFact } from './name-server-facts.ts';

/** As findings of their own, `ancestors.ts` tells these, with the name that is denied. */
const aboutAncestors: ReadonlySet<NameServerFault> = new Set([
  'ancestor-denied',
  'ancestor-nxdomain-unproven',
  'ancestor-proof-contradicts',
]);

/** By key; the detail is "SERVER/ADDRESS …". */
export function nameServerFindings(answers: readonly ServerAnswerFact[]): Finding[] {
  const places = new Map<NameServerFault, Set<string>>();
  for (const { server, address, faults } of answers) {
    for (const fault of faults) {
      if (aboutAncestors.has(fault)) continue;
      places.set(fault, (places.get(fault) ?? new Set()).add(`${server}/${address}`));
    }
  }
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, at]) => ({ key, detail: [...at].join(' ') }));
}

/**
 * Whether every server shows the same TLSA RRset, under each name that was asked for. Servers that gave no answer of use
 * say nothing about it, and do not count as different.
 */
export function answerFindings(answers: readonly ServerAnswerFact[]): Finding[] {
  return [...new Set(answers.map(({ name }) => name))].flatMap((name) => {
    const kinds = new Map<string, string[]>();
    for (const { server, address, rcode, answer, status } of answers.filter((one) => one.name === name)) {
      if (status === null) continue;
      const kind = `${rcode} ${answer}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), `${server}/${address}`]);
    }
    if (kinds.size < 2) return [];
    const rarest = [...kinds.values()].sort((a, b) => a.length - b.length || (a[0]! < b[0]! ? -1 : 1))[0]!;
    return [{ key: 'tlsa-servers-differ', detail: rarest.join(' ') }];
  });
}
