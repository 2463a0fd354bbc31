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
  const answer = message.answer.filter(proves);
  const authority = message.authority.filter(proves);
  const rdatas = [...answer, ...authority].map(uncompressedRdata);
  const octets = rdatas.reduce((sum, rdata) => sum + rdata.length, 0);
  if (octets > MAX_DELEGATION_OCTETS)
    return { ...message, octets: none, answer: [], authority: [], additional: [] };
  // One for all: what is kept of a delegation is kept and dropped together.
  const data = new Uint8Array(octets);
  let at = 0;
  let next = 0;
  const copied = (record: ResourceRecord): ResourceRecord => {
    const rdata = rdatas[next++]!;
    data.set(rdata, at);
    at += rdata.length;
    return recordOf({ ...record, rdata: data.subarray(at - rdata.length, at) });
  };
  return {
    ...message,
    octets: none,
    answer: answer.map(copied),
    authority: authority.map(copied),
    additional: [],
  };
}

const none = new Uint8Array(0);

function proves(record: ResourceRecord): boolean {
  return record.class === CLASS_IN && proving.has(record.type);
}
