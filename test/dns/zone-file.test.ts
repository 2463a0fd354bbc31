import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { formatName, name } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { formatType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';

/** The records of a zone file, one line each. */
function read(text: string, origin?: string): string[] {
  const records = parseZoneFile(text.split('\n'), 'zone', origin === undefined ? undefined : name(origin));
  return [...records].map((record) =>
    [formatName(record.name), record.ttl, formatType(record.type), formatRdata(recordOf(record))].join(' '),
  );
}

describe('RFC 1035 §5.1: master files', () => {
  test('a zone with everything in it', () => {
    const zone = `\ufeff; a comment before anything
$ORIGIN Example.
$TTL 1h30m
@       IN SOA ns hostmaster (
              1          ; serial
              2h 3 4 5 ) ; the rest is numbers
`;
    expect(() => read(zone)).toThrow('zone line 4');
    expect(
      read(`\ufeff; a comment before anything\r
$ORIGIN Example.\r
$TTL 1h30m\r
@       IN SOA ns hostmaster (\r
              1          ; serial\r
\r
              2 3 4 5 ) ; the rest\r
        IN NS  ns\r
   600     NS  ns.other.\r
ns  60 in  A   192.0.2.1\r
ns  IN 61  AAAA 2001:db8::1\r
\r
   ; only a comment\r
mx  A 192.0.2.2\r
$ORIGIN sub\r
www CNAME @\r
        TXT "a ; b ( c" un\\"quoted \\065\\; "" ; end\r
$TTL 5\r
_25._tcp TLSA (3 1 1 ABCD\r
   ef01)\r
.   NS  a.root-servers.net.`),
    ).toEqual([
      'example. 5400 SOA ns.example. hostmaster.example. 1 2 3 4 5',
      'example. 5400 NS ns.example.',
      'example. 600 NS ns.other.',
      'ns.example. 60 A 192.0.2.1',
      'ns.example. 61 AAAA 2001:db8::1',
      'mx.example. 5400 A 192.0.2.2',
      'www.sub.example. 5400 CNAME sub.example.',
      'www.sub.example. 5400 TXT "a ; b ( c" "un\\"quoted" "A;" ""',
      '_25._tcp.sub.example. 5 TLSA 3 1 1 ABCDEF01',
      '. 5 NS a.root-servers.net.',
    ]);
  });

  test.each([
    ['a.b 1 A 192.0.2.1', 'example', 'a.b.example. 1 A 192.0.2.1', 'a relative name'],
    ['a.b. 1 A 192.0.2.1', 'example', 'a.b. 1 A 192.0.2.1', 'an absolute name'],
    ['a\\. 1 A 192.0.2.1', 'example', 'a\\..example. 1 A 192.0.2.1', 'an escaped dot at the end is no end'],
    ['a\\\\. 1 A 192.0.2.1', 'example', 'a\\\\. 1 A 192.0.2.1', 'an escaped backslash before the end'],
    ['\\@ 1 A 192.0.2.1', 'example', '\\@.example. 1 A 192.0.2.1', 'an escaped @ means itself'],
    ['a\\032b 1 NS @', 'example', 'a\\032b.example. 1 NS example.', '@ in RDATA'],
    ['\\$TTL. 1 A 192.0.2.1', '.', '\\$ttl. 1 A 192.0.2.1', 'an escaped $ is no directive'],
    ['( a. ) ( 1 A ) 192.0.2.1', '.', 'a. 1 A 192.0.2.1', 'parentheses that change nothing'],
    ['in. 1 IN A 192.0.2.1', '.', 'in. 1 A 192.0.2.1', 'an owner that looks like a class'],
    ['a.\t1\tTYPE1\t\\#\t4\tc0000201', '.', 'a. 1 A 192.0.2.1', 'RFC 3597 §5: a known type as octets'],
    ['a. 1 TYPE65280 \\# 3 ab ( cd ef )', '.', 'a. 1 TYPE65280 \\# 3 abcdef', 'RFC 3597 §5: octets in parts'],
    ['a. 1 TYPE65280 \\# 0', '.', 'a. 1 TYPE65280 \\# 0', 'RFC 3597 §5: no octets'],
  ])('%j: %s', (line, origin, expected) => expect(read(line, origin)).toEqual([expected]));

  test.each([
    ['300', 300],
    ['0', 0],
    ['1s', 1],
    ['2M', 120],
    ['1h', 3600],
    ['1D', 86_400],
    ['1w2d3h4m5s', 788_645],
    ['2147483647', 2_147_483_647],
  ])('a TTL of %s is %i seconds', (text, seconds) => {
    expect(read(`a. ${text} A 192.0.2.1`)).toEqual([`a. ${seconds} A 192.0.2.1`]);
    expect(read(`$TTL ${text}\na. A 192.0.2.1`)).toEqual([`a. ${seconds} A 192.0.2.1`]);
  });

  test('RFC 2308 §4: $TTL for records without TTL; before any, that of the record before', () => {
    expect(
      read('a. A 192.0.2.1\nb. 7 A 192.0.2.1\nc. A 192.0.2.1\n$TTL 9\nd. 8 A 192.0.2.1\ne. A 192.0.2.1'),
    ).toEqual([
      'a. 86400 A 192.0.2.1',
      'b. 7 A 192.0.2.1',
      'c. 7 A 192.0.2.1',
      'd. 8 A 192.0.2.1',
      'e. 9 A 192.0.2.1',
    ]);
  });

  test('nothing in it', () => expect(read('')).toEqual([]));

  test('records come while lines do: a file of any length is streamed', () => {
    function* endless() {
      for (let i = 0; ; i++) yield `a${i}. 1 A 192.0.2.1`;
    }
    const records = parseZoneFile(endless(), 'endless');
    expect(formatName(records.next().value!.name)).toBe('a0.');
    expect(formatName(records.next().value!.name)).toBe('a1.');
    records.return(undefined);
  });
});

describe('errors say where and what was expected', () => {
  test.each([
    [' A 192.0.2.1', 1, 'an owner name'],
    ['a. A 192.0.2.1\na..b. A 192.0.2.1', 2, 'a domain name'],
    ['a. A', 1, '1 fields'],
    ['a. A 192.0.2.256', 1, 'an IPv4 address'],
    ['a. A 192.0.2 .1', 1, '1 fields'],
    ['a. AAAA fe80::1%eth0', 1, 'an IPv6 address'],
    ['a. AAAA 192.0.2.1', 1, 'an IPv6 address'],
    ['a. MX 65536 b.', 1, 'a number below 65536'],
    ['a. MX -1 b.', 1, 'a number below 65536'],
    ['a. MX 10', 1, '2 fields'],
    ['a. MX 10 b. c.', 1, '2 fields'],
    ['a. MX 10 b..c', 1, 'a domain name'],
    ['a. SOA b. c. 1 2 3 4 4294967296', 1, 'a number below 4294967296'],
    ['a. DS 1 8 2 ABC', 1, 'hexadecimal digits'],
    ['a. DS 1 8 2 ""', 1, 'hexadecimal digits'],
    ['a. DNSKEY 257 3 8 !!!!', 1, 'base64'],
    ['a. TXT', 1, 'a character string'],
    ['a. TXT \\256', 1, 'escapes'],
    ['a. TXT "\\1x"', 1, 'escapes'],
    [`a. TXT ${'x'.repeat(256)}`, 1, 'at most 255 octets'],
    [`a. TXT ${'x'.repeat(254)}é`, 1, 'at most 255 octets'],
    [`a. TXT ${'x '.repeat(33_000)}`, 1, 'at most 65535 octets'],
    ['a. TXT "open', 1, 'a closed quote'],
    ['a. TYPE65280 x', 1, 'RFC 3597'],
    ['a. TYPE65280 \\# 2 ab', 1, 'LENGTH HEX'],
    ['a. TYPE65280 \\# 0x1 ab', 1, 'LENGTH HEX'],
    ['a. TYPE65280 \\#', 1, 'LENGTH HEX'],
    ['a. 1 2 A 192.0.2.1', 1, 'a record type'],
    ['a. CH A 192.0.2.1', 1, 'a record type'],
    ['a. 2147483648 A 192.0.2.1', 1, 'a TTL'],
    ['a. 9999999999 A 192.0.2.1', 1, 'a TTL'],
    ['a. 9999999w A 192.0.2.1', 1, 'a TTL'],
    ['a. 1x A 192.0.2.1', 1, 'a TTL'],
    ['a.', 1, 'OWNER [TTL] [IN] TYPE RDATA'],
    ['\n$TTL', 2, 'a TTL'],
    ['$ORIGIN', 1, 'a domain name'],
    ['$INCLUDE other', 1, '$ORIGIN or $TTL'],
    ['$GENERATE 1-9 a$ A 192.0.2.$', 1, '$ORIGIN or $TTL'],
    ['\n\na. TXT (\nb\n\n', 3, 'a closing )'],
    ['a. TXT (\nb ))', 2, 'no more ) than ('],
    [`a A 192.0.2.1\n${'b.'.repeat(126)}b A 192.0.2.1`, 2, 'a domain name'],
  ])('%j: line %i, %s', (text, line, expected) => {
    const reading = () => read(text, 'example.com');
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(`zone line ${line}: `);
    expect(reading).toThrow(expected);
  });
});
