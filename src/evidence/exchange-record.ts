/**
 * One exchange with one name server as evidence keeps it: what was asked of which address, what was heard, when. Plain data that
 * crosses threads. The octets of a reply are those that came over the wire.
 */
import type { Instant } from '../base/instant.ts';
import type { Name } from '../dns/name.ts';

/**
 * The words of `Heard`, and of silence three kinds:
 * - `silence`: the server's own.
 * - `doubtful-silence`: it may be our own network's, so that nothing follows from it.
 * - `left-alone`: nobody asked, since the server was silent so often just before; as good as silence (RFC 9520 §2.2).
 */
export const outcomes = [
  'reply',
  'reply-over-tcp',
  'silence',
  'doubtful-silence',
  'left-alone',
  'unreachable',
  'not-dialled',
  'malformed',
  'tcp-failed',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface ExchangeRecord {
  /** An IP address; that of a forwarder may have a port. */
  readonly address: string;
  readonly name: Name;
  /** The name's octets with the case of letters as they went out. */
  readonly spelling: string;
  readonly type: number;
  readonly edns: boolean;
  readonly recursionDesired: boolean;
  readonly outcome: Outcome;
  /** Of the reply; empty without one. */
  readonly octets: Uint8Array;
  /** How long it took until it was heard, or until silence was concluded. */
  readonly milliseconds: number;
  readonly at: Instant;
}

export function isReply({ outcome }: ExchangeRecord): boolean {
  return outcome === 'reply' || outcome === 'reply-over-tcp';
}

/** Whether both are of the very same question, put to the same address in the same way; the spelling counts as odd or plain. */
export function isSameQuestion(a: ExchangeRecord, b: ExchangeRecord): boolean {
  return (
    a.address === b.address &&
    a.type === b.type &&
    a.edns === b.edns &&
    a.recursionDesired === b.recursionDesired &&
    a.name === b.name &&
    (a.spelling === a.name) === (b.spelling === b.name)
  );
}

/** The query's id, which begins a message (RFC 1035 §4.1.1) and says nothing. */
const ID_OCTETS = 2;

/** Whether both tell the same: what was asked and heard, ids and times apart. */
export function tellsTheSame(a: ExchangeRecord, b: ExchangeRecord): boolean {
  if (a.outcome !== b.outcome || a.octets.length !== b.octets.length) return false;
  return (
    Buffer.compare(a.octets.subarray(ID_OCTETS), b.octets.subarray(ID_OCTETS)) === 0 && isSameQuestion(a, b)
  );
}
