/**
 * An iterative resolver (RFC 1034 §5.3.3) with QNAME minimisation (RFC 9156). It gathers and does not judge.
 *
 * In: a question. Out: the last reply with the zone cut that it came from, whose parents lead up to the root and hold what
 * the chain of trust needs; or a failure. Aliases are not followed: that is for `lookup`, link by link.
 * Known zone cuts, server addresses and server behaviour are remembered for as long as their TTLs and the limits allow.
 * States of one question: descend (ask the next longer name of the deepest known zone), referred (a deeper cut is known:
 * descend from there), ended (the full name was answered, an ancestor denied, or the zone's servers failed).
 */
import { LruCache } from '../base/lru-cache.ts';
import type { Random } from '../base/random.ts';
import type { PlainRecord } from '../dns/message-writer.ts';
import { isWithin, type Name, parentOf, root } from '../dns/name.ts';
import { readA, readAaaa } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import { ttlOf } from '../dns/rrset.ts';
import { type Answered, askZone, type Unanswered, type ZoneAsker } from './ask-zone.ts';
import type { Exchange } from './exchange.ts';
import * as limits from './limits.ts';
import { nextName } from './minimise.ts';
import { deeperZoneOf } from './responding-zone.ts';
import { ServerMemory } from './server-memory.ts';
import type { LookupFailure, Session } from './session.ts';
import { CutCache, cutFromReferral, rootCut, secondsOf, type ZoneCut } from './zone-cut.ts';

export interface ResolverOptions {
  readonly exchange: Exchange;
  /** NS and address records of the root's servers (RFC 9609). */
  readonly rootHints: Iterable<PlainRecord>;
  /** Milliseconds, monotonic. */
  readonly clockMs: () => number;
  readonly random: Random;
  readonly timeoutMs: number;
}

export type Gathered = Answered | Unanswered;

export class Resolver {
  readonly #cuts: CutCache;
  readonly #addresses: LruCache<Name, readonly string[]>;
  readonly #asker: ZoneAsker;

  constructor(options: ResolverOptions) {
    this.#cuts = new CutCache(rootCut(hintedAddresses(options.rootHints)), options.clockMs);
    this.#addresses = new LruCache(limits.MAX_SERVER_ADDRESSES, options.clockMs);
    this.#asker = {
      exchange: options.exchange,
      memory: new ServerMemory(options.clockMs, options.random),
      clockMs: options.clockMs,
      timeoutMs: options.timeoutMs,
      findAddresses: (cut, session) => this.#findAddresses(cut, session),
    };
  }

  /** Asks from the deepest known zone downwards. For DS that is the parent's side of the cut (RFC 4035 §3.1.4.1). */
  async ask(name: Name, type: number, session: Session): Promise<Gathered> {
    let cut = this.#cuts.deepest(type === RRType.DS && name !== root ? parentOf(name) : name);
    let known = cut.apex;
    let minimise = session.minimisation !== 'off';
    let referrals = 0;
    for (let step = 0; ; step++) {
      const asked = minimise ? nextName(name, known, step) : name;
      const isFull = asked === name;
      const gathered = await askZone(this.#asker, cut, asked, isFull ? type : RRType.A, session);
      if (gathered.kind === 'failed') {
        if (isFull || session.minimisation === 'strict' || gathered.because === 'query-budget-spent')
          return gathered;
        minimise = false;
        continue;
      }
      if (gathered.reply.kind === 'referral') {
        if (++referrals > limits.MAX_REFERRALS) return failedAt(gathered, 'referral-loop');
        const { cut: apex, ns } = gathered.reply;
        if (type === RRType.DS && apex === name) return failedAt(gathered, 'lame');
        cut = this.#cuts.add(cutFromReferral(cut, ns, gathered.message), secondsOf(ns, gathered.message));
        known = apex;
        continue;
      }
      const settled = await this.settle(gathered, session);
      if (isFull || settled.kind === 'failed') return settled;
      cut = settled.cut;
      known = asked;
      if (settled.reply.kind === 'nxdomain') {
        if (session.minimisation === 'strict') return settled;
        minimise = false;
      } else if (settled.reply.kind === 'dname') {
        minimise = false;
      }
    }
  }

  /** Asks the servers of one zone, without looking for a deeper one. */
  async askAt(cut: ZoneCut, name: Name, type: number, session: Session): Promise<Gathered> {
    return askZone(this.#asker, cut, name, type, session);
  }

  /**
   * Where a reply speaks for a zone below the cut that was asked (its servers serve both), finds the cut between: its DS,
   * or the denial, is asked of the same servers. The reply comes back with the cut that it belongs to.
   */
  async settle(answered: Answered, session: Session): Promise<Gathered> {
    const apex = deeperZoneOf(answered);
    if (apex === undefined) return answered;
    const cut = await this.coHostedCut(answered.cut, apex, session);
    return 'because' in cut ? cut : { ...answered, cut };
  }

  /** The cut at `apex`, whose zone is served by the same servers as `above`. */
  async coHostedCut(above: ZoneCut, apex: Name, session: Session): Promise<ZoneCut | Unanswered> {
    const known = this.#cuts.get(apex);
    if (known !== undefined) return known;
    const gathered = await askZone(this.#asker, above, apex, RRType.DS, session);
    if (gathered.kind === 'failed') return gathered;
    if (gathered.reply.kind === 'referral') {
      const { ns } = gathered.reply;
      const cut = cutFromReferral(above, ns, gathered.message);
      this.#cuts.add(cut, secondsOf(ns, gathered.message));
      return cut.apex === apex ? cut : failedAt(gathered, 'referral-loop');
    }
    const between = deeperZoneOf(gathered);
    const parent = between === undefined ? above : await this.coHostedCut(above, between, session);
    if ('because' in parent) return parent;
    return this.#cuts.add(
      { apex, parent, nameServers: above.nameServers, glue: above.glue, delegation: gathered.message },
      limits.MIN_CACHE_SECONDS,
    );
  }

  /** Every address of the zone's servers: glue, and what their names resolve to. */
  async addressesOf(cut: ZoneCut, session: Session): Promise<ReadonlyMap<Name, readonly string[]>> {
    const found = new Map<Name, readonly string[]>(cut.glue);
    for (const nameServer of cut.nameServers) {
      if (!found.has(nameServer)) found.set(nameServer, await this.#lookUpAddresses(nameServer, session));
    }
    return found;
  }

  async #findAddresses(cut: ZoneCut, session: Session): Promise<readonly string[]> {
    const unknown = cut.nameServers.filter((nameServer) => !cut.glue.has(nameServer));
    const found: string[] = [];
    for (const nameServer of unknown.slice(0, limits.MAX_SERVER_NAMES_LOOKED_UP)) {
      found.push(...(await this.#lookUpAddresses(nameServer, session)));
    }
    return found;
  }

  async #lookUpAddresses(nameServer: Name, session: Session): Promise<readonly string[]> {
    const known = this.#addresses.get(nameServer);
    if (known !== undefined) return known;
    if (session.inProgress.has(nameServer) || session.inProgress.size >= limits.MAX_DEPTH) return [];
    const inner = {
      ...session,
      inProgress: new Set([...session.inProgress, nameServer]),
      avoid: new Set<string>(),
    };
    const addresses: string[] = [];
    let seconds = limits.MAX_CACHE_SECONDS;
    for (const [type, read] of [
      [RRType.A, readA],
      [RRType.AAAA, readAaaa],
    ] as const) {
      const gathered = await this.ask(nameServer, type, inner);
      // A budget spent here is the asking lookup's, and says nothing of the name.
      if (gathered.kind === 'failed' && gathered.because === 'query-budget-spent') return addresses;
      if (gathered.kind === 'failed' || gathered.reply.kind !== 'answer') continue;
      seconds = Math.min(seconds, Math.max(ttlOf(gathered.reply.rrset), limits.MIN_CACHE_SECONDS));
      addresses.push(...gathered.reply.rrset.records.map(read).filter((address) => address !== undefined));
    }
    this.#addresses.set(
      nameServer,
      addresses,
      addresses.length === 0 ? limits.FAILURE_CACHE_SECONDS : seconds,
    );
    return addresses;
  }
}

function failedAt(answered: Answered, because: LookupFailure): Unanswered {
  return { kind: 'failed', cut: answered.cut, question: answered.question, because };
}

function hintedAddresses(hints: Iterable<PlainRecord>): Map<Name, string[]> {
  const addresses = new Map<Name, string[]>();
  for (const hint of hints) {
    const record = recordOf(hint);
    const address =
      hint.type === RRType.A ? readA(record) : hint.type === RRType.AAAA ? readAaaa(record) : undefined;
    if (address === undefined || !isWithin(hint.name, root)) continue;
    addresses.set(hint.name, [...(addresses.get(hint.name) ?? []), address]);
  }
  return addresses;
}
