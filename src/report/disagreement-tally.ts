/** Deliveries held against a census, counted; destinations are kept only where both disagree, and not without bound. */
import type { Delivery } from '../mta-log/delivery.ts';
import type { DomainVerdict } from '../survey/verdicts.ts';
import { type Disagreement, disagreement } from './log-disagreement.ts';

/** Own limit: domains that are listed one by one; further ones are counted. */
export const MAX_DISAGREEING = 100_000;

export interface DisagreeingDomain {
  readonly domain: string;
  readonly verdict: DomainVerdict;
  readonly kinds: Readonly<Partial<Record<Disagreement, number>>>;
  readonly deliveries: number;
}

interface Counting extends DisagreeingDomain {
  readonly kinds: Partial<Record<Disagreement, number>>;
  deliveries: number;
}

export class DisagreementTally {
  readonly #domains = new Map<string, Counting>();
  #compared = 0;
  #notInCensus = 0;
  #notListed = 0;

  /** `verdict` is null where the census has not judged the domain. */
  add(
    delivery: Delivery & { readonly domain: string },
    verdict: DomainVerdict | 'not-in-census' | null,
  ): void {
    if (verdict === 'not-in-census') {
      this.#notInCensus += 1;
      return;
    }
    this.#compared += 1;
    const kind = disagreement(verdict, delivery);
    if (kind === null || verdict === null) return;
    const { domain } = delivery;
    let counting = this.#domains.get(domain);
    if (counting === undefined && this.#domains.size < MAX_DISAGREEING) {
      counting = { domain, verdict, kinds: {}, deliveries: 0 };
      this.#domains.set(domain, counting);
    }
    if (counting === undefined) {
      this.#notListed += 1;
      return;
    }
    counting.deliveries += 1;
    counting.kinds[kind] = (counting.kinds[kind] ?? 0) + 1;
  }

  /** Those with the most deliveries first, then by name. */
  domains(): readonly DisagreeingDomain[] {
    return [...this.#domains.values()].sort(
      (a, b) => b.deliveries - a.deliveries || (a.domain < b.domain ? -1 : 1),
    );
  }

  /** Deliveries to domains of the census. */
  get compared(): number {
    return this.#compared;
  }

  /** Deliveries to others. */
  get notInCensus(): number {
    return this.#notInCensus;
  }

  /** Deliveries that disagree, to domains beyond the limit. */
  get notListed(): number {
    return this.#notListed;
  }
}
