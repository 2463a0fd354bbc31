/**
 * Ways to make a signed zone look unsigned, or a name look absent (RFC 4035 §5.2, §5.4; RFC 5155 §8.9; RFC 6840 §4): each ends
 * as bogus, or as indeterminate where no usable answer remains; never as insecure, and never as a secure denial or other data.
 */
import { describe, expect, test } from 'vitest';
import type { PlainRecord, ReplyParts } from '../../src/dns/message-writer.ts';
import { isWithin, name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { signRRset } from '../../src/lab/signing/sign-rrset.ts';
import {
  AT,
  GOOD,
  keyOf,
  replyOf,
  type Spoil,
  stripped,
  TEST,
  verdict,
  without,
  world,
  type Zone,
} from './signed-internet.ts';

const { A, TXT, TLSA, NS, DS, SOA, NSEC3, RRSIG, DNSKEY } = RRType;
const forged: PlainRecord = {
  name: name('www.good.test'),
  type: A,
  ttl: 60,
  rdata: Buffer.from([6, 6, 6, 6]),
};
const validity = { inception: AT - 1000, expiration: AT + 1000 };

const isReferral = (parts: ReplyParts) =>
  !parts.authoritative && parts.authority?.some(({ type }) => type === NS) === true;
const soaOf = (apex: string): PlainRecord[] => [
  {
    name: name(apex),
    type: SOA,
    ttl: 60,
    rdata: Buffer.concat([nameToBytes(name(apex)), nameToBytes(name(apex)), Buffer.alloc(20)]),
  },
];
const at = (world: ReadonlyMap<string, Zone>, apex: string) => world.get(apex)!;
const query = { edns: true, recursionDesired: false, timeoutMs: 1 };
const of = (world: ReadonlyMap<string, Zone>, apex: string, asked: string, type: number) =>
  replyOf(at(world, apex), { ...query, name: name(asked), type });

interface Attack {
  readonly title: string;
  readonly spoil: Spoil;
  readonly asked?: string;
  readonly type?: number;
  readonly because: string;
}

const attacks: readonly Attack[] = [
  {
    title: 'DS stripped from every reply of the parent',
    spoil: (parts, { zone }) =>
      zone.text.apex === 'test'
        ? { ...parts, authority: without(DS)(parts.authority), answer: without(DS)(parts.answer) }
        : undefined,
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'the parent seems unsigned',
    spoil: (parts, { zone, type }) =>
      zone.text.apex === 'test' && type !== DNSKEY ? stripped(parts) : undefined,
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'RRSIG stripped from the answer',
    spoil: (parts, { zone }) =>
      zone.text.apex === 'good.test' ? { ...parts, answer: without(RRSIG)(parts.answer) } : undefined,
    because: 'bogus rrsig-missing',
  },
  {
    title: 'RRSIG stripped from all but the keys',
    spoil: (parts, { zone, type }) =>
      zone.text.apex === 'good.test' && type !== DNSKEY ? stripped(parts) : undefined,
    because: 'bogus rrsig-missing',
  },
  {
    title: 'the whole zone seems unsigned',
    spoil: (parts, { zone }) => (zone.text.apex === 'good.test' ? stripped(parts) : undefined),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'no DNSKEY RRset',
    spoil: (parts, { zone, type }) =>
      zone.text.apex === 'good.test' && type === DNSKEY ? { ...parts, answer: [] } : undefined,
    because: 'bogus dnskey-missing',
  },
  {
    title: 'the DNSKEY RRset of another zone',
    spoil: (parts, { text }, all) =>
      text === 'good.test. DNSKEY'
        ? {
            ...parts,
            answer: of(all, 'good.opt', 'good.opt', DNSKEY).answer!.map((record) => ({
              ...record,
              name: name('good.test'),
            })),
          }
        : undefined,
    because: 'bogus dnskey-no-ds-match',
  },
  {
    title: 'NXDOMAIN without proof',
    spoil: (parts, { zone }) =>
      zone.text.apex === 'good.test'
        ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: zone.soa() }
        : undefined,
    because: 'bogus dnskey-missing',
  },
  {
    title: 'NXDOMAIN without proof, for the name alone',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: zone.soa() }
        : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'NODATA without proof, nor SOA',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A' ? { ...parts, answer: [] } : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'NODATA by the zone above, for a name below a signed delegation',
    spoil: (parts, { zone, text }, all) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? {
            ...parts,
            answer: [],
            authority: [...at(all, 'test').soa(), ...at(all, 'test').proof(name('good.test'))],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'the proof of another name, replayed',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? {
            ...parts,
            rcode: Rcode.NXDOMAIN,
            answer: [],
            authority: [...zone.soa(), ...zone.proof(name('nothing.good.test'), name('*.good.test'))],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'the NSEC3 proof of another name, replayed',
    asked: 'www.good.opt',
    spoil: (_parts, { zone, text }, all) =>
      zone.text.apex === 'good.opt' && text === 'www.good.opt. A'
        ? {
            ...of(all, 'good.opt', 'nothing.good.opt', A),
            question: { name: name('www.good.opt'), type: A, class: 1 },
            questionOctets: name('www.good.opt'),
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'the NODATA proof of another name, replayed',
    spoil: (parts, { zone, text }, all) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? { ...parts, answer: [], authority: of(all, 'good.test', 'mx.good.test', TXT).authority! }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'the child’s apex NSEC as denial of its DS (RFC 6840 §4.4)',
    spoil: (parts, { zone, name: asked }, all) =>
      zone.text.apex === 'test' && isWithin(asked, name('good.test'))
        ? {
            ...parts,
            answer: [],
            authority: [
              ...without(DS, RRSIG)(parts.authority),
              ...at(all, 'good.test').proof(name('good.test')),
            ],
          }
        : undefined,
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'the NSEC of a delegation beside it as denial of DS',
    spoil: (parts, { zone, name: asked }) =>
      zone.text.apex === 'test' && isWithin(asked, name('good.test'))
        ? {
            ...parts,
            answer: [],
            authority: [...without(DS, RRSIG)(parts.authority), ...zone.proof(name('plain.test'))],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'an opt-out span that does not cover it, as denial of DS (RFC 5155 §8.9)',
    asked: 'www.good.opt',
    spoil: (parts, { zone, name: asked }, all) =>
      zone.text.apex === 'opt' && isWithin(asked, name('good.opt'))
        ? {
            ...parts,
            answer: [],
            authority: [
              ...without(DS, RRSIG)(parts.authority),
              ...without(NS)(of(all, 'opt', 'plain.opt', A).authority),
            ],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'a forged opt-out span that covers it',
    asked: 'www.good.opt',
    spoil: (parts, { zone, name: asked }) => {
      if (zone.text.apex !== 'opt' || !isWithin(asked, name('good.opt'))) return undefined;
      const proof = zone.proof(name('opt'), name('good.opt'));
      const widened = proof.map((record) =>
        record.type !== NSEC3
          ? record
          : { ...record, rdata: record.rdata.map((octet, i) => (i >= 6 && i < 26 ? 0xff : octet)) },
      );
      return { ...parts, answer: [], authority: [...without(DS, RRSIG)(parts.authority), ...widened] };
    },
    because: 'bogus signature-invalid',
  },
  {
    title: 'opt-out span signed by somebody else',
    asked: 'www.good.opt',
    spoil(parts, { zone, name: asked }) {
      if (zone.text.apex !== 'opt' || !isWithin(asked, name('good.opt'))) return undefined;
      const proof = without(RRSIG)(zone.proof(name('opt'), name('plain.opt')));
      const signed = proof.flatMap((record) => [
        record,
        signRRset([record], { key: keyOf('somebody else'), signer: zone.apex, ...validity }),
      ]);
      return { ...parts, answer: [], authority: [...without(DS, RRSIG)(parts.authority), ...signed] };
    },
    because: 'bogus rrsig-no-key',
  },
  {
    title: 'an unsigned zone on the parent’s servers that nobody delegated',
    asked: 'www.undelegated.test',
    spoil: () => undefined,
    because: 'bogus rrsig-missing',
  },
  {
    title: 'an unsigned answer by the parent’s servers for a signed delegation',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'test' && text.endsWith('good.test. A') && isReferral(parts)
        ? { ...parts, authoritative: true, answer: [forged], authority: [] }
        : undefined,
    because: 'indeterminate lame',
  },
  {
    title: 'an SOA that names a deeper zone, made up',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? { ...parts, answer: [], authority: soaOf('www.good.test') }
        : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'an RRSIG that names a deeper zone, made up',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? {
            ...parts,
            answer: [
              forged,
              signRRset([forged], { key: keyOf('made up'), signer: name('www.good.test'), ...validity }),
            ],
          }
        : undefined,
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'an answer that another zone signed',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? {
            ...parts,
            answer: [
              forged,
              signRRset([forged], { key: keyOf('good.opt'), signer: name('good.opt'), ...validity }),
            ],
          }
        : undefined,
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'an answer that the parent signed',
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === 'www.good.test. A'
        ? {
            ...parts,
            answer: [forged, signRRset([forged], { key: keyOf('test'), signer: name('test'), ...validity })],
          }
        : undefined,
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'a wildcard’s answer without the proof that it was due (RFC 4035 §5.3.4)',
    asked: 'x.wild.good.test',
    type: TXT,
    spoil: (parts, { zone }) =>
      zone.text.apex === 'good.test' && parts.answer?.some(({ type }) => type === TXT)
        ? { ...parts, authority: [] }
        : undefined,
    because: 'bogus wildcard-unproven',
  },
  {
    title: 'NXDOMAIN for a TLSA record, by the proof of the empty non-terminal’s neighbour',
    asked: '_25._tcp.mx.good.test',
    type: TLSA,
    spoil: (parts, { zone, text }) =>
      zone.text.apex === 'good.test' && text === '_25._tcp.mx.good.test. TLSA'
        ? {
            ...parts,
            rcode: Rcode.NXDOMAIN,
            answer: [],
            authority: [...zone.soa(), ...zone.proof(name('mx.good.test'), name('*.good.test'))],
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'a referral to servers of the attacker, without DS',
    spoil(parts, { zone, address, name: asked }) {
      if (zone.text.apex === 'test' && isReferral(parts) && isWithin(asked, name('good.test'))) {
        const glue = { name: name('ns.good.test'), type: A, ttl: 3600, rdata: Buffer.from([192, 0, 2, 13]) };
        const ns = { name: name('good.test'), type: NS, ttl: 3600, rdata: nameToBytes(name('ns.good.test')) };
        return { ...parts, authority: [ns], additional: [glue] };
      }
      return address === '192.0.2.13'
        ? { ...parts, rcode: 0, authoritative: true, answer: [forged] }
        : undefined;
    },
    because: 'indeterminate refused',
  },
];

describe('RFC 4035 §5.2: downgrade is bogus, never insecure', () => {
  test.each(attacks)('$title', async ({ spoil, because, asked = 'www.good.test', type = A }) => {
    for (const minimisation of ['strict', 'relaxed', 'off'] as const) {
      const found = await verdict(world({ spoil }), asked, type, minimisation);
      expect(found).toMatch(/^(bogus|indeterminate) /);
      if (minimisation === 'off') expect(found).toBe(because);
    }
  });

  test.each(attacks)('$title, a second time: nothing that was remembered changes it', async (attack) => {
    const one = world({ spoil: attack.spoil });
    const { asked = 'www.good.test', type = A } = attack;
    await verdict(one, asked, type);
    await verdict(one, 'mx.good.test', A);
    expect(await verdict(one, asked, type)).toMatch(/^(bogus|indeterminate) /);
  });

  test.each(attacks)('$title, when it is over: the truth again after the failure’s time', async (attack) => {
    let isOn = true;
    const one = world({ spoil: (...all) => (isOn ? attack.spoil(...all) : undefined) });
    const { asked = 'www.good.test', type = A } = attack;
    if (asked.includes('undelegated')) return;
    await verdict(one, asked, type);
    isOn = false;
    one.clock.ms += 61_000;
    expect(await verdict(one, asked, type)).toBe('secure data');
  });
});

describe('RFC 4035 §4.7: one server is bad and another is good', () => {
  const bad = GOOD[0];
  const cases = attacks.filter(({ asked = 'www.good.test' }) => asked.endsWith('good.test'));

  test.each(cases)('$title, from one of two servers: the good one counts', async (attack) => {
    const { spoil, asked = 'www.good.test', type = A } = attack;
    const oneSided: Spoil = (parts, asking, all) =>
      asking.address === bad || asking.address === TEST[0] ? spoil(parts, asking, all) : undefined;
    for (const minimisation of ['strict', 'relaxed', 'off'] as const) {
      for (let seed = 1; seed <= 4; seed++) {
        const one = world({ spoil: oneSided, seed, minimisation });
        // The attacker's own server is not one of two.
        if (attack.title.includes('of the attacker')) continue;
        expect(await verdict(one, asked, type)).toBe('secure data');
      }
    }
  });

  test.each([
    ['is silent', { kind: 'timeout' }],
    ['cannot be reached', { kind: 'unreachable' }],
    ['sends garbage', { kind: 'malformed' }],
    ['truncates without TCP', { kind: 'tcp-failed' }],
  ] as const)('one that %s', async (_title, heard) => {
    for (let seed = 1; seed <= 4; seed++) {
      const one = world({ spoil: (_parts, { address }) => (address === bad ? heard : undefined), seed });
      expect(await verdict(one, 'www.good.test')).toBe('secure data');
      expect(await verdict(one, 'nothing.good.test')).toBe('secure nxdomain');
    }
  });

  test.each([Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP, Rcode.FORMERR])(
    'one with rcode %d',
    async (rcode) => {
      for (let seed = 1; seed <= 4; seed++) {
        const one = world({
          spoil: (parts, { address }) =>
            address === bad
              ? { ...parts, rcode, authoritative: false, answer: [], authority: [] }
              : undefined,
          seed,
        });
        expect(await verdict(one, 'www.good.test')).toBe('secure data');
      }
    },
  );

  test('one that is lame (RFC 9499 §7)', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const one = world({
        spoil: (parts, { address }) =>
          address === bad
            ? { ...parts, rcode: 0, authoritative: false, answer: [], authority: [] }
            : undefined,
        seed,
      });
      expect(await verdict(one, 'www.good.test')).toBe('secure data');
    }
  });

  test('one whose copy is stale: its signatures have expired', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const one = world({
        spoil: (parts, { address, zone }) =>
          address === bad && parts.answer !== undefined
            ? {
                ...parts,
                answer: zone.signed(without(RRSIG)(parts.answer), {
                  inception: AT - 9_000_000,
                  expiration: AT - 8_000_000,
                }),
              }
            : undefined,
        seed,
      });
      expect(await verdict(one, 'www.good.test')).toBe('secure data');
    }
  });

  test('all of them bad: bogus', async () => {
    const spoil: Spoil = (parts, { zone }) =>
      zone.text.apex === 'good.test' ? { ...parts, answer: without(RRSIG)(parts.answer) } : undefined;
    expect(await verdict(world({ spoil }), 'mx.good.test')).toBe('bogus rrsig-missing');
  });

  test('one server of the parent has an unsigned copy of the child, the other refers to the child', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const one = world({
        spoil: (parts, { address, zone, name: asked, type }) =>
          address === TEST[0] &&
          zone.text.apex === 'test' &&
          isWithin(asked, name('good.test')) &&
          type !== DS
            ? { ...parts, authoritative: true, answer: asked === forged.name ? [forged] : [], authority: [] }
            : undefined,
        seed,
      });
      expect(await verdict(one, 'www.good.test')).toBe('secure data');
    }
  });

  test('one server of the parent has an unsigned copy of the child, SOA and all', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      for (const [asked, expected] of [
        ['www.good.test', 'secure data'],
        ['nothing.good.test', 'secure nxdomain'],
      ] as const) {
        const one = world({
          spoil: (_parts, { address, zone, name: of, type }, all) =>
            address === TEST[0] && zone.text.apex === 'test' && isWithin(of, name('good.test')) && type !== DS
              ? stripped(replyOf(at(all, 'good.test'), { ...query, name: of, type }))
              : undefined,
          seed,
          minimisation: 'off',
        });
        expect(await verdict(one, asked)).toBe(expected);
      }
    }
  });

  test('co-hosted unsigned child, one server without the parent’s proofs: still insecure, with proof', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const one = world({
        spoil: (parts, { address, zone, type }) =>
          address === TEST[0] && zone.text.apex === 'test' && type !== DNSKEY ? stripped(parts) : undefined,
        seed,
      });
      expect(await verdict(one, 'www.cohostedplain.test')).toBe('insecure insecure-delegation data');
    }
  });

  test('co-hosted unsigned child, no answer for its DS: nobody knows', async () => {
    const spoil: Spoil = (_parts, { type }) => (type === DS ? { kind: 'timeout' } : undefined);
    for (const minimisation of ['relaxed', 'off'] as const) {
      expect(await verdict(world({ spoil, minimisation }), 'www.cohostedplain.test')).toBe(
        'indeterminate timeout',
      );
    }
  });

  test('co-hosted child, one server without its signatures', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      for (const asked of ['www.cohosted.test', 'nothing.cohosted.test']) {
        const one = world({
          spoil: (parts, { address, zone }) =>
            address === TEST[0] && zone.text.apex === 'cohosted.test' ? stripped(parts) : undefined,
          seed,
        });
        expect(await verdict(one, asked)).toMatch(/^secure /);
      }
    }
  });
});
