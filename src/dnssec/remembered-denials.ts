/**
 * What remembered NSEC and NSEC3 records prove about a name (RFC 8198 §5.1, §5.2): the same standings, by the same rules, as
 * the records of one message, which here are looked up in the chain that is known of the zone.
 */

import type { Instant } from '../base/instant.ts';
import { NSEC3_FLAG_OPT_OUT } from '../dns/dnssec-algorithm.ts';
import type { ResourceRecord } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import type { Budget } from './budget.ts';
import { type Found, type HashedRecords, hashedExpansion, hashedStanding } from './closest-encloser.ts';
import { expansionShown, judgeNsec, type NsecSpan } from './nsec.ts';
import { budgetedHash, coversHash, type Nsec3Span } from './nsec3.ts';
import type { SpanChain } from './span-chain.ts';
import type { DenialKind, DenialRecords, Standing } from './standing.ts';
import { bogus } from './validation.ts';

interface Kept {
  readonly until: Instant;
}
export type KeptNsec = NsecSpan & Kept & { readonly from: string };
export type KeptNsec3 = Nsec3Span & Kept;
/** Owned by the wildcard; TTLs as they came. */
export interface KeptWildcard extends Kept {
  readonly records: readonly ResourceRecord[];
}

/** The span where it still holds; whoever asks uses it. */
type Used<K> = (kept: K | undefined) => K | undefined;

export class RememberedNsec implements DenialRecords {
  readonly denial: DenialKind = { kind: 'nsec' };
  readonly #chain: SpanChain<KeptNsec>;
  readonly #apex: Name;
  readonly #used: Used<KeptNsec>;

  constructor(chain: SpanChain<KeptNsec>, apex: Name, used: Used<KeptNsec>) {
    this.#chain = chain;
    this.#apex = apex;
    this.#used = used;
  }

  standing(name: Name): Standing {
    const span = this.#used(this.#chain.atOrBefore(name));
    const found = span && judgeNsec(span, this.#apex, name);
    return found === undefined
      ? { kind: 'unproven', because: 'denial-incomplete' }
      : { ...found, witness: [{ name: span!.owner, type: RRType.NSEC }], until: span!.until };
  }

  expansion(name: Name, encloser: Name): Standing {
    return expansionShown(this.standing(name), encloser);
  }
}

export class RememberedNsec3 implements DenialRecords, HashedRecords {
  readonly #chain: SpanChain<KeptNsec3>;
  readonly #apex: Name;
  readonly #used: Used<KeptNsec3>;
  readonly #budget: Budget;
  readonly #hashes = new Map<Name, string>();

  constructor(chain: SpanChain<KeptNsec3>, apex: Name, used: Used<KeptNsec3>, budget: Budget) {
    this.#chain = chain;
    this.#apex = apex;
    this.#used = used;
    this.#budget = budget;
  }

  get denial(): DenialKind {
    return { kind: 'nsec3', iterations: this.#chain.first?.nsec3.iterations ?? 0 };
  }

  standing(name: Name): Standing {
    return hashedStanding(this, this.#apex, name);
  }

  expansion(name: Name, encloser: Name): Standing {
    return hashedExpansion(this, name, encloser);
  }

  matching(name: Name): Found {
    return this.#at(name, ({ from }, hash) => from === hash);
  }

  covering(name: Name): Found {
    return this.#at(name, coversHash);
  }

  #at(name: Name, fits: (span: KeptNsec3, hash: string) => boolean): Found {
    const parameters = this.#chain.first?.nsec3;
    if (parameters === undefined) return undefined;
    const hash = this.#hashes.get(name) ?? budgetedHash(name, parameters, this.#budget);
    if (hash === undefined) return bogus('nsec3-hash-budget-spent');
    this.#hashes.set(name, hash);
    const span = this.#used(this.#chain.atOrBefore(hash));
    if (span === undefined || !fits(span, hash)) return undefined;
    const optOut = (span.nsec3.flags & NSEC3_FLAG_OPT_OUT) !== 0;
    const witness = [{ name: span.owner, type: RRType.NSEC3 }];
    return { status: 'secure', types: span.nsec3.types, optOut, witness, until: span.until };
  }
}
