/** RFC 6672: DNAME, as a validator meets it. */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { ask, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { A, MX, TXT, DS, NS, CNAME, DNAME } = RRType;
const zone = new SignedZone(
  'example.',
  `
@ MX 10 mail
mail A 192.0.2.1
tree DNAME other.test.
tree TXT "at its owner"
deep.tree.also A 192.0.2.2
*.stars DNAME other.test.
both CNAME mail
alias CNAME a.tree
`,
);
const apexZone = new SignedZone('moved.example.', '@ DNAME example.\n@ MX 10 mail.example.');

function judge(by: SignedZone, owner: string, type: number, sections: Sections) {
  const question = ask(owner, type);
  return verifyAnswer(by.keys(), question, message(question, sections), validation());
}

const record = (owner: Name, type: number, target: string): PlainRecord => ({
  name: owner,
  type,
  ttl: 3600,
  rdata: nameToBytes(name(target)),
});
const bogus = (because: string) => ({ status: 'bogus', because });
const tree = zone.signed('tree.example.', DNAME);

describe('RFC 6672 §2.2, §3.2: substitution', () => {
  test.each([
    ['a.tree.example.', 'a.other.test.'],
    ['b.a.tree.example.', 'b.a.other.test.'],
    ['*.tree.example.', '*.other.test.'],
    ['tree.tree.example.', 'tree.other.test.'],
  ])('%s leads to %s', (owner, target) => {
    expect(judge(zone, owner, A, { answer: tree })).toMatchObject({
      status: 'secure',
      kind: 'dname',
      target: name(target),
    });
  });

  test('a name that only ends alike does not', () => {
    expect(judge(zone, 'xtree.example.', A, { answer: tree })).toEqual(bogus('denial-missing'));
  });
});

describe('RFC 6672 §2.3: the owner itself is not redirected', () => {
  test('its other records are answered', () => {
    const answer = zone.signed('tree.example.', TXT);
    expect(judge(zone, 'tree.example.', TXT, { answer })).toMatchObject({ status: 'secure', kind: 'answer' });
  });
  test('its missing ones are denied', () => {
    expect(judge(zone, 'tree.example.', A, { authority: zone.match('tree.example.') })).toMatchObject({
      status: 'secure',
      kind: 'nodata',
    });
  });
  test('the DNAME RRset is answered for', () => {
    expect(judge(zone, 'tree.example.', DNAME, { answer: tree })).toMatchObject({
      status: 'secure',
      kind: 'answer',
    });
  });
  test('the DNAME RRset does not answer for its owner', () => {
    expect(judge(zone, 'tree.example.', A, { answer: tree })).toEqual(bogus('denial-missing'));
  });
});

describe('RFC 6672 §2.4: at an apex', () => {
  const apex = apexZone.signed('moved.example.', DNAME);
  test('names below are redirected', () => {
    expect(judge(apexZone, 'mail.moved.example.', A, { answer: apex })).toMatchObject({
      status: 'secure',
      target: name('mail.example.'),
    });
  });
  test('the apex is not', () => {
    const answer = apexZone.signed('moved.example.', MX);
    expect(judge(apexZone, 'moved.example.', MX, { answer })).toMatchObject({
      status: 'secure',
      kind: 'answer',
    });
  });
  test('RFC 6672 §5.3.2: its NSEC record denies nothing below it', () => {
    const authority = apexZone.match('moved.example.');
    for (const rcode of [Rcode.NOERROR, Rcode.NXDOMAIN]) {
      expect(judge(apexZone, 'x.moved.example.', A, { rcode, authority })).toEqual(
        bogus('denial-incomplete'),
      );
    }
  });
  test('nothing below it is a zone cut', () => {
    const reply = message(ask('x.moved.example.', DS), { answer: apex });
    expect(verifyDelegation(apexZone.keys(), name('x.moved.example.'), reply, validation())).toMatchObject({
      kind: 'not-a-cut',
    });
  });
});

describe('RFC 6672 §2.4: records beside a DNAME', () => {
  test('a CNAME at the same owner does not count below it', () => {
    const answer = [...tree, record(name('tree.example.'), CNAME, 'evil.test.')];
    expect(judge(zone, 'a.tree.example.', A, { answer })).toMatchObject({ target: name('a.other.test.') });
  });
  test('a second DNAME record breaks the signature', () => {
    const answer = [record(name('tree.example.'), DNAME, 'evil.test.'), ...tree];
    expect(judge(zone, 'a.tree.example.', A, { answer })).toEqual(bogus('signature-invalid'));
  });
  test('a longer match counts, signed or not', () => {
    const answer = [...tree, record(name('a.tree.example.'), DNAME, 'evil.test.')];
    expect(judge(zone, 'b.a.tree.example.', A, { answer })).toEqual(bogus('rrsig-missing'));
  });
});

describe('RFC 6672 §3.3: wildcards', () => {
  const stars = zone.signed('*.stars.example.', DNAME);
  test('below the wildcard’s own name it is as any other', () => {
    expect(judge(zone, 'x.*.stars.example.', A, { answer: stars })).toMatchObject({
      status: 'secure',
      target: name('x.other.test.'),
    });
  });
  test('it is not expanded, whatever is proven beside', () => {
    const answer = zone.expanded('*.stars.example.', 'y.stars.example.', DNAME);
    const authority = zone.cover('y.stars.example.');
    expect(judge(zone, 'x.y.stars.example.', A, { answer, authority })).toEqual(bogus('wildcard-unproven'));
  });
});

describe('RFC 6672 §5.3.1: the synthesised CNAME', () => {
  const owner = name('a.tree.example.');
  test.each([
    ['missing', []],
    ['as it should be', [record(owner, CNAME, 'a.other.test.')]],
    ['leading elsewhere', [record(owner, CNAME, 'evil.test.')]],
    ['with another TTL', [{ ...record(owner, CNAME, 'a.other.test.'), ttl: 0 }]],
    [
      'signed by the zone’s key (RFC 6672 §5.3.1 forbids it)',
      zoneSigned(record(owner, CNAME, 'a.other.test.')),
    ],
    ['with a broken signature', brokenSigned(record(owner, CNAME, 'evil.test.'))],
  ])('%s: the DNAME decides', (_, cname) => {
    for (const answer of [
      [...tree, ...cname],
      [...cname, ...tree],
    ]) {
      expect(judge(zone, 'a.tree.example.', A, { answer })).toMatchObject({
        status: 'secure',
        kind: 'dname',
        target: name('a.other.test.'),
      });
    }
  });

  test('alone it is an unsigned CNAME', () => {
    const answer = [record(owner, CNAME, 'a.other.test.')];
    expect(judge(zone, 'a.tree.example.', A, { answer })).toEqual(bogus('rrsig-missing'));
  });

  test('RFC 6672 §2.2: YXDOMAIN without a DNAME is an error, with one the DNAME is judged', () => {
    const rcode = Rcode.YXDOMAIN;
    expect(judge(zone, 'a.tree.example.', A, { rcode })).toEqual(bogus('denial-missing'));
    expect(judge(zone, 'a.tree.example.', A, { rcode, answer: tree.slice(0, 1) })).toEqual(
      bogus('rrsig-missing'),
    );
    expect(judge(zone, 'a.tree.example.', A, { rcode, answer: tree })).toMatchObject({ status: 'secure' });
  });
});

function zoneSigned(cname: PlainRecord): PlainRecord[] {
  return [cname, zone.sign([cname])];
}

function brokenSigned(cname: PlainRecord): PlainRecord[] {
  const rrsig = zone.sign([cname]);
  return [cname, { ...rrsig, rdata: Buffer.from(rrsig.rdata).fill(0, 40) }];
}

describe('RFC 6672 §5.3.3: chains', () => {
  test.each([
    ['to a DNAME of the same zone', 'alias.example.', CNAME, 'a.tree.example.'],
    ['past it', 'both.example.', CNAME, 'mail.example.'],
  ])('a CNAME %s is judged for itself', (_, owner, type, target) => {
    const answer = [
      ...zone.signed(owner, type),
      ...tree,
      record(name('a.tree.example.'), CNAME, 'a.other.test.'),
    ];
    expect(judge(zone, owner, A, { answer })).toMatchObject({
      status: 'secure',
      kind: 'cname',
      target: name(target),
    });
  });

  test('a delegation below a DNAME is none (RFC 6672 §2.4)', () => {
    const ns = record(name('a.tree.example.'), NS, 'ns.test.');
    const referral = message(ask('x.a.tree.example.', A), { answer: tree, authority: [ns] });
    expect(verifyDelegation(zone.keys(), name('a.tree.example.'), referral, validation())).toMatchObject({
      kind: 'not-a-cut',
    });
  });
});
