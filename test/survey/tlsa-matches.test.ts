/** Which certificates each TLSA record matches, at which place, in chains of which keys. */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import type { PublishedTlsa } from '../../src/survey/facts.ts';
import { MAX_PATH_SEARCHES, tlsaMatches } from '../../src/survey/tlsa-matches.ts';
import {
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

type Chain = readonly Uint8Array[];

function record(parameters: string, octets: Uint8Array, change: Partial<PublishedTlsa> = {}): PublishedTlsa {
  const [usage = 0, selector = 0, matchingType = 0] = parameters.split(' ').map(Number);
  const data = matchingType === 0 ? octets : digest(matchingType === 2 ? 'sha512' : 'sha256', octets);
  return { usage, selector, matchingType, data: toHex(data), reason: null, ...change };
}

function matches(records: readonly PublishedTlsa[], ...chains: readonly Chain[]) {
  const ders = new Map(chains.flat().map((der) => [describeCertificate(der).sha256, der]));
  const handshakes = chains.map((chain) => {
    const described = chain.map(describeCertificate);
    return {
      keyAlgorithm: described[0]?.keyAlgorithm ?? '',
      chain: described.map(({ sha256 }) => sha256),
    };
  });
  return tlsaMatches(records, {
    handshakes,
    derOf: (sha256) => ders.get(sha256)!,
    baseDomain: MX,
    at: NOW,
  }).map(({ matchedLeaf, matchedAbove, matchedKeys }) =>
    matchedLeaf === null ? null : [matchedLeaf, matchedAbove, matchedKeys?.join(' ')],
  );
}

const ecLeaf = leaf();
const rsaLeaf = leaf({ key: keys.rsa });
const [above, top] = [intermediate(), root()];
const ecChain = [ecLeaf, above, top];
const rsaChain = [rsaLeaf, above, top];
const self = selfSigned();
const atLeaf = [true, false, 'ec'];
const atAbove = [false, true, 'ec'];
const nowhere = [false, false, ''];

describe('RFC 6698 §2.1: by octets', () => {
  test.each<[string, PublishedTlsa, readonly unknown[]]>([
    ['3 1 1 of the key in use', record('3 1 1', spkiOf(keys.ec)), atLeaf],
    ['3 0 2 of the certificate in use', record('3 0 2', ecLeaf), atLeaf],
    ['3 1 0, the key in full', record('3 1 0', spkiOf(keys.ec)), atLeaf],
    ['3 1 1 of another key', record('3 1 1', spkiOf(keys.other)), nowhere],
    ['3 1 1 of the issuer', record('3 1 1', spkiOf(keys.intermediate)), atAbove],
    ['1 1 1 of the key in use, though it cannot be used', record('1 1 1', spkiOf(keys.ec)), atLeaf],
    ['0 1 1 of the issuer', record('0 1 1', spkiOf(keys.intermediate)), atAbove],
    ['a digest that is cut', record('3 1 1', spkiOf(keys.ec), { data: 'abcd' }), nowhere],
    ['an unknown selector', record('3 2 1', spkiOf(keys.ec)), nowhere],
    ['an unknown matching type', record('3 1 9', spkiOf(keys.ec)), nowhere],
    ['nothing at all', record('3 1 0', new Uint8Array()), nowhere],
  ])('%s', (_, one, expected) => expect(matches([one], ecChain)).toEqual([expected]));
});

describe('RFC 7671 §5.2: records of usage 2', () => {
  test.each<[string, PublishedTlsa, Chain, readonly unknown[]]>([
    ['the intermediate', record('2 1 1', spkiOf(keys.intermediate)), ecChain, atAbove],
    ['the root', record('2 0 1', top), ecChain, atAbove],
    ['the root, which is not sent', record('2 1 1', spkiOf(keys.root)), [ecLeaf, above], nowhere],
    [
      'the key of the root in full, which is not sent',
      record('2 1 0', spkiOf(keys.root)),
      [ecLeaf, above],
      atAbove,
    ],
    ['the leaf', record('2 1 1', spkiOf(keys.ec)), ecChain, atLeaf],
    ['the leaf, sent twice', record('2 0 1', self), [self, self], atLeaf],
    ['a stranger that is sent too', record('2 0 1', self), [ecLeaf, above, self], nowhere],
    [
      'an issuer whose certificate does not name the host',
      record('2 1 1', spkiOf(keys.intermediate)),
      [leaf({ subject: 'www.test', dnsNames: ['www.test'] }), above],
      atAbove,
    ],
    [
      'an issuer of a leaf that has expired',
      record('2 1 1', spkiOf(keys.intermediate)),
      [leaf({ notBefore: BEFORE - 86_400, notAfter: BEFORE }), above],
      atAbove,
    ],
  ])('%s', (_, one, chain, expected) => expect(matches([one], chain)).toEqual([expected]));
});

test('several chains: which keys each record is of', () => {
  const records = [
    record('3 1 1', spkiOf(keys.ec)),
    record('3 1 1', spkiOf(keys.rsa)),
    record('2 1 1', spkiOf(keys.intermediate)),
    record('3 1 1', spkiOf(keys.other)),
  ];
  expect(matches(records, ecChain, rsaChain, ecChain)).toEqual([
    atLeaf,
    [true, false, 'rsa'],
    [false, true, 'ec rsa'],
    nowhere,
  ]);
});

test('where no endpoint shows a certificate, nobody could look', () => {
  expect(matches([record('3 1 1', spkiOf(keys.ec))])).toEqual([null]);
});

test('a certificate that cannot be read was shown, and is matched by nothing', () => {
  const octets = Uint8Array.of(1, 2, 3);
  expect(matches([record('3 1 1', spkiOf(keys.ec))], [octets])).toEqual([nowhere]);
});

test('paths are searched for so many records only; of the others nobody knows', () => {
  const full = Array.from({ length: MAX_PATH_SEARCHES }, () => record('2 1 0', spkiOf(keys.other)));
  const last = record('2 1 1', spkiOf(keys.intermediate));
  expect(matches([last, ...full], ecChain)[0]).toEqual(atAbove);
  expect(matches([...full, last], ecChain).at(-1)).toEqual(null);
});
