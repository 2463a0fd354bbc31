import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { name } from '../../src/dns/name.ts';
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
