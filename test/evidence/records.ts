/** Records of exchanges for tests. */
import type { Question } from '../../src/dns/message.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { CLASS_IN, RRType } from '../../src/dns/rr-type.ts';
import type { ExchangeRecord } from '../../src/evidence/exchange-record.ts';

export function recordOf(text: string, type: number, more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    address: '192.0.2.1',
    name: name(text),
    spelling: name(text),
    type,
    edns: true,
    recursionDesired: false,
    outcome: 'silence',
    octets: new Uint8Array(0),
    milliseconds: 100,
    at: 1000,
    ...more,
  };
}

/** Edns is there, so that nothing is taken for a server without it. */
const edns = { payloadSize: 1232, version: 0, dnssecOk: true };

export function replyTo(
  text: string,
  type: number,
  parts: Partial<ReplyParts> = {},
  more: Partial<ExchangeRecord> = {},
): ExchangeRecord {
  const question: Question = { name: name(text), type, class: CLASS_IN };
  const octets = writeReply({ id: 7, rcode: 0, authoritative: true, question, edns, ...parts });
  return recordOf(text, type, { outcome: 'reply', octets, milliseconds: 20, ...more });
}

export const nsOf = (owner: string): PlainRecord => ({
  name: name(owner),
  type: RRType.NS,
  ttl: 60,
  rdata: Buffer.from(name(`ns.${owner}`), 'latin1'),
});

export const referralTo = (cut: string): Partial<ReplyParts> => ({
  authoritative: false,
  authority: [nsOf(cut)],
});
