/** RFC 9520 §3.2: a failed answer is remembered for a while, which grows, so that its servers are left alone meanwhile. */
import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import type { Answer } from '../../src/lookup/answer.ts';
import { AnswerMemory } from '../../src/lookup/answer-memory.ts';
import { FIRST_FAILURE_SECONDS, MAX_FAILURE_SECONDS, MAX_FAILURES } from '../../src/lookup/limits.ts';
import { type Spoil, stripped, verdict, type World, world } from './signed-internet.ts';

const { A, AAAA, TLSA } = RRType;
const isAsked = ({ text }: Parameters<Spoil>[1]) => text === 'www.good.test. A';
const broken =
  (rcode: number): Spoil =>
  (parts, asked) =>
    isAsked(asked) ? { ...parts, rcode, authoritative: false, answer: [], authority: [] } : undefined;
const heard =
  (kind: 'timeout' | 'malformed' | 'tcp-failed' | 'unreachable' | 'not-dialled'): Spoil =>
  (_parts, asked) =>
    isAsked(asked) ? { kind } : undefined;

/** The zone is well known, so that only the question itself fails. */
async function warm(spoil: Spoil): Promise<World & { mend(): void }> {
  let isOn = true;
  const one = world({ spoil: (...all) => (isOn ? spoil(...all) : undefined), minimisation: 'off' });
  await verdict(one, 'mx.good.test');
  return Object.assign(one, {
    mend() {
      isOn = false;
    },
  });
}

function pass(one: World, seconds: number): void {
  one.clock.ms += seconds * 1000;
}

describe('RFC 9520 §2: every kind of failure', () => {
  test.each<[string, Spoil, string]>([
    ['§2.1 SERVFAIL', broken(Rcode.SERVFAIL), 'indeterminate servfail'],
    ['§2.2 REFUSED', broken(Rcode.REFUSED), 'indeterminate refused'],
    ['§2.3 timeouts', heard('timeout'), 'indeterminate timeout'],
    ['§2.3 special-use addresses', heard('not-dialled'), 'indeterminate special-use-address'],
    [
      '§2.6 DNSSEC validation',
      (parts, asked) => (isAsked(asked) ? stripped(parts) : undefined),
      'bogus rrsig-missing',
    ],
    ['§2.7 FORMERR', broken(Rcode.FORMERR), 'indeterminate formerr'],
    ['garbage', heard('malformed'), 'indeterminate malformed-reply'],
    ['truncation without TCP', heard('tcp-failed'), 'indeterminate tcp-failed'],
  ])('%s', async (_title, spoil, because) => {
    const one = await warm(spoil);
    expect(await verdict(one, 'www.good.test')).toBe(because);
    one.mend();
    const before = one.log.length;
    pass(one, FIRST_FAILURE_SECONDS - 1);
    expect(await verdict(one, 'www.good.test')).toBe(because);
    expect(one.log.length).toBe(before);
    pass(one, 2);
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });

  test('§2.5 alias loops', async () => {
    const one = world();
    expect(await verdict(one, 'loop1.good.test')).toBe('indeterminate cname-loop');
    const before = one.log.length;
    expect(await verdict(one, 'loop1.good.test')).toBe('indeterminate cname-loop');
    expect(one.log.length).toBe(before);
  });

  test('but not our own', async () => {
    const one = await warm(heard('unreachable'));
    expect(await verdict(one, 'www.good.test')).toBe('indeterminate network-unreachable');
    one.mend();
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });
});

describe('RFC 9520 §3.2: for how long', () => {
  const empty = { links: [], aliasRecords: [] };
  const security = { status: 'indeterminate', because: 'servfail', at: '.' };
  const failed = { ...empty, outcome: 'failed', security };
  const found = { ...empty, outcome: 'data', security: { status: 'secure' } };

  test('doubled from five seconds to five minutes', () => {
    const clock = { ms: 0 };
    const memory = new AnswerMemory(
      () => clock.ms,
      () => 1,
    );
    const remembered = () => {
      memory.remember('a', failed as unknown as Answer);
      let seconds = 0;
      while (memory.recall('a') !== undefined) {
        clock.ms += 1000;
        seconds++;
      }
      return seconds;
    };
    expect(Array.from({ length: 8 }, remembered)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    memory.remember('a', found as unknown as Answer);
    clock.ms += 1000;
    expect(remembered()).toBe(5);
    clock.ms += (MAX_FAILURE_SECONDS + 5) * 1000;
    expect(remembered()).toBe(5);
  });

  test('no more of them than the limit', () => {
    const memory = new AnswerMemory(
      () => 0,
      () => 1,
    );
    for (let i = 0; i <= MAX_FAILURES; i++) memory.remember(String(i), failed as unknown as Answer);
    expect(memory.recall('0')).toBeUndefined();
    expect(memory.recall('1')).toBe(failed);
  });
});

test('what failed is that question, and no other', async () => {
  const one = await warm(broken(Rcode.SERVFAIL));
  await verdict(one, 'www.good.test');
  expect(await verdict(one, 'www.good.test', AAAA)).toBe('secure nodata');
  expect(await verdict(one, 'mx.good.test', AAAA)).toBe('secure data');
  const before = one.log.length;
  await verdict(one, 'www.good.test', A, 'strict');
  expect(one.log.length).toBeGreaterThan(before);
});

describe('RFC 5452 §5: identical questions at the same time are one', () => {
  test('lookups under way are shared', async () => {
    const one = await warm(() => undefined);
    const before = one.log.length;
    const asked = Array.from({ length: 20 }, () => one.lookup.ask(name('_25._tcp.mx.good.test'), TLSA));
    const answers = await Promise.all(asked);
    expect(one.log.slice(before)).toEqual([expect.stringMatching(/ _25\._tcp\.mx\.good\.test\. TLSA$/)]);
    expect(new Set(answers).size).toBe(1);
  });

  test('so are failures', async () => {
    const one = await warm(heard('timeout'));
    const once = await warm(heard('timeout'));
    await Promise.all(Array.from({ length: 20 }, () => one.lookup.ask(name('www.good.test'), A)));
    await once.lookup.ask(name('www.good.test'), A);
    expect(one.log.length).toBe(once.log.length);
  });

  test('but not with a lookup whose queries are to be traced, nor with one in another mode', async () => {
    const one = await warm(() => undefined);
    const trace = [] as never[];
    const before = one.log.length;
    const record = name('_25._tcp.mx.good.test');
    await Promise.all([
      one.lookup.ask(record, TLSA),
      one.lookup.ask(record, TLSA, { trace }),
      one.lookup.ask(record, TLSA, { firsthand: true }),
    ]);
    expect(trace).toHaveLength(1);
    expect(one.log.length).toBe(before + 3);
  });
});
