import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/usage-error.ts';
import { listedName } from '../../src/census/listed-name.ts';
import { MAX_DELEGATION_RECORDS } from '../../src/census/zone-list.ts';
import { MAX_PARENTHESES, MAX_RECORD_TEXT } from '../../src/dns/zone-reader.ts';
import { invalidIn, namesIn, readList } from './read-list.ts';

const SOA = 'tld. 900 IN SOA ns.tld. h.tld. 1 2 3 4 5\n';

/** The names with their delegations, and what stands apart, as text. */
function delegationsIn(text: string): string[] {
  return readList(text).entries.flatMap((entry) => {
    const records = entry.kind === 'name' ? entry.delegation! : entry.kind === 'apart' ? entry : undefined;
    if (records === undefined) return [];
    const owner = entry.kind === 'name' ? entry.name : `apart: ${(entry as { owner: string }).owner}`;
    const ds = records.ds.map((rdata) => Buffer.from(rdata).toString('hex'));
    return [[owner, records.nameServers === null ? 'ask' : records.nameServers.join(' '), ...ds].join(' | ')];
  });
}

describe('RFC 1035 §5.1: zone files', () => {
  test.each([
    ['a.tld. RRSIG NS 8 1 1 1 1 1 tld. AA==\n NS n.', 'a.tld | n'],
    ['a 1h IN NSEC b NS\n IN NS n.', 'a.tld | n'],
    ['a NSEC3 1 1 0 - 00 NS\n$ORIGIN other.tld.\n NS n.', 'a.tld | n'],
    ['b NS m.\na NSEC b NS\nb DS 1 13 2 aa', 'b.tld | m | 00010d02aa'],
    ['b NS m.\na NSEC b NS\n DS 1 13 2 aa\n NS n.', 'b.tld | m a.tld | n | 00010d02aa'],
    ['a NSEC (\n b\n NS )\n NS n.', 'a.tld | n'],
    ['a RRSIG x y z\n 2h\tRRSIG x\n NS n.', 'a.tld | n'],
  ])('%j: records that are passed over keep their owner for the next one', (text, expected) => {
    expect(delegationsIn(`$ORIGIN tld.\n@ SOA n h 1 2 3 4 5\n${text}`).join(' ')).toBe(expected);
  });

  test('the owners of NS records below the apex are the domains; the apex, glue and the rest are none', () => {
    const text = `; a registry's zone
$TTL 1h
$ORIGIN TLD.
@ IN SOA ns.nic h.nic (
    1 ; serial
    2 3 4 5 )
  NS ns.nic
nic 1w IN NS ns.nic
  IN 300 NS ns2.nic.TLD.
ns.nic A 192.0.2.1
ns2.nic AAAA 2001:db8::1
a NS ns.nic ; ours
a DS 1 13 2 (
  aa bb
  cc )
a RRSIG DS 13 2 900 20260101000000 20250101000000 1 tld. AAAA
b\\097c NS ns.other.example.
txt TXT "a ; b ( c"
_x.y NS ns.nic
$ORIGIN sub.tld.
d NS \\097.nic.tld.
`;
    expect(delegationsIn(text)).toEqual([
      'nic.tld | ns.nic.tld ns2.nic.tld',
      'a.tld | ns.nic.tld | 00010d02aabbcc',
      'bac.tld | ns.other.example',
      '_x.y.tld | ns.nic.tld',
      'd.sub.tld | a.nic.tld',
    ]);
    const { format, apex, entries } = readList(text);
    expect({ format, apex }).toEqual({ format: 'zone', apex: 'tld' });
    expect(entries.filter(({ kind }) => kind === 'address')).toEqual([
      { kind: 'address', host: 'ns.nic.tld', address: '192.0.2.1' },
      { kind: 'address', host: 'ns2.nic.tld', address: '2001:db8::1' },
    ]);
    expect(invalidIn(text)).toEqual([]);
  });

  test('records of one owner that do not stand together', () => {
    expect(
      delegationsIn(
        `${SOA}a.tld. DS 1 13 2 aa\nb.tld. NS n.\na.tld. NS n.\na.tld. NS m.\nb.tld. NS m.\nb.tld. DS 1 13 2 bb`,
      ),
    ).toEqual(
      ['apart: a.tld | ', 'b.tld | n', 'a.tld | m n', 'b.tld | m | 00010d02bb'].map((line) =>
        line.replace('apart: a.tld | ', 'apart: a.tld |  | 00010d02aa'),
      ),
    );
  });

  test('glue between the records of one owner leaves them together', () => {
    expect(
      delegationsIn(
        `${SOA}a.tld. NS n.a.tld.\nn.a.tld. A 192.0.2.1\na.tld. NS m.a.tld.\na.tld. DS 1 13 2 aa`,
      ),
    ).toEqual(['a.tld | m.a.tld n.a.tld | 00010d02aa']);
  });

  test.each([
    [
      'DS that cannot be read',
      'a.tld. NS n.\na.tld. DS 1 RSASHA256 2 aa\nb.tld. NS n.',
      '3 zone-record-unreadable',
    ],
    ['an unknown type', 'a.tld. NS n.\na.tld. NOTYPE x\nb.tld. NS n.', '3 zone-record-unreadable'],
    ['an open quote', 'a.tld. NS n.\na.tld. TXT "x\nb.tld. NS n.', '3 zone-record-unreadable'],
    ['another class', 'a.tld. NS n.\na.tld. CH NS n.\nb.tld. NS n.', '3 zone-record-unreadable'],
    [
      'a line that is too long',
      `a.tld. NS n.\na.tld. TXT ${'x'.repeat(20_000)}\nb.tld. NS n.`,
      '3 line-too-long',
    ],
  ])('%s: the delegation of its owner is not followed, that of others is', (_, text, invalid) => {
    expect(invalidIn(SOA + text)).toEqual([invalid]);
    expect(delegationsIn(SOA + text)).toEqual(['a.tld | ask', 'b.tld | n']);
  });

  test('what cannot be read keeps its mark when its owner comes apart', () => {
    expect(delegationsIn(`${SOA}a.tld. NS n.\nb.tld. NS n.\na.tld. DS 1 x 2 aa`)).toEqual([
      'a.tld | n',
      'b.tld | n',
      'apart: a.tld | ask',
    ]);
  });

  test('more records of one owner than the limit: asked as usual', () => {
    const many = Array.from({ length: MAX_DELEGATION_RECORDS + 1 }, (_, at) => `a.tld. NS n${at}.`);
    expect(delegationsIn(SOA + many.join('\n'))).toEqual(['a.tld | ask']);
  });

  test('owners that are no names of domains, and records of another zone, are reported', () => {
    const text = `${SOA}*.tld. NS n.\n\\032x.tld. NS n.\na.other. NS n.\nb.tld. NS n.`;
    expect(invalidIn(text)).toEqual(['2 name-characters', '4 zone-record-outside', '3 name-characters']);
    expect(namesIn(text)).toEqual(['b.tld']);
  });

  test('comments in Latin-1 are comments', () => {
    const text = Buffer.from(`${SOA}; Ren\xe9\na.tld. NS n. ; \xe9`, 'latin1');
    expect(namesIn(text)).toEqual(['a.tld']);
    expect(invalidIn(text)).toEqual([]);
  });

  test('an extract without SOA record is of the zone that $ORIGIN names', () => {
    expect(readList('$ORIGIN tld.\na NS n.')).toMatchObject({ apex: 'tld', entries: [{ name: 'a.tld' }] });
  });

  test('the SOA record once more, as at the end of a zone transfer, is the same zone', () => {
    expect(namesIn(`${SOA}a.tld. NS n.\n${SOA}`)).toEqual(['a.tld']);
  });

  test.each([
    ['$INCLUDE other', '$ORIGIN or $TTL'],
    [`${SOA}$GENERATE 1-9 a$ NS n.`, '$ORIGIN or $TTL'],
    ['$TTL 1\na.tld. NS n.', 'the SOA record first'],
    ['@ SOA n. h. 1 2 3 4 5', 'names with a final dot, or $ORIGIN before'],
    [`${SOA}other. SOA n. h. 1 2 3 4 5`, 'the zone tld alone'],
    [`${SOA}a.tld. NS (`, 'a closing )'],
    [`${SOA}a.tld. NS ${'('.repeat(MAX_PARENTHESES + 1)}`, 'within each other'],
    [`${SOA}a.tld. TXT (\n${'x\n'.repeat(MAX_RECORD_TEXT / 2)}`, 'a closing )'],
    ['$TTL 1', 'its SOA record'],
  ])('%#: refused, since what follows cannot be trusted', (text, expected) => {
    expect(() => readList(text)).toThrow(UsageError);
    expect(() => readList(text)).toThrow(expected);
  });
});

const word = fc.oneof(
  fc.constantFrom(
    'tld.',
    'a.tld.',
    'b',
    '@',
    'NS',
    'DS',
    'A',
    'IN',
    '1h',
    '"',
    '(',
    ')',
    ';',
    '\\',
    '\\300',
    '1 13 2 aa',
    '192.0.2.1',
    '$ORIGIN',
    '\n',
    '\n ',
    '*',
  ),
  fc.string({ maxLength: 5 }),
);

test('whatever the text: read or refused with UsageError, and every name is one', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      let names: string[];
      try {
        names = namesIn(SOA + words.join(' '), 'zone');
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        return;
      }
      for (const name of names) expect(listedName(name, 2)).toEqual({ kind: 'name', name });
    }),
    { numRuns: 500 },
  );
});
