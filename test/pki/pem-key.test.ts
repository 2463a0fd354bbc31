import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPemKey } from '../../src/pki/pem-key.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const pem = (key: KeyObject, type: 'spki' | 'pkcs8' | 'pkcs1' | 'sec1') =>
  key.export({ type, format: 'pem' } as { type: 'spki'; format: 'pem' }) as string;
const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

describe('RFC 7468 §10, §13: the public half of a key in PEM', () => {
  test.each([
    ['RSA, PKCS #8', pem(rsa.privateKey, 'pkcs8'), rsa.publicKey],
    ['RSA, PKCS #1', pem(rsa.privateKey, 'pkcs1'), rsa.publicKey],
    ['RSA, public', pem(rsa.publicKey, 'spki'), rsa.publicKey],
    ['RSA, public, PKCS #1', pem(rsa.publicKey, 'pkcs1'), rsa.publicKey],
    ['EC, PKCS #8', pem(ec.privateKey, 'pkcs8'), ec.publicKey],
    ['RFC 5915 §4: EC with its parameters before it', parameters + pem(ec.privateKey, 'sec1'), ec.publicKey],
    ['EC, public', pem(ec.publicKey, 'spki'), ec.publicKey],
    ['Ed25519', pem(ed25519.privateKey, 'pkcs8'), ed25519.publicKey],
    ['text around', `a key:\r\n${pem(ec.publicKey, 'spki')}\nthe end`, ec.publicKey],
    ['the first of two', pem(ec.publicKey, 'spki') + pem(rsa.publicKey, 'spki'), ec.publicKey],
  ])('%s', (_, text, key) => expect(readPemKey(text)).toEqual(spki(key)));

  const locked = (type: 'pkcs8' | 'pkcs1') =>
    rsa.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as never) as string;
  test.each([
    ['RFC 7468 §11: encrypted PKCS #8', 'encrypted', locked('pkcs8')],
    ['RFC 1421 §4.6.1.1: encrypted PKCS #1', 'encrypted', locked('pkcs1')],
    ['no end', 'unreadable', pem(ec.publicKey, 'spki').replace(/-----END.*/s, '')],
    ['no base64', 'unreadable', '-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----\n'],
    ['no key', 'unreadable', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['nothing', 'none', ''],
    ['parameters alone', 'none', parameters],
  ])('%s: %s', (_, said, text) => expect(readPemKey(text)).toBe(said));

  test('any text at all', () => {
    const piece = fc.constantFrom(
      '-----BEGIN ',
      '-----END ',
      'PUBLIC KEY-----',
      'EC PRIVATE KEY-----',
      '\n',
      'AA==',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(() => readPemKey(pieces.join(''))).not.toThrow();
      }),
    );
  });
});
