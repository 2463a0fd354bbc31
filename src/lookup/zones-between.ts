/**
 * Zones that nobody referred to: where the same servers serve zones one below the other, an answer or a referral can skip some
 * of them. Walks from a signed zone towards a name, label by label, by DS questions (RFC 4035 §5.2).
 *
 * In: a signed zone, a name below it. Out: where security ends on the way, with the proof of it seen; or the deepest signed
 * zone that was reached; or bogus, where a label's DS question is answered without proof.
 */
import { formatName, labelCount, type Name, rightmost } from '../dns/name.ts';
import type { ZoneKeys } from '../dnssec/zone-keys.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { askDelegation, type DelegationAsking } from './ask-delegation.ts';
import { type EndOfSecurity, endOf, shown, type ZoneSecurity } from './zone-security.ts';

export interface SignedZone {
  readonly cut: ZoneCut;
  readonly keys: ZoneKeys;
}

export interface Walking extends DelegationAsking {
  readonly securityOf: (cut: ZoneCut) => Promise<ZoneSecurity>;
}

export type Walked =
  | { readonly kind: 'ended'; readonly security: EndOfSecurity }
  | ({ readonly kind: 'reached' } & SignedZone)
  | { readonly kind: 'bogus' };

/** To the rightmost `labels` labels of `name`, inclusive. */
export async function walkDown(
  walking: Walking,
  from: SignedZone,
  name: Name,
  labels: number,
): Promise<Walked> {
  let { cut, keys } = from;
  for (let count = labelCount(cut.apex) + 1; count <= labels; count++) {
    const step = rightmost(name, count);
    const at = formatName(step);
    const ended = (security: EndOfSecurity): Walked => ({
      kind: 'ended',
      security,
    });
    const verdict = await askDelegation(walking, cut, keys, step);
    if (verdict.kind === 'failed') return ended({ status: 'indeterminate', because: verdict.because, at });
    if (verdict.kind === 'bogus') return verdict;
    if (verdict.kind === 'insecure') {
      const { because, witness } = verdict;
      return ended({ status: 'insecure', because, at, witness: shown(witness) });
    }
    if (verdict.kind === 'not-a-cut') continue;
    const between = await walking.resolver.coHostedCut(cut, step, walking.session);
    if ('because' in between) return ended({ status: 'indeterminate', because: between.because, at });
    const security = await walking.securityOf(between);
    if (security.status !== 'secure') return ended(endOf(security));
    cut = between;
    keys = security.keys;
  }
  return { kind: 'reached', cut, keys };
}
