/** RFC 8020, 9156, 8198: who loses a TLSA RRset whose ancestor is denied, and what follows for mail. */
import { describe, expect, test } from 'vitest';
import {
  type AncestorConsequence,
  behavioursOf,
  consequenceOf,
  type Fates,
  type ServerView,
} from '../../src/survey/ancestor-consequence.ts';
import type { AncestorProof } from '../../src/survey/name-server-facts.ts';

/** A server with these proofs from the zone cut downwards. */
const server = (
  tlsa: ServerView['tlsa'],
  ...proofs: readonly (AncestorProof | 'denied-insecurely')[]
): ServerView => ({
  tlsa,
  ancestors: proofs.map((proof) =>
    proof === 'denied-insecurely'
      ? { proof: 'denied-validly', isSecure: false }
      : { proof, isSecure: proof === 'denied-validly' },
  ),
});

const good = server('found', 'exists', 'exists');
const denies = server('found', 'exists', 'denied-validly');
const contradicts = server('found', 'exists', 'denied-contradictory');
const unproven = server('found', 'exists', 'denied-unproven');

const found: Fates = ['found'];
const lost: Fates = ['lost'];
const fails: Fates = ['fails'];
const sometimesLost: Fates = ['found', 'lost'];
const sometimesFails: Fates = ['fails', 'found'];

interface Row {
  readonly title: string;
  readonly servers: readonly ServerView[];
  readonly strict: Fates;
  readonly harden: Fates;
  /** After the ancestor was asked for; before, it is as without minimisation. */
  readonly aggressive: Fates;
  /** Relaxed minimisation, and none. */
  readonly full: Fates;
  readonly consequence: AncestorConsequence | null;
}

const rows: readonly Row[] = [
  {
    title: 'every ancestor is there',
    servers: [good, good],
    strict: found,
    harden: found,
    aggressive: found,
    full: found,
    consequence: null,
  },
  {
    title: 'denied validly by all',
    servers: [denies, denies],
    strict: lost,
    harden: lost,
    aggressive: lost,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'denied validly by one of two',
    servers: [good, denies],
    strict: sometimesLost,
    harden: sometimesLost,
    aggressive: sometimesLost,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'denied in an opt-out span: no other name is denied from it (RFC 5155 §6)',
    servers: [server('found', 'exists', 'denied-insecurely')],
    strict: lost,
    harden: lost,
    aggressive: found,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'NXDOMAIN against its own proof, at all',
    servers: [contradicts, contradicts],
    strict: fails,
    harden: fails,
    aggressive: found,
    full: found,
    consequence: 'mail-deferred',
  },
  {
    title: 'NXDOMAIN against its own proof, at one of two',
    servers: [contradicts, good],
    strict: sometimesFails,
    harden: sometimesFails,
    aggressive: found,
    full: found,
    consequence: 'mail-deferred',
  },
  {
    title: 'NXDOMAIN without proof',
    servers: [unproven],
    strict: fails,
    harden: fails,
    aggressive: found,
    full: found,
    consequence: 'mail-deferred',
  },
  {
    title: 'one denies validly, another against its proof',
    servers: [denies, contradicts],
    strict: ['fails', 'lost'],
    harden: ['fails', 'lost'],
    aggressive: sometimesLost,
    full: found,
    consequence: 'either',
  },
  {
    title: 'nobody answers for the ancestor',
    servers: [server('found', 'exists', 'failed')],
    strict: fails,
    harden: found,
    aggressive: found,
    full: found,
    consequence: 'mail-deferred',
  },
  {
    title: 'one does not answer for the ancestor: the other is asked',
    servers: [server('found', 'exists', 'failed'), good],
    strict: found,
    harden: found,
    aggressive: found,
    full: found,
    consequence: null,
  },
  {
    title: 'the upper ancestor is denied: the lower one is never asked for',
    servers: [server('found', 'denied-validly', 'denied-contradictory')],
    strict: lost,
    harden: lost,
    aggressive: lost,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'the good ancestor at one server, the RRset only at the other',
    servers: [denies, server('failed', 'exists', 'exists')],
    strict: sometimesLost,
    harden: sometimesLost,
    aggressive: sometimesLost,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'a silent server changes nothing',
    servers: [denies, server('failed')],
    strict: lost,
    harden: lost,
    aggressive: lost,
    full: found,
    consequence: 'silently-unprotected',
  },
  {
    title: 'a stale server denies the RRset itself',
    servers: [good, server('denied', 'exists', 'denied-validly')],
    strict: sometimesLost,
    harden: sometimesLost,
    aggressive: sometimesLost,
    full: sometimesLost,
    consequence: 'silently-unprotected',
  },
  {
    title: 'nobody shows the RRset',
    servers: [server('failed', 'exists', 'exists')],
    strict: fails,
    harden: fails,
    aggressive: fails,
    full: fails,
    consequence: 'mail-deferred',
  },
];

describe.each(rows)('$title', ({ servers, strict, harden, aggressive, full, consequence }) => {
  test('by behaviour, with an empty memory and after the ancestor was asked for', () => {
    expect(behavioursOf(servers)).toEqual([
      { behaviour: 'strict-minimisation', fates: strict, fatesAfterAncestor: strict },
      { behaviour: 'relaxed-minimisation', fates: full, fatesAfterAncestor: full },
      { behaviour: 'harden-below-nxdomain', fates: harden, fatesAfterAncestor: harden },
      { behaviour: 'aggressive-nsec', fates: full, fatesAfterAncestor: aggressive },
      { behaviour: 'no-minimisation', fates: full, fatesAfterAncestor: full },
    ]);
  });

  test('for mail', () => {
    expect(consequenceOf(behavioursOf(servers))).toBe(consequence);
  });

  test('the order of the servers does not matter', () => {
    expect(behavioursOf([...servers].reverse())).toEqual(behavioursOf(servers));
  });
});

test('nothing follows from no behaviours', () => {
  expect(consequenceOf([])).toBeNull();
});
