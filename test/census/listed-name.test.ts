import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedName } from '../../src/census/listed-name.ts';

const long = `${'a'.repeat(63)}.`;

test.each([
  ['plain', 'example.com', 'example.com'],
  ['upper case', 'Example.COM', 'example.com'],
  ['final dot', 'example.com.', 'example.com'],
  ['blanks around', '  example.com\t', 'example.com'],
  ['comment behind', 'example.com # ours', 'example.com'],
  ['comment behind, without a blank', 'example.com#ours', 'example.com'],
  ['CSV, first column', 'example.com,bank,1', 'example.com'],
  ['CSV, quoted', '"example.com","a, b"', 'example.com'],
  ['semicolons', 'example.com;bank', 'example.com'],
  ['underscore', '_x.example.com', '_x.example.com'],
  ['single label', 'com', 'com'],
  ['IDN (UTS 46 §4)', 'Bücher.example', 'xn--bcher-kva.example'],
  ['IDN, sharp s kept (UTS 46, non-transitional)', 'straße.example', 'xn--strae-oqa.example'],
  ['IDN, ideographic full stop', '例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['A-label', 'XN--bcher-KVA.example', 'xn--bcher-kva.example'],
  ['hyphens in positions 3 and 4', 'r3--sn.example', 'r3--sn.example'],
  ['63 octets in a label (RFC 1035 §2.3.4)', `${long}com`, `${long}com`],
  [
    '253 characters (RFC 1035 §2.3.4)',
    `${long.repeat(3)}${'b'.repeat(61)}`,
    `${long.repeat(3)}${'b'.repeat(61)}`,
  ],
])('%s is understood', (_, line, name) => {
  expect(listedName(line, 2)).toEqual({ kind: 'name', name });
});

test.each([
  ['17,example.com', 17],
  ['1 Example.com.', 1],
  ['2147483647;example.com', 2_147_483_647],
])('%j: a rank before the name', (line, rank) => {
  expect(listedName(line, 2)).toEqual({ kind: 'name', name: 'example.com', rank });
});

test.each(['0,example.com', '2147483648,example.com', '99999999999,example.com'])(
  '%j: a rank that is none is reported',
  (line) => expect(listedName(line, 2)).toEqual({ kind: 'invalid', reason: 'rank-unreadable', text: line }),
);

test.each([
  ['blank', '', 5],
  ['only blanks', ' \t ', 5],
  ['comment', '# domains', 5],
  ['header in the first line', 'Domain,Sector', 1],
  ['byte order mark alone', '\ufeff', 1],
])('%s is skipped', (_, line, number) => {
  expect(listedName(line, number)).toEqual({ kind: 'skipped' });
});

test.each([
  ['https://example.com/', 'line-is-url'],
  ['info@example.com', 'line-is-mailbox'],
  ['192.0.2.1', 'line-is-address'],
  ['2001:db8::1', 'line-is-address'],
  ['[IPv6:2001:db8::1]', 'line-is-address'],
  ['.', 'name-empty-label'],
  ['a..example', 'name-empty-label'],
  ['.example', 'name-empty-label'],
  ['example..', 'name-empty-label'],
  [`${'a'.repeat(64)}.com`, 'name-label-too-long'],
  [`${long.repeat(4)}com`, 'name-too-long'],
  ['xn--a.example', 'name-not-idna'],
  ['ex\u200bample!.com', 'name-characters'],
  ['a/b.example', 'name-characters'],
  ['*.example', 'name-characters'],
  ['\ufffd.example', 'name-not-idna'],
])('%s is reported', (line, reason) => {
  expect(listedName(line, 2)).toMatchObject({ kind: 'invalid', reason });
});

test('a byte order mark before the first name is no part of it', () => {
  expect(listedName('\ufeffexample.com', 1)).toEqual({ kind: 'name', name: 'example.com' });
});

test('whatever the line: no exception, and a name is what DNS and mail can carry', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.domain()),
      fc.integer({ min: 1, max: 3 }),
      (line, number) => {
        const listed = listedName(line, number);
        if (listed.kind !== 'name') return;
        expect(listed.name).toMatch(/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/);
        expect(listed.name.length).toBeLessThanOrEqual(253);
        expect(listedName(listed.name, 2)).toEqual({ kind: 'name', name: listed.name });
      },
    ),
    { numRuns: 2000 },
  );
});
