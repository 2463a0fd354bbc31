/**
 * Runs within a network namespace: answers many questions with one lookup, as one worker of a census would, its memory included.
 * Arguments: those that `resolve` takes for the network. Standard input: lines of name, type and minimisation; after an empty
 * line come questions that are asked when the ones before it have been answered. Standard output: one JSON object a line, in
 * the order of the questions.
 */
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { createLookup } from '../../src/census/stack.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from '../../src/cli/network-options.ts';
import { parseName } from '../../src/dns/name.ts';
import { parseType } from '../../src/dns/rr-type.ts';
import { reasonOfSecurity } from '../../src/lookup/answer.ts';
import type { Minimisation } from '../../src/resolve/session.ts';
import type { Resolved } from './name-servers-resolve.ts';

const IN_FLIGHT = 8;

const options = addNetworkOptions(new Command()).parse().opts<NetworkOptions>();
const { lookup, close } = createLookup(surveyConfigFrom(options));
const rounds = (await text(process.stdin)).trim().split('\n\n');

async function answerAll(questions: readonly string[]): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  const rest = questions.entries();
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => answerThe(rest, resolved)));
  return resolved;
}

async function answerThe(rest: Iterable<[number, string]>, resolved: Resolved[]): Promise<void> {
  for (const [at, question] of rest) {
    const [name, type, minimisation] = question.split(' ') as [string, string, Minimisation];
    const answer = await lookup.ask(parseName(name)!, parseType(type)!, { minimisation });
    const records =
      answer.outcome === 'failed' ? [] : answer.aliasRecords.concat(answer.rrset?.records ?? []);
    resolved[at] = {
      status: answer.security.status,
      rcode: answer.rcode,
      answers: records.length,
      reason: reasonOfSecurity(answer.security),
    };
  }
}

for (const round of rounds) {
  for (const one of await answerAll(round.split('\n'))) process.stdout.write(`${JSON.stringify(one)}\n`);
}
close();
