/** What one reply says, so that replies of several servers can be held against each other. Pure. */
import { createHash } from 'node:crypto';
import { compareBytes } from '../base/bytes.ts';
import { canonicalRdata } from '../dns/canonical.ts';
import type { Message } from '../dns/message.ts';
import { formatRcode } from '../dns/rcode.ts';
import { RRType } from '../dns/rr-type.ts';
import type { ServerSaid } from '../lookup/one-server.ts';

/** Octets of the digest that stands for an RRset. */
const DIGEST_OCTETS = 16;

export interface ServerAnswerSummary {
  /** The mnemonic; without a reply, why there is none, in capitals. */
  readonly rcode: string;
  /** A digest of the RRset asked for, or of the alias in its place; empty where there is none. */
  readonly answer: string;
  /** Equal where the answers are. */
  readonly key: string;
}

export function summaryOf(said: ServerSaid): ServerAnswerSummary {
  if (said.kind !== 'reply') return summary(said.because.toUpperCase(), '');
  const { message, reply } = said;
  const rcode = formatRcode(message.rcode);
  if (reply.kind !== 'answer' && reply.kind !== 'cname' && reply.kind !== 'dname') return summary(rcode, '');
  const hash = createHash('sha256');
  for (const rdata of reply.rrset.records.map(canonicalRdata).sort(compareBytes)) hash.update(rdata);
  return summary(rcode, hash.digest().subarray(0, DIGEST_OCTETS).toString('hex'));
}

function summary(rcode: string, answer: string): ServerAnswerSummary {
  return { rcode, answer, key: `${rcode} ${answer}` };
}

/** Whether there is any signature at all. */
export function showsSignatures({ answer, authority }: Message): boolean {
  return [...answer, ...authority].some(({ type }) => type === RRType.RRSIG);
}
