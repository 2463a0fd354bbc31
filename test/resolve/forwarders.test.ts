/** Asking forwarders (RFC 1034 §5.3.1): which, how often, how long, and what counts as a reply. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { readMessage } from '../../src/dns/message.ts';
import { writeReply } from '../../src/dns/message-writer.ts';
import { name, root } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Heard, Query } from '../../src/resolve/exchange.ts';
import { FORWARDER_ROUNDS, ROUNDS, SILENCES_UNTIL_DOWN } from '../../src/resolve/limits.ts';
import { Resolver } from '../../src/resolve/resolver.ts';
import { newSession, type TraceEntry } from '../../src/resolve/session.ts';

const WWW = name('www.example.test');
const A = { name: WWW, type: RRType.A, ttl: 60, rdata: Buffer.from([192, 0, 2, 1]) };

function reply({ name: asked, type }: Query, rcode: number = Rcode.NOERROR): Heard {
  const octets = writeReply({
    id: 1,
    rcode,
    authoritative: false,
    recursionAvailable: true,
    question: { name: asked, type, class: 1 },
    answer: rcode === Rcode.NOERROR ? [A] : [],
    edns: { payloadSize: 1232, version: 0, dnssecOk: true },
  });
  return { kind: 'reply', message: readMessage(octets)!, overTcp: false, milliseconds: 5 };
}

/** Each silence takes its time by the clock. */
function over(addresses: readonly string[], hear: (address: string, query: Query) => Heard) {
  const clock = { ms: 0 };
  const asked: { address: string; query: Query }[] = [];
  const resolver = new Resolver({
    exchange: async (address, query) => {
      asked.push({ address, query });
      const heard = hear(address, query);
      if (heard.kind === 'timeout') clock.ms += query.timeoutMs;
      return heard;
    },
    rootHints: [],
    forwarders: addresses,
    clockMs: () => clock.ms,
    random: seededRandom(1),
    timeoutMs: 1000,
  });
  const ask = (trace?: TraceEntry[]) =>
    resolver.ask(WWW, RRType.A, newSession(clock.ms + 60_000, 'strict', trace));
  return { resolver, ask, asked, clock };
}

test('the full name, with RD and EDNS, at once; the zone is not known', async () => {
  const { ask, asked } = over(['10.0.0.1'], (_address, query) => reply(query));
  const trace: TraceEntry[] = [];
  expect(await ask(trace)).toMatchObject({ kind: 'reply', reply: { kind: 'answer' }, cut: { apex: root } });
  expect(asked).toMatchObject([
    { query: { name: WWW, type: RRType.A, recursionDesired: true, edns: true, timeoutMs: 1000 } },
  ]);
  expect(trace).toMatchObject([{ zone: null, server: '10.0.0.1', heard: 'NOERROR' }]);
});

describe('how often', () => {
  test.each([
    ['silence', FORWARDER_ROUNDS, () => ({ kind: 'timeout' }) as const],
    ['SERVFAIL', ROUNDS, (query: Query) => reply(query, Rcode.SERVFAIL)],
    ['REFUSED', 1, (query: Query) => reply(query, Rcode.REFUSED)],
    ['no route', 1, () => ({ kind: 'unreachable' }) as const],
  ])('%s: %i times', async (_title, times, hear) => {
    const { ask, asked } = over(['10.0.0.1'], (_address, query) => hear(query));
    expect(await ask()).toMatchObject({ kind: 'failed' });
    expect(asked).toHaveLength(times);
  });

  test('a name that it is silent about does not spoil the next: it is no server that is down', async () => {
    let isSlow = true;
    const { ask, asked } = over(['10.0.0.1'], (_address, query) =>
      isSlow ? { kind: 'timeout' } : reply(query),
    );
    for (let i = 0; i < SILENCES_UNTIL_DOWN; i++) {
      expect(await ask()).toMatchObject({ because: 'forwarder-silent' });
    }
    isSlow = false;
    const before = asked.length;
    expect(await ask()).toMatchObject({ kind: 'reply' });
    expect(asked.length - before).toBe(1);
  });

  test('however quickly it answers others, it is waited for in full', async () => {
    const { ask, asked } = over(['10.0.0.1'], (_address, query) => reply(query));
    await ask();
    await ask();
    expect(asked.map(({ query }) => query.timeoutMs)).toEqual([1000, 1000]);
  });

  test('the one that answers comes first once the other was silent', async () => {
    const { ask, asked } = over(['10.0.0.1', '10.0.0.2'], (address, query) =>
      address === '10.0.0.1' ? { kind: 'timeout' } : reply(query),
    );
    for (let i = 0; i < 10; i++) expect(await ask()).toMatchObject({ kind: 'reply', server: '10.0.0.2' });
    expect(asked.filter(({ address }) => address === '10.0.0.1').length).toBeLessThanOrEqual(2);
  });
});

describe('budgets', () => {
  test('out of time: that is the forwarder, not the name', async () => {
    const { resolver, clock } = over(['10.0.0.1'], () => ({ kind: 'timeout' }));
    const late = newSession(clock.ms, 'relaxed');
    expect(await resolver.ask(WWW, RRType.A, late)).toMatchObject({ because: 'forwarder-silent' });
    const hurried = newSession(clock.ms + 1500, 'relaxed');
    expect(await resolver.ask(WWW, RRType.A, hurried)).toMatchObject({ because: 'forwarder-silent' });
  });

  test('out of queries', async () => {
    const { resolver, clock } = over(['10.0.0.1'], (_address, query) => reply(query));
    const poor = newSession(clock.ms + 60_000, 'relaxed');
    poor.budget.queries = 0;
    expect(await resolver.ask(WWW, RRType.A, poor)).toMatchObject({ because: 'query-budget-spent' });
  });
});

test('RFC 1034 §4.2.2: no server of a zone is seen', async () => {
  const { resolver, ask, clock } = over(['10.0.0.1'], (_address, query) => reply(query));
  const { cut } = await ask();
  expect(cut.nameServers).toEqual([]);
  expect([...(await resolver.addressesOf(cut, newSession(clock.ms + 1000, 'off')))]).toEqual([]);
});
