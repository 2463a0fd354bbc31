import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { MAX_CERTIFICATE_OCTETS, parseCertificate } from '../../src/pki/certificate.ts';
import { describeCertificate } from '../../src/pki/certificate-fact.ts';
import { alternativeNames, dnsIds, presentedNames } from '../../src/pki/general-name.ts';
import { issueCertificate } from '../../src/pki/issue-certificate.ts';
import {
  AFTER,
  BEFORE,
  digest,
  intermediate,
  keys,
  leaf,
  MX,
  root,
  selfSigned,
  spkiOf,
} from './hierarchy.ts';

describe('RFC 5280 §4.1: fields of a certificate', () => {
  test('octets are kept as sent; key, names and validity are found', () => {
    const der = leaf();
    const certificate = parseCertificate(der)!;
    expect(certificate.der).toBe(der);
    expect(toHex(certificate.spki)).toBe(toHex(spkiOf(keys.ec)));
    expect([certificate.version, certificate.notBefore, certificate.notAfter]).toEqual([3, BEFORE, AFTER]);
    expect(certificate.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      ['2.5.29.19', true],
      ['2.5.29.15', true],
      ['2.5.29.37', false],
      ['2.5.29.17', false],
      ['2.5.29.14', false],
      ['2.5.29.35', false],
    ]);
  });

  test('version 1, without extensions', () => {
    expect(parseCertificate(root({ version: 1 }))).toMatchObject({ version: 1, extensions: [] });
  });

  test.each([
    ['rsa', keys.rsa, 2048],
    ['ec', keys.ec, 256],
    ['ed25519', keys.ed25519, 256],
  ])('key algorithm %s', (keyAlgorithm, key, keyBits) => {
    const der = selfSigned({ key, issuer: { subject: MX, key } });
    expect(describeCertificate(der)).toEqual({
      sha256: toHex(digest('sha256', der)),
      der,
      spkiSha256: toHex(digest('sha256', spkiOf(key))),
      keyAlgorithm,
      keyBits,
      subject: `CN=${MX}`,
      issuer: `CN=${MX}`,
      notBefore: BEFORE,
      notAfter: AFTER,
      selfSigned: true,
    });
  });

  test('self-signed means signed by its own key, not only named alike', () => {
    expect(describeCertificate(selfSigned({ issuer: { subject: MX, key: keys.other } })).selfSigned).toBe(
      false,
    );
    expect(describeCertificate(leaf()).selfSigned).toBe(false);
  });

  test('a subject cannot write a line of its own', () => {
    const { subject } = describeCertificate(selfSigned({ subject: 'a\nCN=b' }));
    expect(subject).not.toContain('\n');
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['an octet behind it', new Uint8Array([...leaf(), 0])],
    ['the last octet missing', leaf().subarray(0, -1)],
    ['more octets than the limit', new Uint8Array(MAX_CERTIFICATE_OCTETS + 1)],
    ['PEM in place of DER', new TextEncoder().encode(new X509Certificate(leaf()).toString())],
  ])('unreadable: %s', (_, der) => {
    expect(parseCertificate(der)).toBeUndefined();
    expect(describeCertificate(der)).toMatchObject({
      sha256: toHex(digest('sha256', der)),
      keyAlgorithm: '',
    });
  });

  test('spoilt in any octets: no exception', () => {
    const der = leaf();
    const place = fc.nat(der.length - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const spoilt = Uint8Array.from(der);
        for (const [at, octet] of changes) spoilt[at] = octet;
        const certificate = parseCertificate(spoilt);
        describeCertificate(spoilt);
        if (certificate) presentedNames(certificate);
      }),
      { numRuns: 500 },
    );
  });
});

describe('RFC 7672 §3.2.3, RFC 6125 §6.4.4: the names that a certificate claims', () => {
  test('DNS-IDs, and the common name only without any', () => {
    const [named, unnamed] = [leaf({ dnsNames: ['a.test', 'b.test'] }), leaf({ dnsNames: [] })];
    expect(presentedNames(parseCertificate(named)!)).toEqual(['a.test', 'b.test']);
    expect(presentedNames(parseCertificate(unnamed)!)).toEqual([MX]);
    expect(dnsIds(parseCertificate(unnamed)!)).toEqual([]);
  });

  test('neither a DNS-ID nor a common name', () => {
    expect(presentedNames(parseCertificate(leaf({ subject: '', dnsNames: [] }))!)).toEqual([]);
  });

  test('an unreadable extension carries no names', () => {
    const extraExtensions = [{ oid: '2.5.29.17', critical: false, value: new Uint8Array([0x30, 5, 0x82]) }];
    const certificate = parseCertificate(intermediate({ extraExtensions }))!;
    expect(alternativeNames(certificate)).toEqual([]);
  });
});

describe('making certificates', () => {
  test('with an RSA issuer the same order yields the same octets', () => {
    expect(toHex(leaf())).toBe(toHex(leaf()));
    expect(toHex(leaf({ serial: 300 }))).not.toBe(toHex(leaf()));
  });

  test('serial numbers are positive', () => {
    expect(
      [127, 128, 0xdeadbeef].map((serial) => new X509Certificate(leaf({ serial })).serialNumber),
    ).toEqual(['7F', '80', 'DEADBEEF']);
  });

  test('RFC 5280 §4.1.2.5: times before and after 2050', () => {
    const late = Date.UTC(2060, 0, 1) / 1000;
    expect(parseCertificate(leaf({ notAfter: late }))?.notAfter).toBe(late);
  });

  test('OpenSSL verifies the whole hierarchy', () => {
    const [child, ca, top] = [leaf(), intermediate(), root()].map((der) => new X509Certificate(der));
    expect(child!.checkIssued(ca!) && child!.verify(ca!.publicKey)).toBe(true);
    expect(ca!.checkIssued(top!) && ca!.verify(top!.publicKey) && ca!.ca).toBe(true);
  });

  test('an order without any extension', () => {
    const issuer = { subject: 'x', key: keys.ed25519 };
    const der = issueCertificate({ ...issuer, issuer, serial: 1, notBefore: BEFORE, notAfter: AFTER });
    expect(parseCertificate(der)?.extensions).toEqual([]);
  });
});
