import { describe, expect, test } from 'vitest';
import { formatAddressAndPort, parseAddressAndPort } from '../../src/net/address-and-port.ts';

describe('address and port', () => {
  test.each([
    ['192.0.2.53', '192.0.2.53', undefined],
    ['192.0.2.53:5353', '192.0.2.53', 5353],
    ['2001:db8::53', '2001:db8::53', undefined],
    ['2001:DB8:0:0::53', '2001:db8::53', undefined],
    ['[2001:db8::53]', '2001:db8::53', undefined],
    ['[2001:db8::53]:1', '2001:db8::53', 1],
    ['[192.0.2.53]:65535', '192.0.2.53', 65535],
  ])('%s', (text, address, port) => {
    const parsed = parseAddressAndPort(text)!;
    expect(parsed).toEqual({ address, port });
    expect(parseAddressAndPort(formatAddressAndPort(parsed))).toEqual(parsed);
  });

  test.each([
    '',
    'localhost',
    'ns.example:53',
    '192.0.2.53:',
    '192.0.2.53:0',
    '192.0.2.53:65536',
    '192.0.2.53:5 3',
    '192.0.2.53#53',
    '192.0.2.256',
    '192.0.2.0/24',
    '[2001:db8::53]53',
    '[2001:db8::53',
    'fe80::1%eth0',
    '[fe80::1%eth0]:53',
    ':53',
    '*',
  ])('%j is none', (text) => expect(parseAddressAndPort(text)).toBeUndefined());
});
