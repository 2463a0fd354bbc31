import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { issueCertificate } from '../../src/pki/issue-certificate.ts';
import { MAX_PATH_CERTIFICATES, MAX_PATH_SIGNATURES, searchPaths } from '../../src/pki/path-search.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { AFTER, BEFORE, intermediate, keys, leaf, NOW, root } from './hierarchy.ts';

const parse = (der: Uint8Array) => parseCertificate(der)!;
const [theLeaf, theIntermediate, theRoot] = [parse(leaf()), parse(intermediate()), parse(root())];
const never = () => false;

/** `count` CAs, each issued by the next, the first one issues `leaf`. */
function line(count: number) {
  const names = Array.from({ length: count + 1 }, (_, i) => ({ subject: `CA ${i}`, key: keys.other }));
  const order = { notBefore: BEFORE, notAfter: AFTER, ca: true };
  const cas = names
    .slice(0, count)
    .map((self, i) => parse(issueCertificate({ ...order, ...self, issuer: names[i + 1]!, serial: i + 1 })));
  return { leaf: parse(leaf({ issuer: names[0]!, keyIdentifiers: false })), cas };
}

describe('RFC 5280 §6.1, RFC 4158: paths from a leaf to an anchor', () => {
  test('in whatever order the certificates came', () => {
    const others = [theRoot, theIntermediate];
    const search = { leaf: theLeaf, others, isAnchor: (c: unknown) => c === theRoot, anchorKeys: [] };
    expect([...searchPaths(search)]).toEqual([
      { certificates: [theLeaf, theIntermediate, theRoot], anchorKey: null },
    ]);
  });

  test('the leaf is no anchor, and is not its own issuer', () => {
    const self = parse(root());
    expect([...searchPaths({ leaf: self, others: [self], isAnchor: () => true, anchorKeys: [] })]).toEqual(
      [],
    );
  });

  test('a bare key ends a path below it', () => {
    const anchorKeys = [keys.other, keys.root].map((key) => createPublicKey(key));
    const search = { leaf: theLeaf, others: [theIntermediate], isAnchor: never, anchorKeys };
    expect([...searchPaths(search)]).toEqual([{ certificates: [theLeaf, theIntermediate], anchorKey: 1 }]);
  });

  test(`no path is longer than ${MAX_PATH_CERTIFICATES}`, () => {
    const reach = (count: number) => {
      const { leaf, cas } = line(count);
      const isAnchor = (certificate: unknown) => certificate === cas.at(-1);
      return [...searchPaths({ leaf, others: cas, isAnchor, anchorKeys: [] })].length;
    };
    expect(reach(MAX_PATH_CERTIFICATES - 1)).toBe(1);
    expect(reach(MAX_PATH_CERTIFICATES)).toBe(0);
  });

  test('many certificates of one name and key: the search ends', () => {
    const self = { subject: 'Everybody', key: generateKeyPairSync('ed25519').privateKey };
    const twins = Array.from({ length: 30 }, (_, serial) =>
      parse(
        issueCertificate({ ...self, issuer: self, serial: serial + 1, notBefore: BEFORE, notAfter: AFTER }),
      ),
    );
    let verified = 0;
    for (const { x509 } of twins) {
      const verify = x509.verify.bind(x509);
      const counted = (key: Parameters<typeof verify>[0]) => {
        verified++;
        return verify(key);
      };
      Object.defineProperty(x509, 'verify', { value: counted });
    }
    expect([...searchPaths({ leaf: twins[0]!, others: twins, isAnchor: never, anchorKeys: [] })]).toEqual([]);
    expect(verified).toBe(MAX_PATH_SIGNATURES);
  });
});

describe('RFC 5280 §6.1.3, §6.1.4: a path by itself', () => {
  const verdict = (...ders: Uint8Array[]) =>
    validatePath({ certificates: ders.map(parse), anchorKey: null }, NOW);

  test('RFC 5280 §4.2: an extension twice', () => {
    const twice = { oid: '1.3.6.1.4.1.99999.1', critical: false, value: new Uint8Array([5, 0]) };
    expect(verdict(leaf({ extraExtensions: [twice] }), intermediate(), root())).toBe('valid');
    expect(verdict(leaf({ extraExtensions: [twice, twice] }), intermediate(), root())).toBe('invalid');
  });

  test.each([
    ['basicConstraints', '2.5.29.19', { ca: undefined as never }],
    ['keyUsage', '2.5.29.15', { keyUsage: undefined as never }],
    ['nameConstraints', '2.5.29.30', {}],
  ])('unreadable %s of a CA', (_, oid, change) => {
    const extraExtensions = [{ oid, critical: true, value: new Uint8Array([0x30, 3, 1]) }];
    expect(verdict(leaf(), intermediate({ ...change, extraExtensions }), root())).toBe('invalid');
  });

  test('a version 3 CA without basicConstraints', () => {
    expect(verdict(leaf(), intermediate({ ca: undefined as never }), root())).toBe('invalid');
  });

  test('a name constraint upon a form of name that the leaf carries and that is not compared', () => {
    const email = {
      oid: '2.5.29.17',
      critical: false,
      value: new Uint8Array([0x30, 5, 0x81, 3, 0x61, 0x40, 0x62]),
    };
    const child = leaf({ dnsNames: undefined as never, extraExtensions: [email] });
    const permitted = [{ email: 'example.test' }];
    expect(verdict(child, intermediate(), root())).toBe('valid');
    expect(verdict(child, intermediate({ nameConstraints: { permitted } }), root())).toBe('invalid');
  });
});
