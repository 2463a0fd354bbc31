/**
 * Where servers of a zone differ: the secure answer that most of their addresses give, so that what is judged does not hang on who
 * was asked first. Of equally frequent answers the one of the newest zone (RFC 1982), then the one with fewer records, which
 * protects no more than it must, then by digest. Pure.
 */
import { isOlderSerial } from '../dns/serial.ts';
import { isOfUse, type UsefulReply } from './ask-name-server.ts';
import type { HeardWithAnswer } from './name-server-faults.ts';
import type { ServerAnswerSummary } from './server-answer.ts';

export interface PrevailingAnswer {
  readonly said: UsefulReply;
  readonly answer: ServerAnswerSummary;
  /** Different secure answers, at least one. */
  readonly kinds: number;
  /** More addresses give it than any other, or they have the newest zone: whoever differs is behind. */
  readonly leads: boolean;
}

interface Candidate {
  readonly said: UsefulReply;
  readonly answer: ServerAnswerSummary;
  readonly serial: number | undefined;
  readonly count: number;
}

/** Undefined where no answer is secure. */
export function prevailingAnswer(servers: readonly HeardWithAnswer[]): PrevailingAnswer | undefined {
  const candidates = new Map<string, Candidate>();
  for (const { heard, answer, serial } of servers) {
    const { said, security } = heard;
    if (security?.status !== 'secure' || !isOfUse(said)) continue;
    const known = candidates.get(answer.key) ?? { said, answer, serial, count: 0 };
    candidates.set(answer.key, {
      ...known,
      serial: newer(known.serial, serial),
      count: known.count + 1,
    });
  }
  const [first, second] = [...candidates.values()].sort(
    (a, b) => byEvidence(a, b) || recordsIn(a) - recordsIn(b) || (a.answer.key < b.answer.key ? -1 : 1),
  );
  if (first === undefined) return undefined;
  const { said, answer } = first;
  return {
    said,
    answer,
    kinds: candidates.size,
    leads: second === undefined || byEvidence(first, second) < 0,
  };
}

function byEvidence(a: Candidate, b: Candidate): number {
  if (a.count !== b.count) return b.count - a.count;
  if (a.serial === undefined || b.serial === undefined) return 0;
  return Number(isOlderSerial(a.serial, b.serial)) - Number(isOlderSerial(b.serial, a.serial));
}

function newer(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isOlderSerial(a, b) ? b : a;
}

function recordsIn({ said: { reply } }: Candidate): number {
  return 'rrset' in reply ? reply.rrset.records.length : 0;
}
