/**
 * The security of a zone, from the trust anchor down (RFC 4035 §5): for each cut the delegation is judged with the parent's
 * keys, then the zone's DNSKEY RRset with the DS records. What was found is remembered with the cut that it belongs to.
 * Gathers through the resolver, judges with `dnssec`. A bogus answer is asked for again from other servers before it counts.
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { formatName, isBelow, type Name, parentOf } from '../dns/name.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import type { TrustAnchor } from '../dnssec/trust-anchor.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Unanswered } from '../resolve/ask-zone.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { Session, TraceEntry } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import type { DelegationAsking } from './ask-delegation.ts';
import { askZoneKeys } from './ask-zone-keys.ts';
import { findDelegation } from './find-delegation.ts';
import { FAILURE_SECONDS, MIN_ZONE_SECURITY_SECONDS, ZONE_SECURITY_SECONDS } from './limits.ts';
import { type Established, shown, type ZoneSecurity } from './zone-security.ts';

export interface ChainOfTrustOptions {
  readonly resolver: Resolver;
  readonly anchors: ReadonlyMap<Name, TrustAnchor>;
  readonly newSession: (trace: TraceEntry[] | undefined) => Session;
  readonly newValidation: () => Validation;
  readonly clockMs: () => number;
}

export class ChainOfTrust {
  readonly #options: ChainOfTrustOptions;
  readonly #known = new WeakMap<ZoneCut, { expires: number; security: Promise<ZoneSecurity> }>();

  constructor(options: ChainOfTrustOptions) {
    this.#options = options;
  }

  /** Work that is under way for a zone is shared; it has a budget of its own, so that no lookup pays for another's. */
  of(cut: ZoneCut, trace?: TraceEntry[]): Promise<ZoneSecurity> {
    const known = this.#known.get(cut);
    if (known !== undefined && known.expires > this.#options.clockMs()) return known.security;
    const established = this.#establish(cut, trace);
    const entry = {
      expires: Number.POSITIVE_INFINITY,
      security: established.then(({ security }) => security),
    };
    this.#known.set(cut, entry);
    established.then(
      (found) => {
        entry.expires = this.#options.clockMs() + this.#secondsOf(found) * 1000;
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
  async ofSilent(cut: ZoneCut, silence: ReasonKey, trace?: TraceEntry[]): Promise<ZoneSecurity> {
    const known = this.#known.get(cut);
    if (known !== undefined && known.expires > this.#options.clockMs()) return known.security;
    return (await this.#establish(cut, trace, silence)).security;
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

  #asking(trace: TraceEntry[] | undefined): DelegationAsking {
    const { resolver, newSession, newValidation } = this.#options;
    return { resolver, session: newSession(trace), newValidation };
  }

  /** With `silence` the zone's own servers are not asked. */
  async #establish(cut: ZoneCut, trace: TraceEntry[] | undefined, silence?: ReasonKey): Promise<Established> {
    const at = formatName(cut.apex);
    const ended = (
      status: 'bogus' | 'indeterminate',
      because: ReasonKey,
      ds: readonly Ds[] = [],
    ): Established => ({ security: { status, because, at, ds } });
    const anchor = this.#options.anchors.get(cut.apex);
    if (anchor !== undefined) {
      return askZoneKeys(this.#asking(trace), cut, anchor, anchor.ds, silence);
    }
    if (cut.parent === undefined) return ended('indeterminate', 'no-trust-anchor');

    const above = await this.#parentOf(cut, cut.parent, trace);
    if ('because' in above) return ended('indeterminate', above.because);
    const parent = await this.of(above, trace);
    if (parent.status !== 'secure') return { security: { ...parent, ds: [] } };
    const securityOf = (between: ZoneCut) => this.of(between, trace);
    const walking = { ...this.#asking(trace), securityOf };
    const delegation = await findDelegation(walking, { cut: above, keys: parent.keys }, cut);
    switch (delegation.kind) {
      case 'signed': {
        const { ds } = delegation;
        const { security, until } = await askZoneKeys(this.#asking(trace), cut, ds, ds, silence);
        return { security, until: Math.min(delegation.until, until ?? delegation.until) };
      }
      case 'insecure': {
        const { because, until } = delegation;
        const witness = shown(delegation.witness);
        return { security: { status: 'insecure', because, at, witness, ds: [] }, until };
      }
      case 'not-a-cut':
        return { security: { status: 'bogus', because: 'denial-contradicts', at, ds: [], isNoCut: true } };
      case 'bogus':
        return ended('bogus', delegation.because);
      case 'failed':
        return ended('indeterminate', delegation.because);
      case 'ended':
        return { security: delegation.security };
      default:
        return never(delegation);
    }
  }

  /** The zone above; where an anchor says that there is a signed zone between, that one, which the same servers must serve. */
  async #parentOf(
    cut: ZoneCut,
    parent: ZoneCut,
    trace: TraceEntry[] | undefined,
  ): Promise<ZoneCut | Unanswered> {
    const between = this.anchorBelow(parent.apex, parentOf(cut.apex));
    if (between === undefined) return parent;
    return this.#options.resolver.coHostedCut(parent, between, this.#options.newSession(trace));
  }
}
