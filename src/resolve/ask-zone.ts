/**
 * Asks one question of a zone's servers: each address in turn, two rounds, until one gives a reply that answers, denies or
 * refers. In: cut, question, session. Out: that reply, or the most telling failure. Errors of one server are no verdict.
 */
import { never } from '../base/never.ts';
import type { Message, Question } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { formatRcode, Rcode } from '../dns/rcode.ts';
import { classifyReply, type Reply } from '../dns/reply.ts';
import { CLASS_IN } from '../dns/rr-type.ts';
import type { Exchange, Heard } from './exchange.ts';
import { MAX_ADDRESSES_TRIED, ROUNDS } from './limits.ts';
import type { ServerMemory } from './server-memory.ts';
import type { LookupFailure, Session } from './session.ts';
import type { ZoneCut } from './zone-cut.ts';

export interface Answered {
  readonly kind: 'reply';
  readonly cut: ZoneCut;
  /** What was asked: the name itself, or an ancestor whose denial ends the lookup (RFC 8020). */
  readonly question: Question;
  readonly message: Message;
  readonly reply: Reply;
  /** The address that answered. */
  readonly server: string;
}

export interface Unanswered {
  readonly kind: 'failed';
  readonly cut: ZoneCut;
  readonly question: Question;
  readonly because: LookupFailure;
}

export interface ZoneAsker {
  readonly exchange: Exchange;
  readonly memory: ServerMemory;
  readonly clockMs: () => number;
  readonly timeoutMs: number;
  /** More addresses of the zone's servers, found by asking; empty when there are no more. */
  readonly findAddresses: (cut: ZoneCut, session: Session) => Promise<readonly string[]>;
}

export async function askZone(
  asker: ZoneAsker,
  cut: ZoneCut,
  name: Name,
  type: number,
  session: Session,
): Promise<Answered | Unanswered> {
  const question: Question = { name, type, class: CLASS_IN };
  const failures: LookupFailure[] = [];
  const failed = (because: LookupFailure): Unanswered => ({ kind: 'failed', cut, question, because });

  let addresses = usable([...cut.glue.values()].flat(), session);
  let lookedUp = false;
  for (let round = 0; round < ROUNDS; round++) {
    const order = asker.memory.order(addresses).slice(0, MAX_ADDRESSES_TRIED);
    for (const server of order) {
      const heard = await askServer(asker, cut, question, server, round, session);
      if (heard === 'spent') return failed('query-budget-spent');
      const judged = judge(heard, question, cut.apex);
      if (typeof judged !== 'string') return { kind: 'reply', cut, question, server, ...judged };
      failures.push(judged);
    }
    if (!lookedUp) {
      lookedUp = true;
      const more = usable(await asker.findAddresses(cut, session), session).filter(
        (a) => !addresses.includes(a),
      );
      if (more.length > 0) {
        addresses = more;
        round = -1;
        continue;
      }
    }
    if (!failures.some(mayPass)) break;
  }
  return failed(mostTelling(failures));
}

function usable(addresses: readonly string[], session: Session): string[] {
  return [...new Set(addresses)].filter((address) => !session.avoid.has(address));
}

/** One question to one address, once more without EDNS where the server chokes on it (RFC 6891 §7). */
async function askServer(
  asker: ZoneAsker,
  cut: ZoneCut,
  question: Question,
  server: string,
  round: number,
  session: Session,
): Promise<Heard | 'spent'> {
  if (asker.memory.isDown(server)) return { kind: 'timeout' };
  let heard: Heard = { kind: 'timeout' };
  for (const edns of [true, false]) {
    const left = session.budget.deadlineMs - asker.clockMs();
    if (session.budget.queries <= 0 || left <= 0) return 'spent';
    session.budget.queries--;
    const timeoutMs = Math.min(left, asker.memory.waitMs(server, round, asker.timeoutMs));
    const { name, type } = question;
    heard = await asker.exchange(server, { name, type, edns, recursionDesired: false, timeoutMs });
    remember(asker.memory, server, heard);
    session.trace?.push({
      zone: cut.apex,
      server,
      name,
      type,
      heard: heard.kind === 'reply' ? formatRcode(heard.message.rcode) : heard.kind,
      milliseconds: heard.kind === 'reply' ? heard.milliseconds : null,
    });
    const choked =
      heard.kind === 'reply' &&
      heard.message.edns === undefined &&
      (heard.message.rcode === Rcode.FORMERR || heard.message.rcode === Rcode.NOTIMP);
    if (!choked) break;
  }
  return heard;
}

function remember(memory: ServerMemory, server: string, heard: Heard): void {
  if (heard.kind === 'reply') memory.answered(server, heard.milliseconds);
  else if (heard.kind === 'timeout') memory.silent(server);
  else if (heard.kind === 'unreachable') memory.unreachable(server);
}

/** The reply where it is of use, else why not. */
function judge(
  heard: Heard,
  question: Question,
  zone: Name,
): { message: Message; reply: Reply } | LookupFailure {
  switch (heard.kind) {
    case 'reply': {
      const reply = classifyReply(heard.message, question, zone);
      if (reply.kind === 'lame') return 'lame';
      if (reply.kind === 'error') return failureOf(reply.rcode);
      return { message: heard.message, reply };
    }
    case 'timeout':
      return 'timeout';
    case 'unreachable':
      return 'network-unreachable';
    case 'refused-connection':
      return 'timeout';
    case 'not-dialled':
      return 'special-use-address';
    case 'malformed':
      return 'malformed-reply';
    case 'tcp-failed':
      return 'tcp-failed';
    default:
      return never(heard);
  }
}

function failureOf(rcode: number): LookupFailure {
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) return 'refused';
  if (rcode === Rcode.NOTIMP) return 'notimp';
  if (rcode === Rcode.FORMERR || rcode === Rcode.BADVERS) return 'formerr';
  return 'servfail';
}

/** What a second round can change: loss and overload, not configuration. */
function mayPass(failure: LookupFailure): boolean {
  return (
    failure === 'timeout' ||
    failure === 'servfail' ||
    failure === 'tcp-failed' ||
    failure === 'malformed-reply'
  );
}

/** The first that anybody reported, in this order: what a server said counts more than silence, silence more than our limits. */
const telling: readonly LookupFailure[] = [
  'servfail',
  'refused',
  'notimp',
  'formerr',
  'tcp-failed',
  'malformed-reply',
  'lame',
  'timeout',
  'special-use-address',
  'network-unreachable',
];

function mostTelling(failures: readonly LookupFailure[]): LookupFailure {
  return telling.find((failure) => failures.includes(failure)) ?? 'no-name-server-address';
}
