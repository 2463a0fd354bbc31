/** Chains, records and what must come of them: a match as "usage selector matchingType @depth", or a reason key. */
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { TlsaRecord } from '../../src/dane/tlsa-record.ts';
import {
  AFTER,
  BEFORE,
  digest,
  intermediate,
  keys,
  leaf,
  MX,
  NOW,
  root,
  selfSigned,
  spkiOf,
} from '../pki/hierarchy.ts';

export interface ChainCase {
  readonly name: string;
  readonly chain: readonly Uint8Array[];
  readonly records: readonly TlsaRecord[];
  readonly baseDomain?: string;
  readonly referenceNames?: readonly string[];
  readonly at?: number;
  readonly expect: ReasonKey | `${number} ${number} ${number} @${number}`;
  /** Why `openssl s_client -dane_tlsa_rrdata …` says something else or cannot be asked; else it says the same (3.0.19). */
  readonly notOpenssl?: string;
}

function tlsa(usage: number, selector: number, matchingType: number, selected: Uint8Array): TlsaRecord {
  const data =
    matchingType === 1
      ? digest('sha256', selected)
      : matchingType === 2
        ? digest('sha512', selected)
        : selected;
  return { usage, selector, matchingType, data };
}

const theLeaf = leaf();
const theIntermediate = intermediate();
const theRoot = root();
const sent = [theLeaf, theIntermediate, theRoot];
const selfSignedCa = selfSigned({ ca: true });
const stranger = selfSigned({
  subject: 'Stranger',
  issuer: { subject: 'Stranger', key: keys.other },
  key: keys.other,
  ca: true,
});

const ee = tlsa(3, 1, 1, spkiOf(keys.ec));
const wrong = tlsa(3, 1, 1, spkiOf(keys.other));
const taIntermediate = tlsa(2, 1, 1, spkiOf(keys.intermediate));
const taRoot = tlsa(2, 1, 1, spkiOf(keys.root));
const taStranger = tlsa(2, 1, 1, spkiOf(keys.other));
const fullRoot = tlsa(2, 0, 0, theRoot);
const fullRootKey = tlsa(2, 1, 0, spkiOf(keys.root));
const fullIntermediateKey = tlsa(2, 1, 0, spkiOf(keys.intermediate));

/** The chain with one certificate replaced. */
const withLeaf = (change: Parameters<typeof leaf>[0]) => [leaf(change), theIntermediate, theRoot];
const withIntermediate = (change: Parameters<typeof intermediate>[0]) => [
  theLeaf,
  intermediate(change),
  theRoot,
];
const withRoot = (change: Parameters<typeof root>[0]) => [theLeaf, theIntermediate, root(change)];

const expired = { notAfter: NOW - 1 };
const notYetValid = { notBefore: NOW + 1 };
const oddCritical = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: new Uint8Array([5, 0]) };

/** A second certificate of the intermediate's name and key, signed by a stranger: a cross-signed top. */
const crossSigned = intermediate({ issuer: { subject: 'Stranger', key: keys.other }, serial: 20 });

export const chainCases: readonly ChainCase[] = [
  // RFC 7671 §5.1, RFC 7672 §3.1.1: DANE-EE(3)
  ...([0, 1] as const).flatMap((selector) =>
    ([0, 1, 2] as const).map(
      (matchingType): ChainCase => ({
        name: `3 ${selector} ${matchingType} matches the leaf`,
        chain: sent,
        records: [tlsa(3, selector, matchingType, selector === 0 ? theLeaf : spkiOf(keys.ec))],
        expect: `3 ${selector} ${matchingType} @0`,
      }),
    ),
  ),
  { name: '3 1 1 of another key', chain: sent, records: [wrong], expect: 'tlsa-mismatch' },
  {
    name: '3 0 1 of another certificate with the same key',
    chain: sent,
    records: [tlsa(3, 0, 1, leaf({ serial: 9 }))],
    expect: 'tlsa-mismatch',
  },
  {
    name: '3 1 1 of the intermediate',
    chain: sent,
    records: [tlsa(3, 1, 1, spkiOf(keys.intermediate))],
    expect: 'tlsa-mismatch',
  },
  { name: '3 1 1, leaf expired', chain: withLeaf(expired), records: [ee], expect: '3 1 1 @0' },
  { name: '3 1 1, leaf not yet valid', chain: withLeaf(notYetValid), records: [ee], expect: '3 1 1 @0' },
  {
    name: '3 1 1, leaf names another host',
    chain: withLeaf({ dnsNames: ['www.other.test'] }),
    records: [ee],
    expect: '3 1 1 @0',
    notOpenssl: 's_client checks names here too',
  },
  {
    name: '3 1 1, leaf for clients only',
    chain: withLeaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    records: [ee],
    expect: '3 1 1 @0',
  },
  { name: '3 1 1, leaf alone', chain: [theLeaf], records: [ee], expect: '3 1 1 @0' },
  { name: '3 1 1, self-signed', chain: [selfSigned()], records: [ee], expect: '3 1 1 @0' },
  {
    name: '3 1 1, RSA key',
    chain: [selfSigned({ key: keys.rsa, issuer: { subject: MX, key: keys.rsa } })],
    records: [tlsa(3, 1, 1, spkiOf(keys.rsa))],
    expect: '3 1 1 @0',
  },
  {
    name: '3 1 1, Ed25519 key',
    chain: [selfSigned({ key: keys.ed25519, issuer: { subject: MX, key: keys.ed25519 } })],
    records: [tlsa(3, 1, 1, spkiOf(keys.ed25519))],
    expect: '3 1 1 @0',
  },
  {
    name: '3 1 1, followed by a broken certificate',
    chain: [theLeaf, new Uint8Array([1, 2, 3])],
    records: [ee],
    expect: '3 1 1 @0',
    notOpenssl: 'ends the handshake',
  },
  // RFC 6698 §2.1: any record may match
  { name: 'stale and current 3 1 1', chain: sent, records: [wrong, ee], expect: '3 1 1 @0' },
  {
    name: '3 1 1 and 2 1 1 both match: DANE-EE is named',
    chain: sent,
    records: [taRoot, ee],
    expect: '3 1 1 @0',
  },
  { name: 'wrong 3 1 1 beside a good 2 1 1', chain: sent, records: [wrong, taRoot], expect: '2 1 1 @2' },
  {
    name: 'good 3 1 1 beside an unusable record',
    chain: sent,
    records: [tlsa(1, 1, 1, spkiOf(keys.ec)), ee],
    expect: '3 1 1 @0',
  },
  // RFC 7671 §9: digest agility
  {
    name: 'right 3 1 1 beside a wrong 3 1 2 of the same selector',
    chain: sent,
    records: [ee, tlsa(3, 1, 2, spkiOf(keys.other))],
    expect: 'tlsa-mismatch',
  },
  {
    name: 'right 3 1 1 beside a wrong 3 0 2',
    chain: sent,
    records: [ee, tlsa(3, 0, 2, theRoot)],
    expect: '3 1 1 @0',
  },
  {
    name: 'right 3 1 0 beside a wrong 3 1 2',
    chain: sent,
    records: [tlsa(3, 1, 0, spkiOf(keys.ec)), tlsa(3, 1, 2, spkiOf(keys.other))],
    expect: '3 1 0 @0',
  },
  {
    name: 'right 3 1 1 beside a 3 1 2 of a wrong length',
    chain: sent,
    records: [ee, { usage: 3, selector: 1, matchingType: 2, data: new Uint8Array(20) }],
    expect: '3 1 1 @0',
  },
  // RFC 7671 §5.2, RFC 7672 §3.1.2: DANE-TA(2)
  ...([0, 1] as const).flatMap((selector) =>
    ([0, 1, 2] as const).flatMap((matchingType): ChainCase[] => [
      {
        name: `2 ${selector} ${matchingType} of the intermediate`,
        chain: sent,
        records: [
          tlsa(2, selector, matchingType, selector === 0 ? theIntermediate : spkiOf(keys.intermediate)),
        ],
        expect: `2 ${selector} ${matchingType} @1`,
      },
      {
        name: `2 ${selector} ${matchingType} of the root`,
        chain: sent,
        records: [tlsa(2, selector, matchingType, selector === 0 ? theRoot : spkiOf(keys.root))],
        expect: `2 ${selector} ${matchingType} @2`,
      },
    ]),
  ),
  {
    name: '2 1 1 of the intermediate, root not sent',
    chain: [theLeaf, theIntermediate],
    records: [taIntermediate],
    expect: '2 1 1 @1',
  },
  {
    name: '2 1 1 of the root, root not sent',
    chain: [theLeaf, theIntermediate],
    records: [taRoot],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 1 1 of the root, intermediate not sent',
    chain: [theLeaf, theRoot],
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: '2 0 1 of the root, leaf alone',
    chain: [theLeaf],
    records: [tlsa(2, 0, 1, theRoot)],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 1 1 of the leaf',
    chain: sent,
    records: [tlsa(2, 1, 1, spkiOf(keys.ec))],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 0 1 of a self-signed leaf',
    chain: [selfSignedCa],
    records: [tlsa(2, 0, 1, selfSignedCa)],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 1 1 of a self-signed leaf that is sent twice',
    chain: [selfSignedCa, selfSignedCa],
    records: [tlsa(2, 1, 1, spkiOf(keys.ec))],
    expect: 'tlsa-mismatch',
  },
  {
    name: 'chain in disorder',
    chain: [theLeaf, theRoot, theIntermediate],
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'certificates sent twice',
    chain: [theLeaf, theIntermediate, theIntermediate, theLeaf, theRoot],
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'a certificate that does not belong',
    chain: [theLeaf, stranger, theIntermediate, theRoot],
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'the certificate that does not belong is the anchor',
    chain: [theLeaf, stranger, theIntermediate, theRoot],
    records: [taStranger],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'cross-signed intermediate, anchor above the first',
    chain: [theLeaf, theIntermediate, crossSigned, theRoot, stranger],
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'cross-signed intermediate, anchor above the second',
    chain: [theLeaf, theIntermediate, crossSigned, theRoot, stranger],
    records: [taStranger],
    expect: '2 1 1 @2',
    notOpenssl: 'does not go back and try the other',
  },
  // RFC 7671 §5.2.2, §5.2.3: anchors given in full
  {
    name: '2 0 0 of the root, not sent',
    chain: [theLeaf, theIntermediate],
    records: [fullRoot],
    expect: '2 0 0 @2',
  },
  {
    name: '2 0 0 of the intermediate, not sent',
    chain: [theLeaf],
    records: [tlsa(2, 0, 0, theIntermediate)],
    expect: '2 0 0 @1',
  },
  { name: '2 0 0 of a stranger', chain: sent, records: [tlsa(2, 0, 0, stranger)], expect: 'tlsa-mismatch' },
  {
    name: '2 1 0 of the root, not sent',
    chain: [theLeaf, theIntermediate],
    records: [fullRootKey],
    expect: '2 1 0 @1',
  },
  {
    name: '2 1 0 of the intermediate, not sent',
    chain: [theLeaf],
    records: [fullIntermediateKey],
    expect: '2 1 0 @0',
  },
  {
    name: '2 1 0 of a stranger',
    chain: [theLeaf, theIntermediate],
    records: [tlsa(2, 1, 0, spkiOf(keys.other))],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 1 0 of the root, intermediate not sent',
    chain: [theLeaf],
    records: [fullRootKey],
    expect: 'tlsa-mismatch',
  },
  {
    name: '2 1 0 of the intermediate, leaf expired',
    chain: [leaf(expired)],
    records: [fullIntermediateKey],
    expect: 'ta-expired',
  },
  {
    name: '2 1 0 of the intermediate, leaf names another',
    chain: [leaf({ dnsNames: ['x.test'] })],
    records: [fullIntermediateKey],
    expect: 'ta-name-mismatch',
  },
  {
    name: '2 1 0 of the self-signed leaf',
    chain: [selfSignedCa],
    records: [tlsa(2, 1, 0, spkiOf(keys.ec))],
    expect: '2 1 0 @0',
  },
  // RFC 7672 §3.2.2, §3.2.3: names
  {
    name: 'TA, leaf names another host',
    chain: withLeaf({ dnsNames: ['www.other.test'] }),
    records: [taRoot],
    expect: 'ta-name-mismatch',
  },
  {
    name: 'TA, leaf names the next-hop domain',
    chain: withLeaf({ dnsNames: ['domain.test'] }),
    records: [taRoot],
    referenceNames: ['domain.test'],
    expect: '2 1 1 @2',
    notOpenssl: 's_client takes one name',
  },
  {
    name: 'TA, leaf names the domain, which nobody expects',
    chain: withLeaf({ dnsNames: ['domain.test'] }),
    records: [taRoot],
    expect: 'ta-name-mismatch',
  },
  {
    name: 'TA, wildcard',
    chain: withLeaf({ dnsNames: ['*.provider.test'] }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, wildcard for two labels',
    chain: withLeaf({ dnsNames: ['*.provider.test'] }),
    records: [taRoot],
    baseDomain: 'a.mx.provider.test',
    expect: 'ta-name-mismatch',
  },
  {
    name: 'TA, partial wildcard',
    chain: withLeaf({ dnsNames: ['m*.provider.test'] }),
    records: [taRoot],
    expect: 'ta-name-mismatch',
    notOpenssl: 's_client lacks X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS',
  },
  {
    name: 'TA, wildcard over a top-level domain',
    chain: withLeaf({ dnsNames: ['*.test'] }),
    records: [taRoot],
    baseDomain: 'provider.test',
    expect: 'ta-name-mismatch',
  },
  {
    name: 'TA, name in capitals',
    chain: withLeaf({ dnsNames: ['MX.Provider.TEST'] }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, reference name with its final dot',
    chain: sent,
    records: [taRoot],
    baseDomain: `${MX}.`,
    expect: '2 1 1 @2',
    notOpenssl: 'wants the dot taken off',
  },
  {
    name: 'TA, common name without any DNS-ID',
    chain: withLeaf({ dnsNames: [] }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, common name beside another DNS-ID',
    chain: withLeaf({ subject: MX, dnsNames: ['x.test'] }),
    records: [taRoot],
    expect: 'ta-name-mismatch',
  },
  // RFC 5280 §4.1.2.5: validity of every certificate
  { name: 'TA, leaf expired', chain: withLeaf(expired), records: [taRoot], expect: 'ta-expired' },
  { name: 'TA, leaf not yet valid', chain: withLeaf(notYetValid), records: [taRoot], expect: 'ta-expired' },
  {
    name: 'TA, intermediate expired',
    chain: withIntermediate(expired),
    records: [taRoot],
    expect: 'ta-expired',
  },
  {
    name: 'TA, the anchor itself expired',
    chain: withRoot(expired),
    records: [taRoot],
    expect: 'ta-expired',
  },
  {
    name: 'TA, root expired above an intermediate that is the anchor',
    chain: withRoot(expired),
    records: [taIntermediate],
    expect: '2 1 1 @1',
  },
  {
    name: 'TA, intermediate renewed, expired one sent first',
    chain: [theLeaf, intermediate({ ...expired, serial: 21 }), theIntermediate, theRoot],
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, at the last second of its validity',
    chain: sent,
    records: [taRoot],
    at: AFTER,
    expect: '2 1 1 @2',
    notOpenssl: 'counts the last second as over',
  },
  { name: 'TA, a second later', chain: sent, records: [taRoot], at: AFTER + 1, expect: 'ta-expired' },
  {
    name: 'TA, at the first second of its validity',
    chain: sent,
    records: [taRoot],
    at: BEFORE,
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, name wrong and expired',
    chain: withLeaf({ ...expired, dnsNames: ['x.test'] }),
    records: [taRoot],
    expect: 'ta-name-mismatch',
  },
  // RFC 5280 §6.1: the path
  {
    name: 'TA, leaf signed by another key',
    chain: withLeaf({ issuer: { subject: 'Intermediate CA', key: keys.rsa } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, signature of the leaf spoilt',
    chain: [spoilt(theLeaf), theIntermediate, theRoot],
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, intermediate is no CA',
    chain: withIntermediate({ ca: false }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, the anchor is no CA',
    chain: withRoot({ ca: false }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, intermediate may not sign certificates',
    chain: withIntermediate({ keyUsage: KeyUsageFlags.digitalSignature }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, path length of the root spent',
    chain: withRoot({ pathLength: 0 }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, path length of the root just enough',
    chain: withRoot({ pathLength: 1 }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, intermediate for clients only',
    chain: withIntermediate({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, leaf for clients only',
    chain: withLeaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, leaf for any purpose',
    chain: withLeaf({ extendedKeyUsage: ['2.5.29.37.0'] }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, leaf whose key only signs certificates',
    chain: withLeaf({ keyUsage: KeyUsageFlags.keyCertSign }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, unknown critical extension in the leaf',
    chain: withLeaf({ extraExtensions: [oddCritical] }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, unknown extension that is not critical',
    chain: withLeaf({ extraExtensions: [{ ...oddCritical, critical: false }] }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  { name: 'TA, version 1 root', chain: withRoot({ version: 1 }), records: [taRoot], expect: '2 1 1 @2' },
  // RFC 5280 §4.2.1.10: name constraints
  {
    name: 'TA, name permitted',
    chain: withIntermediate({ nameConstraints: { permitted: [{ dns: 'provider.test' }] } }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, name not permitted',
    chain: withIntermediate({ nameConstraints: { permitted: [{ dns: 'other.test' }] } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, name excluded',
    chain: withIntermediate({ nameConstraints: { excluded: [{ dns: 'provider.test' }] } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, constraint whose end is the same but not a label',
    chain: withIntermediate({ nameConstraints: { permitted: [{ dns: 'ovider.test' }] } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, name not permitted by the root',
    chain: withRoot({ nameConstraints: { permitted: [{ dns: 'other.test' }] } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, name of the intermediate not constrained as DNS',
    chain: withRoot({ nameConstraints: { permitted: [{ dns: 'provider.test' }] } }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  {
    name: 'TA, subject not permitted',
    chain: withIntermediate({ nameConstraints: { permitted: [{ commonName: 'Somebody' }] } }),
    records: [taRoot],
    expect: 'ta-chain-invalid',
  },
  {
    name: 'TA, constraint upon a form of name that nobody carries',
    chain: withIntermediate({ nameConstraints: { permitted: [{ email: 'example.test' }] } }),
    records: [taRoot],
    expect: '2 1 1 @2',
  },
  // RFC 7672 §2.2, §3.1.3: unusable
  {
    name: '1 1 1 alone',
    chain: sent,
    records: [tlsa(1, 1, 1, spkiOf(keys.ec))],
    expect: 'tlsa-unusable',
    notOpenssl: 'refuses to start',
  },
  {
    name: '3 1 1 with a short digest',
    chain: sent,
    records: [{ ...ee, data: ee.data.subarray(1) }],
    expect: 'tlsa-unusable',
    notOpenssl: 'refuses to start',
  },
  {
    name: '2 0 0 that is no certificate',
    chain: sent,
    records: [{ ...fullRoot, data: new Uint8Array([0x30, 0]) }],
    expect: 'tlsa-unusable',
    notOpenssl: 'refuses to start',
  },
  {
    name: 'no record at all',
    chain: sent,
    records: [],
    expect: 'tlsa-unusable',
    notOpenssl: 'refuses to start',
  },
  // what the server sent
  {
    name: 'no certificate',
    chain: [],
    records: [ee],
    expect: 'chain-empty',
    notOpenssl: 'ends the handshake',
  },
  {
    name: 'leaf that is no certificate',
    chain: [new Uint8Array([0x30, 3, 2, 1, 1])],
    records: [ee],
    expect: 'leaf-unparsable',
    notOpenssl: 'ends the handshake',
  },
  {
    name: 'leaf with an octet behind it',
    chain: [new Uint8Array([...theLeaf, 0])],
    records: [ee],
    expect: 'leaf-unparsable',
    notOpenssl: 'ends the handshake',
  },
];

/** The last octets of a certificate are its signature. */
function spoilt(certificate: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(certificate);
  copy[copy.length - 1]! ^= 1;
  return copy;
}
