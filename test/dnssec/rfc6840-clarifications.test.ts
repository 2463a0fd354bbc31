/** RFC 6840: what it adds to RFC 4035, as far as it concerns one RRset, denial or DNSKEY RRset. */
import { describe, expect, test } from 'vitest';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name, nameToBytes } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { writeTypeBitmap } from '../../src/dns/type-bitmap.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import { verifyZoneKeys, type ZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { dnskeyOf } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, type ZoneKey, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { AT, ask, EXAMPLE, message, type Sections, SignedZone, validation } from './signed-zone.ts';

const { A, MX, NS, DS, SOA, TXT, CNAME, DNAME, NSEC, RRSIG, DNSKEY } = RRType;
const zone = new SignedZone('example.', EXAMPLE);
const keys = zone.keys();

function judge(owner: string, type: number, sections: Sections, by: ZoneKeys = keys) {
  const question = ask(owner, type);
  return verifyAnswer(by, question, message(question, sections), validation());
}

const bogus = (because: string) => ({ status: 'bogus', because });

/** A signed NSEC record of any content. */
function nsec(owner: string, next: string, types: readonly number[]): PlainRecord[] {
  const rdata = Buffer.concat([nameToBytes(name(next)), writeTypeBitmap([...types, RRSIG, NSEC])]);
  const record = { name: name(owner), type: NSEC, ttl: 300, rdata };
  return [record, zone.sign([record])];
}

describe('RFC 6840 §4.1: an ancestor delegation NSEC record', () => {
  const cut = (types: number[]) => nsec('cut.example.', 'd.example.', types);
  test.each([
    ['NS', [NS], 'a.cut.example.', A, 'denial-incomplete'],
    ['NS and DS', [NS, DS], 'a.cut.example.', A, 'denial-incomplete'],
    ['NS, for a name two labels down', [NS], 'b.a.cut.example.', A, 'denial-incomplete'],
    ['NS, for a DS RRset below', [NS], 'a.cut.example.', DS, 'denial-incomplete'],
    ['NS, for data at the cut', [NS], 'cut.example.', TXT, 'denial-incomplete'],
    ['NS, for the NS RRset at the cut', [NS], 'cut.example.', NS, 'denial-contradicts'],
    ['DNAME, for a name below', [DNAME], 'a.cut.example.', A, 'denial-incomplete'],
  ] as const)('%s', (_, types, owner, type, because) => {
    for (const rcode of [Rcode.NOERROR, Rcode.NXDOMAIN]) {
      const authority = [...cut([...types]), ...zone.cover('*.example.')];
      const verdict = judge(owner, type, { rcode, authority });
      expect(verdict.status).toBe('bogus');
      if (rcode === Rcode.NOERROR) expect(verdict).toEqual(bogus(because));
    }
  });

  test('NS with SOA is an apex: it denies names below it, and the DNAME bit does not hinder data at its owner', () => {
    expect(
      judge('zz.example.', A, { rcode: Rcode.NXDOMAIN, authority: nsec('example.', 'example.', [NS, SOA]) }),
    ).toMatchObject({
      status: 'secure',
      kind: 'nxdomain',
    });
    expect(judge('cut.example.', A, { authority: cut([DNAME]) })).toMatchObject({
      status: 'secure',
      kind: 'nodata',
    });
  });
});

describe('RFC 6840 §4.3: the CNAME bit', () => {
  test.each([
    ['any type', 'alias.example.', MX, 'denial-contradicts'],
    ['CNAME itself', 'alias.example.', CNAME, 'denial-contradicts'],
    ['DS', 'alias.example.', DS, 'denial-contradicts'],
  ] as const)('denies no NODATA for %s', (_, owner, type, because) => {
    expect(judge(owner, type, { authority: zone.match(owner) })).toEqual(bogus(because));
  });

  test('in the wildcard that NODATA is about', () => {
    const authority = [...zone.cover('x.aliases.example.'), ...zone.match('*.aliases.example.')];
    expect(judge('x.aliases.example.', DS, { authority })).toEqual(bogus('denial-contradicts'));
  });
});

describe('RFC 6840 §4.4: insecure delegations', () => {
  const cut = (...types: number[]) =>
    verifyDelegation(
      keys,
      name('cut.example.'),
      message(ask('cut.example.', DS), { authority: nsec('cut.example.', 'd.example.', types) }),
      validation(),
    );
  test.each([
    ['NS', [NS], { kind: 'insecure', because: 'insecure-delegation' }],
    ['NS and DS', [NS, DS], { kind: 'bogus', because: 'denial-contradicts' }],
    ['NS and SOA', [NS, SOA], { kind: 'bogus', because: 'denial-incomplete' }],
    ['SOA alone', [SOA], { kind: 'bogus', because: 'denial-incomplete' }],
    ['DS without NS', [DS], { kind: 'bogus', because: 'denial-contradicts' }],
    ['no NS', [A], { kind: 'not-a-cut' }],
    ['a CNAME', [CNAME], { kind: 'not-a-cut' }],
    ['NS and DNAME', [NS, DNAME], { kind: 'insecure', because: 'insecure-delegation' }],
  ] as const)('a record with %s', (_, types, expected) => {
    expect(cut(...types)).toMatchObject(expected);
  });
});

const mx = zone.rrset('example.', MX);
const good = zone.sign(mx);
const stranger = zoneKey('a stranger', 13, ZSK_FLAGS);

describe('RFC 6840 §5.4, §5.12: several signatures', () => {
  const broken = { ...good, rdata: Buffer.from(good.rdata).fill(1, 40) };
  test.each<[string, PlainRecord[]]>([
    ['one of an unknown key beside', [zone.sign(mx, { key: stranger }), good]],
    ['one of an unknown key behind', [good, zone.sign(mx, { key: stranger })]],
    ['one of each key', [good, zone.sign(mx, { key: zone.ksk })]],
    ['one that does not verify before', [broken, good]],
    ['one that does not verify behind', [good, broken]],
    ['one of another signer beside', [zone.sign(mx, { signer: name('.') }), good]],
    ['one of an unknown algorithm beside', [zone.sign(mx, { algorithm: 200 }), good]],
    ['one that has expired beside', [zone.sign(mx, { expiration: AT - 1 }), good]],
    ['one for the future beside', [zone.sign(mx, { inception: AT + 1 }), good]],
    ['one with too many labels beside', [zone.sign(mx, { labels: 9 }), good]],
    ['the same one twice', [good, good]],
    [
      'seven that do not verify before',
      [
        ...Array.from({ length: 7 }, (_, i) => ({ ...broken, rdata: Buffer.from(broken.rdata).fill(i, 60) })),
        good,
      ],
    ],
  ])('secure with %s', (_, signatures) => {
    expect(judge('example.', MX, { answer: [...mx, ...signatures] })).toMatchObject({ status: 'secure' });
  });
});

describe('RFC 6840 §5.5: key tags', () => {
  test('two keys with one key tag: the one that signed counts', () => {
    const twin = { ...stranger, keyTag: zone.zsk.keyTag };
    expect(judge('example.', MX, { answer: [...mx, zone.sign(mx, { key: twin })] })).toEqual(
      bogus('signature-invalid'),
    );
    expect(judge('example.', MX, { answer: [...mx, zone.sign(mx, { key: twin }), good] })).toMatchObject({
      status: 'secure',
    });
  });
});

describe('RFC 6840 §5.11: algorithms in DS, DNSKEY and RRSIG records', () => {
  /** Keys of two algorithms; any of them may sign keys and data. */
  const rsa: ZoneKey = zoneKey('rsa ksk', 8, KSK_FLAGS, 1024);
  const rsaZsk: ZoneKey = zoneKey('rsa zsk', 8, ZSK_FLAGS, 1024);
  const both = [
    ...zone.rrset('example.', DNSKEY),
    ...[rsa, rsaZsk].map((key) => dnskeyOf(key, zone.apex, 3600)),
  ];
  const verdictOf = (ds: ZoneKey[], signers: ZoneKey[]) =>
    verifyZoneKeys(
      zone.apex,
      ds.map((key) => zone.ds(2, key)),
      zone.keyReply([...both, ...signers.map((key) => zone.sign(both, { key }))]),
      validation(),
    );

  test.each([
    ['both in DS, both sign the keys', [zone.ksk, rsa], [zone.ksk, rsa]],
    ['both in DS, the first signs the keys', [zone.ksk, rsa], [zone.ksk]],
    ['both in DS, the second signs the keys', [zone.ksk, rsa], [rsa]],
    ['one in DS, both sign the keys', [rsa], [zone.ksk, rsa]],
  ])('any valid path is enough: %s', (_, ds, signers) => {
    expect(verdictOf(ds, signers).status).toBe('secure');
  });

  test.each([
    ['the first in DS, the second signs the keys', [zone.ksk], [rsa]],
    ['the second in DS, the first signs the keys', [rsa], [zone.ksk]],
  ])('none is not: %s', (_, ds, signers) => {
    expect(verdictOf(ds, signers)).toEqual(bogus('rrsig-no-key'));
  });

  test.each([
    ['the first', [zone.zsk]],
    ['the second', [rsaZsk]],
    ['both', [zone.zsk, rsaZsk]],
  ])('data signed with %s of two algorithms in the DNSKEY RRset', (_, signers) => {
    const found = verdictOf([zone.ksk, rsa], [zone.ksk, rsa]);
    if (found.status !== 'secure') throw new Error(found.because);
    const answer = [...mx, ...signers.map((key) => zone.sign(mx, { key }))];
    expect(judge('example.', MX, { answer }, found.keys)).toMatchObject({ status: 'secure' });
  });

  test('an algorithm that is known, but of which the zone has no key', () => {
    const ed = zoneKey('ed', 15, ZSK_FLAGS);
    expect(judge('example.', MX, { answer: [...mx, zone.sign(mx, { key: ed })] })).toEqual(
      bogus('rrsig-no-key'),
    );
  });
});

describe('RFC 6840 §6.2: the SEP flag means nothing to a validator', () => {
  test('a key without it, named by the DS RRset, signs the keys', () => {
    const all = zone.rrset('example.', DNSKEY);
    const reply = zone.keyReply([...all, zone.sign(all, { key: zone.zsk })]);
    expect(verifyZoneKeys(zone.apex, [zone.ds(2, zone.zsk)], reply, validation()).status).toBe('secure');
  });
  test('a key with it signs data', () => {
    expect(judge('example.', MX, { answer: [...mx, zone.sign(mx, { key: zone.ksk })] }).status).toBe(
      'secure',
    );
  });
});
