/** What other validating resolvers say about many questions, in the words that our own verdicts have. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf, serverDirectory, writeLines } from './name-servers-process.ts';
import type { NetworkNamespace } from './network-namespace.ts';

/** What a resolver needs to know to look at a small Internet of a test's own. */
export interface ResolverToStart {
  readonly namespace: NetworkNamespace;
  /** Where it listens on port 53, and asks from. */
  readonly address: string;
  /** A zone file as named.root. */
  readonly hints: string;
  /** The DS record of the root as a zone file line. */
  readonly anchor: string;
}

export interface Verdict {
  /** `failed` is bogus or indeterminate, from a validator that does not say which. */
  readonly status: 'secure' | 'insecure' | 'bogus' | 'indeterminate' | 'failed';
  /** Empty where there was no reply. */
  readonly rcode: string;
}

/** Seconds: a resolver that finds no server gives up within them. */
const PATIENCE = 20;

/**
 * AD set is secure, not set insecure (RFC 4035 §3.2.3); SERVFAIL is bogus where the same question is answered with CD set
 * (§3.2.2), else indeterminate. One question after the other; keys of the result are the questions.
 */
export async function askResolver(
  namespace: NetworkNamespace,
  address: string,
  questions: readonly string[],
): Promise<Map<string, Verdict>> {
  const directory = await serverDirectory('questions');
  const ask = async (which: readonly string[], ...flags: string[]) => {
    const path = await writeLines(join(directory, 'questions'), which);
    const shown = ['+noall', '+comments', '+question', '+dnssec', '+noadflag'];
    const patience = ['+tries=1', `+time=${PATIENCE}`];
    return repliesIn(
      await outputOf(namespace, ['dig', `@${address}`, '-f', path, ...shown, ...patience, ...flags]),
    );
  };
  const replies = await ask(questions);
  const failed = questions.filter((question) => {
    const rcode = replies.get(keyOf(question))?.rcode;
    return rcode === undefined || rcode === 'SERVFAIL';
  });
  const unchecked = failed.length === 0 ? new Map<string, Reply>() : await ask(failed, '+cdflag');
  await rm(directory, { recursive: true });
  return new Map(
    questions.map((question) => [
      question,
      verdictOf(replies.get(keyOf(question)), unchecked.get(keyOf(question))),
    ]),
  );
}

interface Reply {
  readonly rcode: string;
  readonly authenticated: boolean;
}

function repliesIn(printed: string): Map<string, Reply> {
  const replies = new Map<string, Reply>();
  for (const text of printed.split(';; Got answer:')) {
    const rcode = /status: (\w+)/.exec(text)?.[1];
    const flags = /;; flags:([a-z ]*);/.exec(text)?.[1];
    const question = /;; QUESTION SECTION:\n;(\S+)\s+IN\s+(\S+)/.exec(text);
    if (rcode === undefined || flags === undefined || question === null) continue;
    const authenticated = flags.split(' ').includes('ad');
    replies.set(keyOf(`${question[1]} ${question[2]}`), { rcode, authenticated });
  }
  return replies;
}

function keyOf(question: string): string {
  return question.toLowerCase();
}

function verdictOf(reply: Reply | undefined, unchecked: Reply | undefined): Verdict {
  if (reply !== undefined && reply.rcode !== 'SERVFAIL') {
    return { status: reply.authenticated ? 'secure' : 'insecure', rcode: reply.rcode };
  }
  const isBogus = unchecked !== undefined && unchecked.rcode !== 'SERVFAIL';
  return { status: isBogus ? 'bogus' : 'indeterminate', rcode: reply?.rcode ?? '' };
}
