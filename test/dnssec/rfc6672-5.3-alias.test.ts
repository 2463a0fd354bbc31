import { describe, expect, test } from 'vitest';
import { name, nameToBytes } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { ask, EXAMPLE, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { MX, CNAME, DNAME } = RRType;
const zone = new SignedZone('example.', EXAMPLE);

function judge(owner: string, sections: Sections) {
  const question = ask(owner, MX);
  return verifyAnswer(zone.keys(), question, message(question, sections), validation());
}

describe('RFC 4035 §3.1, RFC 6672 §5.3: aliases', () => {
  const dname = zone.signed('redirected.example.', DNAME);
  const synthesised = {
    name: name('a.redirected.example.'),
    type: CNAME,
    ttl: 0,
    rdata: nameToBytes(name('anywhere.test.')),
  };

  test('a CNAME is secure by its own signature', () => {
    expect(judge('alias.example.', { answer: zone.signed('alias.example.', CNAME) })).toMatchObject({
      status: 'secure',
      kind: 'cname',
      target: name('mail.example.'),
    });
    expect(judge('alias.example.', { answer: zone.rrset('alias.example.', CNAME) })).toEqual({
      status: 'bogus',
      because: 'rrsig-missing',
    });
  });

  test('RFC 6672 §5.3.1: the CNAME that a DNAME implies needs no signature, and its target is not believed', () => {
    for (const answer of [dname, [...dname, synthesised]]) {
      expect(judge('a.redirected.example.', { answer })).toMatchObject({
        status: 'secure',
        kind: 'dname',
        target: name('a.elsewhere.test.'),
      });
    }
  });

  test('a DNAME without signature, or the synthesised CNAME alone', () => {
    const because = 'rrsig-missing';
    expect(judge('a.redirected.example.', { answer: [dname[0]!, synthesised] })).toEqual({
      status: 'bogus',
      because,
    });
    expect(judge('a.redirected.example.', { answer: [synthesised] })).toEqual({ status: 'bogus', because });
  });

  test('a DNAME that was expanded from a wildcard', () => {
    const answer = zone.signed('redirected.example.', DNAME, { labels: 1 });
    expect(judge('a.redirected.example.', { answer })).toEqual({
      status: 'bogus',
      because: 'wildcard-unproven',
    });
  });

  test('RFC 6672 §2.2: a target that becomes too long is no fault of the signature', () => {
    const owner = `${'a.'.repeat(110)}redirected.example.`;
    const long = new SignedZone('example.', `redirected DNAME ${'b.'.repeat(60)}test.`);
    const question = ask(owner, MX);
    const reply = message(question, { rcode: 6, answer: long.signed('redirected.example.', DNAME) });
    expect(verifyAnswer(long.keys(), question, reply, validation())).toMatchObject({
      status: 'secure',
      kind: 'dname',
      target: undefined,
    });
  });
});
