import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvFields } from '../../src/census/csv-fields.ts';
import { MAX_TAGS } from '../../src/census/csv-header.ts';
import { LONGEST_TAG, MAX_RECORD_LINES } from '../../src/census/csv-list.ts';
import { listedName } from '../../src/census/listed-name.ts';
import { invalidIn, namesIn, readList } from './read-list.ts';

/** The one entry of a list. */
const only = (text: string) => readList(text).entries[0];

describe('RFC 4180: CSV lists with a header', () => {
  test.each([
    [
      'the column by its name',
      'sector,domain\nbank,a.example',
      { name: 'a.example', tags: { sector: 'bank' } },
    ],
    [
      'upper case in the header',
      'Sector,DOMAIN\nbank,a.example',
      { name: 'a.example', tags: { Sector: 'bank' } },
    ],
    [
      'domain before name',
      'name,domain\nBank AG,a.example',
      { name: 'a.example', tags: { name: 'Bank AG' } },
    ],
    ['host where there is no domain', 'id,host\n7,a.example', { name: 'a.example', tags: { id: '7' } }],
    ['semicolons', 'domain;sector\na.example;x,y', { tags: { sector: 'x,y' } }],
    ['tabs', 'domain\tsector\na.example\tx y', { tags: { sector: 'x y' } }],
    ['§2.5: quoted fields', 'domain,"se,ctor"\n"a.example","b, c"', { tags: { 'se,ctor': 'b, c' } }],
    ['§2.7: quotes within', 'domain,says\na.example,"a ""b"" c"', { tags: { says: 'a "b" c' } }],
    ['§2.6: line ends within', 'domain,says\na.example,"one\r\ntwo"', { tags: { says: 'one\r\ntwo' } }],
    ['quotes inside a bare field', 'domain,size\na.example,5" pipe', { tags: { size: '5" pipe' } }],
    ['no tags in empty cells', 'domain,a,b,c\na.example,,"", ', { tags: null }],
    ['missing cells', 'domain,a,b\na.example,x', { tags: { a: 'x' } }],
    ['a column without a name', 'domain,,b\na.example,x,y', { tags: { column_2: 'x', b: 'y' } }],
    [
      'a tag called as what objects have',
      'domain,__proto__\na.example,x',
      { tags: JSON.parse('{"__proto__":"x"}') },
    ],
    ['rank and weight', 'rank,domain,weight\n17,a.example,2.5e3', { rank: 17, weight: 2500, tags: null }],
    ['empty rank and weight', 'rank,domain,weight\n,a.example,', { rank: null, weight: null }],
    ['a weight of 0', 'domain,weight\na.example,0', { weight: 0 }],
    ['a byte order mark', '\ufeffdomain,tag\na.example,x', { name: 'a.example', tags: { tag: 'x' } }],
    ['comments before the header', '# list\n\ndomain,tag\na.example,x', { tags: { tag: 'x' } }],
    ['IDN', 'domain,tag\nBücher.example,ü', { name: 'xn--bcher-kva.example', tags: { tag: 'ü' } }],
  ])('%s', (_, text, expected) => expect(only(text)).toMatchObject({ kind: 'name', ...expected }));

  test('--format csv: the first line is the header, the first column the domain where none is called so', () => {
    const text = 'site,sector\na.example,bank';
    expect(readList(text, 'csv').entries).toMatchObject([{ name: 'a.example', tags: { sector: 'bank' } }]);
    expect(namesIn(text)).toEqual(['site', 'a.example']);
  });

  test.each([
    ['domain,rank\na.example,0', '2 rank-unreadable'],
    ['domain,rank\na.example,1.5', '2 rank-unreadable'],
    ['domain,rank\na.example,2147483648', '2 rank-unreadable'],
    ['domain,weight\na.example,-1', '2 weight-unreadable'],
    ['domain,weight\na.example,"1,5"', '2 weight-unreadable'],
    ['domain,weight\na.example,1e999', '2 weight-unreadable'],
    ['domain,weight\na.example,Infinity', '2 weight-unreadable'],
    ['domain,tag\na.example,x,y', '2 csv-too-many-fields'],
    ['domain,tag\n,y', '2 name-empty-label'],
    ['domain,tag\nhttp://a.example/,y', '2 line-is-url'],
    [`domain,tag\na.example,${'x'.repeat(LONGEST_TAG + 1)}`, '2 csv-tag-too-long'],
    ['domain,tag\na.example,"x"y', '2 csv-quote-misplaced'],
    ['domain,tag\na.example,"x', '2 csv-quote-open'],
    [`domain,tag\na.example,${'x'.repeat(20_000)}`, '2 line-too-long'],
  ])('%j: %s, and no name', (text, invalid) => {
    expect(invalidIn(text)).toEqual([invalid]);
    expect(namesIn(text)).toEqual([]);
  });

  test('a quote that nobody closes costs its own line and no other', () => {
    const others = Array.from({ length: 3 * MAX_RECORD_LINES }, (_, at) => `d${at}.example,x`);
    const text = ['domain,tag', 'a.example,"open', ...others].join('\n');
    expect(invalidIn(text)).toEqual(['2 csv-quote-open']);
    expect(namesIn(text)).toEqual(others.map((line) => line.split(',')[0]));
  });

  test('a line that is no text within an open quote leaves the others what they are', () => {
    const text = Buffer.concat([
      Buffer.from('domain,tag\na.example,"open\nb.example,x\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('c.example,y'),
    ]);
    expect(invalidIn(text)).toEqual(['2 csv-quote-open', '4 line-not-utf8']);
    expect(namesIn(text)).toEqual(['b.example', 'c.example']);
  });

  test.each([
    ['domain,a,a\n', 'columns with different names'],
    [`domain,${'x'.repeat(64)}\n`, 'at most 63 characters'],
    [`domain${Array.from({ length: MAX_TAGS + 1 }, (_, at) => `,t${at}`).join('')}\n`, 'at most 64'],
  ])('a header that is none is refused: %#', (text, expected) => {
    expect(() => readList(text)).toThrow(expected);
  });
});

const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' ', ';') }));

test('RFC 4180 §2: what was quoted is read again, as csv-parse reads it', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      const text = cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',');
      expect(csvFields(text, ',')).toEqual(cells);
      expect(parse(text)).toEqual([cells]);
    }),
  );
});

test('whatever the text: no exception, and every name is one', () => {
  const text = fc.array(cell).map((cells) => `domain,rank,weight,tag\n${cells.join('')}`);
  fc.assert(
    fc.property(text, (list) => {
      const { entries } = readList(list);
      for (const entry of entries) {
        if (entry.kind !== 'name') continue;
        expect(listedName(entry.name, 2)).toEqual({ kind: 'name', name: entry.name });
      }
    }),
  );
});
