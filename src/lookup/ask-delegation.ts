/**
 * Asks the servers of a signed zone for the DS RRset of a name below (RFC 4035 §5.2) until one of them proves something.
 *
 * In: the parent's cut and keys, the name. Out: the delegation's verdict; bogus where none of those asked proves anything, a
 * failure where none of them answers.
 */
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { type DelegationVerdict, verifyDelegation } from '../dnssec/delegation.ts';
import { forMessage } from '../dnssec/validation.ts';
import type { ZoneKeys } from '../dnssec/zone-keys.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { LookupFailure } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { MAX_OTHER_SERVERS } from './limits.ts';
import type { Spender } from './spender.ts';

export type AskedDelegation =
  | DelegationVerdict
  | { readonly kind: 'failed'; readonly because: LookupFailure };

export interface DelegationAsking extends Spender {
  readonly resolver: Resolver;
}

export async function askDelegation(
  { resolver, session, validation }: DelegationAsking,
  parent: ZoneCut,
  keys: ZoneKeys,
  child: Name,
): Promise<AskedDelegation> {
  const avoid = new Set<string>();
  let bogus: DelegationVerdict | undefined;
  for (let i = 0; i < MAX_OTHER_SERVERS; i++) {
    const gathered = await resolver.askAt(parent, child, RRType.DS, { ...session, avoid });
    if (gathered.kind === 'failed') return bogus ?? { kind: 'failed', because: gathered.because };
    const verdict = verifyDelegation(keys, child, gathered.message, forMessage(validation));
    if (verdict.kind !== 'bogus') return verdict;
    bogus ??= verdict;
    avoid.add(gathered.server);
  }
  return bogus!;
}
