import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { instantNear, serialDistance } from '../../src/dnssec/serial-arithmetic.ts';
import { AT, ask, EXAMPLE, message, SignedZone, validation } from './signed-zone.ts';

const { MX, TXT } = RRType;
const zone = new SignedZone('example.', `${EXAMPLE}\n*.a.*.deep TXT "nested"`);
const mx = zone.rrset('example.', MX);

function judge(
  owner: string,
  type: number,
  answer: readonly PlainRecord[],
  authority: readonly PlainRecord[] = [],
  at = AT,
) {
  const question = ask(owner, type);
  return verifyAnswer(zone.keys(), question, message(question, { answer, authority }), validation({ at }));
}

describe('RFC 4034 §3.1.3: the Labels field', () => {
  test.each([
    ['the root is not counted', 'example.', MX],
    ['a leading asterisk is not counted', '*.wild.example.', TXT],
    ['an asterisk within is', '*.a.*.deep.example.', TXT],
  ])('%s', (_, owner, type) => {
    expect(judge(owner, type, zone.signed(owner, type))).toMatchObject({ status: 'secure' });
    expect(judge(owner, type, zone.signed(owner, type))).not.toHaveProperty('wildcard');
  });

  test('a wildcard that was counted with its asterisk', () => {
    const answer = zone.signed('*.wild.example.', TXT, { labels: 3 });
    expect(judge('*.wild.example.', TXT, answer)).toEqual({ status: 'bogus', because: 'rrsig-labels' });
  });

  test('a wildcard below a wildcard is expanded like any other name', () => {
    const answer = zone.expanded('*.wild.example.', '*.x.wild.example.', TXT);
    expect(judge('*.x.wild.example.', TXT, answer)).toEqual({
      status: 'bogus',
      because: 'wildcard-unproven',
    });
    expect(judge('*.x.wild.example.', TXT, answer, zone.cover('*.x.wild.example.'))).toMatchObject({
      status: 'secure',
      wildcard: name('*.wild.example.'),
    });
  });

  test('a wildcard of the root', () => {
    const root = new SignedZone('.', '* TXT "any"\nhost TXT "own"');
    const question = ask('x.y.', TXT);
    const answer = root.expanded('*.', 'x.y.', TXT);
    const reply = message(question, { answer, authority: root.cover('x.y.') });
    expect(verifyAnswer(root.keys(), question, reply, validation())).toMatchObject({
      status: 'secure',
      wildcard: name('*.'),
    });
  });
});

describe('RFC 4034 §3.1.4: the Original TTL field', () => {
  test.each([0, 1, 300, 2 ** 31 - 1])('a TTL of %i, however it was counted down', (ttl) => {
    const records = mx.map((record) => ({ ...record, ttl }));
    const answer = [...records, zone.sign(records)].map((record) => ({
      ...record,
      ttl: Math.floor(ttl / 2),
    }));
    expect(judge('example.', MX, answer)).toMatchObject({ status: 'secure' });
  });

  test('signed with another than it says', () => {
    const answer = [...mx, zone.sign(mx, { originalTtl: 7200 })];
    expect(judge('example.', MX, answer)).toMatchObject({ status: 'secure', until: AT + 3600 });
    const rdata = Buffer.from(answer.at(-1)!.rdata);
    rdata.writeUInt32BE(3600, 4);
    expect(judge('example.', MX, [...mx, { ...answer.at(-1)!, rdata }])).toEqual({
      status: 'bogus',
      because: 'signature-invalid',
    });
  });
});

describe('RFC 4034 §3.1.5, RFC 1982: times', () => {
  const half = 2 ** 31;
  test.each([
    [0, 1, 1],
    [1, 0, -1],
    [0, half - 1, half - 1],
    [0, half + 1, -(half - 1)],
    [2 ** 32 - 1, 0, 1],
    [2 ** 32 - 10, 20, 30],
    [20, 2 ** 32 - 10, -30],
    [7, 7, 0],
  ])('from %i to %i: %i', (earlier, later, distance) => {
    expect(serialDistance(earlier, later)).toBe(distance);
  });

  test.each([
    [2 ** 32 + 5, 3, 2 ** 32 + 3],
    [2 ** 32 - 5, 3, 2 ** 32 + 3],
    [2 ** 32 + 5, 2 ** 32 - 3, 2 ** 32 - 3],
    [AT, AT + 100, AT + 100],
  ])('to a clock that shows %i, %i is %i', (at, seconds, instant) => {
    expect(instantNear(at, seconds)).toBe(instant);
  });

  test.each([
    ['a second before', 2 ** 32 - 1],
    ['the second itself', 2 ** 32],
    ['a second after', 2 ** 32 + 1],
  ])('a signature that lasts over 2106-02-07, %s', (_, at) => {
    const answer = [...mx, zone.sign(mx, { inception: 2 ** 32 - 60, expiration: 2 ** 32 + 60 })];
    const question = ask('example.', MX);
    expect(
      verifyAnswer(zone.keys(), question, message(question, { answer }), validation({ at })),
    ).toMatchObject({ status: 'secure', until: 2 ** 32 + 60 });
  });

  test.each([
    ['one second long', AT, AT, 'secure'],
    ['half of all time long', AT - 10, AT - 10 + half - 1, 'secure'],
    ['longer than half of all time', AT - 10, AT + half, 'bogus'],
  ])('a period %s', (_, inception, expiration, status) => {
    expect(judge('example.', MX, [...mx, zone.sign(mx, { inception, expiration })]).status).toBe(status);
  });
});

describe('RFC 4034 §3.1.7, §6.2: the Signer’s Name field', () => {
  test('in upper case: signed in lower case, compared without case', () => {
    const answer = zone.signed('example.', MX);
    const rdata = Buffer.from(answer.at(-1)!.rdata);
    rdata.write('EXAMPLE', 19, 'latin1');
    expect(judge('example.', MX, [...mx, { ...answer.at(-1)!, rdata }])).toMatchObject({ status: 'secure' });
  });
});
