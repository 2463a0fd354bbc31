/** RFC 5155 §8.1-8.3, §10: which NSEC3 records of a response count, and together with which. */
import { describe, expect, test } from 'vitest';
import { toBase32Hex } from '../../src/dns/base32hex.ts';
import { readMessage } from '../../src/dns/message.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { type Name, name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { nsec3Hash } from '../../src/dnssec/nsec3-hash.ts';
import { ask, EXAMPLE, message, octetsOf, type Sections, SignedZone, validation } from './signed-zone.ts';

const { MX, TXT, DS } = RRType;
const SALT = Buffer.from('abcd', 'hex');
const zone = new SignedZone('example.', EXAMPLE, { nsec3: { iterations: 2, salt: SALT } });
const resalted = new SignedZone('example.', EXAMPLE, {
  nsec3: { iterations: 2, salt: Buffer.from('abce', 'hex') },
});
const reiterated = new SignedZone('example.', EXAMPLE, { nsec3: { iterations: 3, salt: SALT } });
const keys = zone.keys();

function judge(owner: string, type: number, sections: Sections) {
  const question = ask(owner, type);
  return verifyAnswer(keys, question, message(question, sections), validation());
}

const bogus = (because: string) => ({ status: 'bogus', because });
/** The first label of many for which each part of a proof needs a record of its own. */
function labelApart(parts: (label: string) => PlainRecord[][]): string {
  const label = Array.from({ length: 200 }, (_, i) => `n${i}`).find((candidate) => {
    const owners = parts(candidate).map(([record]) => record!.name);
    return new Set(owners).size === owners.length;
  });
  if (label === undefined) throw new Error('no label: every span is as wide as the zone');
  return label;
}

const NOPE = `${labelApart((label) => [
  zone.match('example.'),
  zone.cover(`${label}.example.`),
  zone.cover('*.example.'),
])}.example.`;
const nameError = (by = zone) => [by.match('example.'), by.cover(NOPE), by.cover('*.example.')];
const denied = (proof: PlainRecord[][]) =>
  judge(NOPE, MX, { rcode: Rcode.NXDOMAIN, authority: proof.flat() });

/** The record changed and signed again by the zone: odd, but genuine. */
function resigned(
  [record]: PlainRecord[],
  change: (rdata: Buffer) => Buffer,
  owner = record!.name,
): PlainRecord[] {
  const changed = { ...record!, name: owner, rdata: change(Buffer.from(record!.rdata)) };
  return [changed, zone.sign([changed])];
}

const withOctet = (at: number, value: number) => (rdata: Buffer) => {
  rdata[at] = value;
  return rdata;
};

describe('RFC 5155 §8.1, §8.2: genuine records that are to be ignored', () => {
  const nodata = (record: PlainRecord[]) => judge('mail.example.', TXT, { authority: record });
  const match = zone.match('mail.example.');
  test('the record as it is', () => expect(nodata(match)).toMatchObject({ status: 'secure' }));

  test.each<[string, PlainRecord[]]>([
    ['hash algorithm 0', resigned(match, withOctet(0, 0))],
    ['hash algorithm 2', resigned(match, withOctet(0, 2))],
    ['hash algorithm 255', resigned(match, withOctet(0, 255))],
    ['flag 0x02', resigned(match, withOctet(1, 0x02))],
    ['flag 0x80', resigned(match, withOctet(1, 0x80))],
    ['an unknown flag beside Opt-Out', resigned(match, withOctet(1, 0x81))],
    [
      'a next hash of 19 octets',
      resigned(match, (rdata) =>
        Buffer.concat([rdata.subarray(0, 7), Buffer.from([19]), rdata.subarray(8, 27), rdata.subarray(28)]),
      ),
    ],
    ['a bitmap that cannot be read', resigned(match, (rdata) => Buffer.concat([rdata, Buffer.from([0, 0])]))],
    ['an owner that is no hash', resigned(match, (rdata) => rdata, name('mail.example.'))],
    [
      'an owner one character short',
      resigned(
        match,
        (rdata) => rdata,
        `${String.fromCharCode(31)}${match[0]!.name.slice(1, 32)}${zone.apex}` as Name,
      ),
    ],
    [
      'an owner two labels below the apex',
      resigned(match, (rdata) => rdata, `${match[0]!.name.slice(0, 33)}\x01a${zone.apex}` as Name),
    ],
  ])('%s', (_, record) => expect(nodata(record)).toEqual(bogus('denial-missing')));

  test('they do not hinder the ones that count', () => {
    const odd = resigned(zone.match('example.'), withOctet(0, 2));
    expect(judge('mail.example.', TXT, { authority: [...odd, ...match] })).toMatchObject({
      status: 'secure',
    });
  });
});

describe('RFC 5155 §8.2: one response, one set of parameters', () => {
  test('all of one', () => expect(denied(nameError())).toMatchObject({ status: 'secure' }));

  test.each([
    ['salt', resalted],
    ['iterations', reiterated],
  ])('a proof put together from records of another %s', (_, other) => {
    const parts = nameError();
    const others = nameError(other);
    for (let i = 0; i < parts.length; i++) {
      const mixed = parts.map((part, j) => (i === j ? others[j]! : part));
      expect(denied(mixed).status).toBe('bogus');
    }
  });

  /** The chain of `zone` with the Opt-Out flag in one of its records. */
  const flagged = (group: PlainRecord[]) => resigned(group, withOctet(1, 1));
  test.each([
    ['closest encloser', 0, 'secure'],
    ['next closer name', 1, 'insecure'],
    ['wildcard', 2, 'secure'],
  ])('RFC 5155 §9.2: the Opt-Out flag counts where it covers the next closer name: %s', (_, at, status) => {
    expect(denied(nameError().map((group, i) => (i === at ? flagged(group) : group))).status).toBe(status);
  });
});

describe('RFC 5155 §1.3, RFC 4648 §7: hashes in owner names', () => {
  test('upper case is the same', () => {
    const question = ask('mail.example.', TXT);
    const octets = octetsOf(question, { authority: zone.match('mail.example.') });
    const hash = toBase32Hex(nsec3Hash(name('mail.example.'), SALT, 2));
    const at = octets.indexOf(hash, 0, 'latin1');
    octets.write(hash.toUpperCase(), at, 'latin1');
    expect(verifyAnswer(keys, question, readMessage(octets)!, validation())).toMatchObject({
      status: 'secure',
    });
  });
});

describe('RFC 5155 §8.3: closest encloser proofs that are none', () => {
  const label = labelApart((candidate) => [
    zone.match('example.'),
    zone.match('mail.example.'),
    zone.cover(`${candidate}.mail.example.`),
    zone.cover(`b.${candidate}.mail.example.`),
    zone.cover('*.mail.example.'),
    zone.cover('*.example.'),
  ]);
  const encloser = zone.match('mail.example.');
  const nextCloser = zone.cover(`${label}.mail.example.`);
  const wildcard = zone.cover('*.mail.example.');
  const deep = (...proof: PlainRecord[][]) =>
    judge(`b.${label}.mail.example.`, MX, { rcode: Rcode.NXDOMAIN, authority: proof.flat() });

  test('the good case', () => {
    expect(deep(encloser, nextCloser, wildcard)).toMatchObject({ status: 'secure', kind: 'nxdomain' });
  });

  test.each([
    [
      'the name in place of the next closer name',
      [encloser, zone.cover(`b.${label}.mail.example.`), wildcard],
    ],
    ['an encloser further up', [zone.match('example.'), nextCloser, zone.cover('*.example.')]],
    ['no encloser', [nextCloser, wildcard]],
    ['the wildcard of another encloser', [encloser, nextCloser, zone.cover('*.example.')]],
  ])('%s', (_, proof) => expect(deep(...proof)).toEqual(bogus('denial-incomplete')));
});

describe('RFC 5155 §6: a chain of one record', () => {
  const lone = new SignedZone('lone.', '', { nsec3: {} });
  const judgeLone = (owner: string, sections: Sections) => {
    const question = ask(owner, MX);
    return verifyAnswer(lone.keys(), question, message(question, sections), validation());
  };
  test('covers everything but itself', () => {
    const authority = lone.match('lone.');
    expect(judgeLone('x.lone.', { rcode: Rcode.NXDOMAIN, authority })).toMatchObject({
      status: 'secure',
      kind: 'nxdomain',
    });
    expect(judgeLone('lone.', { authority })).toMatchObject({ status: 'secure', kind: 'nodata' });
    expect(judgeLone('lone.', { rcode: Rcode.NXDOMAIN, authority })).toEqual(bogus('denial-contradicts'));
  });
});

describe('RFC 5155 §8.9: referrals with proofs of another kind', () => {
  const nsec = new SignedZone('example.', EXAMPLE);
  const cut = (...authority: PlainRecord[][]) =>
    verifyDelegation(
      keys,
      name('unsigned.example.'),
      message(ask('unsigned.example.', DS), { authority: authority.flat() }),
      validation(),
    );

  test('NSEC, while the zone changes to NSEC3: either will do', () => {
    expect(cut(nsec.match('unsigned.example.'), zone.match('example.'))).toMatchObject({ kind: 'insecure' });
    expect(cut(nsec.match('mail.example.'), zone.match('unsigned.example.'))).toMatchObject({
      kind: 'insecure',
    });
  });

  test('half a proof of each is none', () => {
    expect(cut(nsec.match('mail.example.'), zone.match('example.'))).toMatchObject({ kind: 'bogus' });
    const whole = [nsec.cover(NOPE), nsec.cover('*.example.')];
    expect(denied(whole)).toMatchObject({ status: 'secure' });
    expect(denied([whole[0]!, zone.cover('*.example.')])).toEqual(bogus('denial-incomplete'));
    expect(denied([whole[1]!, zone.cover(NOPE)])).toEqual(bogus('denial-incomplete'));
  });
});
