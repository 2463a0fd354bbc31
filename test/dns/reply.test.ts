import { describe, expect, test } from 'vitest';
import { type Message, readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { classifyReply } from '../../src/dns/reply.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, plain, rrsigRdata, u16, u32 } from './samples.ts';

const soa = (owner: string) =>
  plain(owner, 'SOA', octetsOf('ns', 'host', u32(1), u32(2), u32(3), u32(4), u32(5)));
const ns = (owner: string) => plain(owner, 'NS', octetsOf(`ns.${owner === '.' ? '' : owner}`));
const mx = (owner: string) => plain(owner, 'MX', octetsOf(u16(10), 'mx.example'));
const cname = (owner: string, target: string) => plain(owner, 'CNAME', octetsOf(target));
const dname = (owner: string, target: string) => plain(owner, 'DNAME', octetsOf(target));
const rrsig = (owner: string, type: keyof typeof RRType) =>
  plain(owner, 'RRSIG', rrsigRdata(RRType[type], 2, 'example'));
const long = Array.from({ length: 3 }, () => 'l'.repeat(63)).join('.');

interface Case {
  readonly says: string;
  readonly rcode?: number;
  /** AA; true where it is left out. */
  readonly aa?: boolean;
  readonly answer?: PlainRecord[];
  readonly authority?: PlainRecord[];
  /** The question's name, by default `a.b.example`, and type, by default MX, asked at a server of `example`. */
  readonly asked?: string;
  readonly type?: keyof typeof RRType;
  readonly zone?: string;
  readonly forwarder?: true;
  readonly is: object;
}

function messageOf({
  rcode = Rcode.NOERROR,
  aa = true,
  answer = [],
  authority = [],
  asked = 'a.b.example',
  type = 'MX',
}: Case): Message {
  const parts: ReplyParts = {
    id: 1,
    rcode,
    authoritative: aa,
    question: { name: name(asked), type: RRType[type], class: 1 },
    answer,
    authority,
  };
  return readMessage(writeReply({ ...parts, edns: { payloadSize: 1232, version: 0, dnssecOk: true } }))!;
}

const lame = { kind: 'lame' };
const noSoa = (kind: string) => ({ kind, soa: undefined });
const withSoa = (kind: string, owner: string) => ({ kind, soa: { name: name(owner) } });
const refersTo = (cut: string) => ({
  kind: 'referral',
  cut: name(cut),
  ns: { name: name(cut), type: RRType.NS },
});

const cases: Case[] = [
  {
    says: 'an answer',
    answer: [mx('a.b.example'), rrsig('a.b.example', 'MX')],
    is: { kind: 'answer', rrset: { name: name('a.b.example'), type: RRType.MX, signatures: [{}] } },
  },
  {
    says: 'an answer with NXDOMAIN is still an answer',
    rcode: Rcode.NXDOMAIN,
    answer: [mx('a.b.example')],
    is: { kind: 'answer' },
  },
  {
    says: 'an answer for another name is none',
    answer: [mx('x.b.example')],
    authority: [soa('example')],
    is: withSoa('nodata', 'example'),
  },
  {
    says: 'an answer of another type is none',
    answer: [ns('a.b.example')],
    authority: [soa('example')],
    is: withSoa('nodata', 'example'),
  },
  {
    says: 'RFC 1034 §3.6.2: a CNAME',
    answer: [cname('a.b.example', 'x.test'), mx('x.test')],
    is: { kind: 'cname', target: name('x.test') },
  },
  {
    says: 'RFC 6604 §2.1: a CNAME whose target does not exist',
    rcode: Rcode.NXDOMAIN,
    answer: [cname('a.b.example', 'x.test')],
    is: { kind: 'cname' },
  },
  {
    says: 'a CNAME that was asked for is the answer',
    type: 'CNAME',
    answer: [cname('a.b.example', 'x.test')],
    is: { kind: 'answer' },
  },
  { says: 'a CNAME at another name', answer: [cname('x.example', 'y.test')], is: noSoa('nodata') },
  { says: 'a CNAME with malformed RDATA', answer: [plain('a.b.example', 'CNAME', octetsOf(0xff))], is: lame },
  {
    says: 'RFC 6672 §2.2: a DNAME, before the CNAME made from it',
    answer: [dname('b.example', 'c.test'), cname('a.b.example', 'a.c.test')],
    is: { kind: 'dname', target: name('a.c.test') },
  },
  {
    says: 'the nearest DNAME',
    answer: [dname('example', 'far.test'), dname('b.example', 'near.test')],
    is: { kind: 'dname', target: name('a.near.test') },
  },
  {
    says: 'RFC 6672 §2.3: a DNAME does not redirect its owner',
    asked: 'b.example',
    answer: [dname('b.example', 'c.test')],
    authority: [soa('example')],
    is: withSoa('nodata', 'example'),
  },
  {
    says: 'RFC 6672 §2.2: too long, with YXDOMAIN',
    rcode: Rcode.YXDOMAIN,
    asked: `${'x'.repeat(63)}.b.example`,
    answer: [dname('b.example', `${long}.test`)],
    is: { kind: 'dname', target: undefined },
  },
  { says: 'YXDOMAIN without a DNAME', rcode: Rcode.YXDOMAIN, is: { kind: 'error', rcode: Rcode.YXDOMAIN } },
  {
    says: 'a DNAME above the zone of the server',
    answer: [dname('example', 'evil.test')],
    zone: 'b.example',
    authority: [soa('b.example')],
    is: withSoa('nodata', 'b.example'),
  },
  { says: 'a DNAME with malformed RDATA', answer: [plain('b.example', 'DNAME', octetsOf(0xff))], is: lame },
  {
    says: 'RFC 1034 §4.3.2 step 3b: a referral',
    aa: false,
    authority: [ns('b.example'), plain('b.example', 'DS', Buffer.alloc(24))],
    is: refersTo('b.example'),
  },
  { says: 'a referral with AA set', authority: [ns('b.example')], is: refersTo('b.example') },
  {
    says: 'the deepest referral of several',
    aa: false,
    authority: [ns('example'), ns('b.example'), ns('a.b.example')],
    is: refersTo('a.b.example'),
  },
  { says: 'an upward referral', aa: false, authority: [ns('.')], is: lame },
  { says: 'a referral to the zone that was asked', aa: false, authority: [ns('example')], is: lame },
  { says: 'a sideways referral', aa: false, authority: [ns('x.example')], is: lame },
  {
    says: 'RFC 4035 §3.1.4.1: the DS of the child, from the parent',
    asked: 'b.example',
    type: 'DS',
    aa: false,
    authority: [ns('b.example')],
    is: refersTo('b.example'),
  },
  {
    says: 'RFC 4035 §3.1.4.1: asked for DS, the child answers from its own data',
    asked: 'b.example',
    type: 'DS',
    authority: [ns('b.example')],
    is: noSoa('nodata'),
  },
  {
    says: 'the same with its SOA, by which it is known',
    asked: 'b.example',
    type: 'DS',
    authority: [soa('b.example')],
    is: withSoa('nodata', 'b.example'),
  },
  { says: 'RFC 2308 §2.2: NODATA', authority: [soa('example')], is: withSoa('nodata', 'example') },
  {
    says: 'RFC 2308 §2.2: NODATA with NS records beside the SOA',
    authority: [soa('b.example'), ns('b.example')],
    is: withSoa('nodata', 'b.example'),
  },
  { says: 'RFC 2308 §2.2: NODATA without SOA', is: noSoa('nodata') },
  { says: 'RFC 2308 §2.2: NODATA with the NS of the zone', authority: [ns('example')], is: noSoa('nodata') },
  { says: 'nothing at all and no AA', aa: false, is: lame },
  { says: 'nothing at all from a forwarder', aa: false, forwarder: true, is: noSoa('nodata') },
  {
    says: 'NODATA from a forwarder with NS records of a zone above',
    aa: false,
    forwarder: true,
    zone: '.',
    authority: [soa('b.example')],
    is: withSoa('nodata', 'b.example'),
  },
  { says: 'an SOA of another zone is none', authority: [soa('x.example')], is: noSoa('nodata') },
  {
    says: 'an SOA above the zone of the server is none',
    zone: 'b.example',
    authority: [soa('example')],
    is: noSoa('nodata'),
  },
  {
    says: 'RFC 2308 §2.1: NXDOMAIN',
    rcode: Rcode.NXDOMAIN,
    authority: [soa('example')],
    is: withSoa('nxdomain', 'example'),
  },
  {
    says: 'RFC 2308 §2.1: NXDOMAIN with NS records is no referral',
    rcode: Rcode.NXDOMAIN,
    authority: [ns('b.example')],
    is: noSoa('nxdomain'),
  },
  ...[Rcode.FORMERR, Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED, Rcode.NOTAUTH, Rcode.BADVERS, 4095].map(
    (rcode) => ({
      says: `rcode ${rcode}`,
      rcode,
      answer: [mx('a.b.example')],
      is: { kind: 'error', rcode },
    }),
  ),
];

describe('RFC 1034 §4.3.2, RFC 2308 §2: what a reply says', () => {
  test.each(cases)('$says', (one) => {
    const { asked = 'a.b.example', type = 'MX', zone = 'example', forwarder = false, is } = one;
    const question = { name: name(asked), type: RRType[type], class: 1 };
    const reply = classifyReply(messageOf(one), question, name(zone), !forwarder);
    expect(reply).toMatchObject(is);
  });

  test('records of another class do not hide others', () => {
    const message = messageOf({
      says: '',
      aa: false,
      authority: [ns('b.example'), ns('a.b.example')],
      is: {},
    });
    const authority = message.authority.map((rr, i) => (i === 1 ? { ...rr, class: 3 } : rr));
    const question = { name: name('a.b.example'), type: RRType.MX, class: 1 };
    expect(classifyReply({ ...message, authority }, question, name('example'))).toMatchObject(
      refersTo('b.example'),
    );
  });

  test.each(['CNAME', 'DNAME', 'NS', 'SOA', 'MX'] as const)(
    '%s records of another class say nothing',
    (type) => {
      const one = {
        says: '',
        answer: [cname('a.b.example', 'x'), dname('b.example', 'x'), mx('a.b.example')],
        authority: [soa('example'), ns('b.example')],
        is: {},
      };
      const message = messageOf(one);
      const chaos = (rr: Message['answer'][number]) => ({ ...rr, class: 3 });
      const spoilt = {
        ...message,
        answer: message.answer.map(chaos),
        authority: message.authority.map(chaos),
      };
      const question = { name: name('a.b.example'), type: RRType[type], class: 1 };
      expect(classifyReply(spoilt, question, name('example'))).toEqual(noSoa('nodata'));
    },
  );
});
