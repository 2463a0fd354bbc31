import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { type MapTarget, parseAddressMap } from '../../src/net/address-map.ts';
import { createDialer } from '../../src/net/dial.ts';
import { decodeProxyHeader } from '../../src/net/proxy-protocol.ts';

const map = parseAddressMap(`
# a comment
198.41.0.4:53 127.0.0.1:5301   # behind a rule
198.51.100.0/24 127.0.0.2:*
198.51.100.7 127.0.0.3:99
[2001:db8::/33]:53 [::1]:5302 proxy
2001:DB8:0:0::5 127.0.0.4:2525\r
203.0.113.0/25:25 127.0.0.5:2526 proxy
*:25 127.0.0.1:2525 proxy
`);

describe('address map', () => {
  test.each<[string, number, MapTarget | undefined, string]>([
    ['198.41.0.4', 53, { host: '127.0.0.1', port: 5301, proxy: false }, 'address and port'],
    ['198.41.0.4', 54, undefined, 'another port'],
    ['198.41.0.5', 53, undefined, 'another address'],
    ['198.51.100.255', 8080, { host: '127.0.0.2', port: 8080, proxy: false }, 'prefix; the port is kept'],
    ['198.51.100.7', 25, { host: '127.0.0.2', port: 25, proxy: false }, 'the first rule counts'],
    ['198.51.101.1', 80, undefined, 'outside the prefix'],
    ['2001:db8:7fff::1', 53, { host: '::1', port: 5302, proxy: true }, 'IPv6 prefix, odd bits'],
    ['2001:db8:8000::1', 53, undefined, 'outside of it by one bit'],
    [
      '2001:db8::5',
      25,
      { host: '127.0.0.4', port: 2525, proxy: false },
      'another spelling, before a wider rule',
    ],
    ['2001:0db8:0000::0005', 7, { host: '127.0.0.4', port: 2525, proxy: false }, 'every port'],
    ['203.0.113.127', 25, { host: '127.0.0.5', port: 2526, proxy: true }, 'odd IPv4 prefix'],
    ['203.0.113.128', 25, { host: '127.0.0.1', port: 2525, proxy: true }, 'outside of it: the star'],
    ['::cb00:7100', 25, { host: '127.0.0.1', port: 2525, proxy: true }, 'families never mix'],
  ])('%s port %d: %o (%s)', (address, port, target) => expect(map.target(address, port)).toEqual(target));

  test('a later exact rule loses to an earlier wide one, and wins when it comes first', () => {
    const first = parseAddressMap('192.0.2.1 127.0.0.1:1\n* 127.0.0.1:2');
    const last = parseAddressMap('* 127.0.0.1:2\n192.0.2.1 127.0.0.1:1');
    expect(first.target('192.0.2.1', 9)?.port).toBe(1);
    expect(last.target('192.0.2.1', 9)?.port).toBe(2);
  });

  test('an empty map maps nothing', () =>
    expect(parseAddressMap('\n# nothing\n').target('::1', 1)).toBeUndefined());

  test.each([
    ['*', 'no target'],
    ['* 127.0.0.1', 'target without a port'],
    ['* 127.0.0.1:0', 'port 0'],
    ['* 127.0.0.1:65536', 'port too large'],
    ['* localhost:25', 'target is a name'],
    ['* ::1:25', 'IPv6 target without brackets'],
    ['*:x 127.0.0.1:25', 'port is a word'],
    ['*:* 127.0.0.1:25', 'star as the port asked for'],
    ['* 127.0.0.1:25 proxi', 'unknown flag'],
    ['* 127.0.0.1:25 proxy more', 'a word too many'],
    ['192.0.2.0/33 127.0.0.1:25', 'prefix too long'],
    ['192.0.2.0/ 127.0.0.1:25', 'empty prefix'],
    ['192.0.2.0/2/4 127.0.0.1:25', 'two prefixes'],
    ['[2001:db8::/129] 127.0.0.1:25', 'IPv6 prefix too long'],
    ['fe80::1%lo 127.0.0.1:25', 'zone identifier'],
    ['example.com 127.0.0.1:25', 'a name'],
    ['[::1]x 127.0.0.1:25', 'text behind the bracket'],
    ['[::1 127.0.0.1:25', 'open bracket'],
  ])('%j is bad usage: %s', (line) => {
    expect(() => parseAddressMap(`\n${line}\n`, 'lab.map')).toThrow(UsageError);
    expect(() => parseAddressMap(`\n${line}\n`, 'lab.map')).toThrow(/^lab\.map, line 2: got /);
  });
});

describe('dialling', () => {
  const plain = createDialer({ allowPrivate: false });
  test('an ordinary address is dialled itself', () => {
    expect(plain('198.41.0.4', 53)).toEqual({ host: '198.41.0.4', port: 53 });
  });
  test('RFC 6890: an address for special use is refused', () => {
    expect(plain('10.0.0.1', 25)).toEqual({ refused: 'special-use-address' });
    expect(plain('::ffff:10.0.0.1', 25)).toEqual({ refused: 'special-use-address' });
  });
  test('unless private addresses are allowed', () => {
    expect(createDialer({ allowPrivate: true })('10.0.0.1', 25)).toEqual({ host: '10.0.0.1', port: 25 });
  });
  test('or the user named it, in any spelling', () => {
    const dial = createDialer({ allowPrivate: false, alwaysAllowed: ['127.0.0.53', '0:0::1'] });
    expect(dial('::1', 53)).toEqual({ host: '::1', port: 53 });
    expect(dial('127.0.0.53', 53)).toEqual({ host: '127.0.0.53', port: 53 });
    expect(dial('127.0.0.54', 53)).toEqual({ refused: 'special-use-address' });
  });
  test.each([
    ['203.0.113.9', '0.0.0.0'],
    ['2001:db8::9', '::'],
  ])('a mapped address is always dialled, and named in the PROXY header: %s', (address, unspecified) => {
    const dialled = createDialer({ addressMap: map, allowPrivate: false })(address, 25);
    if ('refused' in dialled) throw new Error('refused');
    const decoded = decodeProxyHeader(dialled.proxyHeader!('tcp'));
    expect(decoded).toMatchObject({
      state: 'header',
      header: {
        protocol: 'tcp',
        source: { address: unspecified, port: 0 },
        destination: { address, port: 25 },
      },
    });
  });
});
