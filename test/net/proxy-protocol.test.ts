import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/net/address-octets.ts';
import { decodeProxyHeader, encodeProxyHeader, type ProxyHeader } from '../../src/net/proxy-protocol.ts';

const good: ProxyHeader = {
  protocol: 'tcp',
  source: { address: '192.0.2.1', port: 40000 },
  destination: { address: '198.51.100.25', port: 25 },
};
const signature = '0d0a0d0a000d0a515549540a';

const address = (octets: number) =>
  fc.uint8Array({ minLength: octets, maxLength: octets }).map(formatAddress);
const header = fc.constantFrom(4, 16).chain((octets) => {
  const name = fc.record({ address: address(octets), port: fc.nat(65535) });
  return fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    source: name,
    destination: name,
  });
});

describe('PROXY protocol v2 §2.2', () => {
  test('the octets of an IPv4 stream header', () => {
    expect(encodeProxyHeader(good).toString('hex')).toBe(`${signature}2111000cc0000201c63364199c400019`);
  });
  test('the octets of an IPv6 datagram header', () => {
    const octets = encodeProxyHeader({
      protocol: 'udp',
      source: { address: '::', port: 0 },
      destination: { address: '2001:db8::1', port: 53 },
    });
    expect(octets.toString('hex')).toBe(
      `${signature}21220024${'00'.repeat(16)}20010db8${'00'.repeat(11)}0100000035`,
    );
  });
  test('what is encoded is decoded, with a payload behind it or not', () => {
    fc.assert(
      fc.property(header, fc.uint8Array(), (given, payload) => {
        const octets = encodeProxyHeader(given);
        expect(decodeProxyHeader(Buffer.concat([octets, payload]))).toEqual({
          state: 'header',
          header: given,
          length: octets.length,
        });
      }),
    );
  });
  test('every beginning is partial', () => {
    const octets = encodeProxyHeader(good);
    for (let length = 0; length < octets.length; length++) {
      expect(decodeProxyHeader(octets.subarray(0, length))).toEqual({ state: 'partial' });
    }
  });
  test('LOCAL: the sender speaks for itself', () => {
    expect(decodeProxyHeader(Buffer.from(`${signature}20000000`, 'hex'))).toEqual({
      state: 'header',
      header: null,
      length: 16,
    });
  });
  test('TLVs are skipped', () => {
    const tlv = Buffer.from(`${signature}2111000fc0000201c63364199c400019040000`, 'hex');
    expect(decodeProxyHeader(tlv)).toMatchObject({ state: 'header', header: good, length: 31 });
  });
  test.each([
    ['version 1', '1111000cc0000201c63364199c400019'],
    ['unknown command', '2211000cc0000201c63364199c400019'],
    ['UNIX family', '2131000cc0000201c63364199c400019'],
    ['unspecified transport', '2110000cc0000201c63364199c400019'],
    ['too short for its family', '2121000cc0000201c63364199c400019'],
    ['longer than the limit', '2111ffff'],
  ])('malformed: %s', (_, rest) => {
    expect(decodeProxyHeader(Buffer.from(signature + rest, 'hex'))).toEqual({ state: 'malformed' });
  });
  test.each(['EHLO there\r\n', '\r\n\r\n\r\n', '\x00'])('%j is no PROXY header', (text) => {
    expect(decodeProxyHeader(Buffer.from(text, 'latin1'))).toEqual({ state: 'not-proxy' });
  });
  test('any octets are decoded without an exception', () => {
    const tail = fc.uint8Array({ maxLength: 64 });
    fc.assert(fc.property(tail, (octets) => void decodeProxyHeader(octets)));
    fc.assert(
      fc.property(tail, (octets) => {
        decodeProxyHeader(Buffer.concat([Buffer.from(signature, 'hex'), octets]));
      }),
    );
  });
  test('two families in one header are our own fault', () => {
    expect(() => encodeProxyHeader({ ...good, source: { address: '::1', port: 1 } })).toThrow(TypeError);
  });
});
