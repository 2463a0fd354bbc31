import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Name, name, nameFromWire } from '../../src/dns/name.ts';
import { bundleOf, KEY_OCTETS, keyOf, recordsIn } from '../../src/evidence/bundle.ts';
import { type ExchangeRecord, outcomes } from '../../src/evidence/exchange-record.ts';

const label = fc.string({
  unit: fc.constantFrom(...'abcXYZ019-_\u0000\u00ff.'),
  minLength: 1,
  maxLength: 12,
});
const spelling = fc
  .array(label, { maxLength: 5 })
  .map((labels) => `${labels.map((text) => String.fromCharCode(text.length) + text).join('')}\0`);
const record: fc.Arbitrary<ExchangeRecord> = fc
  .record({
    address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('[2001:db8::53]:5353')),
    spelling,
    type: fc.nat(0xffff),
    edns: fc.boolean(),
    recursionDesired: fc.boolean(),
    outcome: fc.constantFrom(...outcomes),
    octets: fc.uint8Array({ maxLength: 700 }),
    milliseconds: fc.nat(0xffffffff),
    at: fc.integer({ min: -1, max: 2 ** 40 }),
  })
  .map((drawn) => ({ ...drawn, name: nameFromWire(drawn.spelling) }));

const plain = (records: readonly ExchangeRecord[]) =>
  records.map(({ octets, ...rest }) => ({ ...rest, octets: Buffer.from(octets).toString('hex') }));

test('whatever is put into a bundle comes out of it, in order', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
      const bundle = bundleOf(records)!;
      expect(plain(recordsIn(bundle.octets))).toEqual(plain(records));
      const names = new Set(records.map((one) => one.name));
      expect(bundle.keys).toHaveLength(names.size * KEY_OCTETS);
      for (const one of names) expect(Buffer.from(bundle.keys).includes(keyOf(one))).toBe(true);
    }),
  );
});

test('there is no bundle of nothing', () => expect(bundleOf([])).toBeUndefined());

test('a bundle that was cut off or spoiled is told, or reads as well-formed records: it never runs past its end', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      (records, where, value, cut) => {
        const whole = zstdDecompressSync(bundleOf(records)!.octets);
        const at = where % whole.length;
        const spoiled = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) spoiled[at] = value;
        try {
          for (const one of recordsIn(zstdCompressSync(spoiled)))
            expect(one.octets.length).toBeLessThan(0x10000);
        } catch (error) {
          expect((error as Error).message).toContain('a bundle of evidence is spoiled');
        }
      },
    ),
  );
});

test.each([
  ['octets that are no Zstandard frame', Buffer.from('nothing of the kind')],
  ['a frame that is cut off', Buffer.from(bundleOf([aRecord(name('a.example'))])!.octets).subarray(0, 20)],
])('%s are an error', (_, octets) => expect(() => recordsIn(octets)).toThrow());

function aRecord(of: Name): ExchangeRecord {
  return {
    address: '192.0.2.1',
    name: of,
    spelling: of,
    type: 1,
    edns: true,
    recursionDesired: false,
    outcome: 'silence',
    octets: new Uint8Array(0),
    milliseconds: 1,
    at: 0,
  };
}
