import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistinctNames } from '../../src/census/distinct-names.ts';
import { Least } from '../../src/census/least.ts';
import { allocate, type Draw, MAX_STRATA, Sampler } from '../../src/census/sample.ts';

interface Listed {
  readonly name: string;
  readonly sector?: string;
}

function draw(
  names: readonly Listed[],
  size: number,
  by: string | null = null,
  seed = 's',
  limit?: number,
): Draw {
  const sampler = new Sampler({ size, seed, by }, new DistinctNames(limit));
  for (const { name, sector } of names) {
    sampler.offer(name, { rank: null, weight: null, tags: sector === undefined ? null : { sector } });
  }
  return sampler.draw();
}

const drawn = (...given: Parameters<typeof draw>) => draw(...given).names.map(({ name }) => name);
const many = (count: number, sector?: (at: number) => string): Listed[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `d${at}.example`,
    ...(sector && { sector: sector(at) }),
  }));

const name = fc.integer({ min: 0, max: 200 }).map((at) => ({ name: `d${at}.example`, sector: `s${at % 3}` }));

describe('a sample', () => {
  test('hangs on the set of names alone: not on their order, and not on duplicates', () => {
    fc.assert(
      fc.property(
        fc.array(name),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(null, 'sector'),
        (names, size, by) => {
          const expected = draw(names, size, by);
          expect(draw(names.toReversed(), size, by)).toEqual(expected);
          expect(draw([...names, ...names], size, by)).toEqual(expected);
        },
      ),
    );
  });

  test('a smaller one is the beginning of a larger one', () => {
    expect(drawn(many(5000), 300).slice(0, 100)).toEqual(drawn(many(5000), 100));
  });

  test('another seed draws others', () => {
    const [a, b] = [drawn(many(5000), 500, null, 'a'), drawn(many(5000), 500, null, 'b')];
    const both = a.filter((one) => b.includes(one));
    expect(both.length).toBeGreaterThan(20);
    expect(both.length).toBeLessThan(90);
  });

  test('is everything where the lists have no more', () => {
    const { names, strata } = draw(many(10), 100);
    expect(names).toHaveLength(10);
    expect(strata).toEqual([{ stratum: '', population: 10, drawn: 10 }]);
  });

  test('every name has the same chance', () => {
    const hits = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      for (const one of drawn(many(20), 5, null, String(seed))) hits[Number(/\d+/.exec(one)![0])]!++;
    }
    // 2000 draws of 5 in 20: 500 each, with a standard deviation of 19.
    for (const count of hits) expect(Math.abs(count - 500)).toBeLessThan(6 * 19);
  });

  test('by a tag: each stratum in proportion, by the largest remainder, with what it was drawn from', () => {
    const sector = (at: number) => (at < 700 ? 'a' : at < 995 ? 'b' : 'c');
    expect(draw(many(1000, sector), 10, 'sector').strata).toEqual([
      { stratum: 'a', population: 700, drawn: 7 },
      { stratum: 'b', population: 295, drawn: 3 },
      { stratum: 'c', population: 5, drawn: 0 },
    ]);
  });

  test('domains without the tag are a stratum of their own', () => {
    const { strata } = draw([{ name: 'a.example', sector: 'x' }, { name: 'b.example' }], 10, 'sector');
    expect(strata.map(({ stratum }) => stratum)).toEqual(['', 'x']);
  });

  test('a name with two values counts once, in the stratum of its first line', () => {
    const lines = [...many(1000, () => 'a'), ...many(1000, () => 'b')];
    expect(draw(lines, 10, 'sector').strata).toEqual([
      { stratum: 'a', population: 1000, drawn: 10 },
      { stratum: 'b', population: 0, drawn: 0 },
    ]);
  });

  test('more values than the limit are refused', () => {
    expect(() => draw(many(MAX_STRATA + 1, String), 1, 'sector')).toThrow('at most 1000 strata');
  });

  test('of more names than can be counted: the same sample, and an estimate that says so', () => {
    const names = many(50_000, (at) => (at % 4 === 0 ? 'a' : 'b'));
    const counted = draw([...names, ...names], 200, 'sector');
    const estimated = draw([...names, ...names], 200, 'sector', 's', 4096);
    expect([counted.isExact, estimated.isExact]).toEqual([true, false]);
    expect(counted.strata.map(({ population }) => population)).toEqual([12_500, 37_500]);
    for (const [at, { population }] of estimated.strata.entries()) {
      const { population: right } = counted.strata[at]!;
      expect(Math.abs(population - right) / right).toBeLessThan(0.1);
    }
    const alike = (sector: string) => (of: Draw) =>
      of.names
        .filter(({ tags }) => tags!.sector === sector)
        .map(({ name: one }) => one)
        .slice(0, 40);
    for (const sector of ['a', 'b']) expect(alike(sector)(estimated)).toEqual(alike(sector)(counted));
  });
});

test('allocation: parts add up, none is more than its stratum, each is within one of its share', () => {
  const populations = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(populations, fc.integer({ min: 1, max: 1_000_000 }), (of, size) => {
      const total = of.reduce((sum, one) => sum + one, 0);
      const parts = allocate(size, of);
      expect(parts.reduce((sum, one) => sum + one, 0)).toBe(Math.min(size, total));
      for (const [at, part] of parts.entries()) {
        expect(part).toBeLessThanOrEqual(of[at]!);
        if (size < total) expect(Math.abs(part - (size * of[at]!) / total)).toBeLessThan(1);
      }
    }),
  );
});

test('the least of any number of things', () => {
  const things = fc.array(
    fc.integer({ min: 0, max: 50 }).map((priority) => ({ priority, name: `n${priority}` })),
  );
  fc.assert(
    fc.property(things, fc.integer({ min: 1, max: 10 }), (all, size) => {
      const least = new Least(size);
      for (const thing of all) if (least.wants(thing.priority)) least.offer(thing);
      const expected = all.map(({ priority }) => priority).sort((a, b) => a - b);
      expect(least.sorted().map(({ priority }) => priority)).toEqual(expected.slice(0, size));
    }),
  );
});
