/**
 * Runs within a network namespace: answers many questions with one lookup, as one worker of a census would, its memory included.
 * Arguments: those that `resolve` takes for the network. Standard input: lines of name, type and minimisation. Standard output:
 * one JSON object a line, in the order of the questions.
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
const questions = (await text(process.stdin)).trim().split('\n');
const resolved: Resolved[] = [];
let next = 0;

async function answerTheRest(): Promise<void> {
  while (next < questions.length) {
    const at = next++;
    const [name, type, minimisation] = questions[at]!.split(' ') as [string, string, Minimisation];
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

await Promise.all(Array.from({ length: IN_FLIGHT }, answerTheRest));
close();
for (const one of resolved) process.stdout.write(`${JSON.stringify(one)}\n`);
