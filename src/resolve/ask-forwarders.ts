/**
 * Asks one question of forwarders, which ask the world for us (RFC 1034 §5.3.1): each in turn, until one gives a reply that
 * answers or denies. In: question, session, the cut that the reply is looked at from. Out: that reply, or the most telling
 * failure. RD and CD are set and AD is not looked at: what is handed over is judged like anybody's (RFC 4035 §4.9).
 *
 * A forwarder's silence or SERVFAIL is about the name that was asked for as often as about itself. So it is waited for in full
 * each time, however quickly it answers others, and it is never left alone as a server that is down.
 */
import { never } from '../base/never.ts';
import type { Message, Question } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { Rcode } from '../dns/rcode.ts';
import { classifyReply, type Reply } from '../dns/reply.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { askServer, type ServerAsker } from './ask-server.ts';
import type { Gathered, ServerFailure, Unanswered } from './ask-zone.ts';
import type { Heard } from './exchange.ts';
import { mostTelling } from './failure.ts';
import { FORWARDER_ROUNDS, ROUNDS } from './limits.ts';
import type { LookupFailure, Session } from './session.ts';
import type { ZoneCut } from './zone-cut.ts';

export interface ForwarderAsker extends ServerAsker {
  /** Server addresses. */
  readonly forwarders: readonly string[];
  readonly timeoutMs: number;
}

export async function askForwarders(
  asker: ForwarderAsker,
  cut: ZoneCut,
  name: Name,
  type: number,
  session: Session,
): Promise<Gathered> {
  const question: Question = { name, type, class: CLASS_IN };
  const failures: ServerFailure[] = [];
  const failed = (because: LookupFailure): Unanswered => ({
    kind: 'failed',
    cut,
    question,
    because,
    failures,
  });
  const allFailed = () => failed(mostTelling(failures.map(({ because }) => because)));
  const forwarders = asker.forwarders.filter((address) => !session.avoid.has(address));
  for (let round = 0; ; round++) {
    const inThisRound: LookupFailure[] = [];
    for (const server of await asker.memory.order(forwarders, question)) {
      const query = { server, zone: null, question, edns: true, waitMs: asker.timeoutMs };
      const heard = await askServer(asker, query, session);
      if (typeof heard === 'string') {
        if (heard !== 'time-budget-spent') return failed(heard);
        return failures.length > 0 ? allFailed() : failed('forwarder-silent');
      }
      const judged = judge(heard, question, cut.apex);
      if (typeof judged !== 'string') return { kind: 'reply', cut, question, server, failures, ...judged };
      failures.push({ server, because: judged });
      inThisRound.push(judged);
    }
    if (!inThisRound.some((failure) => round + 1 < roundsFor(failure))) return allFailed();
  }
}

/** What asking again can change: loss, overload, and servers behind the forwarder that it is still waiting for. */
function roundsFor(failure: LookupFailure): number {
  if (failure === 'forwarder-silent') return FORWARDER_ROUNDS;
  const mayPass =
    failure === 'forwarder-servfail' ||
    failure === 'forwarder-malformed-reply' ||
    failure === 'forwarder-tcp-failed';
  return mayPass ? ROUNDS : 1;
}

/** The reply where it is of use, else why not. `zone` is the deepest that is known to hold the name. */
function judge(
  heard: Heard,
  question: Question,
  zone: Name,
): { message: Message; reply: Reply } | LookupFailure {
  switch (heard.kind) {
    case 'reply':
      return judgeReply(heard.message, question, zone);
    case 'timeout':
      return 'forwarder-silent';
    case 'unreachable':
      return 'network-unreachable';
    case 'malformed':
      return 'forwarder-malformed-reply';
    case 'tcp-failed':
      return 'forwarder-tcp-failed';
    case 'not-dialled':
      throw new Error('internal error: a forwarder is dialled whatever its address, since the user named it');
    default:
      return never(heard);
  }
}

function judgeReply(
  message: Message,
  question: Question,
  zone: Name,
): { message: Message; reply: Reply } | LookupFailure {
  const reply = classifyReply(message, question, zone, false);
  const isError = reply.kind === 'error';
  // RFC 6891 §6.1.1, §7: whoever knows EDNS answers with it, and whoever does not has no DNSSEC to hand over.
  const chokedOnEdns = message.rcode === Rcode.FORMERR || message.rcode === Rcode.NOTIMP;
  if (message.edns === undefined && (chokedOnEdns || !isError)) return 'forwarder-without-dnssec';
  if (isError) return failureOf(reply.rcode);
  // RFC 2308 §2.2: NS records without an SOA record make a referral, upwards or sideways too.
  const hasNs = message.authority.some(({ type }) => type === RRType.NS);
  const refers = reply.kind === 'referral' || (reply.kind === 'nodata' && reply.soa === undefined && hasNs);
  if (!message.recursionAvailable || reply.kind === 'lame' || refers) return 'forwarder-not-recursive';
  return { message, reply };
}

function failureOf(rcode: number): LookupFailure {
  const isRefusal =
    rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH || rcode === Rcode.NOTIMP || rcode === Rcode.FORMERR;
  return isRefusal ? 'forwarder-refuses' : 'forwarder-servfail';
}
