import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toBase32Hex } from '../../src/dns/base32hex.ts';
import { type Name, name } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { readRrsig } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { nsec3Hash } from '../../src/dnssec/nsec3-hash.ts';
import { nsecChain } from '../../src/lab/signing/nsec-chain.ts';
import { nsec3Chain, nsec3paramRdata } from '../../src/lab/signing/nsec3-chain.ts';
import { rsaFromSeed } from '../../src/lab/signing/rsa-from-seed.ts';
import { seededOctets } from '../../src/lab/signing/seeded-octets.ts';
import { dsOf, signRRset } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { emptyNonTerminals } from '../../src/lab/signing/zone-names.ts';

const { NS, DS, SOA, A, TLSA, DNSKEY } = RRType;

describe('keys that follow from a seed', () => {
  test.each([5, 7, 8, 10, 13, 14, 15, 16])(
    'algorithm %i: the same at every start, and only for the same seed',
    (algorithm) => {
      const [one, same, other] = ['a', 'a', 'b'].map((seed) => zoneKey(seed, algorithm, KSK_FLAGS, 1024));
      expect(same!.dnskeyRdata).toEqual(one!.dnskeyRdata);
      expect(other!.dnskeyRdata).not.toEqual(one!.dnskeyRdata);
      expect([...one!.dnskeyRdata.subarray(0, 4)]).toEqual([1, 1, 3, algorithm]);
    },
  );

  test('octets', () => {
    expect(seededOctets('x', 4)).toEqual(seededOctets('x', 4));
    expect(seededOctets('x', 500)).toHaveLength(500);
  });

  test.each([1024, 2048])('RSA of exactly %i bits, which signs', (bits) => {
    const key = rsaFromSeed('seed', bits);
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits);
    const signature = zoneKey('seed', 8, ZSK_FLAGS, bits).sign(Buffer.from('data'));
    expect(signature).toHaveLength(bits / 8);
    const made = createPublicKey(rsaFromSeed('seed/8', bits));
    expect(verify('sha256', Buffer.from('data'), made, signature)).toBe(true);
  });

  test('an algorithm that cannot be signed with is our own mistake', () => {
    expect(() => zoneKey('a', 12, ZSK_FLAGS)).toThrow('internal error');
    expect(() => dsOf(zoneKey('a', 15, KSK_FLAGS), name('a'), 3, 0)).toThrow('internal error');
  });
});

test('RFC 4034 §3.1: the fields of an RRSIG, and each told otherwise', () => {
  const key = zoneKey('a', 15, ZSK_FLAGS);
  const records = [{ name: name('*.a.example'), type: A, ttl: 77, rdata: Buffer.from([192, 0, 2, 1]) }];
  const base = { key, signer: name('example'), inception: 5, expiration: 9 };
  const read = (options: object) => readRrsig(recordOf(signRRset(records, { ...base, ...options })))!;
  expect(read({})).toMatchObject({
    typeCovered: A,
    algorithm: 15,
    labels: 2,
    originalTtl: 77,
    inception: 5,
    expiration: 9,
    keyTag: key.keyTag,
    signer: name('example'),
  });
  const odd = { labels: 1, originalTtl: 3, keyTag: 4, algorithm: 8 };
  expect(read(odd)).toMatchObject(odd);
});

const entry = (owner: string, ...types: number[]) => ({ name: name(owner), types });
const zone = [
  entry('example', SOA, NS, DNSKEY),
  entry('Z.example', A),
  entry('_25._tcp.mail.example', TLSA),
  entry('unsigned.example', NS),
  entry('a.b.example', NS),
  entry('signed.example', NS, DS),
  entry('\\200.example', A),
];

describe('RFC 4034 §6.1, §4: the NSEC chain', () => {
  const chain = nsecChain(zone, 60);
  const text = [...chain.records()].map((record) => `${formatRdata(recordOf(record))}`);

  test('canonical order, closed at the apex; insecure delegations are in it, empty non-terminals are not', () => {
    expect(text).toEqual([
      'a.b.example. NS SOA RRSIG NSEC DNSKEY',
      '_25._tcp.mail.example. NS RRSIG NSEC',
      'signed.example. RRSIG NSEC TLSA',
      'unsigned.example. NS DS RRSIG NSEC',
      'z.example. NS RRSIG NSEC',
      '\\200.example. A RRSIG NSEC',
      'example. A RRSIG NSEC',
    ]);
  });

  test('matching and covering', () => {
    const at = (owner: string) => chain.covering(name(owner)).name;
    expect(chain.matching(name('z.example'))?.name).toBe(name('z.example'));
    expect(chain.matching(name('b.example'))).toBeUndefined();
    expect(at('b.example')).toBe(name('example'));
    expect(at('a.b.example')).toBe(name('a.b.example'));
    expect(at('zz.example')).toBe(name('z.example'));
    expect(at('\\255.example')).toBe(name('\\200.example'));
  });
});

describe('RFC 5155 §7.1: the NSEC3 chain', () => {
  const parameters = { iterations: 2, salt: Buffer.from('aa', 'hex'), optOut: false };
  const apex = name('example');
  const ownerOf = (owner: Name) => `${toBase32Hex(nsec3Hash(owner, parameters.salt, 2))}`;

  test('empty non-terminals', () => {
    expect(emptyNonTerminals(apex, zone).sort()).toEqual(
      [name('_tcp.mail.example'), name('mail.example'), name('b.example')].sort(),
    );
  });

  test.each([
    { optOut: false, owners: 10, unsigned: 'NS', empty: '' },
    { optOut: true, owners: 7, unsigned: undefined, empty: undefined },
  ])('opt-out $optOut', ({ optOut, owners, unsigned, empty }) => {
    const chain = nsec3Chain(apex, zone, { ...parameters, optOut }, 60);
    const records = [...chain.records()];
    expect(records).toHaveLength(owners);
    const types = (owner: string) => {
      const found = chain.matching(name(owner));
      return found && formatRdata(recordOf(found)).split(' ').slice(5).join(' ');
    };
    expect(types('example')).toBe('NS SOA RRSIG DNSKEY');
    expect(types('signed.example')).toBe('NS DS RRSIG');
    expect(types('unsigned.example')).toBe(unsigned);
    expect(types('b.example')).toBe(empty);
    expect(types('_tcp.mail.example')).toBe('');
    expect(records.every((record) => record.rdata[1] === (optOut ? 1 : 0))).toBe(true);
  });

  test('each record points at the next, the last at the first; a name is covered by the one before it', () => {
    const chain = nsec3Chain(apex, zone, parameters, 60);
    const records = [...chain.records()];
    const hashes = records.map((record) => record.name.slice(1, 33));
    expect([...hashes].sort()).toEqual(hashes);
    const next = records.map((record) => formatRdata(recordOf(record)).split(' ')[4]!.toLowerCase());
    expect(next).toEqual([...hashes.slice(1), hashes[0]]);
    for (let i = 0; i < 50; i++) {
      const owner = name(`x${i}.example`);
      const hash = ownerOf(owner);
      const before = hashes.findLast((candidate) => candidate < hash) ?? hashes.at(-1);
      expect(chain.covering(owner).name.slice(1, 33)).toBe(before);
    }
  });

  test('RFC 5155 §4.2: NSEC3PARAM', () => {
    const rdata = nsec3paramRdata({ ...parameters, optOut: true });
    expect(formatRdata(recordOf({ name: apex, type: RRType.NSEC3PARAM, ttl: 0, rdata }))).toBe('1 0 2 AA');
  });
});
