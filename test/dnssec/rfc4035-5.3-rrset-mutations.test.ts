import { describe, expect, test } from 'vitest';
import { DNSKEY_FLAG_REVOKE } from '../../src/dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyZoneKeys, type ZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { dnskeyOf } from '../../src/lab/signing/sign-rrset.ts';
import { ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { AT, ask, EXAMPLE, EXPIRATION, INCEPTION, message, SignedZone, validation } from './signed-zone.ts';

const zone = new SignedZone('example.', EXAMPLE);
const keys = zone.keys();
const OWNER = 'example.';
const question = ask(OWNER, RRType.MX);
const mx = zone.rrset(OWNER, RRType.MX);
const good = zone.signed(OWNER, RRType.MX);

function judge(answer: readonly PlainRecord[], options: { keys?: ZoneKeys; at?: number } = {}) {
  const v = validation({ at: options.at ?? AT });
  return verifyAnswer(options.keys ?? keys, question, message(question, { answer }), v);
}

/** The last record's RDATA with one field overwritten. */
function overwrite(at: number, ...octets: number[]): PlainRecord[] {
  const rrsig = good.at(-1)!;
  const rdata = Buffer.from(rrsig.rdata);
  rdata.set(octets, at);
  return [...mx, { ...rrsig, rdata }];
}

/** The zone's keys with one more entry, and the answer signed with it. */
function withKey(key: ReturnType<typeof zoneKey>, answer = [...mx, zone.sign(mx, { key })]) {
  const all = [...zone.rrset(OWNER, RRType.DNSKEY), dnskeyOf(key, zone.apex, 3600)];
  const verdict = verifyZoneKeys(
    zone.apex,
    [zone.ds()],
    zone.keyReply([...all, zone.sign(all)]),
    validation(),
  );
  if (verdict.status !== 'secure') throw new Error(verdict.because);
  return judge(answer, { keys: verdict.keys });
}

const secondMx: PlainRecord = { ...mx[0]!, rdata: Buffer.from('\x00\x14\x04mail\x07example\x00', 'latin1') };
const stranger = zoneKey('stranger', 13, ZSK_FLAGS);
const sign = (options: Parameters<typeof zone.sign>[1]) => [...mx, zone.sign(mx, options)];

describe('RFC 4035 §5.3: the good case, and what does not spoil it', () => {
  test.each<[string, PlainRecord[]]>([
    ['as it is', good],
    ['the RRSIG first', [...good].reverse()],
    ['a record twice (RFC 4034 §6.3)', [...mx, ...good]],
    ['a smaller TTL (RFC 4035 §5.3.3)', good.map((record) => ({ ...record, ttl: 7 }))],
    [
      'upper case in RDATA (RFC 4034 §6.2)',
      [
        {
          ...mx[0]!,
          rdata: Buffer.from(Buffer.from(mx[0]!.rdata).toString('latin1').replace('mail', 'MAIL'), 'latin1'),
        },
        good.at(-1)!,
      ],
    ],
    ['a broken signature beside', [...overwrite(40, 1, 2, 3), good.at(-1)!]],
    ['an expired signature beside', [...sign({ expiration: AT - 1 }), good.at(-1)!]],
    [
      'a signature of an unknown algorithm beside (RFC 6840 §5.11)',
      [...sign({ algorithm: 253 }), good.at(-1)!],
    ],
    ['a signature of another type beside', [...good, zone.sign(zone.rrset(OWNER, RRType.NS))]],
    ['valid from this second', sign({ inception: AT })],
    ['valid to this second', sign({ expiration: AT })],
  ])('%s', (_, answer) => expect(judge(answer)).toMatchObject({ status: 'secure', kind: 'answer' }));

  test('the TTL is bounded by the original one (RFC 4035 §5.3.3)', () => {
    expect(judge(good.map((record) => ({ ...record, ttl: 99_999 })))).toMatchObject({ until: AT + 3600 });
    expect(judge(good.map((record) => ({ ...record, ttl: 60 })))).toMatchObject({ until: AT + 60 });
    expect(judge(sign({ expiration: AT + 5 }))).toMatchObject({ until: AT + 5 });
  });

  test('RFC 4034 §3.1.5: times pass 2^32 in 2106 by serial arithmetic', () => {
    const at = 2 ** 32 + 100;
    const answer = sign({ inception: 2 ** 32 - 1000, expiration: 2 ** 32 + 1000 });
    expect(judge(answer, { at })).toMatchObject({ status: 'secure', until: at + 900 });
    expect(judge(answer, { at: at + 901 })).toMatchObject({ because: 'rrsig-expired' });
  });
});

const mutations: [string, PlainRecord[], string][] = [
  ['no RRSIG', mx, 'rrsig-missing'],
  ['an RRSIG of another type only', [...mx, zone.sign(zone.rrset(OWNER, RRType.NS))], 'rrsig-missing'],
  ['an RRSIG of another owner only', [...mx, { ...good.at(-1)!, name: name('x.example') }], 'rrsig-missing'],
  [
    'an RRSIG cut short',
    [...mx, { ...good.at(-1)!, rdata: good.at(-1)!.rdata.subarray(0, 20) }],
    'rrsig-missing',
  ],
  ['Type Covered changed', overwrite(0, 0, RRType.NS), 'rrsig-missing'],
  ['algorithm changed to another that is known', overwrite(2, 8), 'rrsig-no-key'],
  ['algorithm changed to an unknown one', overwrite(2, 253), 'rrsig-unsupported-algorithm'],
  ['Labels too large', overwrite(3, 2), 'rrsig-labels'],
  ['Labels below the apex', overwrite(3, 0), 'rrsig-labels'],
  ['Labels of 255', overwrite(3, 255), 'rrsig-labels'],
  ['original TTL changed', overwrite(4, 0, 0, 0, 1), 'signature-invalid'],
  ['expiration prolonged', overwrite(8, 0x7f), 'signature-invalid'],
  ['inception moved back', overwrite(12, 0x60), 'signature-invalid'],
  ['key tag changed', overwrite(16, 0, 1), 'rrsig-no-key'],
  ['signer changed', overwrite(19, 0x78), 'rrsig-wrong-signer'],
  ['signed for the parent', sign({ signer: name('.') }), 'rrsig-wrong-signer'],
  ['signed for a child', sign({ signer: name('a.example') }), 'rrsig-wrong-signer'],
  ['signature changed at its begin', overwrite(27, 0xaa, 0xbb), 'signature-invalid'],
  ['signature of zeros', overwrite(27, ...new Array<number>(64).fill(0)), 'signature-invalid'],
  [
    'signature one octet short',
    [...mx, { ...good.at(-1)!, rdata: good.at(-1)!.rdata.subarray(0, -1) }],
    'signature-invalid',
  ],
  [
    'signature one octet long',
    [...mx, { ...good.at(-1)!, rdata: Buffer.concat([good.at(-1)!.rdata, Buffer.from([0])]) }],
    'signature-invalid',
  ],
  ['a record added', [...mx, secondMx, good.at(-1)!], 'signature-invalid'],
  ['a record replaced', [secondMx, good.at(-1)!], 'signature-invalid'],
  ['a record of an RRset of two taken away', [...mx, zone.sign([...mx, secondMx])], 'signature-invalid'],
  [
    'preference changed',
    [{ ...mx[0]!, rdata: Buffer.from([0, 11, ...mx[0]!.rdata.subarray(2)]) }, good.at(-1)!],
    'signature-invalid',
  ],
  ['expired a second ago', sign({ expiration: AT - 1 }), 'rrsig-expired'],
  ['expired long ago', sign({ inception: AT - 9_000_000, expiration: AT - 8_000_000 }), 'rrsig-expired'],
  ['valid from the next second', sign({ inception: AT + 1 }), 'rrsig-not-yet-valid'],
  [
    'valid from next year',
    sign({ inception: AT + 31_536_000, expiration: AT + 40_000_000 }),
    'rrsig-not-yet-valid',
  ],
  [
    'expires before it begins',
    sign({ inception: EXPIRATION, expiration: INCEPTION }),
    'rrsig-expired-before-valid',
  ],
  ['signed by a key that is not published', sign({ key: stranger }), 'rrsig-no-key'],
  [
    'signed by a stranger under our key tag',
    sign({ key: stranger, keyTag: zone.zsk.keyTag }),
    'signature-invalid',
  ],
  ['only an unsupported algorithm', sign({ algorithm: 12 }), 'rrsig-unsupported-algorithm'],
  [
    'expired, and another that is broken',
    [...sign({ expiration: AT - 1 }), overwrite(40, 1, 2).at(-1)!],
    'rrsig-expired',
  ],
  [
    'broken, and another that is expired',
    [...overwrite(40, 1, 2), sign({ expiration: AT - 1 }).at(-1)!],
    'rrsig-expired',
  ],
  [
    'broken, and another by an unknown key',
    [...overwrite(40, 1, 2), sign({ key: stranger }).at(-1)!],
    'signature-invalid',
  ],
  [
    'wrong signer, and another by an unknown key',
    [...sign({ signer: name('.') }), sign({ key: stranger }).at(-1)!],
    'rrsig-no-key',
  ],
  [
    'unsupported, and another of the wrong signer',
    [...sign({ algorithm: 12 }), sign({ signer: name('.') }).at(-1)!],
    'rrsig-wrong-signer',
  ],
];

describe('RFC 4035 §5.3.1, §5.3.3: one thing spoiled at a time', () => {
  test.each(mutations)('%s', (_, answer, because) => {
    expect(judge(answer)).toEqual({ status: 'bogus', because });
  });
});

test('RFC 4035 §5.3.1: a zone signs nothing outside itself', () => {
  const outside = mx.map((record) => ({ ...record, name: name('mail.test.') }));
  const asked = ask('mail.test.', RRType.MX);
  const reply = message(asked, { answer: [...outside, zone.sign(outside)] });
  expect(verifyAnswer(keys, asked, reply, validation())).toEqual({
    status: 'bogus',
    because: 'rrsig-wrong-signer',
  });
});

describe('RFC 4035 §5.3.1: which keys may sign', () => {
  test('another zone key', () => expect(withKey(stranger).status).toBe('secure'));
  test('not one without the Zone Key flag', () => {
    expect(withKey(zoneKey('k', 13, 0))).toMatchObject({ because: 'rrsig-no-key' });
  });
  test('not a revoked one (RFC 5011 §2.1)', () => {
    const revoked = zoneKey('k', 13, ZSK_FLAGS | DNSKEY_FLAG_REVOKE);
    expect(withKey(revoked)).toMatchObject({ because: 'rrsig-no-key' });
  });
  test('not one of another protocol (RFC 4034 §2.1.2)', () => {
    const dnskeyRdata = Buffer.from(stranger.dnskeyRdata);
    dnskeyRdata[2] = 4;
    const keyTag = stranger.keyTag + 0x100;
    expect(withKey({ ...stranger, dnskeyRdata, keyTag })).toMatchObject({ because: 'rrsig-no-key' });
  });
  const odd: [string, number, Buffer][] = [
    ['a point that is not on the curve', 13, Buffer.alloc(64, 1)],
    ['a P-256 key one octet short', 13, Buffer.alloc(63, 1)],
    ['an empty RSA key', 8, Buffer.from([0])],
    ['an RSA exponent longer than the key', 8, Buffer.alloc(130, 200)],
    ['an RSA exponent over 64 bits', 8, Buffer.concat([Buffer.from([9]), Buffer.alloc(9 + 128, 0x81)])],
    ['an RSA exponent of 1', 8, Buffer.concat([Buffer.from([1, 1]), Buffer.alloc(128, 0x81)])],
    ['an RSA modulus of 511 bits', 8, Buffer.concat([Buffer.from([1, 3]), Buffer.alloc(64, 0x7f)])],
    [
      'an RSA modulus of 1016 bits for SHA-512',
      10,
      Buffer.concat([Buffer.from([1, 3]), Buffer.alloc(127, 0x81)]),
    ],
    ['an RSA modulus over 4096 bits', 8, Buffer.concat([Buffer.from([1, 3]), Buffer.alloc(513, 0x81)])],
    ['an even RSA modulus', 8, Buffer.concat([Buffer.from([1, 3]), Buffer.alloc(128, 0x82)])],
    ['an Ed25519 key of 31 octets', 15, Buffer.alloc(31, 1)],
    ['an Ed448 key that is no point', 16, Buffer.alloc(57, 0xff)],
  ];
  test.each(odd)('RFC 3110 §2, RFC 5702 §2, RFC 6605 §4, RFC 8080 §3: %s', (_, algorithm, publicKey) => {
    const dnskeyRdata = Buffer.concat([Buffer.from([1, 0, 3, algorithm]), publicKey]);
    const signature = Buffer.alloc(128, 5);
    const odd = { flags: 256, algorithm, dnskeyRdata, keyTag: 0, sign: () => signature };
    const tag = dnskeyRdata.reduce((sum, octet, at) => sum + (at % 2 === 0 ? octet << 8 : octet), 0);
    const keyTag = (tag + (tag >>> 16)) & 0xffff;
    expect(withKey({ ...odd, keyTag })).toMatchObject({ because: 'signature-invalid' });
  });
});
