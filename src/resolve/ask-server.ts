/**
 * One query to one server address: charged to the lookup's budget, remembered of the server, written into the trace. In: what is
 * asked of whom, and how long to wait. Out: what was heard; or which budget ended, so that the lookup may send no more.
 */
import type { Question } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { formatRcode } from '../dns/rcode.ts';
import type { Exchange, Heard } from './exchange.ts';
import type { Servers } from './servers.ts';
import { type Session, type SpentSession, spentOf } from './session.ts';

export interface ServerAsker {
  readonly exchange: Exchange;
  readonly memory: Servers;
  readonly clockMs: () => number;
}

export interface ServerQuery {
  readonly server: string;
  /** The zone that it serves; null for a forwarder. */
  readonly zone: Name | null;
  readonly question: Question;
  /** As in `Query`. */
  readonly spelling?: string | undefined;
  readonly edns: boolean;
  /** Milliseconds. */
  readonly waitMs: number;
}

export async function askServer(
  { exchange, memory, clockMs }: ServerAsker,
  { server, zone, question: { name, type }, spelling, edns, waitMs }: ServerQuery,
  session: Session,
): Promise<Heard | SpentSession> {
  const sentAtMs = clockMs();
  const spent = spentOf(session, sentAtMs);
  if (spent !== undefined) return spent;
  const timeoutMs = Math.min(session.budget.deadlineMs - sentAtMs, waitMs);
  session.budget.queries--;
  const heard = await exchange(server, {
    name,
    spelling,
    type,
    edns,
    recursionDesired: zone === null,
    timeoutMs,
  });
  const { heldMs = 0 } = heard;
  session.budget.deadlineMs += heldMs;
  if (heard.kind === 'reply') session.budget.replyOctets -= heard.message.octets.length;
  remember(memory, server, heard, sentAtMs + heldMs);
  session.trace?.push({
    zone,
    server,
    name,
    type,
    heard: heard.kind === 'reply' ? formatRcode(heard.message.rcode) : heard.kind,
    milliseconds: heard.kind === 'reply' ? heard.milliseconds : null,
  });
  return heard;
}

function remember(memory: Servers, server: string, heard: Heard, sentAtMs: number): void {
  if (heard.kind === 'reply') memory.answered(server, heard.milliseconds);
  else if (heard.kind === 'timeout') memory.silent(server, sentAtMs);
  else if (heard.kind === 'unreachable') memory.unreachable(server);
}
