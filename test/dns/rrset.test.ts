import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { CLASS_IN, RRType } from '../../src/dns/rr-type.ts';
import { findRRset, findRRsets, ttlOf } from '../../src/dns/rrset.ts';
import { octetsOf, plain, rrsigRdata, u16 } from './samples.ts';

const mx = (preference: number, ttl = 300) =>
  recordOf(plain('example', 'MX', octetsOf(u16(preference), 'mx'), ttl));
const rrsig = (covered: number, owner = 'example', ttl = 300, originalTtl = 300) =>
  recordOf(plain(owner, 'RRSIG', rrsigRdata(covered, 1, 'example', originalTtl), ttl));

const section = [
  rrsig(RRType.A),
  mx(10),
  rrsig(RRType.MX),
  recordOf(plain('other', 'MX', octetsOf(u16(1), 'mx'))),
  { ...mx(20), class: 3 },
  rrsig(RRType.MX, 'other'),
  mx(30),
  { ...rrsig(RRType.MX), class: 3 },
  rrsig(RRType.MX),
  recordOf(plain('example', 'RRSIG', Buffer.from([0, RRType.MX]))),
];

describe('RFC 2181 §5: RRsets', () => {
  test('records of one name, type and class, with the signatures that cover them', () => {
    const rrset = findRRset(section, name('example'), RRType.MX)!;
    expect(rrset.records).toEqual([section[1], section[6]]);
    expect(rrset.signatures.map((signature) => signature.record)).toEqual([section[2], section[8]]);
    expect(rrset.records.every((rr) => rr.class === CLASS_IN)).toBe(true);
  });

  test('a record that comes twice counts once, with the smaller TTL', () => {
    const upperCase = recordOf(plain('example', 'MX', octetsOf(u16(10), 2, Buffer.from('MX'), 0), 60));
    const rrset = findRRset([mx(10), mx(20), mx(10), upperCase], name('example'), RRType.MX)!;
    expect(rrset.records).toEqual([upperCase, mx(20)]);
  });

  test('signatures without records are no RRset', () =>
    expect(findRRset(section, name('example'), RRType.A)).toBeUndefined());

  test('every RRset of a type', () => {
    expect(findRRsets(section, RRType.MX).map((rrset) => [rrset.name, rrset.records.length])).toEqual([
      [name('example'), 2],
      [name('other'), 1],
    ]);
    expect(findRRsets(section, RRType.TLSA)).toEqual([]);
  });
});

describe('RFC 4035 §5.3.3: the TTL of an RRset', () => {
  test.each([
    [[mx(1, 500), mx(2, 400)], 400, 'the smallest of its records'],
    [[mx(1, 500), rrsig(RRType.MX, 'example', 500, 60)], 60, 'not above the original TTL'],
    [[mx(1, 500), rrsig(RRType.MX, 'example', 30, 600)], 30, 'not above the TTL of the RRSIG record'],
    [[mx(1, 5), rrsig(RRType.MX)], 5, 'the records themselves'],
  ])('%#: %i seconds: %s', (records, ttl) =>
    expect(ttlOf(findRRset(records, name('example'), RRType.MX)!)).toBe(ttl),
  );
});
