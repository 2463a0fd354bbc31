/** An RRset is a set (RFC 2181 §5): what counts is the canonical RDATA, however the message writes it (RFC 4034 §6.2, §6.3). */
import { describe, expect, test } from 'vitest';
import { canonicalRdata, differsForSure } from '../../src/dns/canonical.ts';
import type { ResourceRecord } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { findRRset } from '../../src/dns/rrset.ts';

/** One message that holds "a.b." at 0 and then one RDATA after the other; `\xc0\x00` points at that name. */
const ab = '\x01a\x01b\0';
function recordsOf(type: number, rdatas: readonly string[]): ResourceRecord[] {
  const data = Buffer.from(ab + rdatas.join(''), 'latin1');
  let offset = ab.length;
  return rdatas.map((rdata) => {
    const record = { name: name('x.'), type, class: 1, ttl: 60, data, offset, length: rdata.length };
    offset += rdata.length;
    return record;
  });
}

const naptr = (end: string) => `\0\x01\0\x02\x01s\x01t\x01u${end}`;
const same: readonly (readonly [string, number, string, string])[] = [
  ['opaque octets', RRType.TLSA, '\x03\x01\x01x', '\x03\x01\x01x'],
  ['a name in other case', RRType.NS, ab, '\x01A\x01B\0'],
  ['a name written out and one that is a pointer', RRType.NS, ab, '\xc0\x00'],
  ['a name whose second label is a pointer', RRType.NS, ab, '\x01a\xc0\x02'],
  ['MX', RRType.MX, `\0\x0a${ab}`, '\0\x0a\xc0\x00'],
  ['NAPTR, whose name stands behind strings', RRType.NAPTR, naptr(ab), naptr('\xc0\x00')],
  ['malformed RDATA', RRType.NS, '\x05a', '\x05a'],
];
const other: readonly (readonly [string, number, string, string])[] = [
  ['another octet', RRType.TLSA, '\x03\x01\x01x', '\x03\x01\x01y'],
  ['another case where there is no name', RRType.TLSA, '\x03\x01\x01x', '\x03\x01\x01X'],
  ['another length', RRType.TLSA, '\x03\x01\x01x', '\x03\x01\x01xx'],
  ['another first label', RRType.NS, '\x01c\x01b\0', '\xc0\x00'],
  ['another second label', RRType.NS, '\x01a\x01c\0', '\x01a\xc0\x02'],
  ['a first label that is longer', RRType.NS, '\x02aa\x01b\0', ab],
  ['another preference', RRType.MX, `\0\x0a${ab}`, '\0\x0b\xc0\x00'],
  ['an empty RDATA', RRType.NS, '', ab],
];

describe('RFC 2181 §5: records that come twice', () => {
  test.each(same)('%s: once', (_, type, a, b) => {
    const records = recordsOf(type, [a, b]);
    expect(differsForSure(records[0]!, records[1]!)).toBe(false);
    expect(findRRset(records, name('x.'), type)?.records).toHaveLength(1);
  });

  test.each(other)('%s: two records', (_, type, a, b) => {
    expect(findRRset(recordsOf(type, [a, b]), name('x.'), type)?.records).toHaveLength(2);
    expect(findRRset(recordsOf(type, [b, a]), name('x.'), type)?.records).toHaveLength(2);
  });

  test('no two records with the same canonical RDATA are told apart by a glance', () => {
    for (const [, type, a, b] of [...same, ...other]) {
      const [x, y] = recordsOf(type, [a, b]);
      const isSame = Buffer.from(canonicalRdata(x!)).equals(canonicalRdata(y!));
      if (isSame) expect(differsForSure(x!, y!) || differsForSure(y!, x!)).toBe(false);
    }
  });

  test('among more records than are compared in pairs', () => {
    const many = Array.from({ length: 40 }, (_, i) => `\x03\x01\x01${String.fromCharCode(i >> 1)}`);
    expect(findRRset(recordsOf(RRType.TLSA, many), name('x.'), RRType.TLSA)?.records).toHaveLength(20);
  });
});
