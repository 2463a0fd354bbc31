/**
 * An iterative resolver (RFC 1034 §5.3.3) with QNAME minimisation (RFC 9156). It gathers and does not judge.
 *
 * In: a question. Out: the last reply with the zone cut that it came from, whose parents lead up to the root and hold what
 * the chain of trust needs; or a failure. Aliases are not followed: that is for `lookup`, link by link.
 * Known zone cuts, server addresses and server behaviour are remembered for as long as their TTLs and the limits allow.
 * States of one question: descend (ask the next longer name of the deepest known zone), referred (a deeper cut is known:
 * descend from there), ended (the full name was answered, an ancestor denied, or the zone's servers failed).
 *
 * With forwarders it asks those in place of any zone's servers, the full name at once. A forwarder refers to nobody: it is as if
 * the root's servers served every zone there is, and the cuts are found as those are that the same servers serve.
 */
import type { Random } from '../base/random.ts';
import type { PlainRecord } from '../dns/message-writer.ts';
import { isBelow, isWithin, type Name, parentOf, root } from '../dns/name.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { askForwarders } from './ask-forwarders.ts';
import { askServer } from './ask-server.ts';
import {
  type Answered,
  askZone,
  failedAt,
  type Gathered,
  type Unanswered,
  type ZoneAsker,
} from './ask-zone.ts';
import { CoHosting } from './co-hosting.ts';
import type { AddressQuery, Exchange, Heard } from './exchange.ts';
import * as limits from './limits.ts';
import { nextName } from './minimise.ts';
import { hintedAddresses } from './root-hints.ts';
import { ServerAddresses } from './server-addresses.ts';
import { ServerMemory } from './server-memory.ts';
import type { Servers } from './servers.ts';
import { type Session, type SpentSession, spentOf } from './session.ts';
import { CutCache, cutFromReferral, rootCut, secondsOf, type ZoneCut } from './zone-cut.ts';

export interface ResolverOptions {
  readonly exchange: Exchange;
  /** NS and address records of the root's servers (RFC 9609). */
  readonly rootHints: Iterable<PlainRecord>;
  /** Addresses of recursive servers to ask in place of those of the zones, the root's included; at least one where given. */
  readonly forwarders?: readonly string[];
  /** Milliseconds, monotonic. */
  readonly clockMs: () => number;
  readonly random: Random;
  readonly timeoutMs: number;
  /** What is known of servers; learnt from what they do where it is left out. */
  readonly servers?: Servers | undefined;
}

export class Resolver {
  readonly asksForwarders: boolean;
  readonly #cuts: CutCache;
  readonly #addresses: ServerAddresses;
  readonly #coHosting: CoHosting;
  readonly #clockMs: () => number;
  readonly #asker: ZoneAsker;
  /** Asks the servers of the cut, or a forwarder. */
  readonly #askAt: (cut: ZoneCut, name: Name, type: number, session: Session) => Promise<Gathered>;

  constructor(options: ResolverOptions) {
    const { forwarders } = options;
    this.asksForwarders = forwarders !== undefined;
    const hinted = this.asksForwarders ? new Map() : hintedAddresses(options.rootHints);
    this.#cuts = new CutCache(rootCut(hinted), options.clockMs);
    this.#clockMs = options.clockMs;
    this.#addresses = new ServerAddresses(
      (nameServer, type, session) => this.ask(nameServer, type, session),
      options.clockMs,
    );
    const asker: ZoneAsker = {
      exchange: options.exchange,
      memory: options.servers ?? new ServerMemory(options.clockMs, options.random),
      clockMs: options.clockMs,
      timeoutMs: options.timeoutMs,
      findAddresses: (cut: ZoneCut, session: Session) => this.#addresses.ofZone(cut, session),
    };
    this.#asker = asker;
    this.#askAt =
      forwarders === undefined
        ? (cut, name, type, session) => askZone(asker, cut, name, type, session)
        : (...asked) => askForwarders({ ...asker, forwarders }, ...asked);
    this.#coHosting = new CoHosting(this.#cuts, this.#askAt, this.asksForwarders);
  }

  /** Asks from the deepest known zone downwards. For DS that is the parent's side of the cut (RFC 4035 §3.1.4.1). */
  async ask(name: Name, type: number, session: Session): Promise<Gathered> {
    let cut = this.#deepest(name, type, session);
    let asFar = cut.apex;
    let minimise = session.minimisation !== 'off' && !this.asksForwarders;
    const underscoresTogether = session.minimisation === 'relaxed' && !session.endsAtNxdomain;
    let referrals = 0;
    for (let step = 0; ; step++) {
      const asked = minimise ? nextName(name, asFar, { step, underscoresTogether }) : name;
      const isFull = asked === name;
      // RFC 9156 §2.1: A, which any server and middlebox lets pass, and which does not show what is looked for.
      const gathered = await this.#askAt(cut, asked, isFull ? type : RRType.A, session);
      if (gathered.kind === 'failed') {
        if (isFull || session.minimisation === 'strict') return gathered;
        if (spentOf(session, this.#clockMs()) !== undefined) return gathered;
        minimise = false;
        continue;
      }
      if (gathered.reply.kind === 'referral') {
        if (++referrals > limits.MAX_REFERRALS) return failedAt(gathered, 'referrals-too-many');
        const { cut: apex, ns } = gathered.reply;
        if (type === RRType.DS && apex === name) return failedAt(gathered, 'lame');
        // Another lookup may have come here meanwhile: what is judged of a cut is remembered with the one of them.
        const known = this.#cuts.get(apex);
        cut =
          known ??
          this.#cuts.add(cutFromReferral(cut, ns, gathered.message), secondsOf(ns, gathered.message));
        asFar = apex;
        continue;
      }
      const settling = this.#coHosting.settle(gathered, session);
      const settled = settling instanceof Promise ? await settling : settling;
      if (isFull || settled.kind === 'failed') return settled;
      cut = settled.cut;
      asFar = asked;
      if (settled.reply.kind === 'nxdomain') {
        if (session.minimisation === 'strict' || session.endsAtNxdomain) return settled;
        minimise = false;
      } else if (settled.reply.kind === 'dname') {
        minimise = false;
      }
    }
  }

  /** The listed delegation, where the lookup has one that leads to the RRset, and no deeper cut is known. */
  #deepest(name: Name, type: number, { listed }: Session): ZoneCut {
    const known = this.deepestKnown(name, type);
    const holder = type === RRType.DS && name !== root ? parentOf(name) : name;
    if (listed === undefined || !isWithin(holder, listed.apex)) return known;
    return isBelow(known.apex, listed.apex) ? known : listed;
  }

  /** The deepest known cut whose zone can hold the RRset. */
  deepestKnown(name: Name, type: number): ZoneCut {
    return this.#cuts.deepest(type === RRType.DS && name !== root ? parentOf(name) : name);
  }

  /** Asks the servers of one zone, without looking for a deeper one. */
  askAt(cut: ZoneCut, name: Name, type: number, session: Session): Promise<Gathered> {
    return this.#askAt(cut, name, type, session);
  }

  /** One query to one address of a zone's servers, whatever is remembered of it. */
  async askAddress(
    cut: ZoneCut,
    address: string,
    { name, type, spelling, edns, round }: AddressQuery,
    session: Session,
  ): Promise<Heard | SpentSession> {
    const { memory, timeoutMs } = this.#asker;
    const question = { name, type, class: CLASS_IN };
    const waitMs = memory.waitMs(address, round, timeoutMs);
    return askServer(
      this.#asker,
      { server: address, zone: cut.apex, question, spelling, edns, waitMs },
      session,
    );
  }

  /** Whether the silence of this address is its own: somebody of its address family answers us. */
  silenceCounts(address: string): boolean {
    const { memory } = this.#asker;
    return !memory.networkSeemsDown && memory.hasHeardFamilyOf(address);
  }

  /** The cut at `apex`, whose zone is served by the same servers as `above`. */
  coHostedCut(above: ZoneCut, apex: Name, session: Session): Promise<ZoneCut | Unanswered> {
    return this.#coHosting.cutAt(above, apex, session);
  }

  /** The cut below that of an unsigned reply, by its SOA record, which may be made up; undefined where none is named. */
  unsignedCutOf(answered: Answered, session: Session): Promise<ZoneCut | Unanswered | undefined> {
    return this.#coHosting.unsignedCutOf(answered, session);
  }

  /** Believes what is known of a cut no longer than `seconds`, since the chain of trust does not bear it out. */
  believeNoLonger(cut: ZoneCut, seconds: number): void {
    this.#cuts.shorten(cut, seconds);
  }

  /** Every address of the zone's servers: glue, and what their names resolve to. */
  async addressesOf(cut: ZoneCut, session: Session): Promise<ReadonlyMap<Name, readonly string[]>> {
    const found = new Map<Name, readonly string[]>(cut.glue);
    for (const nameServer of cut.nameServers) {
      if (found.has(nameServer)) continue;
      const { addresses } = await this.#addresses.of(nameServer, session);
      found.set(nameServer, addresses);
    }
    return found;
  }
}
