/**
 * Asking through forwarders: the verdict is the one that asking directly comes to (RFC 4035 §4.9: what a resolver hands over
 * with CD set is judged by whoever asked), and a forwarder that lies, hides or fails never makes anything insecure or secure.
 */
import { describe, expect, test } from 'vitest';
import { reasonOf } from '../../src/base/reasons/catalogue.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { isWithin, type Name, name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { FORWARDER, forwarders, type SpoilForwarded } from './fake-forwarder.ts';
import {
  keyOf,
  replyOf,
  rootAnchor,
  type Spoil,
  stripped,
  verdict,
  without,
  world,
} from './signed-internet.ts';
import { aliasStatuses, statuses } from './statuses.ts';

const { A, MX, TXT, TLSA, NS, DS, SOA, RRSIG, NSEC, DNSKEY } = RRType;
const through = (spoil?: SpoilForwarded) => world({ forwarders: forwarders(spoil) });

describe('the same verdict as asking directly', () => {
  test.each(statuses)('%s type %d: %s', async (asked, type, expected) => {
    expect(await verdict(through(), asked, type)).toBe(expected);
  });

  test.each(aliasStatuses)('%s: %s', async (asked, expected) => {
    expect(await verdict(through(), asked)).toBe(expected);
  });

  test('and the same zone', async () => {
    for (const [asked, type] of statuses) {
      const [ours, theirs] = await Promise.all(
        [world(), through()].map((one) => one.lookup.ask(name(asked), type)),
      );
      const [direct, forwarded] = [ours!.links[0]!, theirs!.links[0]!];
      expect(`${asked} ${forwarded.cut.apex}`).toBe(`${asked} ${direct.cut.apex}`);
      expect(`${asked} ${forwarded.zone.status}`).toBe(`${asked} ${direct.zone.status}`);
    }
  });

  test('in one world, where all that was found before is remembered', async () => {
    const one = through();
    for (const [asked, type, expected] of [...statuses, ...statuses.toReversed()]) {
      expect(`${asked} ${await verdict(one, asked, type)}`).toBe(`${asked} ${expected}`);
    }
  });

  test.each(['strict', 'relaxed', 'off'] as const)(
    'the full name is asked at once, minimisation %s',
    async (mode) => {
      const log: string[] = [];
      const one = world({ forwarders: forwarders(undefined, undefined, log), minimisation: mode });
      expect(await verdict(one, '_25._tcp.mx.ent.test', TLSA)).toBe('secure data');
      expect(log[0]).toBe(`${FORWARDER} _25._tcp.mx.ent.test. TLSA`);
      expect(log.some((line) => line.includes(' _tcp.mx.ent.test.'))).toBe(false);
    },
  );
});

describe('queries for each name', () => {
  const asked = async (...names: readonly (readonly [string, number])[]) => {
    const log: string[] = [];
    const one = world({ forwarders: forwarders(undefined, undefined, log) });
    const counts: number[] = [];
    for (const [text, type] of names) {
      const before = log.length;
      await verdict(one, text, type);
      counts.push(log.length - before);
    }
    return counts;
  };

  test('signed: the name, and DS and DNSKEY of each zone that is not known yet', async () => {
    expect(await asked(['good.test', MX], ['mx.good.test', A], ['wrongds.test', MX])).toEqual([6, 1, 3]);
  });

  test('unsigned: the name, the SOA that tells its zone, DS of each zone', async () => {
    expect(await asked(['plain.test', MX], ['mx.plain.test', A], ['nothing.plain.test', A])).toEqual([
      6, 1, 1,
    ]);
    expect(await asked(['good.test', MX], ['plain.test', MX])).toEqual([6, 3]);
  });
});

test('cuts are remembered as long as their DS records or denials; failures for their time (RFC 9520 §3.2)', async () => {
  const log: string[] = [];
  const one = world({ forwarders: forwarders(undefined, undefined, log) });
  const asked = async (text: string) => {
    const before = log.length;
    await verdict(one, text);
    return log.length - before;
  };
  expect([await asked('www.good.test'), await asked('www.plain.test')]).toEqual([6, 3]);
  expect([await asked('www.wrongds.test'), await asked('mx.wrongds.test')]).toEqual([3, 1]);
  one.clock.ms += 100_000;
  expect([await asked('mx.good.test'), await asked('mx.plain.test')]).toEqual([1, 1]);
  expect(await asked('www.wrongds.test')).toBe(3);
});

test('lookups at once share the cuts that they find, and so what is judged of them', async () => {
  const one = through();
  const names = ['www.good.test', 'mx.good.test', 'alias.good.test', 'nothing.good.test'];
  const answers = await Promise.all(names.map((asked) => one.lookup.ask(name(asked), A)));
  expect(new Set(answers.map(({ links }) => links[0]!.cut)).size).toBe(1);
  expect(new Set(answers.map(({ links }) => links[0]!.cut.parent)).size).toBe(1);
});

describe('RFC 4033 §2: trust anchors', () => {
  const anchorOf = (zone: string) => trustAnchorsFrom([dnskeyOf(keyOf(zone), name(zone), 3600)])[0]!;
  const root = rootAnchor(world().zones.get('.')!);
  const island = anchorOf('island.plain.test');

  test.each([
    ['none', [], 'www.good.test', 'indeterminate no-trust-anchor'],
    ['as a DNSKEY record', [anchorOf('.')], 'www.good.test', 'secure data'],
    ['below an unsigned parent', [root, island], 'www.island.plain.test', 'secure data'],
    ['below an unsigned parent', [root, island], 'nothing.island.plain.test', 'secure nxdomain'],
    ['below an unsigned parent', [root, island], 'www.plain.test', 'insecure insecure-delegation data'],
    ['only below', [island], 'www.island.plain.test', 'secure data'],
    ['only below', [island], 'www.plain.test', 'indeterminate no-trust-anchor'],
    [
      'that no key matches',
      [trustAnchorsFrom([dsOf(keyOf('x'), name('.'), 2, 60)])[0]!],
      'www.good.test',
      'bogus anchor-no-match',
    ],
  ] as const)('%s: %s', async (_title, anchors, asked, expected) => {
    expect(await verdict(world({ anchors, forwarders: forwarders() }), asked)).toBe(expected);
  });

  test.each([
    ['unsigned', (parts: ReplyParts) => stripped(parts)],
    [
      'unsigned, by the zone above',
      (parts: ReplyParts) => ({ ...stripped(parts), authority: soaOf('plain.test') }),
    ],
  ])('what is below an anchor does not get by it: %s', async (_title, hide) => {
    const isBelow = (asked: Name) => isWithin(asked, name('island.plain.test'));
    const spoil: SpoilForwarded = (parts, { name: asked, type }) =>
      isBelow(asked) && type !== DNSKEY ? hide(parts) : undefined;
    for (const anchors of [[root, island], [island]]) {
      for (const asked of ['www.island.plain.test', 'nothing.island.plain.test']) {
        const found = await verdict(world({ anchors, forwarders: forwarders(spoil) }), asked);
        expect(found).toMatch(/^bogus (rrsig|denial)-missing$/);
      }
    }
  });

  test('neither does it where the zone’s parent is asked directly and answers in its stead', async () => {
    const spoil: Spoil = (parts, { zone, name: asked, type }) =>
      zone.text.apex === 'plain.test' && isWithin(asked, name('island.plain.test')) && type !== DS
        ? { ...parts, authoritative: true, answer: [forgedAt(asked)], authority: [] }
        : undefined;
    expect(await verdict(world({ spoil }), 'www.island.plain.test')).toBe(
      'insecure insecure-delegation data',
    );
    expect(await verdict(world({ spoil, anchors: [root, island] }), 'www.island.plain.test')).toMatch(
      /^bogus /,
    );
  });
});

const forgedAt = (owner: Name): PlainRecord => ({
  name: owner,
  type: A,
  ttl: 60,
  rdata: Buffer.from([6, 6, 6, 6]),
});
const soaOf = (apex: string): PlainRecord[] => [
  {
    name: name(apex),
    type: SOA,
    ttl: 60,
    rdata: Buffer.concat([nameToBytes(name(apex)), nameToBytes(name(apex)), Buffer.alloc(20)]),
  },
];
const zones = world().zones;
/** What the zone itself would say. */
const said = (zone: string, asked: string, type: number) =>
  replyOf(zones.get(zone)!, { name: name(asked), type, edns: true, recursionDesired: false, timeoutMs: 1 });
const isGood = (asked: Name) => isWithin(asked, name('good.test'));
const withAd = (parts: ReplyParts) => {
  const octets = writeReply(parts);
  octets[3]! |= 0x20;
  return { octets };
};

interface Attack {
  readonly title: string;
  readonly spoil: SpoilForwarded;
  readonly asked?: string;
  readonly type?: number;
  readonly because: string;
}

const attacks: readonly Attack[] = [
  {
    title: 'RRSIG stripped from every reply, the root’s too',
    spoil: (parts) => ({
      ...parts,
      answer: without(RRSIG)(parts.answer),
      authority: without(RRSIG)(parts.authority),
    }),
    because: 'bogus forwarder-without-dnssec',
  },
  {
    title: 'everything of DNSSEC stripped, AD set',
    spoil: (parts) => withAd(stripped(parts)),
    because: 'bogus forwarder-without-dnssec',
  },
  {
    title: 'no DNSKEY records at all',
    spoil: (parts, { type }) => (type === DNSKEY ? { ...parts, answer: [] } : undefined),
    because: 'bogus forwarder-without-dnssec',
  },
  {
    title: 'RRSIG stripped below the root',
    spoil: (parts, { text }) => (text === '. DNSKEY' ? undefined : stripped(parts)),
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'RRSIG stripped from the zone',
    spoil: (parts, { name: asked, type }) => (isGood(asked) && type !== DS ? stripped(parts) : undefined),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'RRSIG stripped from the answer, AD set',
    spoil: (parts, { text }) => (text === 'www.good.test. A' ? withAd(stripped(parts)) : undefined),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'another address, unsigned, AD set',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A'
        ? withAd({ ...parts, answer: [forgedAt(name('www.good.test'))] })
        : undefined,
    because: 'bogus rrsig-missing',
  },
  {
    title: 'another address, under the old signature',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A'
        ? {
            ...parts,
            answer: [
              forgedAt(name('www.good.test')),
              ...(parts.answer ?? []).filter(({ type }) => type === RRSIG),
            ],
          }
        : undefined,
    because: 'bogus signature-invalid',
  },
  {
    title: 'DS stripped',
    spoil: (parts, { text }) =>
      text === 'good.test. DS' ? { ...parts, answer: [], authority: zones.get('test')!.soa() } : undefined,
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'DS stripped, the whole zone with it',
    spoil: (parts, { name: asked, type }) => {
      if (!isGood(asked)) return undefined;
      return type === DS ? { ...parts, answer: [], authority: zones.get('test')!.soa() } : stripped(parts);
    },
    because: 'bogus ds-denial-missing',
  },
  {
    title: 'DS denied with the proof of an unsigned neighbour',
    spoil: (parts, { text }) =>
      text === 'good.test. DS'
        ? { ...parts, answer: [], authority: said('test', 'plain.test', DS).authority! }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'DS answered by the child: NODATA with the proof of its apex (RFC 6840 §4.4)',
    spoil: (parts, { name: asked, type, text }) => {
      const zone = zones.get('good.test')!;
      if (text === 'good.test. DS') {
        return { ...parts, answer: [], authority: [...zone.soa(), ...zone.proof(zone.apex)] };
      }
      return isGood(asked) && type !== DNSKEY ? stripped(parts) : undefined;
    },
    because: 'bogus rrsig-wrong-signer',
  },
  {
    title: 'the parent’s keys withheld',
    spoil: (parts, { text }) => (text === 'test. DNSKEY' ? stripped(parts) : undefined),
    because: 'bogus rrsig-missing',
  },
  {
    title: 'NXDOMAIN without proof, for the name',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A'
        ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: zones.get('good.test')!.soa() }
        : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'NXDOMAIN for the whole domain, without proof',
    spoil: (parts, { name: asked }) =>
      isGood(asked)
        ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: zones.get('test')!.soa() }
        : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'NXDOMAIN for the whole domain, by the root, without SOA',
    spoil: (parts, { name: asked }) =>
      isGood(asked) ? { ...parts, rcode: Rcode.NXDOMAIN, answer: [], authority: [] } : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'NXDOMAIN with the proof of another name',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A'
        ? {
            ...parts,
            rcode: Rcode.NXDOMAIN,
            answer: [],
            authority: said('good.test', 'nothing.good.test', A).authority!,
          }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'NODATA by the zone above',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A'
        ? { ...parts, answer: [], authority: said('test', 'plain.test', DS).authority! }
        : undefined,
    because: 'bogus denial-incomplete',
  },
  {
    title: 'NODATA, empty',
    spoil: (parts, { text }) =>
      text === 'www.good.test. A' ? { ...parts, answer: [], authority: [] } : undefined,
    because: 'bogus denial-missing',
  },
  {
    title: 'an unsigned answer, and an SOA that says it is of the unsigned zone beside',
    spoil: (parts, { text }) => {
      if (text === 'www.good.test. A') return { ...parts, answer: [forgedAt(name('www.good.test'))] };
      return text === 'www.good.test. SOA'
        ? { ...parts, answer: [], authority: soaOf('plain.test') }
        : undefined;
    },
    because: 'bogus rrsig-missing',
  },
  {
    title: 'an unsigned answer, and an SOA that names a deeper zone, made up',
    spoil: (parts, { text }) => {
      if (text === 'www.good.test. A') return { ...parts, answer: [forgedAt(name('www.good.test'))] };
      return text === 'www.good.test. SOA' ? { ...parts, answer: soaOf('www.good.test') } : undefined;
    },
    because: 'bogus rrsig-missing',
  },
  {
    title: 'an alias into an unsigned zone, made up',
    spoil: (parts, { text }) => {
      const rdata = nameToBytes(name('www.plain.test'));
      return text === 'www.good.test. A'
        ? { ...parts, answer: [{ name: name('www.good.test'), type: RRType.CNAME, ttl: 60, rdata }] }
        : undefined;
    },
    because: 'bogus rrsig-missing',
  },
  {
    title: 'a wildcard’s answer without the proof that it was due (RFC 4035 §5.3.4)',
    asked: 'x.wild.good.test',
    type: TXT,
    spoil: (parts) => (parts.question!.type === TXT ? { ...parts, authority: [] } : undefined),
    because: 'bogus wildcard-unproven',
  },
  {
    title: 'NSEC stripped from the denial',
    asked: 'nothing.good.test',
    spoil: (parts, { text }) =>
      text === 'nothing.good.test. A' ? { ...parts, authority: without(NSEC)(parts.authority) } : undefined,
    because: 'bogus denial-missing',
  },
];

describe('RFC 4035 §5.2: a forwarder that lies is bogus, never insecure and never believed', () => {
  test.each(attacks)('$title', async ({ spoil, because, asked = 'www.good.test', type = A }) => {
    expect(await verdict(through(spoil), asked, type)).toBe(because);
  });

  test.each(attacks)('$title, after the truth was seen, and again', async (attack) => {
    const { asked = 'www.good.test', type = A } = attack;
    let isOn = false;
    const one = through((parts, query) => (isOn ? attack.spoil(parts, query) : undefined));
    expect(await verdict(one, asked, type)).toMatch(/^secure /);
    isOn = true;
    one.clock.ms += 4_000_000;
    expect(await verdict(one, asked, type)).toMatch(/^bogus /);
    expect(await verdict(one, asked, type)).toMatch(/^bogus /);
    isOn = false;
    one.clock.ms += 61_000;
    expect(await verdict(one, asked, type)).toMatch(/^secure /);
  });

  test.each(attacks)('$title, by one of two: the other counts', async (attack) => {
    const { asked = 'www.good.test', type = A } = attack;
    for (let seed = 1; seed <= 4; seed++) {
      const two = forwarders(
        (parts, query) => (query.address === '10.0.0.1' ? attack.spoil(parts, query) : undefined),
        ['10.0.0.1', '10.0.0.2'],
      );
      expect(await verdict(world({ forwarders: two, seed }), asked, type)).toMatch(/^secure /);
    }
  });
});

const empty = (parts: ReplyParts, rcode: number): ReplyParts => ({
  ...parts,
  rcode,
  answer: [],
  authority: [],
});
const plainWire = ({ edns: _, ...parts }: ReplyParts): ReplyParts => parts;

/** What a forwarder does that is of no use, whatever is asked, and why we could not look. */
const useless: readonly (readonly [string, SpoilForwarded, string])[] = [
  ['is silent', () => ({ kind: 'timeout' }), 'forwarder-silent'],
  ['cannot be reached from here', () => ({ kind: 'unreachable' }), 'network-unreachable'],
  ['sends garbage', () => ({ kind: 'malformed' }), 'forwarder-malformed-reply'],
  ['truncates without TCP', () => ({ kind: 'tcp-failed' }), 'forwarder-tcp-failed'],
  ['answers SERVFAIL, CD or not', (parts) => empty(parts, Rcode.SERVFAIL), 'forwarder-servfail'],
  ['refuses', (parts) => empty(parts, Rcode.REFUSED), 'forwarder-refuses'],
  ['knows no such query', (parts) => empty(parts, Rcode.NOTIMP), 'forwarder-refuses'],
  ['chokes on EDNS', (parts) => plainWire(empty(parts, Rcode.FORMERR)), 'forwarder-without-dnssec'],
  [
    'leaves out EDNS and DNSSEC, as a stub proxy',
    (parts) => plainWire(stripped(parts)),
    'forwarder-without-dnssec',
  ],
  ['does not recurse', (parts) => ({ ...parts, recursionAvailable: false }), 'forwarder-not-recursive'],
  [
    'refers to others',
    (parts) => ({
      ...empty(parts, 0),
      authority: [{ name: name('.'), type: NS, ttl: 60, rdata: nameToBytes(name('ns.test')) }],
    }),
    'forwarder-not-recursive',
  ],
];

describe('a forwarder that is of no use: nobody knows, and it is for us to mend', () => {
  test.each(useless)('%s', async (_title, spoil, because) => {
    for (const asked of ['www.good.test', 'nothing.good.test', 'www.plain.test', 'nothing.plain.test']) {
      expect(await verdict(through(spoil), asked)).toBe(`indeterminate ${because}`);
    }
    expect(reasonOf(because as 'forwarder-silent').mender).toBe('ours');
  });

  test.each(useless)('%s, one of two: the other counts', async (_title, spoil) => {
    for (let seed = 1; seed <= 4; seed++) {
      const two = forwarders(
        (parts, query) => (query.address === '10.0.0.1' ? spoil(parts, query) : undefined),
        ['10.0.0.1', '10.0.0.2'],
      );
      expect(await verdict(world({ forwarders: two, seed }), 'www.good.test')).toBe('secure data');
      expect(await verdict(world({ forwarders: two, seed }), 'nothing.plain.test')).toMatch(
        /^insecure .* nxdomain$/,
      );
    }
  });

  test.each([
    ['the keys', 'good.test. DNSKEY'],
    ['the DS RRset', 'good.test. DS'],
    ['the keys of the parent', 'test. DNSKEY'],
    ['the keys of the root', '. DNSKEY'],
  ])('%s alone are not to be had', async (_title, question) => {
    for (const [, useless_, because] of useless) {
      const spoil: SpoilForwarded = (parts, query) =>
        query.text === question ? useless_(parts, query) : undefined;
      expect(await verdict(through(spoil), 'www.good.test')).toBe(`indeterminate ${because}`);
    }
  });

  test('RFC 2308 §2.2: an empty reply about an unsigned name denies nothing', async () => {
    const spoil: SpoilForwarded = (parts, { text }) =>
      text === 'www.plain.test. TXT' ? empty(parts, 0) : undefined;
    expect(await verdict(through(spoil), 'www.plain.test', TXT)).toBe('indeterminate forwarder-empty-reply');
  });

  test('a name whose servers do not answer, which the forwarder says by SERVFAIL', async () => {
    const spoil: Spoil = (_parts, { zone }) =>
      zone.text.apex === 'silent.test' ? { kind: 'timeout' } : undefined;
    const one = world({ spoil, forwarders: forwarders() });
    expect(await verdict(one, 'www.silent.test')).toBe('indeterminate forwarder-servfail');
    expect(await verdict(one, 'www.good.test')).toBe('secure data');
  });
});
