/** RFC 9156 §2.3: which questions lead from a known zone cut to a name. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatNameBare, isBelow, labelCount, type Name, name, root } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { MAX_MINIMISE_COUNT, MINIMISE_ONE_LAB } from '../../src/resolve/limits.ts';
import { nextName } from '../../src/resolve/minimise.ts';
import type { Minimisation } from '../../src/resolve/session.ts';
import { fakeInternet, type Misbehave, resolverOver } from './fake-internet.ts';

/** The names asked one after the other where no cut is met between. */
function questions(full: Name, known: Name, underscoresTogether = false): Name[] {
  const asked: Name[] = [];
  let at = known;
  for (let step = 0; at !== full; step++) {
    at = nextName(full, at, { step, underscoresTogether });
    asked.push(at);
  }
  return asked;
}

const labels = (count: number) => Array(count).fill('a').join('.');

describe('labels added by each question', () => {
  test.each([
    // The RFC's own example.
    [18, '.', [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]],
    [18, 'a.a', [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]],
    [1, '.', [1]],
    [4, '.', [1, 1, 1, 1]],
    [10, '.', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [11, '.', [1, 1, 1, 1, 1, 1, 1, 1, 1, 2]],
    [16, '.', [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]],
    [32, '.', [1, 1, 1, 1, 4, 4, 5, 5, 5, 5]],
    [100, '.', [1, 1, 1, 1, 16, 16, 16, 16, 16, 16]],
    [3, 'a.a', [1]],
  ])('%d labels, known %s', (count, known, expected) => {
    const asked = questions(name(labels(count)), name(known));
    const lengths = [labelCount(name(known)), ...asked.map(labelCount)];
    expect(lengths.slice(1).map((length, i) => length - lengths[i]!)).toEqual(expected);
  });

  test('never more than MAX_MINIMISE_COUNT, the first MINIMISE_ONE_LAB of one label, the last the name itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.boolean(), (count, together) => {
        const full = name(labels(count));
        const asked = questions(full, root, together);
        expect(asked.length).toBeLessThanOrEqual(MAX_MINIMISE_COUNT);
        expect(asked.at(-1)).toBe(full);
        const first = asked.slice(0, MINIMISE_ONE_LAB).map(labelCount);
        expect(first).toEqual(first.map((_, i) => i + 1));
        expect(asked.slice(1).every((each, i) => isBelow(each, asked[i]!))).toBe(true);
      }),
    );
  });
});

describe('labels that begin with an underscore', () => {
  test.each([
    // The RFC's own example: mail.example.org has been searched for.
    ['_25._tcp.mail.example.org', 'mail.example.org', ['_25._tcp.mail.example.org']],
    ['_25._tcp.mail.example.org', 'example.org', ['mail.example.org', '_25._tcp.mail.example.org']],
    ['_smtp._tls.example.org', 'example.org', ['_smtp._tls.example.org']],
    ['_mta-sts.example.org', 'example.org', ['_mta-sts.example.org']],
    ['s1._domainkey.example.org', 'example.org', ['_domainkey.example.org', 's1._domainkey.example.org']],
    ['_a.b._c._d.org', 'org', ['_c._d.org', 'b._c._d.org', '_a.b._c._d.org']],
  ])('%s from %s', (full, known, together) => {
    expect(questions(name(full), name(known), true).map(formatNameBare)).toEqual(together);
    const apart = questions(name(full), name(known));
    expect(apart).toHaveLength(labelCount(name(full)) - labelCount(name(known)));
  });
});

const ROOT = '198.41.0.4';
const ORG = '192.0.2.1';
const EXAMPLE = '192.0.2.2';
const world = {
  [ROOT]: { '.': ['org. NS ns.org.', `ns.org. A ${ORG}`] },
  [ORG]: { 'org.': ['example NS ns.example', `ns.example A ${EXAMPLE}`] },
  [EXAMPLE]: {
    'example.org.': [
      '_25._tcp.mail TLSA 3 1 1 aabb',
      'alias CNAME mail',
      'x.alias A 203.0.113.1',
      'mail A 203.0.113.2',
    ],
  },
};

describe('questions as servers see them', () => {
  const TLSA_NAME = '_25._tcp.mail.example.org';
  async function asked(
    full: string,
    type: number,
    mode: Minimisation,
    more: { misbehave?: Misbehave; before?: string; endsAtNxdomain?: boolean } = {},
  ) {
    const internet = fakeInternet(world, more.misbehave);
    const { resolver, session } = resolverOver(internet.exchange);
    if (more.before !== undefined) await resolver.ask(name(more.before), RRType.A, session(mode));
    const from = internet.log.length;
    const ended = { ...session(mode), endsAtNxdomain: more.endsAtNxdomain === true };
    const gathered = await resolver.ask(name(full), type, ended);
    return { log: internet.log.slice(from), gathered };
  }
  const atOrg = [`${ROOT} org. A`, `${ORG} example.org. A`];

  test.each<[string, Minimisation, string[]]>([
    [
      'strict',
      'strict',
      [
        ...atOrg,
        `${EXAMPLE} mail.example.org. A`,
        `${EXAMPLE} _tcp.mail.example.org. A`,
        `${EXAMPLE} ${TLSA_NAME}. TLSA`,
      ],
    ],
    ['relaxed', 'relaxed', [...atOrg, `${EXAMPLE} mail.example.org. A`, `${EXAMPLE} ${TLSA_NAME}. TLSA`]],
    ['off', 'off', [ROOT, ORG, EXAMPLE].map((address) => `${address} ${TLSA_NAME}. TLSA`)],
  ])('%s, nothing known', async (_title, mode, expected) => {
    expect((await asked(TLSA_NAME, RRType.TLSA, mode)).log).toEqual(expected);
  });

  test('where an ancestor’s NXDOMAIN is to be judged, every label is asked for', async () => {
    const { log } = await asked(TLSA_NAME, RRType.TLSA, 'relaxed', { endsAtNxdomain: true });
    expect(log).toContain(`${EXAMPLE} _tcp.mail.example.org. A`);
  });

  test('from a cut that is known: nobody above it is asked', async () => {
    const { log } = await asked(TLSA_NAME, RRType.TLSA, 'strict', { before: 'mail.example.org' });
    expect(log).toEqual([
      `${EXAMPLE} mail.example.org. A`,
      `${EXAMPLE} _tcp.mail.example.org. A`,
      `${EXAMPLE} ${TLSA_NAME}. TLSA`,
    ]);
  });

  test('an alias on the way leads nowhere: it is not the name’s', async () => {
    const { gathered } = await asked('x.alias.example.org', RRType.A, 'strict');
    expect(gathered).toMatchObject({ kind: 'reply', reply: { kind: 'answer' } });
  });

  const denies: Misbehave = (address, query) =>
    address === EXAMPLE && query.name === name('mail.example.org') ? { rcode: Rcode.NXDOMAIN } : undefined;
  const refuses: Misbehave = (address, query) =>
    address === EXAMPLE && query.name === name('mail.example.org') ? { rcode: Rcode.REFUSED } : undefined;

  test.each<[string, Misbehave, Minimisation, boolean, object]>([
    ['NXDOMAIN', denies, 'strict', false, { reply: { kind: 'nxdomain' } }],
    ['NXDOMAIN', denies, 'relaxed', false, { reply: { kind: 'answer' } }],
    ['NXDOMAIN', denies, 'relaxed', true, { reply: { kind: 'nxdomain' } }],
    ['NXDOMAIN', denies, 'off', false, { reply: { kind: 'answer' } }],
    ['REFUSED', refuses, 'strict', false, { kind: 'failed', because: 'refused' }],
    ['REFUSED', refuses, 'relaxed', false, { reply: { kind: 'answer' } }],
    ['REFUSED', refuses, 'relaxed', true, { reply: { kind: 'answer' } }],
  ])(
    '%s for an ancestor, %s %s, to be judged: %s',
    async (_rcode, misbehave, mode, endsAtNxdomain, expected) => {
      const { gathered } = await asked(TLSA_NAME, RRType.TLSA, mode, { misbehave, endsAtNxdomain });
      expect(gathered).toMatchObject(expected);
    },
  );

  test('after an NXDOMAIN under relaxed the full name is the next question', async () => {
    const { log } = await asked(TLSA_NAME, RRType.TLSA, 'relaxed', { misbehave: denies });
    expect(log.slice(-2)).toEqual([`${EXAMPLE} mail.example.org. A`, `${EXAMPLE} ${TLSA_NAME}. TLSA`]);
  });
});
