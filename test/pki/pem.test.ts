import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPemCertificates, writePemCertificate } from '../../src/pki/pem.ts';

const one = writePemCertificate(new Uint8Array([1, 2, 3]));
const two = writePemCertificate(new Uint8Array(200).fill(7));

describe('RFC 7468 §2, §5: certificates in PEM', () => {
  test('any octets, written and read', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 })), (ders) => {
        const read = readPemCertificates(ders.map(writePemCertificate).join(''));
        expect(read).toEqual(ders.map((der) => Buffer.from(der)));
      }),
    );
  });

  test.each([
    ['no block', 'hello\n', 0],
    ['text between blocks', `subject=x\n${one}\nissuer=y\n${two}`, 2],
    ['CRLF', (one + two).replaceAll('\n', '\r\n'), 2],
    ['a key in the same file', `-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n${one}`, 1],
    ['no newline at the end', one.trimEnd(), 1],
    ['the old label', one.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), 1],
  ])('%s', (_, text, count) => {
    expect(readPemCertificates(text)).toHaveLength(count);
  });

  test.each([
    ['no end', one.split('-----END')[0]!, 1],
    ['second block without its end', `${one}${two.split('-----END')[0]}`, 2],
    ['a block inside of another', one.replace('AQID', `AQID\n${two}`), 1],
    ['not base64', one.replace('AQID', 'A?ID'), 1],
    ['cut base64', one.replace('AQID', 'AQI'), 1],
    ['an empty block', one.replace('AQID\n', ''), 1],
  ])('unreadable: %s', (_, text, unreadable) => {
    expect(readPemCertificates(text)).toEqual({ unreadable });
  });
});
