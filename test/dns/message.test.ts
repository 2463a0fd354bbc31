import packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { formatName, name, root } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { rdataOctets, readTarget } from '../../src/dns/rdata.ts';
import { formatType, RRType } from '../../src/dns/rr-type.ts';
import { octetsOf, u16, u32 } from './samples.ts';

const opt = (fields: object) => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ...fields,
});

/** What dns-packet decodes and what is read here, in one form. */
const answers: packet.Answer[] = [
  { type: 'A', name: 'mx.example.com', ttl: 1800, data: '192.0.2.1' },
  { type: 'AAAA', name: 'mx.example.com', ttl: 1, data: '2001:db8::25' },
  { type: 'MX', name: 'example.com', ttl: 0, data: { preference: 10, exchange: 'mx.example.com' } },
  { type: 'NS', name: 'example.com', ttl: 86_400, data: 'ns.example.net' },
  { type: 'TXT', name: 'example.com', ttl: 5, data: ['v=spf1', '-all'] },
  {
    type: 'TLSA',
    name: '_25._tcp.mx.example.com',
    ttl: 3600,
    data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 9) },
  },
  {
    type: 'SOA',
    name: '.',
    ttl: 9,
    data: { mname: 'a.b', rname: 'c.d', serial: 4_294_967_295, refresh: 2, retry: 3, expire: 4, minimum: 5 },
  },
];

function encoded(extra: object = {}): Buffer {
  return packet.encode({
    type: 'response',
    id: 0xbeef,
    flags: packet.AUTHORITATIVE_ANSWER,
    questions: [{ type: 'MX', name: 'Example.COM' }],
    answers,
    authorities: [{ type: 'NS', name: 'com', ttl: 7, data: 'ns.com' }],
    additionals: [opt({ flags: packet.DNSSEC_OK }), { type: 'A', name: 'ns.com', ttl: 8, data: '192.0.2.2' }],
    ...extra,
  } as packet.Packet);
}

describe('RFC 1035 §4: a well-formed message, dns-packet as oracle', () => {
  const message = readMessage(encoded())!;

  test('header and question', () => {
    expect(message).toMatchObject({
      id: 0xbeef,
      isResponse: true,
      opcode: 0,
      authoritative: true,
      truncated: false,
      rcode: Rcode.NOERROR,
      question: { name: name('example.com'), type: RRType.MX, class: 1 },
      questionOctets: '\x07Example\x03COM\0',
    });
  });

  test('sections, owners, types, TTLs and RDATA', () => {
    expect(
      message.answer.map((rr) => [
        formatName(rr.name),
        formatType(rr.type),
        rr.class,
        rr.ttl,
        formatRdata(rr),
      ]),
    ).toEqual([
      ['mx.example.com.', 'A', 1, 1800, '192.0.2.1'],
      ['mx.example.com.', 'AAAA', 1, 1, '2001:db8::25'],
      ['example.com.', 'MX', 1, 0, '10 mx.example.com.'],
      ['example.com.', 'NS', 1, 86_400, 'ns.example.net.'],
      ['example.com.', 'TXT', 1, 5, '"v=spf1" "-all"'],
      ['_25._tcp.mx.example.com.', 'TLSA', 1, 3600, `3 1 1 ${'09'.repeat(32)}`],
      ['.', 'SOA', 1, 9, 'a.b. c.d. 4294967295 2 3 4 5'],
    ]);
    expect(message.authority.map((rr) => formatRdata(rr))).toEqual(['ns.com.']);
    expect(message.additional.map((rr) => formatRdata(rr))).toEqual(['192.0.2.2']);
  });

  test('RFC 6891 §6.1: OPT is taken out of the additional section', () =>
    expect(message.edns).toEqual({ payloadSize: 1232, version: 0, dnssecOk: true }));

  test('nothing is copied: RDATA is a view into the message', () =>
    expect(rdataOctets(message.answer[0]!).buffer).toBe(message.octets.buffer));

  test('every bit of the header by itself', () => {
    const bare = (at: number, value: number) => {
      const octets = Buffer.alloc(12);
      octets[at] = value;
      return readMessage(octets)!;
    };
    expect(bare(2, 0x80).isResponse).toBe(true);
    expect(bare(2, 0x78).opcode).toBe(15);
    expect(bare(2, 0x04).authoritative).toBe(true);
    expect(bare(2, 0x02).truncated).toBe(true);
    expect(bare(3, 0x80).recursionAvailable).toBe(true);
    expect(bare(2, 0xff).recursionAvailable).toBe(false);
    expect(bare(3, 0x0f).rcode).toBe(15);
    expect(bare(3, 0xf0)).toMatchObject({
      rcode: 0,
      question: undefined,
      questionOctets: '',
      edns: undefined,
    });
  });

  test('octets behind the last record do not matter', () =>
    expect(readMessage(Buffer.concat([encoded(), Buffer.from('tail')]))!.answer).toHaveLength(7));
});

describe('RFC 6891 §6.1: EDNS', () => {
  test.each([
    [1, 0, Rcode.BADVERS],
    [1, 7, Rcode.BADCOOKIE],
    [255, 15, 4095],
    [0, 3, Rcode.NXDOMAIN],
  ])('§6.1.3: extended rcode %i with header rcode %i is %i', (extendedRcode, low, rcode) => {
    const octets = encoded({ additionals: [opt({ extendedRcode })] });
    octets[3] = low;
    expect(readMessage(octets)!.rcode).toBe(rcode);
  });

  test('version and DO', () => {
    const edns = (fields: object) => readMessage(encoded({ additionals: [opt(fields)] }))!.edns;
    expect(edns({ ednsVersion: 1 })).toMatchObject({ version: 1, dnssecOk: false });
    expect(edns({ flags: 0x7fff })).toMatchObject({ version: 0, dnssecOk: false });
  });

  test('§6.1.1: two OPT records are malformed', () =>
    expect(readMessage(encoded({ additionals: [opt({}), opt({})] }))).toBeUndefined());

  test('§6.1.2: an OPT record at a name is malformed', () => {
    const good = readMessage(encoded({ additionals: [opt({})] }))!;
    const at = good.octets.length - 11;
    const named = octetsOf(good.octets.subarray(0, at), 'x', good.octets.subarray(at + 1));
    expect(good.octets[at]).toBe(0);
    expect(readMessage(named)).toBeUndefined();
  });

  test('in another section it is a record like others', () => {
    const octets = octetsOf(encoded({ answers: [], authorities: [opt({})], additionals: [] }));
    expect(readMessage(octets)).toMatchObject({
      edns: undefined,
      authority: [{ type: RRType.OPT, name: root }],
    });
  });
});

describe('RFC 1035 §4.1.4: compression', () => {
  const header = (answerCount: number) =>
    octetsOf(u16(1), u16(0x8400), u16(1), u16(answerCount), u16(0), u16(0));
  const fixed = (type: number, length: number) => octetsOf(u16(type), u16(1), u32(60), u16(length));
  const pointer = (to: number) => u16(0xc000 | to);
  const question = octetsOf('Mail.Example.COM', u16(RRType.CNAME), u16(1));

  test('pointers to the question, into its middle, and to pointers', () => {
    const octets = octetsOf(
      header(3),
      question, // `example.com` begins at 17
      pointer(12),
      fixed(RRType.CNAME, 4),
      1,
      Buffer.from('a'),
      pointer(17),
      pointer(46),
      fixed(RRType.CNAME, 2),
      pointer(46), // at 46: a.example.com
      pointer(12),
      fixed(RRType.CNAME, 2),
      pointer(22), // into the middle of a label
    );
    const message = readMessage(octets)!;
    expect(octets.subarray(46, 48).toString('latin1')).toBe('\x01a');
    expect(message.answer.map((rr) => rr.name)).toEqual([
      name('mail.example.com'),
      name('a.example.com'),
      name('mail.example.com'),
    ]);
    expect(readTarget(message.answer[0]!)).toBe(name('a.example.com'));
    expect(readTarget(message.answer[1]!)).toBe(name('a.example.com'));
    expect(readTarget(message.answer[2]!)).toBeUndefined();
  });

  test('the case of the place that is pointed to does not show', () => {
    const octets = octetsOf(header(1), question, pointer(12), fixed(RRType.A, 4), Buffer.alloc(4));
    expect(readMessage(octets)!.answer[0]!.name).toBe('\x04mail\x07example\x03com\0');
  });
});
