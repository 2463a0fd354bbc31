import { expect, test } from 'vitest';
import { readList } from './read-list.ts';

test.each([
  ['one name', 'a.example', 'plain'],
  ['a header of one column', 'domain\na.example', 'plain'],
  ['fields without a header', 'a.example,bank', 'plain'],
  ['ranks (Tranco)', '1,a.example\n2,b.example', 'plain'],
  ['a header that does not say which the domain is', 'site,sector\na.example,bank', 'plain'],
  ['a name called soa', 'soa', 'plain'],
  ['words that begin as an SOA record does', 'a.example soa', 'plain'],
  ['a header', 'domain,sector', 'csv'],
  ['a header, the domain behind', 'rank;name', 'csv'],
  ['a header, quoted', '"Domain","Sector"', 'csv'],
  ['$ORIGIN', '$ORIGIN tld.\n@ SOA n. h. 1 2 3 4 5', 'zone'],
  ['$TTL, comments before', '; zone\n\n$ttl 1h\ntld. SOA n. h. 1 2 3 4 5', 'zone'],
  ['an SOA record', 'tld. IN SOA n. h. 1 2 3 4 5', 'zone'],
  ['an SOA record with a TTL behind the class', 'tld. IN 1h soa n. h. 1 2 3 4 5', 'zone'],
  ['an SOA record over several lines', 'tld. 1 SOA n. h. (\n1 2 3 4 5 )', 'zone'],
])('%s: %j is read as %s', (_, text, format) => expect(readList(text).format).toBe(format));

test('comments alone show no format', () => expect(readList('# a\n; b\n\n').format).toBeNull());

test('ranks of a list without header', () => {
  expect(readList('1,a.example\n0,b.example\n3\tc.example\nd.example').entries).toEqual([
    { kind: 'name', name: 'a.example', rank: 1 },
    { kind: 'invalid', line: 2, reason: 'rank-unreadable', text: '0,b.example' },
    { kind: 'name', name: 'c.example', rank: 3 },
    { kind: 'name', name: 'd.example' },
  ]);
});
