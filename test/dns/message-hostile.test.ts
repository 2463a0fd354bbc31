import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uncompressedRdata } from '../../src/dns/canonical.ts';
import { MAX_RECORDS, type Message, readMessage } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { MAX_POINTERS } from '../../src/dns/name-reader.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { findRRsets } from '../../src/dns/rrset.ts';
import { octetsOf, rrsigRdata, u16, u32 } from './samples.ts';

const header = (questions: number, answers: number, authority = 0, additional = 0) =>
  octetsOf(u16(1), u16(0x8400), u16(questions), u16(answers), u16(authority), u16(additional));
const question = octetsOf('example.com', u16(RRType.A), u16(1));
const fixed = (type: number, length: number) => octetsOf(u16(type), u16(1), u32(60), u16(length));
const pointer = (to: number) => u16(0xc000 | to);
const address = Buffer.from([192, 0, 2, 1]);

/** One good record. */
const good = octetsOf(header(1, 1), question, pointer(12), fixed(RRType.A, 4), address);

/** Looks at everything that a message holds. */
function readAll(message: Message | undefined): void {
  for (const rr of [message?.answer, message?.authority, message?.additional].flatMap((part) => part ?? [])) {
    expect(formatRdata(rr)).toMatch(/^[\x20-\x7e]*$/);
    uncompressedRdata(rr);
  }
  for (const type of [RRType.A, RRType.NS, RRType.RRSIG]) findRRsets(message?.answer ?? [], type);
}

describe('bounded work', () => {
  test('the most records that are read', () => {
    const records = (count: number) =>
      octetsOf(header(0, count), ...Array.from({ length: count }, () => octetsOf('.', fixed(RRType.A, 0))));
    expect(readMessage(records(MAX_RECORDS))!.answer).toHaveLength(MAX_RECORDS);
    expect(readMessage(records(MAX_RECORDS + 1))).toBeUndefined();
  });

  /** One record whose RDATA is a ladder of pointers, each to the one before, and records that begin at its rungs. */
  const ladder = (rungs: number, count: number, rung: (i: number) => number) => {
    const start = 12 + 11;
    const pointers = Array.from({ length: rungs }, (_, i) => pointer(i === 0 ? 12 : start + 2 * (i - 1)));
    const records = Array.from({ length: count }, (_, i) =>
      octetsOf(pointer(start + 2 * rung(i)), fixed(RRType.A, 0)),
    );
    return octetsOf(header(0, 1 + count), '.', fixed(0xff00, 2 * rungs), ...pointers, ...records);
  };

  test(`RFC 1035 §4.1.4: ${MAX_POINTERS} pointers are followed, no more`, () => {
    expect(readMessage(ladder(MAX_POINTERS, 1, () => MAX_POINTERS - 2))!.answer).toHaveLength(2);
    expect(readMessage(ladder(MAX_POINTERS, 1, () => MAX_POINTERS - 1))).toBeUndefined();
  });

  test('they count as many, whatever was read before', () => {
    const late = MAX_POINTERS - 1;
    for (const before of [0, 50, late - 1]) {
      expect(readMessage(ladder(MAX_POINTERS, 2, (i) => (i === 0 ? before : late)))).toBeUndefined();
      expect(readMessage(ladder(MAX_POINTERS, 2, (i) => (i === 0 ? before : late - 1)))).toBeDefined();
    }
  });

  test('64 KiB of pointers', () => {
    expect(readMessage(ladder(8180, 2047, (i) => 8179 - i))).toBeUndefined();
    const short = readMessage(ladder(8180, 2047, (i) => i % 126));
    expect(short!.answer).toHaveLength(2048);
    readAll(short);
    expect(readMessage(Buffer.concat([header(1, 2047), Buffer.alloc(65_523, 0xc0)]))).toBeUndefined();
  });

  test('64 KiB of names that unfold to 255 octets each', () => {
    const long = octetsOf(...Array.from({ length: 126 }, () => u16(0x0161)), 0);
    const one = octetsOf(pointer(12), fixed(RRType.NS, 4), 1, 98, pointer(14));
    const octets = octetsOf(
      header(1, 2000),
      long,
      u16(1),
      u16(1),
      ...Array.from({ length: 2000 }, () => one),
    );
    const message = readMessage(octets);
    expect(message!.answer).toHaveLength(2000);
    readAll(message);
    const owners = Array.from({ length: 2000 }, (_, i) =>
      octetsOf(2, i >> 8, i & 0xff, pointer(16), fixed(RRType.A, 0)),
    );
    expect(readMessage(octetsOf(header(1, 2000), long, u16(1), u16(1), ...owners))).toBeUndefined();
  });
});

describe('hostile octets are never thrown at the caller', () => {
  const packets = [
    good,
    packet.encode({
      type: 'response',
      questions: [{ type: 'SOA', name: 'example.com' }],
      answers: [
        { type: 'SOA', name: 'example.com', data: { mname: 'a.example.com', rname: 'b.example.com' } },
        { type: 'TXT', name: 'example.com', data: ['one', 'two'] },
        { type: 'NSEC', name: 'example.com', data: { nextDomain: 'b.example.com', rrtypes: ['A', 'TLSA'] } },
        {
          type: 'NSEC3',
          name: 'example.com',
          data: {
            algorithm: 1,
            flags: 1,
            iterations: 0,
            salt: Buffer.from('ab'),
            nextDomain: Buffer.alloc(20),
            rrtypes: ['A'],
          },
        },
      ],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 1232,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0x8000,
          flag_do: true,
          options: [],
        },
      ],
    }),
    octetsOf(
      header(1, 1),
      question,
      pointer(12),
      fixed(RRType.RRSIG, 95),
      rrsigRdata(RRType.A, 2, 'example.com'),
    ),
  ];

  test('cut off at every length', () => {
    for (const whole of packets) {
      readAll(readMessage(whole));
      expect(readMessage(whole)).toBeDefined();
      for (let length = 0; length < whole.length; length++) {
        expect(readMessage(whole.subarray(0, length)), `${length} octets`).toBeUndefined();
      }
    }
  });

  test('any octets', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => readAll(readMessage(octets))),
      { numRuns: 2000 },
    ));

  test('good messages with some octets changed', () => {
    const change = fc.tuple(fc.nat(400), fc.oneof(fc.constantFrom(0, 1, 0x3f, 0xc0, 0xff), fc.nat(255)));
    fc.assert(
      fc.property(
        fc.constantFrom(...packets),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (whole, changes) => {
          const spoilt = Buffer.from(whole);
          for (const [at, octet] of changes) spoilt[at % spoilt.length] = octet;
          readAll(readMessage(spoilt));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('a message inside a larger buffer sees nothing of what is around it', () => {
    const around = Buffer.concat([Buffer.alloc(7, 0xee), good, Buffer.alloc(9, 0xee)]);
    const message = readMessage(new Uint8Array(around.buffer, around.byteOffset + 7, good.length))!;
    expect(message.answer[0]!.name).toBe(name('example.com'));
    expect(formatRdata(message.answer[0]!)).toBe('192.0.2.1');
  });
});
