/**
 * How a signed zone delegates one below it (RFC 4035 §5.2): by the referral, by what its servers say when they are asked, or by its
 * own zone file where that is at hand (`resolve/listed-delegation.ts` says what that is worth).
 *
 * In: the zone above with its keys, the cut. Out: the delegation's verdict; or where security ended in a zone between the two.
 */
import type { Instant } from '../base/instant.ts';
import { labelCount, parentOf } from '../dns/name.ts';
import { verifyDelegation } from '../dnssec/delegation.ts';
import { forMessage, type Witness } from '../dnssec/validation.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { type AskedDelegation, askDelegation } from './ask-delegation.ts';
import { ZONE_SECURITY_SECONDS } from './limits.ts';
import type { ZoneSecurity } from './zone-security.ts';
import { type SignedZone, type Walking, walkDown } from './zones-between.ts';

/** By the registry's own file; no signature shows it. */
export interface UnsignedByList {
  readonly kind: 'insecure';
  readonly because: 'insecure-delegation-listed';
  readonly witness: Witness;
  readonly until: Instant;
}

/**
 * The referral first; where it does not do, the parent's servers are asked for the DS RRset; where that does not do either, the
 * referral may have skipped zones that the same servers serve.
 */
export async function findDelegation(
  walking: Walking,
  parent: SignedZone,
  cut: ZoneCut,
): Promise<AskedDelegation | UnsignedByList | { readonly kind: 'ended'; readonly security: ZoneSecurity }> {
  if (cut.listed !== undefined) {
    const until = walking.validation.at + ZONE_SECURITY_SECONDS;
    return cut.listed.length > 0
      ? { kind: 'signed', ds: cut.listed, until }
      : { kind: 'insecure', because: 'insecure-delegation-listed', witness: [], until };
  }
  const referred = verifyDelegation(parent.keys, cut.apex, cut.delegation!, forMessage(walking.validation));
  if (referred.kind !== 'bogus') return referred;
  const asked = await askDelegation(walking, parent.cut, parent.keys, cut.apex);
  if (asked.kind !== 'bogus') return asked;

  const above = parentOf(cut.apex);
  const walked = await walkDown(walking, parent, above, labelCount(above));
  if (walked.kind === 'ended') return { kind: 'ended', security: { ...walked.security, ds: [] } };
  if (walked.kind === 'bogus' || walked.cut === parent.cut) return asked;
  const skipped = verifyDelegation(walked.keys, cut.apex, cut.delegation!, forMessage(walking.validation));
  if (skipped.kind !== 'bogus') return skipped;
  return askDelegation(walking, walked.cut, walked.keys, cut.apex);
}
