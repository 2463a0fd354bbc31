/**
 * The security of each zone, from the trust anchor down (RFC 4035 §5). What `establish-zone.ts` finds is remembered with the cut
 * that it belongs to, and work under way is shared.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { formatName, isBelow, type Name, parentOf } from '../dns/name.ts';
import type { TrustAnchor } from '../dnssec/trust-anchor.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Unanswered } from '../resolve/ask-zone.ts';
import { type LookupLimits, ZONE_LIMITS } from '../resolve/limits.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { Session, TraceEntry } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { type Above, establishZone } from './establish-zone.ts';
import { FAILURE_SECONDS, MIN_ZONE_SECURITY_SECONDS, ZONE_SECURITY_SECONDS } from './limits.ts';
import { charge, endedBudget, type Spender } from './spender.ts';
import type { Established, ZoneSecurity } from './zone-security.ts';

export interface ChainOfTrustOptions {
  readonly resolver: Resolver;
  readonly anchors: ReadonlyMap<Name, TrustAnchor>;
  readonly newSession: (trace: TraceEntry[] | undefined, limits: LookupLimits) => Session;
  readonly newValidation: () => Validation;
  /** `ZONE_LIMITS` where it is left out. */
  readonly zoneLimits?: LookupLimits;
  readonly clockMs: () => number;
}

interface Known {
  expires: number;
  readonly security: Promise<ZoneSecurity>;
  /** Undefined while the work is under way. */
  settled: ZoneSecurity | undefined;
}

export class ChainOfTrust {
  readonly #options: ChainOfTrustOptions;
  readonly #known = new WeakMap<ZoneCut, Known>();

  constructor(options: ChainOfTrustOptions) {
    this.#options = options;
  }

  /** Work that is under way for a zone is shared. Indeterminate where `spender`, for whom it would begin, has spent too much. */
  async of(cut: ZoneCut, spender: Spender): Promise<ZoneSecurity> {
    const { clockMs } = this.#options;
    const known = this.#entryOf(cut);
    if (known !== undefined) return known.settled ?? this.#waited(known.security, spender);
    const above = await this.#above(cut, spender);
    // Another lookup may have begun meanwhile.
    const begun = this.#recall(cut);
    if (begun !== undefined) return this.#waited(begun, spender);
    const spent = endedBudget(spender, clockMs());
    if (spent !== undefined) {
      return { status: 'indeterminate', because: spent, at: formatName(cut.apex), ds: [] };
    }
    if (above !== undefined && 'because' in above) return unanswered(cut, above);
    const established = this.#establish(cut, above, spender);
    const entry: Known = {
      expires: Number.POSITIVE_INFINITY,
      security: established.then(({ security }) => security),
      settled: undefined,
    };
    this.#known.set(cut, entry);
    established.then(
      (found) => {
        entry.settled = found.security;
        entry.expires = clockMs() + this.#secondsOf(found) * 1000;
        const { status } = found.security;
        if (status === 'bogus' || status === 'indeterminate') {
          // A cut that only a reply names may be made up, and must not hide the true one.
          this.#options.resolver.believeNoLonger(cut, cut.isCoHosted === true ? 0 : FAILURE_SECONDS);
        }
      },
      // Whoever asked gets the error; the next one tries again.
      () => this.#known.delete(cut),
    );
    return entry.security;
  }

  /**
   * As `of`, for a zone whose servers were silent just now: unless its keys are known they are not asked for those as well, so
   * that a signed zone is indeterminate for the same reason. Not remembered: the next lookup may be luckier.
   */
  async ofSilent(cut: ZoneCut, silence: ReasonKey, spender: Spender): Promise<ZoneSecurity> {
    const known = this.#recall(cut);
    if (known !== undefined) return known;
    const above = await this.#above(cut, spender);
    if (above !== undefined && 'because' in above) return unanswered(cut, above);
    return (await this.#establish(cut, above, spender, silence)).security;
  }

  /** What is known of a zone without asking anybody; undefined where nothing is. */
  known(cut: ZoneCut): ZoneSecurity | undefined {
    return this.#entryOf(cut)?.settled;
  }

  #recall(cut: ZoneCut): Promise<ZoneSecurity> | undefined {
    return this.#entryOf(cut)?.security;
  }

  #entryOf(cut: ZoneCut): Known | undefined {
    const known = this.#known.get(cut);
    return known !== undefined && known.expires > this.#options.clockMs() ? known : undefined;
  }

  /** Another's work, at another's pace: the wait is no time of the lookup's. */
  async #waited(known: Promise<ZoneSecurity>, { session }: Spender): Promise<ZoneSecurity> {
    const began = this.#options.clockMs();
    const security = await known;
    session.budget.deadlineMs += this.#options.clockMs() - began;
    return security;
  }

  /**
   * The zone above, which is settled before the work that is shared: it hangs on no lookup's budget. Where an anchor says that there
   * is a signed zone between, that one, which the same servers must serve. Undefined where none is needed.
   */
  async #above(cut: ZoneCut, spender: Spender): Promise<Above | Unanswered | undefined> {
    const { parent } = cut;
    if (parent === undefined || this.#options.anchors.has(cut.apex)) return undefined;
    const between = this.anchorBelow(parent.apex, parentOf(cut.apex));
    const above =
      between === undefined
        ? parent
        : await this.#options.resolver.coHostedCut(parent, between, spender.session);
    return 'because' in above ? above : { cut: above, security: await this.of(above, spender) };
  }

  async #establish(
    cut: ZoneCut,
    above: Above | undefined,
    spender: Spender,
    silence?: ReasonKey,
  ): Promise<Established> {
    const { resolver, anchors, newSession, newValidation, zoneLimits = ZONE_LIMITS } = this.#options;
    const zone = {
      session: newSession(spender.session.trace, zoneLimits),
      validation: newValidation(),
    };
    const before = { ...zone.session.budget };
    const walking = { ...zone, resolver, securityOf: (between: ZoneCut) => this.of(between, zone) };
    try {
      return await establishZone(walking, cut, above, anchors.get(cut.apex), silence);
    } finally {
      charge(spender, zone, before);
    }
  }

  /** The anchor nearest to `name`, at it or above, that is below `apex`: it decides (RFC 6840 §5.10, Appendix C.1). */
  anchorBelow(apex: Name, name: Name): Name | undefined {
    for (let at = name; isBelow(at, apex); at = parentOf(at)) {
      if (this.#options.anchors.has(at)) return at;
    }
    return undefined;
  }

  /** How long it may be remembered: no longer than TTLs and signatures allow (RFC 4035 §4.5, §5.3.3). */
  #secondsOf({ security, until }: Established): number {
    if (security.status === 'bogus' || security.status === 'indeterminate') return FAILURE_SECONDS;
    const seconds = until === undefined ? ZONE_SECURITY_SECONDS : until - this.#options.newValidation().at;
    return Math.max(MIN_ZONE_SECURITY_SECONDS, Math.min(ZONE_SECURITY_SECONDS, seconds));
  }
}

function unanswered(cut: ZoneCut, { because }: Unanswered): ZoneSecurity {
  return { status: 'indeterminate', because, at: formatName(cut.apex), ds: [] };
}
