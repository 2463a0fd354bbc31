import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { TlsaRecord } from '../../src/dane/tlsa-record.ts';
import { judgeTlsaSet, unusableReason } from '../../src/dane/tlsa-usability.ts';
import { keys, leaf, spkiOf } from '../pki/hierarchy.ts';

const record = (
  usage: number,
  selector: number,
  matchingType: number,
  data: number | Uint8Array,
): TlsaRecord => ({
  usage,
  selector,
  matchingType,
  data: typeof data === 'number' ? new Uint8Array(data) : data,
});
const certificate = leaf();
const key = spkiOf(keys.ec);
const withTail = (octets: Uint8Array) => new Uint8Array([...octets, 0]);

const cases: readonly [string, TlsaRecord, ReasonKey | null][] = [
  ['RFC 7672 §3.1.3: PKIX-TA', record(0, 1, 1, 32), 'usage-pkix'],
  ['RFC 7672 §3.1.3: PKIX-EE', record(1, 1, 1, 32), 'usage-pkix'],
  ['RFC 6698 §2.1.1: DANE-TA', record(2, 1, 1, 32), null],
  ['RFC 6698 §2.1.1: DANE-EE', record(3, 1, 1, 32), null],
  ['RFC 6698 §2.1.1: unassigned usage', record(4, 1, 1, 32), 'usage-unknown'],
  ['RFC 6698 §2.1.1: private usage', record(255, 1, 1, 32), 'usage-unknown'],
  ['RFC 6698 §2.1.2: selector 0', record(3, 0, 1, 32), null],
  ['RFC 6698 §2.1.2: selector 2', record(3, 2, 1, 32), 'selector-unknown'],
  ['RFC 6698 §2.1.3: SHA2-512', record(3, 1, 2, 64), null],
  ['RFC 6698 §2.1.3: matching type 3', record(3, 1, 3, 32), 'matching-type-unknown'],
  ['RFC 6698 §2.1.4: SHA2-256 of 31 octets', record(3, 1, 1, 31), 'digest-length'],
  ['RFC 6698 §2.1.4: SHA2-256 of 64 octets', record(3, 1, 1, 64), 'digest-length'],
  ['RFC 6698 §2.1.4: SHA2-512 of 32 octets', record(3, 1, 2, 32), 'digest-length'],
  ['RFC 6698 §2.1.4: digest of no octets', record(3, 1, 1, 0), 'digest-length'],
  ['RFC 7671 §8: certificate in full', record(3, 0, 0, certificate), null],
  ['RFC 7671 §8: key in full', record(2, 1, 0, key), null],
  ['RFC 7671 §8: no certificate', record(2, 0, 0, 32), 'data-unparsable'],
  ['RFC 7671 §8: no key', record(3, 1, 0, 32), 'data-unparsable'],
  ['RFC 7671 §8: nothing', record(3, 1, 0, 0), 'data-unparsable'],
  ['RFC 7671 §8: a key where a certificate should be', record(2, 0, 0, key), 'data-unparsable'],
  ['RFC 7671 §8: a certificate where a key should be', record(2, 1, 0, certificate), 'data-unparsable'],
  ['RFC 7671 §8: an octet behind the certificate', record(2, 0, 0, withTail(certificate)), 'data-unparsable'],
  ['RFC 7671 §8: an octet behind the key', record(2, 1, 0, withTail(key)), 'data-unparsable'],
];

describe('which TLSA records can authenticate', () => {
  test.each(cases)('%s', (_, one, reason) => {
    expect(unusableReason(one)).toBe(reason);
    expect(judgeTlsaSet([one])).toMatchObject({
      outcome: reason ? 'unusable' : 'usable',
      records: [{ reason }],
    });
  });

  test('RFC 7672 §2.2: one usable record is enough; none is unusable', () => {
    const [good, bad] = [record(3, 1, 1, 32), record(1, 1, 1, 32)];
    expect(judgeTlsaSet([bad, good])).toMatchObject({ outcome: 'usable', usable: [good] });
    expect(judgeTlsaSet([bad, bad]).outcome).toBe('unusable');
    expect(judgeTlsaSet([]).outcome).toBe('unusable');
  });
});

describe('RFC 7671 §9: digest agility', () => {
  const reasons = (...records: TlsaRecord[]) => judgeTlsaSet(records).records.map(({ reason }) => reason);

  test.each([
    [
      'the stronger digest alone counts',
      [record(3, 1, 1, 32), record(3, 1, 2, 64)],
      ['superseded-digest', null],
    ],
    ['per usage', [record(2, 1, 1, 32), record(3, 1, 2, 64)], [null, null]],
    ['per selector', [record(3, 0, 1, 32), record(3, 1, 2, 64)], [null, null]],
    ['matching type 0 is kept', [record(3, 1, 0, key), record(3, 1, 2, 64)], [null, null]],
    ['matching type 0 sets nothing aside', [record(3, 1, 0, key), record(3, 1, 1, 32)], [null, null]],
    [
      'several of the stronger',
      [record(3, 1, 2, 64), record(3, 1, 1, 32), record(3, 1, 2, 64)],
      [null, 'superseded-digest', null],
    ],
    [
      'an unusable one sets nothing aside',
      [record(3, 1, 1, 32), record(3, 1, 2, 32)],
      [null, 'digest-length'],
    ],
  ])('%s', (_, records, expected) => {
    expect(reasons(...records)).toEqual(expected);
  });
});
