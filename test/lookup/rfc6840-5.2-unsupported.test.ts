/** RFC 4035 §5.2, RFC 6840 §5.2, §5.11: algorithms and digests that are not supported here, in one place or in all. */
import { describe, expect, test } from 'vitest';
import { RRType } from '../../src/dns/rr-type.ts';
import { type Spoil, verdict, without, world } from './signed-internet.ts';

const { DS, RRSIG, DNSKEY } = RRType;
const PRIVATEDNS = 253;
const UNKNOWN_DIGEST = 9;
const modes = ['strict', 'relaxed', 'off'] as const;

/** The parent's DS RRset of good.test with fields of each record changed: signed again, or with the signature it had. */
function dsChanged(change: (rdata: Buffer) => void, isSigned = true): Spoil {
  return (parts, { zone, name }) => {
    if (zone.text.apex !== 'test' || !formatsTo(name)) return undefined;
    const section = (records: typeof parts.answer) => {
      const ds = (records ?? []).filter(({ type }) => type === DS);
      if (ds.length === 0) return [...(records ?? [])];
      const changed = ds.map((record) => {
        const rdata = Buffer.from(record.rdata);
        change(rdata);
        return { ...record, rdata };
      });
      const rest = without(DS)(records);
      return isSigned ? [...without(RRSIG)(rest), ...zone.signed(changed)] : [...rest, ...changed];
    };
    return { ...parts, answer: section(parts.answer), authority: section(parts.authority) };
  };
}

const formatsTo = (name: string) => name.endsWith('\x04good\x04test\0');

const both =
  (first: Spoil, second: Spoil): Spoil =>
  (parts, asked, all) => {
    const spoilt = first(parts, asked, all);
    if (spoilt !== undefined && ('kind' in spoilt || 'octets' in spoilt)) return spoilt;
    return second(spoilt ?? parts, asked, all) ?? spoilt;
  };

const withAlgorithm = dsChanged((rdata) => rdata.writeUInt8(PRIVATEDNS, 2));
const withDigest = dsChanged((rdata) => rdata.writeUInt8(UNKNOWN_DIGEST, 3));
const noKeys: Spoil = (_parts, { text }) => (text === 'good.test. DNSKEY' ? { kind: 'timeout' } : undefined);

describe.each(modes)(
  'RFC 6840 §5.2: only DS records that cannot be followed, minimisation %s',
  (minimisation) => {
    test.each([
      ['algorithm', withAlgorithm, 'insecure ds-unsupported-algorithm data'],
      ['digest', withDigest, 'insecure ds-unsupported-digest data'],
      [
        'algorithm, and no DNSKEY to be had',
        both(withAlgorithm, noKeys),
        'insecure ds-unsupported-algorithm data',
      ],
      ['digest, and no DNSKEY to be had', both(withDigest, noKeys), 'insecure ds-unsupported-digest data'],
    ])('%s', async (_title, spoil, expected) => {
      expect(await verdict(world({ spoil, minimisation }), 'www.good.test')).toBe(expected);
    });

    test('the keys of such a zone are not asked for', async () => {
      const one = world({ spoil: withAlgorithm, minimisation });
      await verdict(one, 'www.good.test');
      expect(one.log.filter((line) => line.endsWith('good.test. DNSKEY'))).toEqual([]);
    });
  },
);

describe('downgrade: an unknown algorithm in one place only is bogus (RFC 4035 §5.2, RFC 6840 §5.11)', () => {
  const rewritten =
    (type: number, offset: number): Spoil =>
    (parts, { zone }) => {
      if (zone.text.apex !== 'good.test') return undefined;
      const change = (records: typeof parts.answer) =>
        (records ?? []).map((record) => {
          if (record.type !== type) return record;
          const rdata = Buffer.from(record.rdata);
          rdata[offset] = PRIVATEDNS;
          return { ...record, rdata };
        });
      return { ...parts, answer: change(parts.answer), authority: change(parts.authority) };
    };
  test.each([
    [
      'DS, on its way',
      dsChanged((rdata) => rdata.writeUInt8(PRIVATEDNS, 2), false),
      'bogus signature-invalid',
    ],
    [
      'digest type of DS, on its way',
      dsChanged((rdata) => rdata.writeUInt8(UNKNOWN_DIGEST, 3), false),
      'bogus signature-invalid',
    ],
    ['DNSKEY', rewritten(DNSKEY, 3), 'bogus dnskey-no-ds-match'],
    ['RRSIG', rewritten(RRSIG, 2), 'bogus rrsig-unsupported-algorithm'],
    ['DNSKEY and RRSIG', both(rewritten(DNSKEY, 3), rewritten(RRSIG, 2)), 'bogus dnskey-no-ds-match'],
  ])('%s', async (_title, spoil, expected) => {
    for (const minimisation of modes) {
      expect(await verdict(world({ spoil, minimisation }), 'www.good.test')).toBe(expected);
    }
  });
});
