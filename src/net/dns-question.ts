/** Whether a message answers the question that was asked (RFC 5452 §9.1); over UDP and TCP alike. Pure. */
import type { Message } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { Rcode } from '../dns/rcode.ts';

export interface DnsQuestion {
  readonly name: Name;
  readonly type: number;
}

/** True where the message is a response to the question; an error may come without it (RFC 1035 §4.1.1: FORMERR). */
export function answers(message: Message, { name, type }: DnsQuestion): boolean {
  if (!message.isResponse || message.opcode !== 0) return false;
  const { question } = message;
  if (question === undefined) return message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN;
  return question.name === name && question.type === type && question.class === 1;
}
