/**
 * What is kept of the message that shows a delegation: the records that the chain of trust is judged by, copied out of it, so
 * that a zone cut does not hold on to whatever else a server has sent along.
 */
import { uncompressedRdata } from '../dns/canonical.ts';
import type { Message, ResourceRecord } from '../dns/message.ts';
import { recordOf } from '../dns/record-of.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { MAX_DELEGATION_OCTETS } from './limits.ts';

/** DS or its denial, an alias in its place, and their signatures (RFC 4035 §3.1.4, RFC 5155 §7.2.7). */
const proving = new Set<number>([
  RRType.DS,
  RRType.NSEC,
  RRType.NSEC3,
  RRType.CNAME,
  RRType.DNAME,
  RRType.RRSIG,
]);

/** With none of them where they are more than the limit: then the parent's servers are asked for the DS RRset. */
export function keptDelegation(message: Message): Message {
  const answer = copied(message.answer);
  const authority = copied(message.authority);
  const octets = [...answer, ...authority].reduce((sum, record) => sum + record.length, 0);
  const isKept = octets <= MAX_DELEGATION_OCTETS;
  return {
    ...message,
    octets: new Uint8Array(0),
    answer: isKept ? answer : [],
    authority: isKept ? authority : [],
    additional: [],
  };
}

function copied(section: readonly ResourceRecord[]): ResourceRecord[] {
  return section
    .filter((record) => record.class === CLASS_IN && proving.has(record.type))
    .map((record) => recordOf({ ...record, rdata: new Uint8Array(uncompressedRdata(record)) }));
}
