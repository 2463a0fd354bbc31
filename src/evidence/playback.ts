/**
 * Plays recorded exchanges back at the resolver's port, so that a survey can be made again without a network. In: a source of
 * records. Out: an exchange, what to go by in choosing servers, a clock, and afterwards which records the survey rests on and
 * which of its questions nobody had recorded.
 *
 * - Addresses that have something recorded for the question are asked first, in the recorded order: who was asked was chance.
 * - Of several records of one question replies count more than silence, later ones more than earlier ones.
 * - A referral does not hang on the type that is asked for, nor on what of the name is below the cut (RFC 1034 §4.3.2, step 3b), but
 *   for DS (RFC 4035 §3.1.4.1): a server that referred one question refers any about the same name and names below.
 * - What was not recorded is heard as silence and is missing: nothing may follow from it. Silence that may have been our own is heard
 *   as if nobody could be reached, so that nothing that follows from it is put down to others.
 */
import type { Instant } from '../base/instant.ts';
import { never } from '../base/never.ts';
import { type Message, readMessage } from '../dns/message.ts';
import { type Name, parentOf, root } from '../dns/name.ts';
import { classifyReply } from '../dns/reply.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import type { Exchange, Heard, Query } from '../resolve/exchange.ts';
import type { Servers } from '../resolve/servers.ts';
import { type ExchangeRecord, isReply, isSameQuestion } from './exchange-record.ts';
import { VirtualTime } from './virtual-time.ts';

export interface RecordSource {
  /** Everything recorded of a name, in order. */
  recordsOf(name: Name): readonly ExchangeRecord[] | Promise<readonly ExchangeRecord[]>;
}

/** A question that a survey asked in vain: `address` had nothing recorded. */
export interface Missing {
  readonly address: string;
  readonly name: Name;
  readonly type: number;
}

export class Playback {
  /** The records that were played, in the order of their first use. */
  readonly touched = new Set<ExchangeRecord>();
  readonly missing: Missing[] = [];
  readonly #source: RecordSource;
  readonly #until: Instant;
  readonly #time = new VirtualTime();
  readonly #known = new Map<Name, readonly ExchangeRecord[]>();

  /** Records of after `until` count only where there are no others. */
  constructor(source: RecordSource, until: Instant) {
    this.#source = source;
    this.#until = until;
  }

  readonly clockMs = this.#time.clockMs;

  readonly exchange: Exchange = async (address, query) => {
    const record =
      this.#played(await this.#recordsOf(query.name), address, query) ??
      this.#latest((await this.#referralsFor(query)).filter((referral) => referral.address === address));
    if (record === undefined) {
      this.missing.push({ address, name: query.name, type: query.type });
      await this.#time.after(0);
      return { kind: 'timeout' };
    }
    this.touched.add(record);
    const wait = isReply(record) ? record.milliseconds : Math.min(record.milliseconds, query.timeoutMs);
    await this.#time.after(wait);
    return heardOf(record, query);
  };

  readonly servers: Servers = {
    order: async (addresses, question) => {
      const all = await this.#recordsOf(question.name);
      const own = all.filter(({ type, address }) => type === question.type && addresses.includes(address));
      const records = own.length > 0 ? own : await this.#referralsFor(question);
      const places = new Map<string, number>();
      for (const [place, record] of records.entries()) {
        if (!places.has(record.address)) places.set(record.address, place);
      }
      const placeOf = (address: string) => places.get(address) ?? records.length;
      return [...addresses].sort((a, b) => placeOf(a) - placeOf(b));
    },
    mayAsk: (address, { name, type }) => {
      const query = { name, type, edns: true, recursionDesired: false, timeoutMs: 0 };
      const record = this.#played(this.#known.get(name) ?? [], address, query);
      if (record?.outcome !== 'left-alone') return true;
      this.touched.add(record);
      return false;
    },
    waitMs: (_address, _round, timeoutMs) => timeoutMs,
    // Whoever recorded it knew which silence tells.
    networkSeemsDown: false,
    hasHeardFamilyOf: () => true,
    answered() {},
    silent() {},
    unreachable() {},
  };

  async #recordsOf(name: Name): Promise<readonly ExchangeRecord[]> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = this.#source.recordsOf(name);
    const records = found instanceof Promise ? await this.#time.during(found) : found;
    this.#known.set(name, records);
    return records;
  }

  #played(records: readonly ExchangeRecord[], address: string, query: Query): ExchangeRecord | undefined {
    const asked = { ...query, address, spelling: query.spelling ?? query.name };
    const own = records.filter((record) => isSameQuestion(record, { ...record, ...asked }));
    return this.#latest(own.filter(isReply)) ?? this.#latest(own);
  }

  /** What servers said to other questions about the name and those above it, which they would say to this one as well. */
  async #referralsFor(
    question: Pick<Query, 'name' | 'type' | 'spelling'>,
  ): Promise<readonly ExchangeRecord[]> {
    const { name, type, spelling = name } = question;
    const found: ExchangeRecord[] = [];
    if (type === RRType.DS || spelling !== name) return found;
    for (let at = name; at !== root && found.length === 0; at = parentOf(at)) {
      found.push(...(await this.#recordsOf(at)).filter((record) => refers(record, name, type)));
    }
    return found;
  }

  #latest(records: readonly ExchangeRecord[]): ExchangeRecord | undefined {
    return records.findLast(({ at }) => at <= this.#until) ?? records[0];
  }
}

/** Whether the record is a referral that a question about `name`, at its own name or below, would have met as well. */
function refers(record: ExchangeRecord, name: Name, type: number): boolean {
  if (record.type === RRType.DS || !record.edns) return false;
  const message = isReply(record) ? readMessage(record.octets) : undefined;
  if (message === undefined || message.authoritative) return false;
  return classifyReply(message, { name, type, class: CLASS_IN }, root).kind === 'referral';
}

function heardOf(record: ExchangeRecord, query: Query): Heard {
  const { outcome, milliseconds } = record;
  switch (outcome) {
    case 'reply':
    case 'reply-over-tcp': {
      const message = spelledAs(record, query);
      if (message === undefined) throw new Error('internal error: a recorded reply cannot be read');
      return { kind: 'reply', message, overTcp: outcome === 'reply-over-tcp', milliseconds };
    }
    case 'silence':
    case 'left-alone':
      return { kind: 'timeout' };
    case 'doubtful-silence':
      return { kind: 'unreachable' };
    case 'unreachable':
    case 'not-dialled':
    case 'malformed':
    case 'tcp-failed':
      return { kind: outcome };
    default:
      return never(outcome);
  }
}

/** The octets of a message's header, behind which its question begins (RFC 1035 §4.1). */
const HEADER_OCTETS = 12;

/** The spelling of a question is drawn anew each time: where the server gave back the case that it got, it would do so again. */
function spelledAs(record: ExchangeRecord, { name, spelling = name }: Query): Message | undefined {
  const message = readMessage(record.octets);
  const isOwn = record.name === name && message?.questionOctets === record.spelling;
  if (!isOwn || spelling === record.spelling) return message;
  const octets = Buffer.from(record.octets);
  octets.write(spelling, HEADER_OCTETS, 'latin1');
  return readMessage(octets);
}
