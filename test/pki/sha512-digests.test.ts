import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sha512Digests } from '../../src/pki/sha512-digests.ts';

test.each(['leaf-ec', 'leaf-rsa', 'weak-rsa', 'root', 'int1'])(
  'RFC 6698 §2.1.3: matching type 2 by selectors 0 and 1, of the certificate %s',
  (file) => {
    const certificate = new X509Certificate(
      readFileSync(new URL(`../net/fixtures/${file}.pem`, import.meta.url)),
    );
    const digest = (octets: Buffer) => createHash('sha512').update(octets).digest('hex');
    expect(sha512Digests(certificate.raw)).toEqual({
      certificate: digest(certificate.raw),
      spki: digest(certificate.publicKey.export({ type: 'spki', format: 'der' })),
    });
  },
);

test('what cannot be read has a digest all the same, and no key', () => {
  expect(sha512Digests(Buffer.from('no certificate'))).toEqual({
    certificate: createHash('sha512').update('no certificate').digest('hex'),
    spki: null,
  });
});
