import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import {
  adviceOnChain,
  adviceOnParameters,
  endEntity,
  tlsaOfChain,
  tlsaOfKey,
  trustAnchor,
} from '../../src/dane/make-tlsa.ts';
import { formatTlsa, formatTlsaLine, parseTlsaText, tlsaOwner } from '../../src/dane/tlsa-text.ts';
import { verifyChain } from '../../src/dane/verify-chain.ts';
import { type Certificate, parseCertificate } from '../../src/pki/certificate.ts';
import { intermediate, keys, leaf, MX, NOW, root, selfSigned, spkiOf } from '../pki/hierarchy.ts';

const parsed = (...ders: readonly Uint8Array[]) => ders.map((der) => parseCertificate(der)!);
const ders = [leaf(), intermediate(), root()];
const chain = parsed(...ders);
const parameters = (usage: number, selector = 1, matchingType = 1) => ({ usage, selector, matchingType });

describe('RFC 6698 §2.1: records made of a chain', () => {
  test.each([0, 1].flatMap((selector) => [0, 1, 2].map((matchingType) => [selector, matchingType] as const)))(
    '3 %i %i of the leaf authenticates it, and so does 2 1 1 of each certificate above',
    (selector, matchingType) => {
      const made = tlsaOfChain(chain, parameters(3, selector, matchingType));
      expect(made.map(({ record }) => formatTlsa(record).slice(0, 5))).toEqual([
        `3 ${selector} ${matchingType}`,
        '2 1 1',
        '2 1 1',
      ]);
      const depths = made.map(({ record }) => {
        const verdict = verifyChain({
          chain: ders,
          records: [record],
          baseDomain: MX,
          referenceNames: [],
          at: NOW,
        });
        return verdict.ok && verdict.matched.depth;
      });
      expect(depths).toEqual([0, 1, 2]);
    },
  );

  test.each([
    ['usage 2: of the CA certificates, by the parameters', chain, 2, [1, 2]],
    ['usage 2 of a bundle without leaf', chain.slice(1), 2, [0, 1]],
    ['usage 2 of a single CA certificate', chain.slice(2), 2, [0]],
    ['usage 0: of the CA certificates', chain, 0, [1, 2]],
    ['usage 1: of the leaf, and 2 1 1 above', chain, 1, [0, 1, 2]],
    ['a certificate sent twice', [...chain, ...chain], 3, [0, 1, 2]],
    ['a self-signed certificate', parsed(selfSigned()), 3, [0]],
    ['nothing', [], 3, []],
  ] satisfies readonly (readonly [string, readonly Certificate[], number, readonly number[]])[])(
    '%s',
    (_, from, usage, places) => {
      const made = tlsaOfChain(from, parameters(usage));
      expect(made.map(({ describes }) => from.indexOf(describes!))).toEqual(places);
    },
  );

  test('of a bare key: the same as of its certificate', () => {
    expect(tlsaOfKey(spkiOf(keys.ec), endEntity).record).toEqual(tlsaOfChain(chain, endEntity)[0]!.record);
    expect(() => tlsaOfKey(spkiOf(keys.ec), parameters(3, 0))).toThrow(TypeError);
  });
});

describe('what the how-to advises against', () => {
  test.each<[string, readonly ReasonKey[]]>([
    ['3 1 1', []],
    ['2 1 1', []],
    ['0 1 1', ['usage-pkix']],
    ['1 1 1', ['usage-pkix']],
    ['3 0 1', ['selector-certificate']],
    ['2 0 1', ['selector-certificate']],
    ['3 1 0', ['matching-type-full']],
    ['2 1 0', []],
    ['3 1 2', ['matching-type-optional']],
    ['1 0 0', ['usage-pkix', 'selector-certificate', 'matching-type-full']],
  ])('%s: %j', (text, advice) => {
    const [usage, selector, matchingType] = text.split(' ').map(Number);
    expect(adviceOnParameters(parameters(usage!, selector, matchingType))).toEqual(advice);
  });

  test.each([
    ['a leaf and its issuers', chain, endEntity, MX, []],
    ['a host that the leaf does not name', chain, endEntity, 'other.test', ['ta-name-mismatch']],
    ['no host told', chain, endEntity, null, []],
    ['another name under usage 3 alone', chain.slice(0, 1), endEntity, 'other.test', []],
    ['a CA certificate first', chain.slice(1), endEntity, MX, ['leaf-is-ca']],
    ['a self-signed CA certificate', parsed(selfSigned({ ca: true })), endEntity, MX, []],
    ['CA certificates under usage 2', chain.slice(1), trustAnchor, MX, []],
    [
      'the server’s own certificate under usage 2',
      chain.slice(0, 1),
      trustAnchor,
      MX,
      ['rollover-ta-is-leaf'],
    ],
  ] as const)('%s', (_, from, wished, host, advice) => {
    expect(adviceOnChain(from, wished, host)).toEqual(advice);
  });
});

test('RFC 6698 §3, RFC 1035 §5.1: the line of a zone file', () => {
  expect(tlsaOwner('mx.example.net', 25)).toBe('_25._tcp.mx.example.net.');
  expect(tlsaOwner('mx.example.net.', 587)).toBe('_587._tcp.mx.example.net.');
  const record = parseTlsaText('3 1 1 00FF')!;
  expect(formatTlsaLine(tlsaOwner(MX, 25), record)).toBe(`_25._tcp.${MX}. IN TLSA 3 1 1 00ff`);
});
