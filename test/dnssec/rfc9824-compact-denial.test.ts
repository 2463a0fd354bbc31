/** RFC 9824, RFC 4470: NSEC records made up for each question, as large DNS operators send them. */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name, nameToBytes, prepend } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { writeTypeBitmap } from '../../src/dns/type-bitmap.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { ask, EXAMPLE, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { A, TXT, NS, DS, TLSA, NSEC, RRSIG } = RRType;
/** IANA "Resource Record (RR) TYPEs" 128 (RFC 9824 §3.1). */
const NXNAME = 128;
const zone = new SignedZone('example.', EXAMPLE);

function nsec(owner: string, next: string, types: readonly number[]): PlainRecord[] {
  const rdata = Buffer.concat([nameToBytes(name(next)), writeTypeBitmap([...types, RRSIG, NSEC])]);
  const record = { name: name(owner), type: NSEC, ttl: 300, rdata };
  return [record, zone.sign([record])];
}

/** The record next to `owner` in canonical order is the one below it with the label of one zero octet. */
const compact = (owner: string, ...types: number[]) => nsec(owner, `\\000.${owner}`, types);

function judge(owner: string, type: number, sections: Sections) {
  const question = ask(owner, type);
  return verifyAnswer(zone.keys(), question, message(question, sections), validation());
}

describe('RFC 9824 §3: compact denial', () => {
  test.each([
    ['§3.1: a name that does not exist', 'nope.example.', A, compact('nope.example.', NXNAME)],
    ['the same as servers sent it before there was NXNAME', 'nope.example.', A, compact('nope.example.')],
    ['§3.2: a type that does not exist', 'mail.example.', TXT, compact('mail.example.', A)],
    ['§3.3: a type of a wildcard', 'x.wild.example.', A, compact('x.wild.example.', TXT)],
    ['an empty non-terminal', '_tcp.mail.example.', TLSA, compact('_tcp.mail.example.')],
  ])('%s is a secure NODATA', (_, owner, type, authority) => {
    expect(judge(owner, type, { authority })).toMatchObject({ status: 'secure', kind: 'nodata' });
  });

  test.each([
    ['for another name', 'other.example.', A, compact('nope.example.', NXNAME), 'denial-incomplete'],
    ['for a name below', 'a.nope.example.', A, compact('nope.example.', NXNAME), 'denial-incomplete'],
    ['for a type that it names', 'mail.example.', A, compact('mail.example.', A), 'denial-contradicts'],
    ['unsigned', 'nope.example.', A, compact('nope.example.').slice(0, 1), 'rrsig-missing'],
  ])('%s it proves nothing', (_, owner, type, authority, because) => {
    expect(judge(owner, type, { authority })).toEqual({ status: 'bogus', because });
  });

  test('it does not go with NXDOMAIN, which nobody asked for who sets no CO flag', () => {
    const authority = compact('nope.example.', NXNAME);
    expect(judge('nope.example.', A, { rcode: Rcode.NXDOMAIN, authority })).toEqual({
      status: 'bogus',
      because: 'denial-contradicts',
    });
  });

  test.each([
    [
      '§3.4: an unsigned delegation',
      compact('cut.example.', NS),
      { kind: 'insecure', because: 'insecure-delegation' },
    ],
    [
      'a signed delegation',
      compact('cut.example.', NS, DS),
      { kind: 'bogus', because: 'denial-contradicts' },
    ],
    ['a name that does not exist', compact('cut.example.', NXNAME), { kind: 'not-a-cut' }],
  ])('%s', (_, authority, expected) => {
    const reply = message(ask('cut.example.', DS), { authority });
    expect(verifyDelegation(zone.keys(), name('cut.example.'), reply, validation())).toMatchObject(expected);
  });
});

describe('RFC 4470 §3, §4: records that cover as little as may be', () => {
  const before = 'nopd\\255\\255.example.';
  const after = '\\000.nope.example.';
  const wildcard = nsec(')\\255\\255.example.', '\\000.*.example.', []);

  test('a name and its wildcard', () => {
    const authority = [...nsec(before, after, []), ...wildcard];
    // The next name is below the one that is denied, so that it is an empty non-terminal (RFC 4470 §4 warns of it).
    expect(judge('nope.example.', A, { rcode: Rcode.NXDOMAIN, authority })).toEqual({
      status: 'bogus',
      because: 'denial-contradicts',
    });
    const beside = [
      ...nsec(before, 'nope\\000.example.', []),
      ...nsec(')\\255.example.', '*\\000.example.', []),
    ];
    expect(judge('nope.example.', A, { rcode: Rcode.NXDOMAIN, authority: beside })).toMatchObject({
      status: 'secure',
      kind: 'nxdomain',
    });
  });

  test('names of the greatest length', () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(53)}.example.`;
    const shorter = name(long.slice(64));
    const authority = [
      ...nsec('cc.example.', `e.example.`, []),
      ...nsec(')\\255.example.', '*\\000.example.', []),
    ];
    expect(prepend('*', shorter)).toBeDefined();
    expect(judge(long, A, { rcode: Rcode.NXDOMAIN, authority })).toMatchObject({ status: 'secure' });
  });
});
