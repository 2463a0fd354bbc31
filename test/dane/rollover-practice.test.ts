import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { RolloverScheme } from '../../src/dane/rollover-plan.ts';
import { type RolloverSeen, rolloverPractice } from '../../src/dane/rollover-practice.ts';
import type { TlsaRecord } from '../../src/dane/tlsa-record.ts';
import { digest, intermediate, keys, leaf, MX, NOW, root, selfSigned, spkiOf } from '../pki/hierarchy.ts';

const record = (usage: number, octets: Uint8Array, selector = 1, matchingType = 1): TlsaRecord => ({
  usage,
  selector,
  matchingType,
  data: digest(matchingType === 1 ? 'sha256' : 'sha512', octets),
});
const spki = {
  ec: spkiOf(keys.ec),
  rsa: spkiOf(keys.rsa),
  next: spkiOf(keys.other),
  nextRsa: spkiOf(keys.ed25519),
  intermediate: spkiOf(keys.intermediate),
  root: spkiOf(keys.root),
};
const ecLeaf = leaf();
const ecChain = [ecLeaf, intermediate(), root()];
const rsaChain = [leaf({ key: keys.rsa }), intermediate(), root()];
const self = selfSigned();
const sibling = spkiOf(keys.other);

const ee = (key: keyof typeof spki) => record(3, spki[key]);
const ta = (key: keyof typeof spki) => record(2, spki[key]);

type Row = readonly [
  name: string,
  records: readonly TlsaRecord[],
  chains: readonly (readonly Uint8Array[])[],
  scheme: RolloverScheme | null,
  advice: readonly ReasonKey[],
];
const practice = (records: readonly TlsaRecord[], chains: RolloverSeen['chains'], change = {}) =>
  rolloverPractice({ records, chains, baseDomain: MX, referenceNames: [], at: NOW, ...change });

describe('how-to "Reliable certificate rollover": the schemes', () => {
  test.each<Row>([
    ['current + next', [ee('ec'), ee('next')], [ecChain], 'current-next', []],
    ['current + next of a self-signed certificate', [ee('ec'), ee('next')], [[self]], 'current-next', []],
    ['current + root', [ee('ec'), ta('root')], [ecChain], 'current-issuer', []],
    ['current + intermediate', [ee('ec'), ta('intermediate')], [ecChain], 'current-issuer', ['ta-not-root']],
    [
      'current + every intermediate that the CA may use',
      [ee('ec'), ta('intermediate'), record(2, sibling)],
      [ecChain],
      'current-issuer',
      ['ta-not-root'],
    ],
    ['both at once', [ee('ec'), ee('next'), ta('root')], [ecChain], 'current-next', []],
    [
      'two algorithms, each with current and next',
      [ee('ec'), ee('rsa'), ee('next'), ee('nextRsa')],
      [ecChain, rsaChain],
      'current-next',
      [],
    ],
    [
      'two algorithms under one issuer',
      [ee('ec'), ee('rsa'), ta('root')],
      [ecChain, rsaChain],
      'current-issuer',
      [],
    ],
    [
      'one algorithm under the issuer, a next key for the other',
      [ee('ec'), ta('root'), ee('next')],
      [ecChain, [self]],
      'current-next',
      [],
    ],
  ])('%s', (_, records, chains, scheme, advice) => {
    expect(practice(records, chains)).toEqual({ scheme, advice });
  });
});

describe('what is no scheme', () => {
  test.each<Row>([
    ['a single record', [ee('ec')], [ecChain], null, ['tlsa-single-record']],
    ['a single record of an issuer', [ta('root')], [ecChain], null, ['tlsa-single-record']],
    ['a single record, and nobody could look', [ee('ec')], [], null, ['tlsa-single-record']],
    [
      'the same key with two digests',
      [record(3, spki.ec), record(3, ecLeaf, 0)],
      [ecChain],
      null,
      ['rollover-absent', 'rollover-same-key'],
    ],
    [
      'EE and TA on one certificate',
      [ee('ec'), ta('ec')],
      [ecChain],
      null,
      ['rollover-absent', 'rollover-ta-is-leaf'],
    ],
    [
      'EE and TA on one self-signed certificate',
      [ee('ec'), ta('ec')],
      [[self]],
      null,
      ['rollover-absent', 'rollover-ta-is-leaf'],
    ],
    [
      'a TA of a stranger',
      [ee('ec'), ta('next')],
      [ecChain],
      null,
      ['rollover-absent', 'rollover-ta-not-served'],
    ],
    [
      'a TA above what is sent',
      [ee('ec'), ta('root')],
      [ecChain.slice(0, 2)],
      null,
      ['rollover-absent', 'rollover-ta-not-served'],
    ],
    [
      'RSA and ECDSA both current',
      [ee('ec'), ee('rsa')],
      [ecChain, rsaChain],
      null,
      ['rollover-absent', 'rollover-both-current'],
    ],
    [
      'two algorithms and one next key',
      [ee('ec'), ee('rsa'), ee('next')],
      [ecChain, rsaChain],
      null,
      ['rollover-one-algorithm'],
    ],
    [
      'two algorithms, one key described as next with two digests',
      [ee('ec'), ee('rsa'), ee('next'), record(3, spki.next, 0)],
      [ecChain, rsaChain],
      null,
      ['rollover-one-algorithm'],
    ],
    ['issuers alone', [ta('root'), ta('intermediate')], [ecChain], null, ['rollover-issuer-only']],
  ])('%s', (_, records, chains, scheme, advice) => {
    expect(practice(records, chains)).toEqual({ scheme, advice });
  });

  test.each<[string, object, ReasonKey]>([
    [
      'RFC 7672 §3.2.2: a TA over a certificate of another name',
      { baseDomain: 'other.test' },
      'ta-name-mismatch',
    ],
    ['RFC 7671 §5.2: a TA over an expired certificate', { at: NOW + 10 * 365 * 86_400 }, 'ta-expired'],
  ])('%s would not carry a change', (_, change, key) => {
    expect(practice([ee('ec'), ta('root')], [ecChain], change).advice).toEqual(['rollover-absent', key]);
  });

  test.each<[string, readonly TlsaRecord[], RolloverSeen['chains']]>([
    ['nobody could look', [ee('ec'), ee('next')], []],
    ['nothing matches now', [ee('next'), ee('nextRsa')], [ecChain]],
    ['the leaf cannot be read', [ee('ec'), ee('next')], [[new Uint8Array(9)]]],
  ])('%s: nothing is said', (_, records, chains) => {
    expect(practice(records, chains)).toEqual({ scheme: null, advice: [] });
  });
});
