/**
 * Downgrades with records that are genuine, or were once, or are another zone's (RFC 4035 §5.4, RFC 5155 §12.1, RFC 6840 §4): what
 * `downgrade.test.ts` does by stripping and forging. Each ends as bogus.
 */
import { describe, expect, test } from 'vitest';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { isWithin, name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { writeTypeBitmap } from '../../src/dns/type-bitmap.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { AT, keyOf, replyOf, type Spoil, verdict, without, world, type Zone } from './signed-internet.ts';

const { A, MX, TXT, TLSA, NS, DS, CNAME, DNAME, NSEC, NSEC3, RRSIG } = RRType;
const EXPIRED = { inception: AT - 9_000_000, expiration: AT - 8_000_000 };

const record = (owner: string, type: number, rdata: Uint8Array): PlainRecord => ({
  name: name(owner),
  type,
  ttl: 300,
  rdata,
});
const said = (zone: Zone, asked: string, type: number): ReplyParts =>
  replyOf(zone, { name: name(asked), type, edns: true, recursionDesired: false, timeoutMs: 1 });

/** In the parent's referrals to `child` and replies to its DS question: other records in place of the DS RRset. */
const inPlaceOfDs =
  (
    parent: string,
    child: string,
    others: (zone: Zone, all: ReadonlyMap<string, Zone>) => PlainRecord[],
  ): Spoil =>
  (parts, { zone, name: asked }, all) =>
    zone.text.apex === parent && isWithin(asked, name(child))
      ? {
          ...parts,
          answer: [],
          authority: [...(parts.authority ?? []).filter(({ type }) => type === NS), ...others(zone, all)],
        }
      : undefined;

/** In place of the zone's reply to one question. */
const inPlaceOf =
  (
    apex: string,
    question: string,
    reply: (parts: ReplyParts, zone: Zone, all: ReadonlyMap<string, Zone>) => Partial<ReplyParts>,
  ): Spoil =>
  (parts, { zone, text }, all) =>
    zone.text.apex === apex && text === question ? { ...parts, ...reply(parts, zone, all) } : undefined;

const nsecOf = (owner: string, next: string, ...types: number[]) =>
  record(owner, NSEC, Buffer.concat([nameToBytes(name(next)), writeTypeBitmap([...types, RRSIG, NSEC])]));

const withOctet = (records: readonly PlainRecord[], type: number, at: number, octet: number): PlainRecord[] =>
  records.map((one) => {
    if (one.type !== type) return one;
    const rdata = Buffer.from(one.rdata);
    rdata[at] = octet;
    return { ...one, rdata };
  });

const OPT_OUT = 1;
/** RFC 4035 §3.2.2, §3.2.3: bits of the fourth octet of a message. */
const AD = 0x20;
const CD = 0x10;

interface Attack {
  readonly title: string;
  readonly asked?: string;
  readonly type?: number;
  readonly spoil: Spoil;
  readonly because: string;
}

const attacks: readonly Attack[] = [
  // RFC 4035 §5.2: in place of the DS RRset.
  {
    title: 'the proof of an insecure delegation from before the zone was signed, expired',
    spoil: inPlaceOfDs('test', 'good.test', (zone) =>
      zone.signed([nsecOf('good.test', 'leaf.test', NS)], EXPIRED),
    ),
    because: 'bogus rrsig-expired',
  },
  {
    title: 'the same by an opt-out span, expired',
    asked: 'www.good.opt',
    spoil: inPlaceOfDs('opt', 'good.opt', (zone) =>
      zone
        .proof(name('opt'), name('plain.opt'))
        .flatMap((one) => (one.type === NSEC3 ? zone.signed([one], EXPIRED) : [])),
    ),
    because: 'bogus rrsig-expired',
  },
  {
    title: 'opt-out spans of another zone',
    spoil: inPlaceOfDs('test', 'good.test', (_zone, all) =>
      without(NS)(said(all.get('opt')!, 'plain.opt', A).authority),
    ),
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'spans of the child itself, with the Opt-Out flag set',
    asked: 'www.good.opt',
    spoil: inPlaceOfDs('opt', 'good.opt', (_zone, all) =>
      withOctet(without()(said(all.get('good.opt')!, 'nothing.good.opt', A).authority), NSEC3, 1, OPT_OUT),
    ),
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'the child’s own denial of its DS RRset (RFC 4035 §3.1.4.1)',
    asked: 'www.sub.good.test',
    spoil: inPlaceOfDs('good.test', 'sub.good.test', (_zone, all) => {
      const child = all.get('sub.good.test')!;
      return [...child.soa(), ...child.proof(child.apex)];
    }),
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'the DS RRset without its signature',
    spoil: inPlaceOfDs('test', 'good.test', (zone) => zone.rrset(name('good.test'), DS)),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'a DS RRset of somebody else’s key, under the signature of the true one',
    spoil: inPlaceOfDs('test', 'good.test', (zone) => [
      dsOf(keyOf('somebody else'), name('good.test'), 2, 3600),
      ...zone.signed(zone.rrset(name('good.test'), DS)).slice(1),
    ]),
    because: 'bogus signature-invalid',
  },
  {
    title: 'a DS RRset that the child signed',
    spoil: inPlaceOfDs('test', 'good.test', (zone, all) =>
      all.get('good.test')!.signed(zone.rrset(name('good.test'), DS)),
    ),
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'a CNAME in place of the DS RRset, without signature',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'test' && text.includes('good.test')
        ? {
            ...parts,
            authority: without(DS, RRSIG)(parts.authority),
            answer: text.endsWith(' DS') ? [record('good.test', CNAME, nameToBytes(name('leaf.test')))] : [],
          }
        : undefined,
    because: 'bogus rrsig-missing',
  },
  // RFC 4035 §5.3: in place of keys and data.
  {
    title: 'a key added to the DNSKEY RRset',
    spoil: inPlaceOf('good.test', 'good.test. DNSKEY', (parts) => ({
      answer: [dnskeyOf(keyOf('somebody else'), name('good.test'), 3600), ...parts.answer!],
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'the DNSKEY RRset, signed with a key that no DS record names',
    spoil: inPlaceOf('good.test', 'good.test. DNSKEY', (parts, zone) => {
      const keys = [
        dnskeyOf(keyOf('somebody else'), name('good.test'), 3600),
        ...without(RRSIG)(parts.answer),
      ];
      return { answer: zone.signed(keys, { key: keyOf('somebody else') }) };
    }),
    because: 'bogus rrsig-no-key',
  },
  {
    title: 'the records of another name',
    spoil: inPlaceOf('good.test', 'www.good.test. A', (_parts, zone) => ({
      answer: said(zone, 'mx.good.test', A).answer!.map((one) => ({ ...one, name: name('www.good.test') })),
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'the data of last month, expired',
    spoil: inPlaceOf('good.test', 'www.good.test. A', (_parts, zone) => ({
      answer: zone.signed([record('www.good.test', A, Buffer.from([6, 6, 6, 6]))], EXPIRED),
    })),
    because: 'bogus rrsig-expired',
  },
  {
    title: 'a wildcard’s records at a name that it does not reach (RFC 4592 §3.3.1)',
    type: TXT,
    spoil: inPlaceOf('good.test', 'www.good.test. TXT', (_parts, zone) => ({
      answer: said(zone, 'x.wild.good.test', TXT).answer!.map((one) => ({
        ...one,
        name: name('www.good.test'),
      })),
      authority: zone.proof(name('www.good.test')),
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'a DNAME at the apex, without signature, to an unsigned zone (RFC 6672 §5.3)',
    spoil: inPlaceOf('good.test', 'www.good.test. A', () => ({
      answer: [
        record('good.test', DNAME, nameToBytes(name('plain.test'))),
        record('www.good.test', CNAME, nameToBytes(name('www.plain.test'))),
      ],
    })),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'the DNAME of another name, with its signature',
    spoil: inPlaceOf('good.test', 'www.good.test. A', (_parts, zone) => ({
      answer: said(zone, 'www.plaintree.good.test', A).answer!.map((one) => ({
        ...one,
        name: name(one.type === CNAME ? 'www.good.test' : 'good.test'),
      })),
    })),
    because: 'bogus rrsig-labels',
  },
  {
    title: 'the CNAME of another name, with its signature',
    spoil: inPlaceOf('good.test', 'www.good.test. A', (_parts, zone) => ({
      answer: said(zone, 'toplain.good.test', A).answer!.map((one) => ({
        ...one,
        name: name('www.good.test'),
      })),
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'a referral to a zone that there is not, whose servers refuse',
    spoil: inPlaceOf('good.test', 'www.good.test. A', () => ({
      authoritative: false,
      answer: [],
      authority: [record('www.good.test', NS, nameToBytes(name('ns.www.good.test')))],
      additional: [record('ns.www.good.test', A, Buffer.from([192, 0, 2, 13]))],
    })),
    because: 'bogus denial-contradicts',
  },
  {
    title: 'no signatures, but the AD and CD bits set (RFC 4035 §3.2.3, RFC 6840 §5.8)',
    spoil(parts, { zone, text }) {
      if (zone.text.apex !== 'good.test' || text !== 'www.good.test. A') return undefined;
      const octets = writeReply({ ...parts, answer: without(RRSIG)(parts.answer) });
      octets[3]! |= AD | CD;
      return { octets };
    },
    because: 'bogus rrsig-missing',
  },
  // RFC 4035 §5.4, RFC 5155 §8: in place of a denial, or of an answer.
  {
    title: 'the parent’s NSEC record at the cut as denial at the apex (RFC 6840 §4.1)',
    asked: 'good.test',
    type: MX,
    spoil: inPlaceOf('good.test', 'good.test. MX', (_parts, _zone, all) => ({
      answer: [],
      authority: [...all.get('test')!.soa(), ...all.get('test')!.proof(name('good.test'))],
    })),
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'the NSEC record at a cut as denial of a name below it (RFC 6840 §4.1)',
    asked: 'www.sub.good.test',
    spoil: (parts, { zone, name: asked }) =>
      zone.text.apex === 'good.test' && isWithin(asked, name('sub.good.test'))
        ? {
            ...parts,
            authoritative: true,
            rcode: Rcode.NXDOMAIN,
            answer: [],
            authority: [...zone.soa(), ...zone.proof(name('sub.good.test'), name('*.good.test'))],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'the proof that a name does not exist as NODATA for it',
    asked: 'nothing.good.test',
    spoil: inPlaceOf('good.test', 'nothing.good.test. A', () => ({ rcode: 0 })),
    because: 'bogus denial-contradicts',
  },
  {
    title: 'the same by NSEC3',
    asked: 'nothing.good.opt',
    spoil: inPlaceOf('good.opt', 'nothing.good.opt. A', () => ({ rcode: 0 })),
    because: 'bogus denial-contradicts',
  },
  {
    title: 'the proof of NODATA as NXDOMAIN',
    asked: '_25._tcp.mx.good.test',
    type: A,
    spoil: inPlaceOf('good.test', '_25._tcp.mx.good.test. A', () => ({ rcode: Rcode.NXDOMAIN })),
    because: 'bogus denial-contradicts',
  },
  {
    title: 'the same by NSEC3, at an empty non-terminal',
    asked: '_tcp.mx.good.opt',
    type: A,
    spoil: inPlaceOf('good.opt', '_tcp.mx.good.opt. A', () => ({ rcode: Rcode.NXDOMAIN })),
    because: 'bogus denial-contradicts',
  },
  {
    title: 'the denial of TLSA from before there was one, expired',
    asked: '_25._tcp.mx.good.test',
    type: TLSA,
    spoil: inPlaceOf('good.test', '_25._tcp.mx.good.test. TLSA', (_parts, zone) => ({
      answer: [],
      authority: [
        ...zone.soa(),
        ...zone.signed([nsecOf('_25._tcp.mx.good.test', '*.wild.good.test', TXT)], EXPIRED),
      ],
    })),
    because: 'bogus rrsig-expired',
  },
  {
    title: 'a span without the Opt-Out flag, with the flag set (RFC 5155 §12.1.1)',
    asked: 'nothing.good.opt',
    spoil: inPlaceOf('good.opt', 'nothing.good.opt. A', (parts) => ({
      authority: withOctet(parts.authority!, NSEC3, 1, OPT_OUT),
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'the iterations of the proof raised (RFC 9276 §3.2)',
    asked: 'nothing.good.opt',
    spoil: inPlaceOf('good.opt', 'nothing.good.opt. A', (parts) => ({
      authority: withOctet(parts.authority!, NSEC3, 2, 200),
    })),
    because: 'bogus signature-invalid',
  },
  {
    title: 'a hash algorithm that nobody knows (RFC 5155 §8.1)',
    asked: 'nothing.good.opt',
    spoil: inPlaceOf('good.opt', 'nothing.good.opt. A', (parts) => ({
      authority: withOctet(parts.authority!, NSEC3, 0, 2),
    })),
    because: 'bogus denial-missing',
  },
  {
    title: 'a flag that nobody knows (RFC 5155 §8.2)',
    asked: 'nothing.good.opt',
    spoil: inPlaceOf('good.opt', 'nothing.good.opt. A', (parts) => ({
      authority: withOctet(parts.authority!, NSEC3, 1, 0x80),
    })),
    because: 'bogus denial-missing',
  },
];

describe('RFC 4035 §5, RFC 5155 §12.1: replayed records downgrade nothing', () => {
  test.each(attacks)('$title', async ({ spoil, because, asked = 'www.good.test', type = A }) => {
    for (const minimisation of ['strict', 'relaxed', 'off'] as const) {
      const found = await verdict(world({ spoil }), asked, type, minimisation);
      expect(found).toMatch(/^bogus /);
      if (minimisation === 'off') expect(found).toBe(because);
    }
  });

  test.each(attacks)('$title: without it, secure', async ({ asked = 'www.good.test', type = A }) => {
    expect(await verdict(world(), asked, type, 'off')).toMatch(/^secure /);
  });
});
