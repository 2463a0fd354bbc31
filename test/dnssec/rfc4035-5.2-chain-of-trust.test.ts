import { describe, expect, test } from 'vitest';
import { DigestType, DNSKEY_FLAG_REVOKE } from '../../src/dns/dnssec-algorithm.ts';
import { name, root } from '../../src/dns/name.ts';
import { type Ds, readDnskey } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { verifyAnswer } from '../../src/dnssec/answer.ts';
import { verifyDelegation } from '../../src/dnssec/delegation.ts';
import type { TrustAnchor } from '../../src/dnssec/trust-anchor.ts';
import { verifyZoneKeys } from '../../src/dnssec/zone-keys.ts';
import { dnskeyOf } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, ZSK_FLAGS, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { AT, ask, EXAMPLE, EXPIRATION, INCEPTION, message, SignedZone, validation } from './signed-zone.ts';

const zone = new SignedZone('example.test.', EXAMPLE);
const delegated = (child: SignedZone) => {
  const { keyTag, algorithm, digestType, digest } = child.ds();
  const label = child.apex.slice(1, 1 + child.apex.charCodeAt(0));
  return `${label} NS ns.${label}\n${label} DS ${keyTag} ${algorithm} ${digestType} ${Buffer.from(digest).toString('hex')}`;
};
const tld = new SignedZone('test.', `${delegated(zone)}\nunsigned NS ns.unsigned`, {
  nsec3: { optOut: true },
});
const rootZone = new SignedZone('.', delegated(tld), { algorithm: 8 });

describe('RFC 4035 §5: from the root anchor to the answer', () => {
  test('each step of the chain is secure', () => {
    const v = validation();
    const anchor: TrustAnchor = { name: root, ds: [rootZone.ds()], keys: [] };
    const rootKeys = verifyZoneKeys(root, anchor, rootZone.keyReply(), v);
    if (rootKeys.status !== 'secure') throw new Error('root');

    const toTld = message(ask('example.test.', RRType.MX), {
      authority: [...rootZone.rrset('test.', RRType.NS), ...rootZone.signed('test.', RRType.DS)],
    });
    const tldCut = verifyDelegation(rootKeys.keys, tld.apex, toTld, v);
    if (tldCut.kind !== 'signed') throw new Error('tld');
    expect(tldCut.until).toBe(AT + 3600);
    const tldKeys = verifyZoneKeys(tld.apex, tldCut.ds, tld.keyReply(), v);
    if (tldKeys.status !== 'secure') throw new Error('tld keys');

    const reply = message(ask('example.test.', RRType.DS), {
      answer: tld.signed('example.test.', RRType.DS),
    });
    const cut = verifyDelegation(tldKeys.keys, zone.apex, reply, v);
    if (cut.kind !== 'signed') throw new Error('zone');
    const keys = verifyZoneKeys(zone.apex, cut.ds, zone.keyReply(), v);
    if (keys.status !== 'secure') throw new Error('zone keys');

    const question = ask('example.test.', RRType.MX);
    const answer = message(question, { answer: zone.signed('example.test.', RRType.MX) });
    expect(verifyAnswer(keys.keys, question, answer, v)).toMatchObject({
      status: 'secure',
      kind: 'answer',
      until: AT + 3600,
    });
  });

  test('the answer of one zone is bogus with the keys of another', () => {
    const question = ask('example.test.', RRType.MX);
    const answer = message(question, { answer: zone.signed('example.test.', RRType.MX) });
    expect(verifyAnswer(tld.keys(), question, answer, validation())).toEqual({
      status: 'bogus',
      because: 'rrsig-wrong-signer',
    });
  });
});

const keys = zone.rrset('example.test.', RRType.DNSKEY);
const signedKeys = [...keys, zone.sign(keys)];
const stranger = zoneKey('stranger', 13, KSK_FLAGS);

describe('RFC 4035 §5.2, RFC 6840 §5.11: DNSKEY RRset against DS', () => {
  const unsupported: Ds = { ...zone.ds(), algorithm: 253 };
  const unknownDigest: Ds = { ...zone.ds(), digestType: 9 };
  const sha1 = zone.ds(DigestType['SHA-1']);
  const wrong: Ds = { ...zone.ds(), digest: new Uint8Array(32) };
  test.each<[string, readonly Ds[]]>([
    ['SHA-256', [zone.ds()]],
    ['SHA-384', [zone.ds(DigestType['SHA-384'])]],
    ['SHA-1 alone', [sha1]],
    ['a wrong DS beside the right one', [wrong, zone.ds()]],
    ['an unsupported algorithm beside the right one', [unsupported, zone.ds()]],
    ['an unknown digest beside the right one', [unknownDigest, zone.ds()]],
    ['a wrong SHA-1 digest beside the right one', [{ ...sha1, digest: new Uint8Array(20) }, zone.ds()]],
    ['a DS of a key that is not there beside the right one', [zone.ds(2, stranger), zone.ds()]],
    ['a DS of a key that signs data only, which signs the keys as well', [zone.ds(2, zone.zsk), zone.ds()]],
  ])('secure with %s', (_, ds) => {
    expect(verifyZoneKeys(zone.apex, ds, zone.keyReply(), validation()).status).toBe('secure');
  });

  test.each<[string, string, string, readonly Ds[]]>([
    ['unsupported algorithm only', 'insecure', 'ds-unsupported-algorithm', [unsupported]],
    [
      'unsupported algorithm and digest',
      'insecure',
      'ds-unsupported-algorithm',
      [{ ...unsupported, digestType: 9 }],
    ],
    ['unknown digest only', 'insecure', 'ds-unsupported-digest', [unknownDigest]],
    ['a wrong digest', 'bogus', 'dnskey-no-ds-match', [wrong]],
    [
      'a digest cut short',
      'bogus',
      'dnskey-no-ds-match',
      [{ ...wrong, digest: zone.ds().digest.subarray(1) }],
    ],
    ['a right SHA-1 beside a wrong SHA-256', 'bogus', 'dnskey-no-ds-match', [sha1, wrong]],
    ['the wrong key tag', 'bogus', 'dnskey-no-ds-match', [{ ...zone.ds(), keyTag: 1 }]],
    ['the wrong algorithm', 'bogus', 'dnskey-no-ds-match', [{ ...zone.ds(), algorithm: 8 }]],
    ['a key that signed nothing', 'bogus', 'rrsig-no-key', [zone.ds(2, zone.zsk)]],
    ['no DS at all', 'bogus', 'dnskey-no-ds-match', []],
  ])('%s: %s %s', (_, status, because, ds) => {
    const witness = [{ name: zone.apex, type: RRType.DS }];
    expect(verifyZoneKeys(zone.apex, ds, zone.keyReply(), validation())).toEqual({
      status,
      because,
      ...(status === 'insecure' && { witness }),
    });
  });

  const revoked = zoneKey('example.test. ksk', 13, KSK_FLAGS | DNSKEY_FLAG_REVOKE);
  const notAZoneKey = zoneKey('example.test. ksk', 13, 0);
  const withKey = (key: typeof revoked) => [dnskeyOf(key, zone.apex, 3600)];
  test.each([
    ['no reply', undefined, zone.ds(), 'dnskey-missing'],
    ['a reply without keys', zone.keyReply([]), zone.ds(), 'dnskey-missing'],
    [
      'keys of another name',
      zone.keyReply(signedKeys.map((r) => ({ ...r, name: name('x.test') }))),
      zone.ds(),
      'dnskey-missing',
    ],
    ['keys without RRSIG', zone.keyReply(keys), zone.ds(), 'rrsig-missing'],
    [
      'a key added',
      zone.keyReply([...signedKeys, dnskeyOf(stranger, zone.apex, 3600)]),
      zone.ds(),
      'signature-invalid',
    ],
    ['a key taken away', zone.keyReply(signedKeys.slice(1)), zone.ds(), 'dnskey-no-ds-match'],
    [
      'signed by the other key only',
      zone.keyReply([...keys, zone.sign(keys, { key: zone.zsk })]),
      zone.ds(),
      'rrsig-no-key',
    ],
    [
      'expired',
      zone.keyReply([...keys, zone.sign(keys, { expiration: AT - 1 })]),
      zone.ds(),
      'rrsig-expired',
    ],
    [
      'RFC 5011 §2.1: a revoked key',
      zone.keyReply([...withKey(revoked), zone.sign(withKey(revoked), { key: revoked })]),
      zone.ds(2, revoked),
      'dnskey-no-ds-match',
    ],
    [
      'RFC 4034 §2.1.1: a key without Zone Key flag',
      zone.keyReply([...withKey(notAZoneKey), zone.sign(withKey(notAZoneKey), { key: notAZoneKey })]),
      zone.ds(2, notAZoneKey),
      'dnskey-no-zone-key',
    ],
  ])('%s', (_, reply, ds, because) => {
    expect(verifyZoneKeys(zone.apex, [ds], reply, validation())).toEqual({ status: 'bogus', because });
  });
});

describe('RFC 4035 §5: anchors', () => {
  const own = readDnskey(recordOf(dnskeyOf(zone.ksk, zone.apex, 0)))!;
  const other = readDnskey(recordOf(dnskeyOf(stranger, zone.apex, 0)))!;
  const anchor = (ds: Ds[], keys: (typeof own)[]): TrustAnchor => ({ name: zone.apex, ds, keys });
  test.each([
    ['a DNSKEY', anchor([], [own]), { status: 'secure' }],
    ['two DNSKEYs, one of which is not there', anchor([], [other, own]), { status: 'secure' }],
    ['a DS', anchor([zone.ds()], []), { status: 'secure' }],
    ['a strange DNSKEY', anchor([], [other]), { status: 'bogus', because: 'anchor-no-match' }],
    [
      'the key with other flags',
      anchor([], [{ ...own, flags: ZSK_FLAGS }]),
      { status: 'bogus', because: 'anchor-no-match' },
    ],
    ['a strange DS', anchor([zone.ds(2, stranger)], []), { status: 'bogus', because: 'anchor-no-match' }],
    [
      'an unsupported algorithm',
      anchor([], [{ ...own, algorithm: 253 }]),
      { status: 'insecure', because: 'ds-unsupported-algorithm' },
    ],
    ['nothing', anchor([], []), { status: 'bogus', because: 'anchor-no-match' }],
  ])('%s', (_, trusted, expected) => {
    expect(verifyZoneKeys(zone.apex, trusted, zone.keyReply(), validation())).toMatchObject(expected);
  });
});

test('RFC 4035 §5.3.3: keys are good until TTL or signature end', () => {
  const until = (expiration: number) => {
    const reply = zone.keyReply([...keys, zone.sign(keys, { expiration, inception: INCEPTION })]);
    const verdict = verifyZoneKeys(zone.apex, [zone.ds()], reply, validation());
    return verdict.status === 'secure' ? verdict.keys.until : verdict.because;
  };
  expect(until(EXPIRATION)).toBe(AT + 3600);
  expect(until(AT + 60)).toBe(AT + 60);
});
