import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { rdataOctets } from '../../src/dns/rdata.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { anyName, octetsOf, plain, u16 } from './samples.ts';

const reply = {
  id: 0x1234,
  rcode: Rcode.NOERROR,
  authoritative: true,
  question: { name: name('example.com'), type: RRType.MX, class: 1 },
  questionOctets: '\x07eXample\x03Com\0',
  answer: [plain('example.com', 'MX', octetsOf(u16(10), 'mx.example.com'), 60)],
  authority: [plain('com', 'NS', octetsOf('ns.com'))],
  additional: [
    plain('mx.example.com', 'A', octetsOf(192, 0, 2, 1)),
    plain('mx.example.com', 'A', octetsOf(192, 0, 2, 2)),
  ],
  edns: { payloadSize: 1232, version: 0, dnssecOk: true },
};

describe('RFC 1035 §4: replies that are written', () => {
  const octets = writeReply(reply);

  test('dns-packet reads them', () =>
    expect(packet.decode(octets)).toMatchObject({
      id: 0x1234,
      type: 'response',
      rcode: 'NOERROR',
      flag_aa: true,
      flag_tc: false,
      flag_rd: false,
      questions: [{ name: 'eXample.Com', type: 'MX' }],
      answers: [{ name: 'eXample.Com', ttl: 60, data: { preference: 10, exchange: 'mx.example.com' } }],
      authorities: [{ name: 'Com', data: 'ns.com' }],
      additionals: [
        { name: 'mx.eXample.Com', data: '192.0.2.1' },
        { name: 'mx.eXample.Com', data: '192.0.2.2' },
        { type: 'OPT', udpPayloadSize: 1232, flag_do: true },
      ],
    }));

  test('our own reader reads them', () => {
    const read = readMessage(octets)!;
    expect(read).toMatchObject({
      id: 0x1234,
      questionOctets: reply.questionOctets,
      question: reply.question,
      edns: reply.edns,
    });
    expect(read.answer[0]).toMatchObject({ name: name('example.com'), ttl: 60 });
    expect(read.additional.map((rr) => rr.name)).toEqual([name('mx.example.com'), name('mx.example.com')]);
  });

  test('§4.1.4: owner names are compressed', () =>
    expect(octets).toHaveLength(12 + 17 + (2 + 10 + 18) + (2 + 10 + 8) + (5 + 10 + 4) + (2 + 10 + 4) + 11));

  test('flags and the extended rcode (RFC 6891 §6.1.3)', () => {
    const read = readMessage(
      writeReply({
        ...reply,
        rcode: Rcode.BADVERS,
        truncated: true,
        recursionDesired: true,
        authoritative: false,
      }),
    )!;
    expect(read).toMatchObject({ rcode: Rcode.BADVERS, truncated: true, authoritative: false });
    expect(read.octets[2]! & 1).toBe(1);
  });

  test('a header alone', () =>
    expect(writeReply({ id: 1, rcode: Rcode.FORMERR, authoritative: false })).toHaveLength(12));

  test('names that first stand beyond the reach of a pointer', () => {
    const filler = plain('filler', 'TXT', Buffer.alloc(0x4000));
    const late = [
      plain('late.example', 'A', octetsOf(1, 2, 3, 4)),
      plain('x.late.example', 'A', octetsOf(1, 2, 3, 5)),
    ];
    const read = readMessage(writeReply({ ...reply, answer: [filler, ...late] }))!;
    expect(read.answer.map((rr) => rr.name)).toEqual([
      name('filler'),
      name('late.example'),
      name('x.late.example'),
    ]);
  });

  test('any names and RDATA come back', () => {
    const anyRecord: fc.Arbitrary<PlainRecord> = fc.record({
      name: fc.oneof(anyName, fc.constantFrom(name('a.example.com'), name('b.a.example.com'), name('.'))),
      type: fc.integer({ min: 256, max: 65_535 }),
      ttl: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      rdata: fc.uint8Array({ maxLength: 40 }),
    });
    const some = fc.array(anyRecord, { maxLength: 6 });
    fc.assert(
      fc.property(anyName, some, some, some, (asked, answer, authority, additional) => {
        const question = { name: asked, type: 1, class: 1 };
        const read = readMessage(
          writeReply({ id: 1, rcode: 0, authoritative: true, question, answer, authority, additional }),
        )!;
        for (const [wrote, got] of [
          [answer, read.answer],
          [authority, read.authority],
          [additional, read.additional],
        ] as const) {
          expect(
            got.map((rr) => ({
              name: rr.name,
              type: rr.type,
              ttl: rr.ttl,
              rdata: new Uint8Array(rdataOctets(rr)),
            })),
          ).toEqual(wrote);
        }
      }),
    );
  });
});
