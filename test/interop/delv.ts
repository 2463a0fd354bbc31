/**
 * delv: validates by itself, from the root's trust anchor down, what a resolver hands over unchecked (CD). Debian package
 * `bind9-dnsutils`.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verdict } from './differential-resolvers.ts';
import { outputOf, serverDirectory, writeLines } from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

/** Processes at once: there are two cores. */
const AT_ONCE = 3;

/** `anchor` is the DS record of the root as a zone file line. Keys of the result are the questions. */
export async function askDelv(
  namespace: NetworkNamespace,
  resolver: string,
  anchor: string,
  questions: readonly string[],
): Promise<Map<string, Verdict>> {
  const directory = await serverDirectory('delv');
  const path = await writeLines(join(directory, 'anchor'), [trustAnchors(anchor)]);
  const verdicts = new Map<string, Verdict>();
  const left = [...questions];
  const askTheRest = async () => {
    for (let question = left.pop(); question !== undefined; question = left.pop()) {
      const command = ['delv', `@${resolver}`, '-a', path, '+root=.', ...question.split(' ')];
      verdicts.set(question, verdictOf(await outputOf(namespace, command)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askTheRest));
  await rm(directory, { recursive: true });
  return verdicts;
}

/** The DS record as a statement of named.conf. */
export function trustAnchors(anchor: string): string {
  const [keyTag, algorithm, digestType, ...digest] = /\sDS\s+(.*)/.exec(anchor)![1]!.trim().split(/\s+/);
  return `trust-anchors { . static-ds ${keyTag} ${algorithm} ${digestType} "${digest.join('')}"; };`;
}

/** Each RRset and each denial on the way has a line of its own that says how it was validated. */
function verdictOf(printed: string): Verdict {
  const said = printed.match(/^; (negative response, )?(fully validated|unsigned answer)/gm) ?? [];
  if (said.length === 0) return { status: 'failed', rcode: '' };
  const secure = said.every((line) => line.endsWith('fully validated'));
  const rcode = /;-\$NXDOMAIN/.test(printed) ? 'NXDOMAIN' : 'NOERROR';
  return { status: secure ? 'secure' : 'insecure', rcode };
}
