/**
 * Asks one question of a zone's servers: each address in turn, two rounds, until one gives a reply that answers, denies or
 * refers. In: cut, question, session. Out: that reply, or the most telling failure. Errors of one server are no verdict.
 */
import { never } from '../base/never.ts';
import type { Message, Question } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { Rcode } from '../dns/rcode.ts';
import { classifyReply, type Reply } from '../dns/reply.ts';
import { CLASS_IN } from '../dns/rr-type.ts';
import { askServer, type ServerAsker } from './ask-server.ts';
import type { Heard } from './exchange.ts';
import { failureOf, mayPass, mostTelling } from './failure.ts';
import { ADDRESSES_IN_LAST_ROUND, MAX_ADDRESSES_TRIED, ROUNDS } from './limits.ts';
import type { LookupFailure, Session, SpentSession } from './session.ts';
import type { ZoneCut } from './zone-cut.ts';

/** A server address that was asked in vain, and why; the last reason where it was asked again. */
export interface ServerFailure {
  readonly server: string;
  readonly because: LookupFailure;
}

export interface Answered {
  readonly kind: 'reply';
  readonly cut: ZoneCut;
  /** What was asked: the name itself, or an ancestor whose denial ends the lookup (RFC 8020). */
  readonly question: Question;
  readonly message: Message;
  readonly reply: Reply;
  /** The address that answered. */
  readonly server: string;
  /** Those that were asked for this before it. */
  readonly failures: readonly ServerFailure[];
}

export interface Unanswered {
  readonly kind: 'failed';
  readonly cut: ZoneCut;
  readonly question: Question;
  readonly because: LookupFailure;
  readonly failures: readonly ServerFailure[];
}

export type Gathered = Answered | Unanswered;

/** A reply that is of no use after all. */
export function failedAt(answered: Answered, because: LookupFailure): Unanswered {
  const { cut, question, failures } = answered;
  return { kind: 'failed', cut, question, because, failures };
}

/** What looking up the names of a zone's servers came to. */
export interface FoundAddresses {
  readonly addresses: readonly string[];
  /** Why there are none, where that says something of the lookup or of ourselves, not of the names. */
  readonly because?: LookupFailure | undefined;
}

export interface ZoneAsker extends ServerAsker {
  readonly timeoutMs: number;
  /** More addresses of the zone's servers, found by asking. */
  readonly findAddresses: (cut: ZoneCut, session: Session) => Promise<FoundAddresses>;
}

export async function askZone(
  asker: ZoneAsker,
  cut: ZoneCut,
  name: Name,
  type: number,
  session: Session,
): Promise<Gathered> {
  const question: Question = { name, type, class: CLASS_IN };
  const failures: LookupFailure[] = [];
  let failureAt: Map<string, LookupFailure> | undefined;
  const byServer = () =>
    failureAt === undefined ? [] : Array.from(failureAt, ([server, because]) => ({ server, because }));
  const failed = (because: LookupFailure): Unanswered => {
    return { kind: 'failed', cut, question, because, failures: byServer() };
  };
  const allFailed = () => {
    const because = mostTelling(failures);
    return failed(because === 'timeout' && asker.memory.networkSeemsDown ? 'network-unreachable' : because);
  };

  let addresses = usable(glueOf(cut), session);
  let lookedUp = false;
  for (let round = 0; round < ROUNDS; round++) {
    const most = round < ROUNDS - 1 ? MAX_ADDRESSES_TRIED : ADDRESSES_IN_LAST_ROUND;
    const ordering = asker.memory.order(addresses, question);
    const order = ordering instanceof Promise ? await ordering : ordering;
    for (const server of order.slice(0, most)) {
      const heard = await askAddress(asker, cut, question, server, round, session);
      if (typeof heard === 'string') {
        // Out of time with servers that failed: they are why. Out of anything else: that is why.
        const isTheirs = heard === 'time-budget-spent' && failures.length > 0;
        return isTheirs ? allFailed() : failed(heard);
      }
      const judged = judge(heard, question, cut.apex);
      if (typeof judged !== 'string') {
        const { message, reply } = judged;
        return { kind: 'reply', cut, question, message, reply, server, failures: byServer() };
      }
      failures.push(judged);
      failureAt ??= new Map();
      failureAt.set(server, judged);
    }
    if (!lookedUp) {
      lookedUp = true;
      const found = await asker.findAddresses(cut, session);
      const more = usable(found.addresses, session).filter((address) => !addresses.includes(address));
      if (more.length > 0) {
        addresses = more;
        round = -1;
        continue;
      }
      if (found.because !== undefined) failures.push(found.because);
    }
    if (!failures.some(mayPass)) break;
  }
  return allFailed();
}

/** Up to here looking for each among the others takes less than a set of them. */
const FEW_ADDRESSES = 8;

function glueOf({ glue }: ZoneCut): string[] {
  const all: string[] = [];
  for (const addresses of glue.values()) all.push(...addresses);
  return all;
}

/** Each once, without those that are to be avoided. */
function usable(addresses: readonly string[], { avoid }: Session): string[] {
  const distinct =
    addresses.length > FEW_ADDRESSES
      ? [...new Set(addresses)]
      : addresses.filter((address, i) => addresses.indexOf(address) === i);
  return avoid.size === 0 ? distinct : distinct.filter((address) => !avoid.has(address));
}

/** One question to one address, once more without EDNS where the server chokes on it (RFC 6891 §7). */
async function askAddress(
  asker: ZoneAsker,
  cut: ZoneCut,
  question: Question,
  server: string,
  round: number,
  session: Session,
): Promise<Heard | SpentSession> {
  if (!asker.memory.mayAsk(server, question)) return { kind: 'timeout' };
  const ask = (edns: boolean) => {
    const waitMs = asker.memory.waitMs(server, round, asker.timeoutMs);
    return askServer(asker, { server, zone: cut.apex, question, edns, waitMs }, session);
  };
  const heard = await ask(true);
  return typeof heard !== 'string' && chokesOnEdns(heard) ? ask(false) : heard;
}

/** Errors without OPT by which a server says that it does not know EDNS (RFC 6891 §7). */
export function chokesOnEdns(heard: Heard): boolean {
  return (
    heard.kind === 'reply' &&
    heard.message.edns === undefined &&
    (heard.message.rcode === Rcode.FORMERR || heard.message.rcode === Rcode.NOTIMP)
  );
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
