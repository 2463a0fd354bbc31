import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase32Hex } from '../../src/dns/base32hex.ts';
import { type Name, name, nameToBytes, prepend, root } from '../../src/dns/name.ts';
import { nsec3Hash } from '../../src/dnssec/nsec3-hash.ts';

describe('RFC 5155 Appendix A: hashes with salt aabbccdd and 12 iterations', () => {
  test.each([
    ['example', '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'],
    ['a.example', '35mthgpgcu1qg68fab165klnsnk3dpvl'],
    ['ai.example', 'gjeqe526plbf1g8mklp59enfd789njgi'],
    ['ns1.example', '2t7b4g4vsa5smi47k61mv5bv1a22bojr'],
    ['ns2.example', 'q04jkcevqvmu85r014c7dkba38o0ji5r'],
    ['w.example', 'k8udemvp1j2f7eg6jebps17vp3n8i58h'],
    ['*.w.example', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en'],
    ['x.w.example', 'b4um86eghhds6nea196smvmlo4ors995'],
    ['y.w.example', 'ji6neoaepv8b5o6k4ev33abha8ht9fgc'],
    ['x.y.w.example', '2vptu5timamqttgl4luu9kg21e0aor3s'],
    ['xx.example', 't644ebqk9bibcna874givr6joj62mlhv'],
    ['2t7b4g4vsa5smi47k61mv5bv1a22bojr.example', 'kohar7mbb8dc2ce8a9qvl8hon4k53uhi'],
  ])('%s', (text, hash) => {
    expect(toBase32Hex(nsec3Hash(name(text), Buffer.from('aabbccdd', 'hex'), 12))).toBe(hash);
  });
});

test('RFC 5155 §5: the same as OpenSSL for every length of name and salt', () => {
  const labels = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 5 });
  const cases = fc.tuple(labels, fc.uint8Array({ maxLength: 255 }), fc.nat(3));
  fc.assert(
    fc.property(cases, ([texts, salt, iterations]) => {
      const owner = texts.reduce<Name>(
        (below, text) => prepend(Buffer.from(text).toString('hex').slice(0, 60), below)!,
        root,
      );
      let digest: Uint8Array = nameToBytes(owner);
      for (let i = 0; i <= iterations; i++) digest = createHash('sha1').update(digest).update(salt).digest();
      expect(Buffer.from(nsec3Hash(owner, salt, iterations))).toEqual(Buffer.from(digest));
    }),
    { numRuns: 300 },
  );
});
