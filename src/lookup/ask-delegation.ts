/**
 * Asks the servers of a signed zone for the DS RRset of a name below (RFC 4035 §5.2) until one of them proves something.
 *
 * In: the parent's cut and keys, the name. Out: the delegation's verdict; bogus where none of those asked proves anything, a
 * failure where none of them answers.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { type DelegationVerdict, verifyDelegation } from '../dnssec/delegation.ts';
import { forMessage } from '../dnssec/validation.ts';
import type { ZoneKeys } from '../dnssec/zone-keys.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { LookupFailure } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { ServersTried, type UselessServer } from './servers-tried.ts';
import type { Spender } from './spender.ts';

/** Bogus or failed: with the parent's servers that proved nothing. */
export type AskedDelegation =
  | Exclude<DelegationVerdict, { readonly kind: 'bogus' }>
  | { readonly kind: 'bogus'; readonly because: ReasonKey; readonly useless: readonly UselessServer[] }
  | { readonly kind: 'failed'; readonly because: LookupFailure; readonly useless: readonly UselessServer[] };

export interface DelegationAsking extends Spender {
  readonly resolver: Resolver;
}

export async function askDelegation(
  { resolver, session, validation }: DelegationAsking,
  parent: ZoneCut,
  keys: ZoneKeys,
  child: Name,
): Promise<AskedDelegation> {
  const tried = new ServersTried();
  while (tried.mayAskAnother) {
    const gathered = await resolver.askAt(parent, child, RRType.DS, { ...session, avoid: tried.avoid });
    tried.heard(gathered);
    if (gathered.kind === 'failed') {
      if (tried.avoid.size > 0) break;
      return { kind: 'failed', because: gathered.because, useless: tried.useless };
    }
    const verdict = verifyDelegation(keys, child, gathered.message, forMessage(validation));
    if (verdict.kind !== 'bogus') return verdict;
    tried.provedNothing(gathered.server, verdict.because);
  }
  return { kind: 'bogus', because: tried.prevailing, useless: tried.useless };
}
