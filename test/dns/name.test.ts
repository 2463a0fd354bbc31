import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatName,
  formatNameBare,
  isWildcard,
  labelCount,
  labelsOf,
  lowerCase,
  name,
  nameFromWire,
  nameToBytes,
  parentOf,
  parseName,
  parseNameKeepingCase,
  prepend,
  replaceSuffix,
  rightmost,
  root,
} from '../../src/dns/name.ts';
import { anyLabels, anyName, wireOf } from './samples.ts';

const label63 = 'a'.repeat(63);
const name255 = [label63, label63, label63, 'a'.repeat(61)].join('.');

describe('RFC 1035 §5.1: reading presentation form', () => {
  test.each([
    ['.', '\0'],
    ['example.com', '\x07example\x03com\0'],
    ['example.com.', '\x07example\x03com\0'],
    ['EXAMPLE.Com', '\x07example\x03com\0'],
    ['_25._tcp.mx', '\x03_25\x04_tcp\x02mx\0'],
    ['a\\.b.c', '\x03a.b\x01c\0'],
    ['a\\046b.c', '\x03a.b\x01c\0'],
    ['\\065', '\x01a\0'],
    ['\\000\\255', '\x02\0\xff\0'],
    ['\\\\.x', '\x01\\\x01x\0'],
    ['\\@', '\x01@\0'],
    ['*.x', '\x01*\x01x\0'],
    ['\\0641', '\x02@1\0'],
    [label63, `\x3f${label63}\0`],
  ])('%j', (text, wire) => expect(parseName(text)).toBe(wire));

  test.each([
    ['', 'empty'],
    ['..', 'two dots'],
    ['.a', 'a leading dot'],
    ['a..b', 'an empty label'],
    ['a..', 'an empty last label'],
    ['a\\', 'a lone backslash'],
    ['\\256', 'an escape above 255'],
    ['\\999', 'an escape far above 255'],
    ['\\1', 'one digit'],
    ['\\12a', 'two digits'],
    ['Ā', 'a character that is no octet'],
    ['a\\Ā', 'an escaped character that is no octet'],
    [`${label63}a`, '64 octets in a label (RFC 1035 §2.3.4)'],
    [`${label63}a.b`, '64 octets in a label, not the last'],
    [`${name255}a`, '256 octets (RFC 1035 §2.3.4)'],
    [`${name255}.a`, '257 octets'],
  ])('%j is no name: %s', (text) => expect(parseName(text)).toBeUndefined());

  test('255 octets are a name (RFC 1035 §2.3.4)', () => expect(parseName(name255)).toHaveLength(255));

  test('typed case can be kept', () => expect(parseNameKeepingCase('WWW.x')).toBe('\x03WWW\x01x\0'));

  test('a name in code that is none is our fault', () =>
    expect(() => name('a..b')).toThrow('internal error'));

  test('a megabyte of escapes is refused', () => expect(parseName('\\065'.repeat(250_000))).toBeUndefined());
});

describe('RFC 1035 §5.1, RFC 4343 §2.1: writing presentation form', () => {
  test.each([
    ['\0', '.'],
    ['\x03com\0', 'com.'],
    ['\x03a.b\x01c\0', 'a\\.b.c.'],
    ['\x03a b\0', 'a\\032b.'],
    ['\x02\x1b[\0', '\\027[.'],
    ['\x02\x80\xff\0', '\\128\\255.'],
    ['\x08\\"();@$-\0', '\\\\\\"\\(\\)\\;\\@\\$-.'],
    ['\x01\0\0', '\\000.'],
  ])('%j', (wire, text) => expect(formatName(wire)).toBe(text));

  test('without the final dot', () => {
    expect(formatNameBare(name('a.b'))).toBe('a.b');
    expect(formatNameBare(root)).toBe('.');
  });

  test('any name survives the way to text and back, and the text is printable ASCII', () =>
    fc.assert(
      fc.property(anyName, (any) => {
        const text = formatName(any);
        expect(text).toMatch(/^[\x21-\x7e]+$/);
        expect(parseName(text)).toBe(any);
        expect(parseName(formatNameBare(any))).toBe(any);
      }),
    ));

  test('any text is a name within the limits or undefined', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aA.\\1209\xff*') }), (text) => {
        const parsed = parseName(text);
        if (parsed === undefined) return;
        expect(parsed.length).toBeLessThanOrEqual(255);
        expect(labelsOf(parsed).every((label) => label.length >= 1 && label.length <= 63)).toBe(true);
      }),
    ));
});

describe('RFC 4343 §3: case', () => {
  test('ASCII letters fold, nothing else does', () => {
    expect(nameFromWire('\x04AZ\xc4\x5b\0')).toBe('\x04az\xc4\x5b\0');
    expect(nameFromWire('\x04\x40\x5b\xc0\xde\0')).toBe('\x04\x40\x5b\xc0\xde\0');
  });

  test('length octets are no letters', () => {
    const long = wireOf(['B'.repeat(63), 'C']);
    expect(lowerCase(long)).toBe(wireOf(['b'.repeat(63), 'c']));
  });

  test('as octets', () => expect([...nameToBytes(nameFromWire('\x02\xff\x80\0'))]).toEqual([2, 255, 128, 0]));
});

describe('labels', () => {
  test('any labels are found again', () =>
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const any = nameFromWire(wireOf(labels));
        expect(labelsOf(any)).toEqual(labels.map(lowerCase));
        expect(labelCount(any)).toBe(labels.length);
        expect(parentOf(any)).toBe(nameFromWire(wireOf(labels.slice(1))));
        for (let count = 0; count <= labels.length + 1; count++) {
          expect(rightmost(any, count)).toBe(
            nameFromWire(wireOf(labels.slice(Math.max(0, labels.length - count)))),
          );
        }
      }),
    ));

  test('the wildcard is the label "*" alone (RFC 4592 §2.1.1)', () => {
    expect(isWildcard(name('*.example'))).toBe(true);
    expect(isWildcard(name('**.example'))).toBe(false);
    expect(isWildcard(name('a.*.example'))).toBe(false);
    expect(isWildcard(name('\\042.example'))).toBe(true);
    expect(isWildcard(root)).toBe(false);
  });

  test('prepend keeps the limits of RFC 1035 §2.3.4', () => {
    expect(prepend('_TCP', name('x'))).toBe(name('_tcp.x'));
    expect(prepend('', name('x'))).toBeUndefined();
    expect(prepend(`${label63}a`, name('x'))).toBeUndefined();
    expect(prepend('a', name(name255))).toBeUndefined();
    expect(prepend('a'.repeat(59), name([label63, label63, label63].join('.')))).toHaveLength(253);
  });

  test('RFC 6672 §2.2: DNAME substitution, the too long one included', () => {
    expect(replaceSuffix(name('a.b.old'), name('old'), name('new.example'))).toBe(name('a.b.new.example'));
    expect(replaceSuffix(name('a.old'), name('old'), root)).toBe(name('a'));
    expect(replaceSuffix(name(`${label63}.old`), name('old'), name(name255))).toBeUndefined();
  });
});
