/** RFC 8198 §5: what is kept of proven denials, and what can be concluded from it later: no more than from the reply itself. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNames, name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { proveNameError, proveNoData } from '../../src/dnssec/denial.ts';
import { DenialMemory } from '../../src/dnssec/denial-memory.ts';
import { MAX_DENIAL_SECONDS } from '../../src/dnssec/limits.ts';
import { SpanChain } from '../../src/dnssec/span-chain.ts';
import type { ZoneKeys } from '../../src/dnssec/zone-keys.ts';
import {
  AT,
  ask,
  EXAMPLE,
  message,
  type Sections,
  SignedZone,
  validation,
  type ZoneOptions,
} from './signed-zone.ts';

const { A, TXT } = RRType;
const nsec = new SignedZone('example.', EXAMPLE);
const nsec3 = new SignedZone('example.', EXAMPLE, { nsec3: { iterations: 1 } });

class Kept {
  readonly clock = { ms: 0, at: AT };
  readonly memory: DenialMemory;

  constructor(limit?: number) {
    this.memory = new DenialMemory(() => this.clock.ms, limit);
  }

  v() {
    return validation({ at: this.clock.at, denials: this.memory });
  }

  learn(keys: ZoneKeys, asked: string, sections: Sections, type: number = A): string {
    const question = ask(asked, type);
    return verifyAnswer(keys, question, message(question, sections), this.v()).status;
  }

  denies(keys: ZoneKeys, asked: string): string {
    return this.#best(keys, (records) => proveNameError(records, name(asked)));
  }

  hasNo(keys: ZoneKeys, asked: string, type: number): string {
    return this.#best(keys, (records) => proveNoData(records, name(asked), type));
  }

  #best(
    keys: ZoneKeys,
    prove: (records: Parameters<typeof proveNameError>[0]) => { status: string },
  ): string {
    const statuses = this.memory.recordsOf(keys, this.v()).map((records) => prove(records).status);
    return statuses.find((status) => status !== 'bogus') ?? statuses[0] ?? 'nothing';
  }
}

function nameError(zone: SignedZone, asked: string): Sections {
  return {
    rcode: 3,
    authority: [...zone.soa(), ...zone.match('example.'), ...zone.cover(asked), ...zone.cover('*.example.')],
  };
}

describe.each([
  ['NSEC', nsec],
  ['NSEC3', nsec3],
] as const)('%s', (_title, zone) => {
  const keys = zone.keys();

  test('a denied name stays denied, and names below it; another one is unknown', () => {
    const kept = new Kept();
    expect(kept.denies(keys, 'nothing.example.')).toBe('nothing');
    expect(kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'))).toBe('secure');
    expect(kept.denies(keys, 'nothing.example.')).toBe('secure');
    expect(kept.denies(keys, 'a.b.nothing.example.')).toBe('secure');
    expect(kept.denies(keys, 'host.wild.example.')).toBe('bogus');
    expect(kept.denies(keys, 'elsewhere.test.')).toBe('bogus');
  });

  test('a name error needs the wildcard denied as well (RFC 4035 §5.4, RFC 5155 §8.4)', () => {
    const kept = new Kept();
    const { authority, ...rest } = nameError(zone, 'nothing.example.');
    const wildcards = zone.cover('*.example.').map(({ name: owner }) => owner);
    const without = authority!.filter(({ name: owner }) => !wildcards.includes(owner));
    kept.learn(keys, 'nothing.example.', { ...rest, authority: without });
    expect(kept.denies(keys, 'nothing.example.')).toMatch(/nothing|bogus/);
  });

  test('types of a name that exists', () => {
    const kept = new Kept();
    kept.learn(keys, 'mail.example.', { authority: [...zone.soa(), ...zone.match('mail.example.')] }, TXT);
    expect(kept.hasNo(keys, 'mail.example.', TXT)).toBe('secure');
    expect(kept.hasNo(keys, 'mail.example.', RRType.AAAA)).toBe('secure');
    expect(kept.hasNo(keys, 'mail.example.', A)).toBe('bogus');
    expect(kept.denies(keys, 'mail.example.')).toBe('bogus');
  });

  test('the parent’s side of a cut denies nothing of the child (RFC 6840 §4.1, §4.4)', () => {
    const kept = new Kept();
    kept.learn(
      keys,
      'unsigned.example.',
      { authority: [...zone.soa(), ...zone.match('unsigned.example.')] },
      RRType.DS,
    );
    expect(kept.memory.size).toBe(1);
    expect(kept.hasNo(keys, 'unsigned.example.', A)).toBe('bogus');
    expect(kept.denies(keys, 'www.unsigned.example.')).toBe('bogus');
  });

  test('spoilt records are not kept', () => {
    const kept = new Kept();
    const { authority, ...rest } = nameError(zone, 'nothing.example.');
    const spoilt = authority!.map((record) =>
      record.type === RRType.RRSIG
        ? { ...record, rdata: record.rdata.map((octet, i) => (i > 70 ? octet ^ 1 : octet)) }
        : record,
    );
    expect(kept.learn(keys, 'nothing.example.', { ...rest, authority: spoilt })).toBe('bogus');
    expect(kept.memory.size).toBe(0);
  });

  test('other keys of the same zone know nothing of it, and take its place', () => {
    const kept = new Kept();
    const others = zone.keys();
    kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'));
    expect(kept.denies(others, 'nothing.example.')).toBe('nothing');
    kept.learn(others, 'nothing.example.', nameError(zone, 'nothing.example.'));
    expect(kept.denies(others, 'nothing.example.')).toBe('secure');
    expect(kept.denies(keys, 'nothing.example.')).toBe('nothing');
  });

  test('until the SOA, the TTL or the signature ends (RFC 8198 §5.4, RFC 9077 §3.4)', () => {
    const kept = new Kept();
    kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'));
    kept.clock.at += 300;
    expect(kept.denies(keys, 'nothing.example.')).toBe('secure');
    kept.clock.at += 1;
    expect(kept.denies(keys, 'nothing.example.')).toBe('bogus');
    kept.clock.at -= 301;
    kept.clock.ms += 300_000;
    expect(kept.denies(keys, 'nothing.example.')).toMatch(/nothing|bogus/);
  });

  test('no more than the limit, the least used first', () => {
    const kept = new Kept(1);
    kept.learn(keys, 'mail.example.', { authority: [...zone.soa(), ...zone.match('mail.example.')] }, TXT);
    kept.learn(keys, 'example.', { authority: [...zone.soa(), ...zone.match('example.')] }, TXT);
    expect(kept.memory.size).toBe(1);
    expect(kept.hasNo(keys, 'mail.example.', TXT)).toBe('bogus');
    expect(kept.hasNo(keys, 'example.', TXT)).toBe('secure');
  });

  test('the same record again takes no further room', () => {
    const kept = new Kept();
    for (let i = 0; i < 3; i++) kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'));
    const { size } = kept.memory;
    expect(size).toBeLessThanOrEqual(3);
    kept.clock.ms += MAX_DENIAL_SECONDS * 1000;
    expect(kept.denies(keys, 'nothing.example.')).toMatch(/nothing|bogus/);
  });
});

describe('NSEC3', () => {
  const made = (options: ZoneOptions['nsec3']) => new SignedZone('example.', EXAMPLE, { nsec3: options! });

  test('RFC 5155 §6: what an opt-out span covers is not denied', () => {
    const zone = made({ optOut: true });
    const keys = zone.keys();
    const kept = new Kept();
    expect(kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'))).toBe('insecure');
    expect(kept.denies(keys, 'nothing.example.')).toBe('insecure');
  });

  test.each([
    ['aa', 'bb'],
    ['bb', 'aa'],
  ])('RFC 5155 §8.2: records with salt %s are forgotten where those with %s come', (first, second) => {
    const [before, after] = [first, second].map((salt) => made({ salt: Buffer.from(salt, 'hex') }));
    const keys = before!.keys();
    const kept = new Kept();
    const nodata = (zone: SignedZone, asked: string) =>
      kept.learn(keys, asked, { authority: [...zone.soa(), ...zone.match(asked)] }, TXT);
    for (const asked of ['mail.example.', 'alias.example.', 'wild.example.']) nodata(before!, asked);
    expect(kept.hasNo(keys, 'mail.example.', TXT)).toBe('secure');
    expect(nodata(after!, 'example.')).toBe('secure');
    expect(kept.hasNo(keys, 'example.', TXT)).toBe('secure');
    expect(kept.hasNo(keys, 'mail.example.', TXT)).toBe('bogus');
  });

  test('RFC 9276 §3.2: too many iterations prove nothing later either', () => {
    const zone = made({ iterations: 101 });
    const keys = zone.keys();
    const kept = new Kept();
    expect(kept.learn(keys, 'nothing.example.', nameError(zone, 'nothing.example.'))).toBe('insecure');
    expect(kept.denies(keys, 'nothing.example.')).toBe('nothing');
  });
});

describe('a chain of spans', () => {
  test('finds what begins at or nearest before, whatever was put and removed', () => {
    const label = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const steps = fc.array(fc.tuple(fc.boolean(), label), { maxLength: 30 });
    fc.assert(
      fc.property(steps, label, (done, asked) => {
        const chain = new SpanChain<{ from: string }>((x, y) => (x < y ? -1 : x > y ? 1 : 0));
        const model = new Map<string, { from: string }>();
        for (const [isPut, from] of done) {
          const span = isPut ? { from } : model.get(from);
          if (span === undefined) continue;
          if (isPut) {
            chain.put(span);
            model.set(from, span);
          } else {
            chain.remove(span);
            model.delete(from);
          }
        }
        const sorted = [...model.values()].sort((x, y) => (x.from < y.from ? -1 : 1));
        const before = sorted.filter(({ from }) => from <= asked).at(-1) ?? sorted.at(-1);
        expect(chain.atOrBefore(asked)).toBe(before);
        expect(chain.size).toBe(sorted.length);
      }),
    );
  });

  test('in the canonical order of names', () => {
    const chain = new SpanChain<{ from: string }>((x, y) => compareNames(name(x), name(y)));
    for (const from of ['example.', 'a.example.', 'z.a.example.', 'zabc.a.example.', 'z.example.'])
      chain.put({ from });
    expect(chain.atOrBefore('yljkjljk.a.example.')?.from).toBe('a.example.');
    expect(chain.atOrBefore('b.example.')?.from).toBe('zabc.a.example.');
  });
});
