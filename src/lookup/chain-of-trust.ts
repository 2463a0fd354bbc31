/**
 * The security of a zone, from the trust anchor down (RFC 4035 §5): for each cut the delegation is judged with the parent's
 * keys, then the zone's DNSKEY RRset with the DS records. What was found is remembered with the cut that it belongs to.
 * Gathers through the resolver, judges with `dnssec`. A bogus answer is asked for again from other servers before it counts.
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { formatName, type Name } from '../dns/name.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import { RRType } from '../dns/rr-type.ts';
import { type DelegationVerdict, verifyDelegation } from '../dnssec/delegation.ts';
import type { TrustAnchor } from '../dnssec/trust-anchor.ts';
import type { Validation } from '../dnssec/validation.ts';
import { verifyZoneKeys, type ZoneKeys } from '../dnssec/zone-keys.ts';
import type { Gathered, Resolver } from '../resolve/resolver.ts';
import type { Session, TraceEntry } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { FAILURE_SECONDS, MAX_OTHER_SERVERS, ZONE_SECURITY_SECONDS } from './limits.ts';

export type ZoneSecurity =
  | { readonly status: 'secure'; readonly keys: ZoneKeys; readonly ds: readonly Ds[] }
  | {
      readonly status: 'insecure' | 'bogus' | 'indeterminate';
      readonly because: ReasonKey;
      /** Presentation form of the apex where security ended. */
      readonly at: string;
      readonly ds: readonly Ds[];
    };

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
    const now = this.#options.clockMs();
    const known = this.#known.get(cut);
    if (known !== undefined && known.expires > now) return known.security;
    const entry = { expires: now + ZONE_SECURITY_SECONDS * 1000, security: this.#establish(cut, trace) };
    this.#known.set(cut, entry);
    void entry.security.then((security) => {
      if (security.status === 'bogus' || security.status === 'indeterminate') {
        entry.expires = this.#options.clockMs() + FAILURE_SECONDS * 1000;
      }
    });
    return entry.security;
  }

  async #establish(cut: ZoneCut, trace: TraceEntry[] | undefined): Promise<ZoneSecurity> {
    const at = formatName(cut.apex);
    const anchor = this.#options.anchors.get(cut.apex);
    if (anchor !== undefined) return this.#keysOf(cut, anchor, anchor.ds, trace);
    if (cut.parent === undefined) return { status: 'indeterminate', because: 'no-trust-anchor', at, ds: [] };

    const parent = await this.of(cut.parent, trace);
    if (parent.status !== 'secure') return { ...parent, ds: [] };
    const delegation = await this.#delegation(parent.keys, cut, cut.parent, trace);
    switch (delegation.kind) {
      case 'signed':
        return this.#keysOf(cut, delegation.ds, delegation.ds, trace);
      case 'insecure':
        return { status: 'insecure', because: delegation.because, at, ds: [] };
      case 'not-a-cut':
        return { status: 'bogus', because: 'denial-contradicts', at, ds: [] };
      case 'bogus':
        return { status: 'bogus', because: delegation.because, at, ds: [] };
      case 'failed':
        return { status: 'indeterminate', because: delegation.because, at, ds: [] };
      default:
        return never(delegation);
    }
  }

  /** The referral first; where it does not do, the parent's servers are asked for the DS RRset (RFC 4035 §5.2). */
  async #delegation(
    keys: ZoneKeys,
    cut: ZoneCut,
    parent: ZoneCut,
    trace: TraceEntry[] | undefined,
  ): Promise<DelegationVerdict | { readonly kind: 'failed'; readonly because: ReasonKey }> {
    let verdict = verifyDelegation(keys, cut.apex, cut.delegation!, this.#options.newValidation());
    if (verdict.kind !== 'bogus') return verdict;
    const { resolver, newSession, newValidation } = this.#options;
    const session = newSession(trace);
    const avoid = new Set<string>();
    for (let i = 0; i < MAX_OTHER_SERVERS; i++) {
      const gathered = await resolver.askAt(parent, cut.apex, RRType.DS, { ...session, avoid });
      if (gathered.kind === 'failed') {
        if (i === 0) return { kind: 'failed', because: gathered.because };
        break;
      }
      verdict = verifyDelegation(keys, cut.apex, gathered.message, newValidation());
      if (verdict.kind !== 'bogus') break;
      avoid.add(gathered.server);
    }
    return verdict;
  }

  async #keysOf(
    cut: ZoneCut,
    trusted: TrustAnchor | readonly Ds[],
    ds: readonly Ds[],
    trace: TraceEntry[] | undefined,
  ): Promise<ZoneSecurity> {
    const { resolver, newSession, newValidation } = this.#options;
    const at = formatName(cut.apex);
    const session = newSession(trace);
    const avoid = new Set<string>();
    let worst: ZoneSecurity | undefined;
    for (let i = 0; i < MAX_OTHER_SERVERS; i++) {
      const gathered: Gathered = await resolver.askAt(cut, cut.apex, RRType.DNSKEY, { ...session, avoid });
      if (gathered.kind === 'failed') {
        return worst ?? { status: 'indeterminate', because: gathered.because, at, ds };
      }
      const verdict = verifyZoneKeys(cut.apex, trusted, gathered.message, newValidation());
      if (verdict.status === 'secure') return { status: 'secure', keys: verdict.keys, ds };
      if (verdict.status === 'insecure') return { status: 'insecure', because: verdict.because, at, ds };
      worst ??= { status: 'bogus', because: verdict.because, at, ds };
      avoid.add(gathered.server);
    }
    return worst!;
  }
}
