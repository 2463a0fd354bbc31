import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readA } from '../../src/dns/rdata.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Gathered } from '../../src/resolve/ask-zone.ts';
import { LOOKUP_LIMITS } from '../../src/resolve/limits.ts';
import { fakeInternet, type Misbehave, resolverOver } from './fake-internet.ts';

const ROOT = '198.41.0.4';
const TLD = '192.0.2.1';
const TLD_2 = '192.0.2.2';
const DOMAIN = '192.0.2.3';
const OTHER = '192.0.2.4';

const rootZone = {
  '.': ['test. NS ns.test.', 'test. NS ns2.test.', `ns.test. A ${TLD}`, `ns2.test. A ${TLD_2}`],
};
const tldZone = {
  'test.': [
    'ns A 192.0.2.1',
    'ns2 A 192.0.2.2',
    'example NS ns.example',
    `ns.example A ${DOMAIN}`,
    'away NS ns.example',
    'loop1 NS ns.loop2',
    'loop2 NS ns.loop1',
    'self NS ns.self',
    'foreign NS ns.victim.other.',
    'ns.victim.other. A 192.0.2.99',
    ...Array.from({ length: 20 }, (_, i) => `nxns NS ns${i}.void.example`),
  ],
};
const domainZone = {
  'example.test.': [
    'www A 203.0.113.1',
    'ns A 192.0.2.3',
    'a.b.c.d.e.f.g.h.i.j.k.l A 203.0.113.2',
    '@ MX 10 mx',
    'mx A 203.0.113.3',
  ],
  'away.test.': ['www A 203.0.113.4'],
};

const world = { [ROOT]: rootZone, [TLD]: tldZone, [TLD_2]: tldZone, [DOMAIN]: domainZone };

function over(misbehave?: Misbehave, served: Parameters<typeof fakeInternet>[0] = world) {
  const internet = fakeInternet(served, misbehave);
  return { ...internet, ...resolverOver(internet.exchange) };
}

function addressesOf(gathered: Gathered): (string | undefined)[] {
  if (gathered.kind === 'failed') throw new Error(gathered.because);
  return gathered.reply.kind === 'answer' ? gathered.reply.rrset.records.map(readA) : [];
}

describe('RFC 1034 §5.3.3: from the root down', () => {
  test('follows referrals and remembers the cuts', async () => {
    const { resolver, session, log } = over();
    expect(addressesOf(await resolver.ask(name('www.example.test'), RRType.A, session()))).toEqual([
      '203.0.113.1',
    ]);
    expect(log).toHaveLength(3);
    await resolver.ask(name('mx.example.test'), RRType.A, session());
    expect(log).toHaveLength(4);
  });

  test('asks for DS at the parent (RFC 4035 §3.1.4.1), though the child is known', async () => {
    const { resolver, session, log } = over();
    await resolver.ask(name('www.example.test'), RRType.A, session());
    const gathered = await resolver.ask(name('example.test'), RRType.DS, session());
    expect(gathered.cut.apex).toBe(name('test'));
    expect(log.at(-1)).toMatch(/^192\.0\.2\.[12] example\.test\. DS$/);
  });

  test('finds servers without glue by their name', async () => {
    const { resolver, session } = over();
    expect(addressesOf(await resolver.ask(name('www.away.test'), RRType.A, session()))).toEqual([
      '203.0.113.4',
    ]);
  });

  test('takes no glue for names outside the zone that gives it (RFC 2181 §5.4.1)', async () => {
    const { resolver, session, log } = over();
    const gathered = await resolver.ask(name('www.foreign.test'), RRType.A, session());
    expect(gathered).toMatchObject({ kind: 'failed', because: 'no-name-server-address' });
    expect(log.some((line) => line.startsWith('192.0.2.99'))).toBe(false);
  });
});

describe('RFC 9156: QNAME minimisation', () => {
  test('§2.1: a server learns no more labels than it needs', async () => {
    const { resolver, session, log } = over();
    await resolver.ask(name('www.example.test'), RRType.TXT, session());
    expect(log[0]).toBe(`${ROOT} test. A`);
    expect(log[1]).toMatch(/ example\.test\. A$/);
    expect(log[2]).toBe(`${DOMAIN} www.example.test. TXT`);
  });

  test('§2.3: a long name costs at most MAX_MINIMISE_COUNT questions', async () => {
    const { resolver, session, log } = over();
    const long = name('a.b.c.d.e.f.g.h.i.j.k.l.example.test');
    expect(addressesOf(await resolver.ask(long, RRType.A, session()))).toEqual(['203.0.113.2']);
    expect(log.length).toBeLessThanOrEqual(11);
  });

  const deniesAncestor: Misbehave = (address, query) =>
    address === DOMAIN && query.name === name('b.example.test') ? { rcode: Rcode.NXDOMAIN } : undefined;
  const served = { ...world, [DOMAIN]: { 'example.test.': ['a.b A 203.0.113.5', 'ns A 192.0.2.3'] } };

  test('strict: an NXDOMAIN for an ancestor ends it (RFC 8020 §2)', async () => {
    const { resolver, session } = over(deniesAncestor, served);
    const gathered = await resolver.ask(name('a.b.example.test'), RRType.A, session('strict'));
    expect(gathered).toMatchObject({
      kind: 'reply',
      reply: { kind: 'nxdomain' },
      question: { name: name('b.example.test') },
    });
  });

  test.each(['relaxed', 'off'] as const)('%s: the full name is asked all the same', async (mode) => {
    const { resolver, session } = over(deniesAncestor, served);
    expect(addressesOf(await resolver.ask(name('a.b.example.test'), RRType.A, session(mode)))).toEqual([
      '203.0.113.5',
    ]);
  });

  test('relaxed: an error for an ancestor does not end it', async () => {
    const refuses: Misbehave = (address, query) =>
      address === DOMAIN && query.name === name('b.example.test') ? { rcode: Rcode.REFUSED } : undefined;
    const { resolver, session } = over(refuses, served);
    const asked = (mode: 'strict' | 'relaxed') =>
      resolver.ask(name('a.b.example.test'), RRType.A, session(mode));
    expect(await asked('strict')).toMatchObject({ kind: 'failed', because: 'refused' });
    expect(addressesOf(await asked('relaxed'))).toEqual(['203.0.113.5']);
  });
});

describe('servers that fail', () => {
  const two = { ...world, [DOMAIN]: domainZone, [OTHER]: domainZone };
  const withTwo = {
    ...two,
    [TLD]: { 'test.': [...tldZone['test.'], 'example NS ns2.example', `ns2.example A ${OTHER}`] },
    [TLD_2]: { 'test.': [...tldZone['test.'], 'example NS ns2.example', `ns2.example A ${OTHER}`] },
  };

  test.each([
    ['is silent', { kind: 'timeout' }],
    ['cannot be reached', { kind: 'unreachable' }],
    ['sends garbage', { kind: 'malformed' }],
    ['truncates without TCP', { kind: 'tcp-failed' }],
    ['answers SERVFAIL', { rcode: Rcode.SERVFAIL }],
    ['refuses', { rcode: Rcode.REFUSED }],
  ] as const)('one that %s is passed over for the other', async (_title, heard) => {
    const { resolver, session } = over((address) => (address === DOMAIN ? heard : undefined), withTwo);
    for (let i = 0; i < 10; i++) {
      expect(addressesOf(await resolver.ask(name('www.example.test'), RRType.A, session()))).toEqual([
        '203.0.113.1',
      ]);
    }
  });

  test.each([
    ['timeout', { kind: 'timeout' }],
    ['network-unreachable', { kind: 'unreachable' }],
    ['special-use-address', { kind: 'not-dialled' }],
    ['malformed-reply', { kind: 'malformed' }],
    ['tcp-failed', { kind: 'tcp-failed' }],
    ['servfail', { rcode: Rcode.SERVFAIL }],
    ['refused', { rcode: Rcode.REFUSED }],
    ['notimp', { rcode: Rcode.NOTIMP }],
    ['formerr', { rcode: Rcode.FORMERR }],
  ] as const)('all of them: %s', async (because, heard) => {
    const { resolver, session } = over((address) => (address === DOMAIN ? heard : undefined));
    expect(await resolver.ask(name('www.example.test'), RRType.A, session())).toMatchObject({
      kind: 'failed',
      because,
    });
  });

  test('RFC 9499 §7: a referral that leads no deeper is lame', async () => {
    const { resolver, session } = over(undefined, { ...world, [DOMAIN]: rootZone });
    expect(await resolver.ask(name('www.example.test'), RRType.A, session())).toMatchObject({
      because: 'lame',
    });
  });

  test('RFC 6891 §7: one that chokes on EDNS is asked without', async () => {
    const { resolver, session, log } = over((address, query) =>
      address === DOMAIN && query.edns ? { rcode: Rcode.FORMERR } : undefined,
    );
    expect(addressesOf(await resolver.ask(name('www.example.test'), RRType.A, session()))).toEqual([
      '203.0.113.1',
    ]);
    expect(log.filter((line) => line.startsWith(DOMAIN))).toHaveLength(2);
  });

  test('RFC 9520 §2.2: one that stays silent is left alone for a while', async () => {
    const { resolver, session, log, clock } = over((address) =>
      address === DOMAIN ? { kind: 'timeout' } : undefined,
    );
    const ask = () => resolver.ask(name('www.example.test'), RRType.A, session());
    for (let i = 0; i < 10; i++) await ask();
    const asked = () => log.filter((line) => line.startsWith(DOMAIN)).length;
    const before = asked();
    expect(before).toBeLessThan(20);
    expect(await ask()).toMatchObject({ because: 'timeout' });
    expect(asked()).toBe(before);
    clock.ms += 31_000;
    await ask();
    expect(asked()).toBeGreaterThan(before);
  });
});

describe('loops and floods end in bounds', () => {
  test.each([
    ['two zones whose servers are each in the other (TsuNAME)', 'www.loop1.test', 'name-server-loop'],
    ['a zone whose only server is within it, without glue', 'www.self.test', 'name-server-loop'],
    [
      'twenty server names that do not exist (NXNSAttack, CVE-2020-8616)',
      'www.nxns.test',
      'no-name-server-address',
    ],
  ])('%s', async (_title, asked, because) => {
    const { resolver, session, log } = over();
    const gathered = await resolver.ask(name(asked), RRType.A, session());
    expect(gathered).toMatchObject({ kind: 'failed', because });
    expect(log.length).toBeLessThan(40);
  });

  test('two lookups that need one another at the same time do not wait for ever', async () => {
    const { resolver, session } = over();
    const both = await Promise.all(
      ['www.loop1.test', 'www.loop2.test'].map((asked) => resolver.ask(name(asked), RRType.A, session())),
    );
    expect(both.map((gathered) => gathered.kind)).toEqual(['failed', 'failed']);
  });

  test('a budget that is spent says so', async () => {
    const { resolver, session } = over();
    const poor = { ...session(), budget: { ...LOOKUP_LIMITS, queries: 2, deadlineMs: 60_000 } };
    expect(await resolver.ask(name('www.example.test'), RRType.A, poor)).toMatchObject({
      because: 'query-budget-spent',
    });
  });
});
