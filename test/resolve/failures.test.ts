/** Why a question stays without answer: the fault is laid where it is, and our own is not laid at others' doors. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Exchange } from '../../src/resolve/exchange.ts';
import { DOWN_PROBE_MS, LOOKUP_LIMITS, SILENCES_UNTIL_DOWN } from '../../src/resolve/limits.ts';
import { fakeInternet, type Misbehave, resolverOver } from './fake-internet.ts';

const ROOT = '198.41.0.4';
const TLD = '192.0.2.1';
const DOMAIN = '192.0.2.3';
const world = {
  [ROOT]: { '.': ['test. NS ns.test.', `ns.test. A ${TLD}`, 'far. NS ns.far.', 'ns.far. A 192.0.2.7'] },
  [TLD]: {
    'test.': [
      `example NS ns.example`,
      `ns.example A ${DOMAIN}`,
      'away NS ns.far.',
      'both NS ns.far.',
      'both NS ns.nothing.example',
      ...Array.from({ length: 8 }, (_, i) => [`wide NS n${i}.wide`, `n${i}.wide A 192.0.2.10${i}`]).flat(),
    ],
  },
  [DOMAIN]: { 'example.test.': ['www A 203.0.113.1', 'ns A 192.0.2.3'] },
  '192.0.2.7': { 'far.': ['ns A 192.0.2.7'], 'away.test.': ['www A 203.0.113.2'] },
};

function over(misbehave?: Misbehave) {
  const internet = fakeInternet(world, misbehave);
  return { ...internet, ...resolverOver(internet.exchange) };
}

describe('servers without glue', () => {
  test('no route to those who know their addresses: our fault', async () => {
    const { resolver, session } = over((address) =>
      address === '192.0.2.7' ? { kind: 'unreachable' } : undefined,
    );
    expect(await resolver.ask(name('www.away.test'), RRType.A, session())).toMatchObject({
      because: 'network-unreachable',
    });
    // Another of the names has no address at all: that is not for us to mend.
    expect(await resolver.ask(name('www.both.test'), RRType.A, session())).toMatchObject({
      because: 'no-name-server-address',
    });
  });

  test('a budget spent while looking for them says so, and is not remembered against them', async () => {
    const { resolver, session } = over();
    const poor = { ...session(), budget: { ...LOOKUP_LIMITS, queries: 3, deadlineMs: 60_000 } };
    expect(await resolver.ask(name('www.away.test'), RRType.A, poor)).toMatchObject({
      because: 'query-budget-spent',
    });
    expect(await resolver.ask(name('www.away.test'), RRType.A, session())).toMatchObject({ kind: 'reply' });
  });
});

describe('time', () => {
  /** Each silence takes its time by the clock. */
  const slow = (silent: (address: string) => boolean, heldMs = 0) => {
    const internet = fakeInternet(world);
    const clock: { ms: number } = { ms: 0 };
    const exchange: Exchange = async (address, query) => {
      clock.ms += heldMs;
      if (!silent(address)) return { ...(await internet.exchange(address, query)), heldMs };
      clock.ms += query.timeoutMs;
      return { kind: 'timeout', heldMs };
    };
    const made = resolverOver(exchange);
    // The clock that the resolver reads.
    Object.defineProperty(made.clock, 'ms', {
      get: () => clock.ms,
      set: (ms: number) => {
        clock.ms = ms;
      },
    });
    return { ...made, log: internet.log };
  };

  test('out of time with silent servers: they are why', async () => {
    const { resolver, session } = slow((address) => address.startsWith('192.0.2.10'));
    const hurried = { ...session(), budget: { ...LOOKUP_LIMITS, queries: 150, deadlineMs: 2500 } };
    expect(await resolver.ask(name('www.wide.test'), RRType.A, hurried)).toMatchObject({
      because: 'timeout',
    });
  });

  test('what our manners hold back is no time of the lookup', async () => {
    const { resolver, session } = slow(() => false, 20_000);
    const hurried = { ...session(), budget: { ...LOOKUP_LIMITS, queries: 150, deadlineMs: 1000 } };
    expect(await resolver.ask(name('www.example.test'), RRType.A, hurried)).toMatchObject({ kind: 'reply' });
  });
});

test('RFC 9520 §3.2: one query now and then finds out that a server is back', async () => {
  let isDead = true;
  const { resolver, session, clock } = over((address) =>
    isDead && address === DOMAIN ? { kind: 'timeout' } : undefined,
  );
  const ask = () => resolver.ask(name('www.example.test'), RRType.A, session());
  for (let i = 0; i < SILENCES_UNTIL_DOWN; i++) expect(await ask()).toMatchObject({ because: 'timeout' });
  isDead = false;
  expect(await ask()).toMatchObject({ because: 'timeout' });
  clock.ms += DOWN_PROBE_MS;
  expect(await ask()).toMatchObject({ kind: 'reply' });
});
