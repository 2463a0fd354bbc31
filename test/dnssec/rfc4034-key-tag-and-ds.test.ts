import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { name } from '../../src/dns/name.ts';
import { readDs } from '../../src/dns/rdata-dnssec.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { DnskeyEntry } from '../../src/dnssec/dnskey-entry.ts';
import { digestMatches, usableDs } from '../../src/dnssec/ds-digest.ts';
import { rootAnchors, trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';

const dskey = `dskey.example.com. 86400 IN DNSKEY 256 3 5 ( AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/
  2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw== )`;
const digests = [
  { rfc: 'RFC 4034 §5.4', digestType: 1, digest: '2BB183AF5F22588179A53B0A98631FAD1A292118' },
  {
    rfc: 'RFC 4509 §2.3',
    digestType: 2,
    digest: 'D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A',
  },
];

function entry(text: string): DnskeyEntry {
  const [record] = parseZoneFile(text.split('\n'), 'vector');
  return DnskeyEntry.of(recordOf(record!))!;
}

describe('RFC 4034 §5.4, Appendix B: key tag and DS of the example key', () => {
  test('key tag', () => expect(entry(dskey).keyTag).toBe(60485));

  test.each(digests)('$rfc: digest type $digestType', ({ digestType, digest }) => {
    const ds = { keyTag: 60485, algorithm: 5, digestType, digest: fromHex(digest)! };
    expect(digestMatches(ds, name('dskey.example.com'), entry(dskey))).toBe(true);
    expect(digestMatches(ds, name('other.example.com'), entry(dskey))).toBe(false);
  });
});

describe('the DS records that RFC 6605 and RFC 8080 print', () => {
  test.each([
    [
      'RFC 6605 §6.1: SHA-256 of a P-256 key',
      'example.net. DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==',
      '55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17',
    ],
    [
      'RFC 6605 §6.2: SHA-384 of a P-384 key',
      'example.net. DNSKEY 257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40',
      '10771 14 4 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6',
    ],
    [
      'RFC 8080 §6.1: an Ed25519 key',
      'example.com. DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
      '3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b',
    ],
    [
      'RFC 8080 §6.1: another',
      'example.com. DNSKEY 257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=',
      '35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c',
    ],
    [
      'RFC 8080 §6.2: an Ed448 key',
      'example.com. DNSKEY 257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA',
      '9713 16 2 6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7',
    ],
    [
      'RFC 8080 §6.2: another',
      'example.com. DNSKEY 257 3 16 kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA',
      '38353 16 2 645ff078b3568f5852b70cb60e8e696cc77b75bfaaffc118cf79cbda1ba28af4',
    ],
  ])('%s', (_, key, text) => {
    const [record] = parseZoneFile([`${key.split(' ')[0]} DS ${text}`], 'vector');
    const ds = readDs(recordOf(record!))!;
    expect(entry(key).keyTag).toBe(ds.keyTag);
    expect(digestMatches(ds, record!.name, entry(key))).toBe(true);
    expect(digestMatches({ ...ds, digest: ds.digest.subarray(1) }, record!.name, entry(key))).toBe(false);
  });
});

describe('RFC 4509 §3, RFC 6840 §5.2: which DS records count', () => {
  const ds = (algorithm: number, digestType: number) => ({
    keyTag: 1,
    algorithm,
    digestType,
    digest: new Uint8Array(32),
  });
  test.each([
    ['SHA-1 alone counts', [ds(13, 1)], [ds(13, 1)]],
    ['SHA-1 beside SHA-256 does not', [ds(13, 1), ds(13, 2)], [ds(13, 2)]],
    ['SHA-1 beside SHA-384 does not', [ds(13, 1), ds(13, 4)], [ds(13, 4)]],
    ['SHA-1 beside a digest that is unknown counts', [ds(13, 1), ds(13, 9)], [ds(13, 1)]],
    ['SHA-1 beside SHA-256 of an unknown algorithm counts', [ds(13, 1), ds(253, 2)], [ds(13, 1)]],
    ['GOST does not count', [ds(13, 3)], []],
    ['RSA/MD5, DSA and GOST keys do not count', [ds(1, 2), ds(3, 2), ds(6, 2), ds(12, 2)], []],
  ])('%s', (_, all, usable) => expect(usableDs(all)).toEqual(usable));
});

describe('RFC 4033 §2: trust anchors', () => {
  test('the root has both of its keys', () => {
    expect(rootAnchors.ds.map((ds) => ds.keyTag)).toEqual([20326, 38696]);
    expect(rootAnchors.ds.every((ds) => ds.digest.length === 32 && ds.algorithm === 8)).toBe(true);
  });

  test('DS and DNSKEY, several, at any zone; other types are passed over', () => {
    const text = `${dskey}\n. DS 20326 8 2 00\n. DS 1 8 2 00\nexample. NS ns.\ndskey.example.com. DS 60485 5 1 00`;
    const anchors = trustAnchorsFrom(parseZoneFile(text.split('\n'), 'anchors'));
    expect(anchors.map(({ name, ds, keys }) => [name, ds.length, keys.length])).toEqual([
      [name('dskey.example.com'), 1, 1],
      [name('.'), 2, 0],
    ]);
  });
});
