/**
 * Zones that are served by the same servers as the one above, so that no referral ever shows the cut between (or that a forwarder
 * answers for, which refers nowhere). In: replies. Out: the cuts that they belong to. Syntax only: whether such a cut is real is
 * for `lookup` to find out.
 */
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { type Answered, failedAt, type Gathered, type Unanswered } from './ask-zone.ts';
import { keptDelegation } from './kept-delegation.ts';
import * as limits from './limits.ts';
import { deeperZoneOf, nameInZoneOf } from './responding-zone.ts';
import type { Session } from './session.ts';
import { type CutCache, cutFromReferral, secondsOf, secondsOfDs, type ZoneCut } from './zone-cut.ts';

export class CoHosting {
  readonly #cuts: CutCache;
  readonly #askAt: (cut: ZoneCut, name: Name, type: number, session: Session) => Promise<Gathered>;
  readonly #asksForwarders: boolean;

  /** `askAt` asks the servers of the cut, or a forwarder. */
  constructor(
    cuts: CutCache,
    askAt: (cut: ZoneCut, name: Name, type: number, session: Session) => Promise<Gathered>,
    asksForwarders: boolean,
  ) {
    this.#cuts = cuts;
    this.#askAt = askAt;
    this.#asksForwarders = asksForwarders;
  }

  /**
   * Where a reply speaks for a zone below the cut that was asked (its servers serve both), finds the cut between: its DS,
   * or the denial, is asked of the same servers. The reply comes back with the cut that it belongs to; with its own where
   * these servers refer elsewhere for what it names. No promise where nobody need be asked.
   */
  settle(answered: Answered, session: Session): Gathered | Promise<Gathered> {
    const apex = deeperZoneOf(answered);
    return apex === undefined ? answered : this.#settleAt(answered, apex, session);
  }

  async #settleAt(answered: Answered, apex: Name, session: Session): Promise<Gathered> {
    const cut = await this.cutAt(answered.cut, apex, session);
    if (!('because' in cut)) return { ...answered, cut };
    return cut.because === 'referral-loop' ? answered : cut;
  }

  /** The cut at `apex`, whose zone is served by the same servers as `above`. */
  async cutAt(above: ZoneCut, apex: Name, session: Session): Promise<ZoneCut | Unanswered> {
    const known = this.#cuts.get(apex);
    if (known !== undefined) return known;
    const gathered = await this.#askAt(above, apex, RRType.DS, session);
    if (gathered.kind === 'failed') return gathered;
    if (gathered.reply.kind === 'referral') {
      const { ns } = gathered.reply;
      const cut = cutFromReferral(above, ns, gathered.message);
      this.#cuts.add(cut, secondsOf(ns, gathered.message));
      return cut.apex === apex ? cut : failedAt(gathered, 'referral-loop');
    }
    const between = deeperZoneOf(gathered);
    const parent = between === undefined ? above : await this.cutAt(above, between, session);
    if ('because' in parent) return parent;
    // As for referrals: of several lookups that come here at once the first one's cut is kept.
    const meanwhile = this.#cuts.get(apex);
    if (meanwhile !== undefined) return meanwhile;
    const { nameServers, glue } = above;
    const cut = { apex, parent, nameServers, glue, delegation: keptDelegation(gathered.message) };
    return this.#asksForwarders
      ? this.#cuts.add(cut, secondsOfDs(gathered.message))
      : this.#cuts.add({ ...cut, isCoHosted: true }, limits.MIN_CACHE_SECONDS);
  }

  /**
   * The cut below that of an unsigned reply whose zone holds what it says, as the zone's SOA record names it, asked of the same
   * servers. Undefined where no deeper zone is named; the name may be made up, as any reply.
   */
  async unsignedCutOf(answered: Answered, session: Session): Promise<ZoneCut | Unanswered | undefined> {
    const { cut } = answered;
    const name = nameInZoneOf(answered);
    if (name === undefined) return undefined;
    const gathered = await this.#askAt(cut, name, RRType.SOA, session);
    if (gathered.kind === 'failed') return undefined;
    const apex = gathered.reply.kind === 'answer' ? name : deeperZoneOf(gathered);
    const found = apex === undefined ? undefined : await this.cutAt(cut, apex, session);
    return found !== undefined && 'because' in found && found.because === 'referral-loop' ? undefined : found;
  }
}
