import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOctets, formatAddress } from '../../src/net/address-octets.ts';
import { isSpecialUse } from '../../src/net/special-use.ts';

const special = [
  ['0.0.0.0', 'RFC 791 §3.2'],
  ['0.255.255.255', 'RFC 791 §3.2'],
  ['10.0.0.1', 'RFC 1918'],
  ['100.64.0.1', 'RFC 6598'],
  ['100.127.255.255', 'RFC 6598'],
  ['127.0.0.1', 'RFC 1122'],
  ['169.254.169.254', 'RFC 3927'],
  ['172.16.0.1', 'RFC 1918'],
  ['172.31.255.255', 'RFC 1918'],
  ['192.0.0.8', 'RFC 7600'],
  ['192.0.2.1', 'RFC 5737'],
  ['192.88.99.1', 'RFC 7526'],
  ['192.168.255.255', 'RFC 1918'],
  ['198.18.0.1', 'RFC 2544'],
  ['198.19.255.255', 'RFC 2544'],
  ['198.51.100.255', 'RFC 5737'],
  ['203.0.113.0', 'RFC 5737'],
  ['224.0.0.1', 'RFC 5771'],
  ['239.255.255.255', 'RFC 5771'],
  ['240.0.0.1', 'RFC 1112'],
  ['255.255.255.255', 'RFC 8190'],
  ['::', 'RFC 4291 §2.5.2'],
  ['::1', 'RFC 4291 §2.5.3'],
  ['::8.8.8.8', 'RFC 4291 §2.5.5.1'],
  ['::ffff:8.8.8.8', 'RFC 4291 §2.5.5.2'],
  ['::ffff:127.0.0.1', 'RFC 4291 §2.5.5.2'],
  ['64:ff9b::127.0.0.1', 'RFC 6052 of a loopback address'],
  ['64:ff9b::a00:1', 'RFC 6052 of a private address'],
  ['64:ff9b:1::8.8.8.8', 'RFC 8215'],
  ['100::1', 'RFC 6666'],
  ['100:0:0:1::1', 'RFC 9780'],
  ['2001::1', 'RFC 4380 with server 0.0.0.0'],
  ['2001:0:4136:e378:8000:63bf:f5ff:fffe', 'RFC 4380 with client 10.0.0.1'],
  ['2001:2::1', 'RFC 5180'],
  ['2001:10::1', 'RFC 4843'],
  ['2001:db8::1', 'RFC 3849'],
  ['2002:7f00:1::1', 'RFC 3056 of a loopback address'],
  ['2002:c0a8:1::1', 'RFC 3056 of a private address'],
  ['3fff::1', 'RFC 9637'],
  ['5f00::1', 'RFC 9602'],
  ['fc00::1', 'RFC 4193'],
  ['fdff::1', 'RFC 4193'],
  ['fe80::1', 'RFC 4291 §2.5.6'],
  ['fec0::1', 'RFC 3879'],
  ['ff02::1', 'RFC 4291 §2.7'],
] as const;

const ordinary = [
  ['1.1.1.1', 'unicast'],
  ['9.255.255.255', 'before 10/8'],
  ['11.0.0.0', 'behind 10/8'],
  ['100.63.255.255', 'before 100.64/10'],
  ['100.128.0.0', 'behind 100.64/10'],
  ['172.15.255.255', 'before 172.16/12'],
  ['172.32.0.0', 'behind 172.16/12'],
  ['192.0.1.1', 'behind 192.0.0/24'],
  ['198.17.255.255', 'before 198.18/15'],
  ['198.41.0.4', 'a root server'],
  ['223.255.255.255', 'before multicast'],
  ['64:ff9b::8.8.8.8', 'RFC 6052 of a public address'],
  ['2001:0:4136:e378:8000:63bf:f7f7:f7f7', 'RFC 4380 with public addresses'],
  ['2001:200::1', 'behind 2001::/23'],
  ['2001:503:ba3e::2:30', 'a root server'],
  ['2001:4860:4860::8888', 'unicast'],
  ['2002:808:808::1', 'RFC 3056 of a public address'],
  ['2a00::1', 'unicast'],
  ['2620:fe::fe', 'unicast'],
] as const;

describe('RFC 6890 §2.2: special-purpose addresses', () => {
  test.each(special)('%s is for special use (%s)', (address) => expect(isSpecialUse(address)).toBe(true));
  test.each(ordinary)('%s is not (%s)', (address) => expect(isSpecialUse(address)).toBe(false));
  test.each(['', 'localhost', '127.1', '1.2.3.4.5', 'fe80::1%lo', '1.2.3.4/8'])(
    '%j is no address',
    (text) => {
      expect(() => isSpecialUse(text)).toThrow(TypeError);
    },
  );
});

describe('RFC 4291 §2.2, RFC 5952 §4: address text', () => {
  test.each([
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['203.0.113.9', '203.0.113.9'],
  ])('%s is written %s', (text, canonical) => {
    expect(formatAddress(addressOctets(text))).toBe(canonical);
  });
  test('octets come back', () => {
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(address, (octets) => {
        expect([...addressOctets(formatAddress(octets))]).toEqual([...octets]);
      }),
    );
  });
  test('every spelling of an IPv6 address gives the same octets', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const octets = addressOctets(text);
        expect(octets.length).toBe(16);
        expect(addressOctets(formatAddress(octets)).equals(octets)).toBe(true);
      }),
    );
  });
});
