import { describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, u16, u32 } from './samples.ts';

const header = (questions: number, answers: number, authority = 0, additional = 0) =>
  octetsOf(u16(1), u16(0x8400), u16(questions), u16(answers), u16(authority), u16(additional));
const question = octetsOf('example.com', u16(RRType.A), u16(1));
const fixed = (type: number, length: number) => octetsOf(u16(type), u16(1), u32(60), u16(length));
const pointer = (to: number) => u16(0xc000 | to);
const address = Buffer.from([192, 0, 2, 1]);

/** One good record; each test spoils one thing of it. */
const good = octetsOf(header(1, 1), question, pointer(12), fixed(RRType.A, 4), address);
/** 127 labels of one octet: with the root, 255 octets. */
const labels = Buffer.from('\x01a'.repeat(127), 'latin1');

describe('RFC 1035 §4.1: one good message, spoilt in one place', () => {
  test('it is good', () => expect(readMessage(good)!.answer).toHaveLength(1));

  test.each<[string, Uint8Array]>([
    ['no octets', Buffer.alloc(0)],
    ['a header that is cut off', good.subarray(0, 11)],
    ['two questions', octetsOf(header(2, 0), question, question)],
    ['a question that is not there', header(1, 0)],
    ['a question without its class', octetsOf(header(1, 0), question.subarray(0, -1))],
    ['one record more than there is', octetsOf(header(1, 2), good.subarray(12))],
    ['records in other sections that are not there', octetsOf(header(1, 1, 0, 1), good.subarray(12))],
    ['65535 records', octetsOf(header(1, 65_535), good.subarray(12))],
    ['RDLENGTH one too long', octetsOf(good.subarray(0, -5), 5, address)],
    ['RDLENGTH 65535', octetsOf(good.subarray(0, -6), u16(65_535), address)],
    ['a pointer to itself', octetsOf(header(1, 1), question, pointer(29), fixed(RRType.A, 4), address)],
    ['a pointer forwards', octetsOf(header(1, 1), question, pointer(30), fixed(RRType.A, 4), address)],
    [
      'a pointer past the end',
      octetsOf(header(1, 1), question, pointer(0x3fff), fixed(RRType.A, 4), address),
    ],
    ['a loop of a label and a pointer', octetsOf(header(1, 0), 1, 97, pointer(12), u16(1), u16(1))],
    ['half a pointer', octetsOf(header(1, 1), question, 0xc0)],
    ['label type 01 (RFC 6891 §5)', octetsOf(header(1, 0), 0x41, Buffer.alloc(80), u16(1), u16(1))],
    ['label type 10', octetsOf(header(1, 0), 0x80, Buffer.alloc(200), u16(1), u16(1))],
    ['a label past the end', octetsOf(header(1, 0), 63, Buffer.alloc(10))],
    ['a name without its root', octetsOf(header(1, 0), 1, 97)],
    ['a name of 256 octets', octetsOf(header(1, 0), labels.subarray(2), 2, u16(0x6161), 0, u16(1), u16(1))],
  ])('%s', (_, octets) => expect(readMessage(octets)).toBeUndefined());

  test('a name of 255 octets is good (§2.3.4)', () => {
    expect(readMessage(octetsOf(header(1, 0), labels, 0, u16(1), u16(1)))!.question!.name).toHaveLength(255);
  });

  test('a pointer makes no name longer than 255 octets', () => {
    const long = octetsOf(header(1, 1), labels, 0, u16(1), u16(1));
    const longer = octetsOf(long, 1, 97, pointer(12), fixed(RRType.A, 4), address);
    expect(readMessage(longer)).toBeUndefined();
  });

  test('RDLENGTH one too short shifts the next record, never reads beyond its own', () => {
    const message = readMessage(octetsOf(good.subarray(0, -5), 3, address));
    expect(message!.answer[0]!.length).toBe(3);
    expect(formatRdata(message!.answer[0]!)).toBe('\\# 3 c00002');
  });

  test.each([
    [0x7fff_ffff, 0x7fff_ffff],
    [0x8000_0000, 0],
    [0xffff_ffff, 0],
  ])('RFC 2181 §8: TTL %i reads as %i', (ttl, read) => {
    const octets = octetsOf(header(0, 1), '.', u16(1), u16(1), u32(ttl), u16(4), address);
    expect(readMessage(octets)!.answer[0]!.ttl).toBe(read);
  });
});
