import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { name, nameFromWire, root } from '../../src/dns/name.ts';
import { encodeQuery, UDP_PAYLOAD_OCTETS } from '../../src/dns/query.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { anyName } from './samples.ts';

const iterative = { recursionDesired: false, checkingDisabled: false, edns: true };

describe('queries', () => {
  test('dns-packet decodes what goes to an authoritative server', () => {
    const query = packet.decode(encodeQuery(0xabcd, '\x03_25\x04_tCp\x02mX\0', RRType.TLSA, iterative));
    expect(query).toMatchObject({
      id: 0xabcd,
      type: 'query',
      opcode: 'QUERY',
      flag_rd: false,
      flag_cd: false,
      flag_ad: false,
      flag_tc: false,
      questions: [{ name: '_25._tCp.mX', type: 'TLSA', class: 'IN' }],
      answers: [],
      authorities: [],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: UDP_PAYLOAD_OCTETS,
          ednsVersion: 0,
          extendedRcode: 0,
          flag_do: true,
          options: [],
        },
      ],
    });
  });

  test('RFC 4035 §3.2.2: RD and CD where a resolver is asked', () => {
    const flags = { recursionDesired: true, checkingDisabled: true, edns: true };
    expect(packet.decode(encodeQuery(1, root, RRType.DNSKEY, flags))).toMatchObject({
      flag_rd: true,
      flag_cd: true,
      questions: [{ name: '.', type: 'DNSKEY' }],
      additionals: [{ type: 'OPT' }],
    });
  });

  test('without EDNS there is no OPT (RFC 6891 §6.2.2)', () => {
    const octets = encodeQuery(1, name('x'), RRType.A, { ...iterative, edns: false });
    expect(octets).toHaveLength(12 + 3 + 4);
    expect(packet.decode(octets).additionals).toEqual([]);
  });

  test('one query does not change the next one of the same flags', () => {
    const first = encodeQuery(1, name('a.example'), RRType.A, iterative);
    encodeQuery(2, name('much.longer.example'), RRType.MX, iterative);
    expect(encodeQuery(1, name('a.example'), RRType.A, iterative)).toEqual(first);
  });

  test('any name, with dots in labels and octets above 0x7f, and any type', () =>
    fc.assert(
      fc.property(
        anyName,
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 0, max: 65_535 }),
        (any, type, id) => {
          const read = readMessage(encodeQuery(id, any, type, iterative))!;
          expect(read).toMatchObject({ id, isResponse: false, questionOctets: any });
          expect(read.question).toEqual({ name: any, type, class: 1 });
          expect(read.edns).toEqual({ payloadSize: UDP_PAYLOAD_OCTETS, version: 0, dnssecOk: true });
        },
      ),
    ));

  test('0x20: the case goes out as it was given', () => {
    const read = readMessage(encodeQuery(7, '\x03wWw\x01X\0', RRType.A, iterative))!;
    expect(read.questionOctets).toBe('\x03wWw\x01X\0');
    expect(read.question!.name).toBe(nameFromWire('\x03www\x01x\0'));
  });
});
