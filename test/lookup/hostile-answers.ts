/**
 * The dearest answers that we could build, each from the servers of one hostile domain (or, where a row says so, with the help
 * of what its parent publishes for it), behind the resolver's port. For the tests of budgets and for the benchmark.
 */
import { DigestType, DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import type { PlainRecord, ReplyParts } from '../../src/dns/message-writer.ts';
import { type Name, name, nameToBytes, prepend, rightmost } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { keyTag } from '../../src/dnssec/key-tag.ts';
import { dnskeyOf, dsOf, signRRset } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, type ZoneKey, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { collidingKeys } from '../dnssec/colliding-keys.ts';
import {
  type Asked,
  AT,
  type Spoil,
  type WorldOptions,
  type Zone,
  type ZoneText,
  zones,
} from './signed-internet.ts';

const { A, NS, MX, TXT, DS, DNSKEY, RRSIG, NSEC3, CNAME } = RRType;
const SERVERS = ['192.0.2.66', '192.0.2.67'] as const;
const VALIDITY = { inception: AT - 1000, expiration: AT + 1000 };

export interface HostileAnswer {
  readonly title: string;
  readonly asked: Name;
  readonly type: number;
  /** Anew for each lookup. */
  readonly options: () => WorldOptions;
  /** Status and reason. */
  readonly verdict: string;
  /** What it costs at most. */
  readonly most: {
    readonly verified?: number;
    readonly dsDigests?: number;
    readonly nsec3Blocks?: number;
    readonly queries?: number;
    readonly octets?: number;
  };
}

const signedEvil: readonly ZoneText[] = [
  ...zones,
  { apex: 'evil.test', servers: SERVERS, signed: {}, lines: ['www A 203.0.113.66'] },
];
const plainEvil: readonly ZoneText[] = [
  ...zones,
  { apex: 'evil.test', servers: SERVERS, lines: ['www A 203.0.113.66'] },
];
const evil = name('evil.test');
const isEvil = ({ zone }: Asked) => zone.apex === evil;

/** The zone `test` with more delegations. */
const withDelegations = (...lines: string[]): readonly ZoneText[] =>
  zones.map((text) => (text.apex === 'test' ? { ...text, lines: [...text.lines, ...lines] } : text));

/** Distinct signatures of the same fields that do not verify. */
function broken(rrsig: PlainRecord, count: number): PlainRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const rdata = Buffer.from(rrsig.rdata);
    rdata.writeUInt32BE(i, rdata.length - 4);
    return { ...rrsig, rdata };
  });
}

const signedBy = (key: ZoneKey, signer: Name, records: readonly PlainRecord[]) =>
  signRRset(records, { key, signer, ...VALIDITY });

/** `count` labels of one octet before `below`. */
function deep(count: number, below: Name): Name {
  return Array.from({ length: count }).reduce<Name>((at) => prepend('z', at)!, below);
}

const p384 = zoneKey('evil p384', DnssecAlgorithm.ECDSAP384SHA384, KSK_FLAGS);
const colliding = collidingKeys(30, 4711);

/** A key of 4096 bits with the largest exponent that is taken; nobody has its private half. */
const dearRsa: ZoneKey = (() => {
  const made = zoneKey('evil rsa', DnssecAlgorithm.RSASHA256, KSK_FLAGS, 1024);
  const exponent = Buffer.alloc(8, 0xff);
  const modulus = Buffer.alloc(512, 0xfd);
  const dnskeyRdata = Buffer.concat([made.dnskeyRdata.subarray(0, 4), Buffer.from([8]), exponent, modulus]);
  return { ...made, dnskeyRdata, keyTag: keyTag(dnskeyRdata), sign: () => Buffer.alloc(512, 0x11) };
})();

/** In every reply of the parent the child's DS RRset is another, properly signed. */
const withDs =
  (rdatas: (child: Zone) => readonly Uint8Array[]): Spoil =>
  (parts, { zone }, all) => {
    if (zone.text.apex !== 'test') return undefined;
    const swap = (records: readonly PlainRecord[] = []) => {
      const isDs = (record: PlainRecord) => record.name === evil && record.type === DS;
      if (!records.some(isDs)) return records;
      const ds = rdatas(all.get('evil.test')!).map((rdata) => ({ name: evil, type: DS, ttl: 3600, rdata }));
      const isItsRrsig = (record: PlainRecord) => record.name === evil && record.type === RRSIG;
      return [...records.filter((record) => !isDs(record) && !isItsRrsig(record)), ...zone.signed(ds)];
    };
    return { ...parts, answer: swap(parts.answer), authority: swap(parts.authority) };
  };

const either =
  (...spoils: readonly Spoil[]): Spoil =>
  (...all) => {
    for (const spoil of spoils) {
      const spoilt = spoil(...all);
      if (spoilt !== undefined) return spoilt;
    }
    return undefined;
  };

/** Answers in place of what the hostile zone says to questions of this type. */
const answering =
  (type: number, answer: (parts: ReplyParts, asked: Asked) => readonly PlainRecord[]): Spoil =>
  (parts, asked) =>
    isEvil(asked) && asked.type === type
      ? { ...parts, rcode: 0, answer: answer(parts, asked), authority: [] }
      : undefined;

/** NXDOMAIN with these denial records. */
const denying =
  (records: (zone: Zone) => readonly PlainRecord[]): Spoil =>
  (parts, asked) =>
    isEvil(asked) && asked.type === A
      ? {
          ...parts,
          rcode: Rcode.NXDOMAIN,
          answer: [],
          authority: [...asked.zone.soa(), ...records(asked.zone)],
        }
      : undefined;

/** NSEC3 records whose spans hold every hash but their own; unsigned. */
function spansOfAll(count: number, iterations = 0, salt = Buffer.alloc(0)): PlainRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const label = i.toString(32).padStart(32, '0');
    const hash = Buffer.alloc(20);
    hash.writeUInt32BE(i, 16);
    const head = Buffer.from([1, 0, iterations >> 8, iterations & 0xff, salt.length]);
    const rdata = Buffer.concat([head, salt, Buffer.from([20]), hash]);
    return { name: prepend(label, evil)!, type: NSEC3, ttl: 300, rdata };
  });
}

/** Refers one label further with each question, with glue that leads back to itself. */
const furtherDown = (padding: readonly PlainRecord[] = []): Spoil => {
  let labels = 2;
  return (parts, asked) => {
    if (!isEvil(asked)) return undefined;
    const cut = rightmost(asked.name, ++labels);
    const server = prepend('ns', cut)!;
    return {
      ...parts,
      rcode: 0,
      authoritative: false,
      answer: [],
      authority: [{ name: cut, type: NS, ttl: 3600, rdata: nameToBytes(server) }],
      additional: [
        { name: server, type: A, ttl: 3600, rdata: Buffer.from(SERVERS[0].split('.').map(Number)) },
        ...padding,
      ],
    };
  };
};

/** Every question is referred to servers whose names nobody has heard of before (iDNS, infinite delegation). */
const alwaysElsewhere = (): Spoil => {
  let count = 0;
  return (parts, asked) => {
    if (!isEvil(asked) || asked.name === evil) return undefined;
    const cut = rightmost(asked.name, 3);
    const servers = Array.from({ length: 20 }, () => name(`ns.x${count++}.evil.test`));
    const authority = servers.map((server) => ({
      name: cut,
      type: NS,
      ttl: 3600,
      rdata: nameToBytes(server),
    }));
    return { ...parts, rcode: 0, authoritative: false, answer: [], authority };
  };
};

/** Twelve signed zones one below the other, each with P-384 and as many broken signatures as are tried before the good one. */
const tower: readonly ZoneText[] = [
  ...zones,
  ...Array.from({ length: 12 }, (_, i) => ({
    apex: `${'z.'.repeat(i)}evil.test`,
    servers: SERVERS,
    signed: {},
    lines: ['www A 203.0.113.66'],
  })),
];
const towerSpoil: Spoil = (parts, asked) => {
  const { zone, type } = asked;
  if (!zone.text.servers.includes(SERVERS[0])) return undefined;
  const dearly = (records: readonly PlainRecord[]) => {
    const rrsig = signedBy(p384, zone.apex, records);
    return [...records, ...broken(rrsig, 7), rrsig];
  };
  if (type === DNSKEY) return { ...parts, answer: dearly([dnskeyOf(p384, zone.apex, 3600)]) };
  const ds = [...(parts.authority ?? []), ...(parts.answer ?? [])].find((record) => record.type === DS);
  if (ds === undefined) return undefined;
  const signed = dearly([dsOf(p384, ds.name, DigestType['SHA-256'], 3600)]);
  return type === DS
    ? { ...parts, answer: signed }
    : { ...parts, authority: [...(parts.authority ?? []).filter((record) => record.type === NS), ...signed] };
};

const padding = Array.from({ length: 250 }, () => ({
  name: evil,
  type: TXT,
  ttl: 1,
  rdata: Buffer.alloc(240, 0x20),
}));
/** As long as a name can be with one more label of one octet before it. */
const longest = deep(121, evil);
/** One more label before the name that the message asks for, which begins at octet 12. */
const labelBeforeQuestion = Buffer.from([1, 0x61, 0xc0, 12]);

export const hostileAnswers: readonly HostileAnswer[] = [
  {
    title: 'KeyTrap (CVE-2023-50387): 1,900 signatures that do not verify',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: answering(A, (_, { zone, name: owner }) => {
        const records = zone.rrset(owner, A);
        return records.length === 0 ? [] : [...records, ...broken(zone.sign(records)[0]!, 1900)];
      }),
    }),
    verdict: 'bogus signatures-too-many',
    most: { verified: 24, queries: 12 },
  },
  {
    title: 'KeyTrap (CVE-2023-50387): 30 keys of one key tag, and two signatures that name it',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: either(
        answering(DNSKEY, (_, { zone }) =>
          zone.signed([...zone.rrset(evil, DNSKEY), ...colliding.map((key) => dnskeyOf(key, evil, 3600))]),
        ),
        answering(A, (_, { zone, name: owner }) => {
          const records = zone.rrset(owner, A);
          return records.length === 0
            ? []
            : [...records, ...broken(signedBy(colliding[0]!, evil, records), 2)];
        }),
      ),
    }),
    verdict: 'bogus key-collisions-too-many',
    most: { verified: 24, queries: 12 },
  },
  {
    title: 'KeyTrap (CVE-2023-50387): 30 keys of one key tag, and 500 signatures that name it',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: either(
        answering(DNSKEY, (_, { zone }) =>
          zone.signed([...zone.rrset(evil, DNSKEY), ...colliding.map((key) => dnskeyOf(key, evil, 3600))]),
        ),
        answering(A, (_, { zone, name: owner }) => {
          const records = zone.rrset(owner, A);
          return records.length === 0
            ? []
            : [...records, ...broken(signedBy(colliding[0]!, evil, records), 500)];
        }),
      ),
    }),
    verdict: 'bogus signatures-too-many',
    most: { verified: 24, queries: 12 },
  },
  {
    title: 'KeyTrap (CVE-2023-50387): 500 DS records for one key tag',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: withDs(({ key }) =>
        Array.from({ length: 500 }, (_, i) => {
          const rdata = Buffer.from(dsOf(key, evil, DigestType['SHA-256'], 3600).rdata);
          rdata.writeUInt32BE(i, 4);
          return rdata;
        }),
      ),
    }),
    verdict: 'bogus ds-digest-budget-spent',
    most: { verified: 10, dsDigests: 70, queries: 14 },
  },
  {
    title: '1,000 DNSKEY records',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: answering(DNSKEY, (_, { zone }) => {
        const more = Array.from({ length: 1000 }, (_, i) => {
          const dnskeyRdata = Buffer.concat([Buffer.from([1, 0, 3, 15]), Buffer.alloc(32, i)]);
          dnskeyRdata.writeUInt32BE(i, 8);
          return { name: evil, type: DNSKEY, ttl: 3600, rdata: dnskeyRdata };
        });
        return zone.signed([...zone.rrset(evil, DNSKEY), ...more]);
      }),
    }),
    verdict: 'bogus dnskeys-too-many',
    most: { verified: 8, queries: 14 },
  },
  {
    title: 'RSA of 4096 bits with an exponent of 64 bits, eight signatures',
    asked: name('www.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: either(
        withDs(() => [dsOf(dearRsa, evil, DigestType['SHA-256'], 3600).rdata]),
        answering(DNSKEY, () => {
          const records = [dnskeyOf(dearRsa, evil, 3600)];
          return [...records, ...broken(signedBy(dearRsa, evil, records), 100)];
        }),
      ),
    }),
    verdict: 'bogus signatures-too-many',
    most: { verified: 24, queries: 14 },
  },
  {
    title:
      'a wildcard and 32 NSEC3 records that all fit, each with eight P-384 signatures that do not verify',
    asked: name('nothing.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: either(
        answering(DNSKEY, (_, { zone }) =>
          zone.signed([...zone.rrset(evil, DNSKEY), dnskeyOf(p384, evil, 3600)]),
        ),
        (parts, asked) => {
          if (!isEvil(asked) || asked.type !== A) return undefined;
          const wildcard = { name: name('*.evil.test'), type: A, ttl: 300, rdata: Buffer.alloc(4, 1) };
          const answer = asked.zone.signed([wildcard]).map((record) => ({ ...record, name: asked.name }));
          const authority = spansOfAll(32).flatMap((span) => [
            span,
            ...broken(signedBy(p384, evil, [span]), 8),
          ]);
          return { ...parts, rcode: 0, answer, authority };
        },
      ),
    }),
    verdict: 'bogus signature-budget-spent',
    most: { verified: 80, queries: 14 },
  },
  {
    title: 'twelve zones one below the other, each with eight P-384 signatures for keys and delegation',
    asked: name(`www.${'z.'.repeat(11)}evil.test`),
    type: A,
    options: () => ({
      texts: tower,
      spoil: either(
        withDs(() => [dsOf(p384, evil, DigestType['SHA-256'], 3600).rdata]),
        towerSpoil,
      ),
    }),
    verdict: 'indeterminate signature-budget-spent',
    most: { verified: 110, queries: 40 },
  },
  {
    title: 'NSEC3 exhaustion (CVE-2023-50868): 121 labels, 100 iterations, a salt of 255 octets',
    asked: longest,
    type: A,
    options: () => ({ texts: signedEvil, spoil: denying(() => spansOfAll(1, 100, Buffer.alloc(255, 1))) }),
    verdict: 'bogus nsec3-hash-budget-spent',
    most: { nsec3Blocks: 28_000, verified: 10, queries: 16 },
  },
  {
    title: 'NSEC3 (CVE-2023-50868): 121 labels, 100 iterations, no salt',
    asked: longest,
    type: A,
    options: () => ({ texts: signedEvil, spoil: denying(() => spansOfAll(1, 100)) }),
    verdict: 'bogus denial-incomplete',
    most: { nsec3Blocks: 26_000, verified: 10, queries: 150 },
  },
  {
    title: '800 NSEC3 records that prove nothing, for a name of 121 labels',
    asked: longest,
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: denying(() =>
        spansOfAll(800).map((span) => ({ ...span, rdata: Buffer.from(span.rdata).fill(255, 6) })),
      ),
    }),
    verdict: 'bogus denial-records-too-many',
    most: { nsec3Blocks: 800, verified: 10, queries: 16 },
  },
  {
    title: '1,900 MX records whose names unfold to 480 KB, with nine signatures that do not verify',
    asked: longest,
    type: MX,
    options: () => ({
      texts: signedEvil,
      spoil: answering(MX, (_, { zone, name: owner }) => {
        const records = Array.from({ length: 1900 }, (_, i) => ({
          name: owner,
          type: MX,
          ttl: 300,
          rdata: Buffer.concat([Buffer.from([i >> 8, i & 0xff]), labelBeforeQuestion]),
        }));
        return [...records, ...broken(zone.sign(records.slice(0, 1))[0]!, 9)];
      }),
    }),
    verdict: 'bogus signature-budget-spent',
    most: { verified: 26, queries: 16 },
  },
  {
    title: '1,900 signatures whose signer is the longest name there is',
    asked: longest,
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: answering(A, (_, { name: owner }) => {
        const rdata = Buffer.concat([
          Buffer.from([0, 1, 13, 123]),
          Buffer.alloc(14),
          Buffer.from([0xc0, 12, 1]),
        ]);
        return [
          { name: owner, type: A, ttl: 300, rdata: Buffer.alloc(4, 1) },
          ...Array.from({ length: 1900 }, () => ({ name: owner, type: RRSIG, ttl: 300, rdata })),
        ];
      }),
    }),
    verdict: 'bogus rrsig-wrong-signer',
    most: { verified: 20, queries: 24 },
  },
  {
    title: 'an unsigned answer below 121 labels, each of which may be a zone cut',
    asked: longest,
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: either(
        answering(A, (_, { name: owner }) => [{ name: owner, type: A, ttl: 300, rdata: Buffer.alloc(4, 1) }]),
        (parts, asked) =>
          isEvil(asked) && asked.type === DS
            ? {
                ...parts,
                rcode: Rcode.NXDOMAIN,
                authority: [...asked.zone.soa(), ...asked.zone.proof(asked.name, name('*.evil.test'))],
              }
            : undefined,
      ),
    }),
    verdict: 'bogus rrsig-missing',
    most: { queries: 151, verified: 140 },
  },
  {
    title: 'NXNSAttack (CVE-2020-8616): 20 servers of names that a victim would have to deny',
    asked: name('www.nxns.test'),
    type: A,
    options: () => ({
      texts: withDelegations(...Array.from({ length: 20 }, (_, i) => `nxns NS n${i}.good.test.`)),
    }),
    verdict: 'indeterminate no-name-server-address',
    most: { queries: 20 },
  },
  {
    title: 'iDNS: every name is delegated to 20 servers that are delegated in turn',
    asked: name('www.a.evil.test'),
    type: A,
    options: () => ({ texts: plainEvil, spoil: alwaysElsewhere() }),
    verdict: 'indeterminate server-name-budget-spent',
    most: { queries: 151 },
  },
  {
    title: 'TsuNAME: three zones whose servers are in one another',
    asked: name('www.l1.test'),
    type: A,
    options: () => ({ texts: withDelegations('l1 NS ns.l2', 'l2 NS ns.l3', 'l3 NS ns.l1') }),
    verdict: 'indeterminate name-server-loop',
    most: { queries: 20 },
  },
  {
    title: 'a chain of twelve zones, the servers of each in the next, without glue',
    asked: name('www.d0.test'),
    type: A,
    options: () => ({
      texts: withDelegations(
        ...Array.from({ length: 12 }, (_, i) => `d${i} NS ns.d${i + 1}`),
        'd12 A 203.0.113.1',
      ),
    }),
    verdict: 'indeterminate name-server-depth',
    most: { queries: 40 },
  },
  {
    title: 'referrals, each a label further down',
    asked: deep(40, evil),
    type: A,
    options: () => ({ texts: plainEvil, minimisation: 'off', spoil: furtherDown() }),
    verdict: 'indeterminate referrals-too-many',
    most: { queries: 60 },
  },
  {
    title: 'referrals of 64 KiB, each a label further down',
    asked: deep(40, evil),
    type: A,
    options: () => ({ texts: plainEvil, minimisation: 'off', spoil: furtherDown(padding) }),
    verdict: 'indeterminate reply-octets-budget-spent',
    most: { queries: 30, octets: 660_000 },
  },
  {
    title: 'an endless chain of CNAME records, all signed',
    asked: name('c.evil.test'),
    type: A,
    options: () => ({
      texts: signedEvil,
      spoil: answering(A, (_, { zone, name: owner }) =>
        zone.signed([{ name: owner, type: CNAME, ttl: 300, rdata: nameToBytes(prepend('c', owner)!) }]),
      ),
    }),
    verdict: 'indeterminate cname-too-long',
    most: { queries: 130, verified: 30 },
  },
];
