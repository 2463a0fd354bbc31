import fc from 'fast-check';
import { expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { keyOf } from '../../src/evidence/bundle.ts';
import { KeyIndex } from '../../src/evidence/key-index.ts';

test('tells of each name the bundles that have its key, in the order in which they were added', () => {
  const names = Array.from({ length: 40 }, (_, at) => name(`d${at}.example`));
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(29), { maxLength: 120 }), { maxLength: 30 }), (bundles) => {
      const index = new KeyIndex();
      for (const [place, members] of bundles.entries()) {
        const keys = [...new Set(members)].map((at) => keyOf(names[at]!));
        expect(index.add(Buffer.concat(keys))).toBe(place);
      }
      for (const [at, one] of names.entries()) {
        const places = bundles.flatMap((members, place) => (members.includes(at) ? [place] : []));
        expect(index.placesOf(one)).toEqual(places);
      }
    }),
  );
});

test('keys that are no multiple of their length are told', () => {
  expect(() => new KeyIndex().add(Buffer.alloc(7))).toThrow('spoiled');
});
