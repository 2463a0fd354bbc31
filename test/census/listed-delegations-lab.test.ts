/** The lab's domains, found by the delegations of a zone file and by asking the parent: the same facts, and nothing asked of the parent. */
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLookup, createSurvey, type LookupStack } from '../../src/census/stack.ts';
import { addNetworkOptions, type NetworkOptions, surveyConfigFrom } from '../../src/cli/network-options.ts';
import { uncompressedRdata } from '../../src/dns/canonical.ts';
import { formatNameBare, name as nameOf } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { ListedDelegation } from '../../src/resolve/listed-delegation.ts';
import type { TraceEntry } from '../../src/resolve/session.ts';
import type { DomainFacts } from '../../src/survey/facts.ts';

const options = addNetworkOptions(new Command()).parse([], { from: 'user' }).opts<NetworkOptions>();
const surveyConfig = ({ config }: Lab) => ({
  ...surveyConfigFrom(options),
  queriesPerSecond: 0,
  timeoutMs: 1500,
  ...config,
});
const signal = new AbortController().signal;
let lab: Lab;
let stack: LookupStack;
const listed = new Map<string, ListedDelegation>();

/** What the parent's servers refer with is what the registry's zone file holds. */
async function delegationOf(domain: string): Promise<ListedDelegation | undefined> {
  const answer = await stack.lookup.ask(nameOf(domain), RRType.MX);
  const { cut } = answer.links[0]!;
  if (formatNameBare(cut.apex) !== domain || cut.delegation === undefined || cut.isCoHosted) return undefined;
  const { answer: first, authority } = cut.delegation;
  const ds = [...first, ...authority].filter(({ type, name }) => type === RRType.DS && name === cut.apex);
  return {
    zone: formatNameBare(cut.parent!.apex),
    nameServers: cut.nameServers.map(formatNameBare),
    glue: [...cut.glue].map(([server, addresses]) => [formatNameBare(server), addresses] as const),
    ds: ds.map((record) => Buffer.from(uncompressedRdata(record)).toString('hex')),
  };
}

beforeAll(async () => {
  lab = await startLab({ domains: 220, seed: 5 });
  stack = createLookup(surveyConfig(lab));
  await Promise.all(
    [...lab.names()].map(async (domain) => {
      const delegation = await delegationOf(domain);
      if (delegation !== undefined) listed.set(domain, delegation);
    }),
  );
}, 120_000);
afterAll(async () => {
  stack.close();
  await lab.close();
});

/** Who of several servers was asked is chance, and so is what shows of a zone whose servers differ. */
const told = ({ seenAt, delegationFromList, serverAnswers, findings, ...facts }: DomainFacts) => ({
  ...facts,
  mx: { ...facts.mx, useless: undefined, reason: unsigned(facts.mx.reason) },
  soa: facts.domain.startsWith('one-server-') ? null : facts.soa,
  zone: facts.zone && {
    ...facts.zone,
    reason: unsigned(facts.zone.reason),
    denial: facts.domain.startsWith('one-server-') ? null : facts.zone.denial,
  },
});
const unsigned = (reason: string | null) => (reason?.startsWith('insecure-') ? 'insecure' : reason);

test('the same is found', async () => {
  const survey = createSurvey(surveyConfig(lab));
  try {
    const names = [...listed.keys()];
    const { domains: asked } = await survey.domains(
      names.map((name) => ({ name, delegation: null })),
      signal,
    );
    const { domains: found } = await survey.domains(
      names.map((name) => ({ name, delegation: listed.get(name)! })),
      signal,
    );
    expect(names.length).toBeGreaterThan(150);
    expect(found.map(told)).toEqual(asked.map(told));
    const byList = found.filter(({ delegationFromList }) => delegationFromList).length;
    expect(byList).toBe(found.filter(({ mx }) => mx.outcome !== 'failed').length);
  } finally {
    await survey.close();
  }
}, 120_000);

test('no question about the domain goes to the zone above', async () => {
  const fresh = createLookup(surveyConfig(lab));
  try {
    for (const [domain, delegation] of [...listed].slice(0, 60)) {
      const name = nameOf(domain);
      const zone = nameOf(delegation.zone);
      const lookup = (await fresh.lookup.withListed(name, delegation))!;
      const trace: TraceEntry[] = [];
      await lookup.ask(name, RRType.MX, { trace });
      const toParent = trace.filter((entry) => entry.zone === zone || entry.zone === '\0');
      const about = toParent.map((entry) => entry.name).filter((one) => one === name || one.endsWith(name));
      expect([domain, about]).toEqual([domain, []]);
    }
  } finally {
    fresh.close();
  }
}, 120_000);
