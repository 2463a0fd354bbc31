/**
 * Asks the servers of a zone for its DNSKEY RRset (RFC 4035 §5.2) until one of them shows one that a DS record or the trust
 * anchor vouches for.
 *
 * In: the zone's cut, what is trusted. Out: the zone's security; bogus where none of those asked shows such keys,
 * indeterminate where none of them answers.
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { formatName } from '../dns/name.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import { RRType } from '../dns/rr-type.ts';
import type { TrustAnchor } from '../dnssec/trust-anchor.ts';
import { forMessage } from '../dnssec/validation.ts';
import { type Unsupported, unsupported, verifyZoneKeys } from '../dnssec/zone-keys.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import type { DelegationAsking } from './ask-delegation.ts';
import { ServersTried } from './servers-tried.ts';
import { type Established, shown } from './zone-security.ts';

/** `ds` are those to be kept with the security. With `silence` nobody is asked: the servers were silent just now, and this is why. */
export async function askZoneKeys(
  { resolver, session, validation }: DelegationAsking,
  cut: ZoneCut,
  trusted: TrustAnchor | readonly Ds[],
  ds: readonly Ds[],
  silence: ReasonKey | undefined,
): Promise<Established> {
  const at = () => formatName(cut.apex);
  const tried = new ServersTried();
  const insecure = ({ because, witness }: Unsupported): Established => {
    const { useless } = tried;
    return { security: { status: 'insecure', because, at: at(), witness: shown(witness), ds, useless } };
  };
  const unfollowed = unsupported(cut.apex, trusted);
  if (unfollowed !== undefined) return insecure(unfollowed);
  if (silence !== undefined) return { security: { status: 'indeterminate', because: silence, at: at(), ds } };
  while (tried.mayAskAnother) {
    const gathered = await resolver.askAt(cut, cut.apex, RRType.DNSKEY, { ...session, avoid: tried.avoid });
    tried.heard(gathered);
    const { useless } = tried;
    if (gathered.kind === 'failed') {
      if (tried.avoid.size > 0) break;
      return { security: { status: 'indeterminate', because: gathered.because, at: at(), ds, useless } };
    }
    const verdict = verifyZoneKeys(cut.apex, trusted, gathered.message, forMessage(validation));
    switch (verdict.status) {
      case 'secure': {
        const { keys } = verdict;
        return { security: { status: 'secure', keys, ds, useless }, until: keys.until };
      }
      case 'insecure':
        return insecure(verdict);
      case 'bogus': {
        const isHidden = resolver.asksForwarders && 'name' in trusted && isUnsigned(verdict.because);
        // An anchored zone is known to be signed: where a forwarder shows it unsigned, it is the forwarder that hides it.
        tried.provedNothing(gathered.server, isHidden ? 'forwarder-without-dnssec' : verdict.because);
        break;
      }
      default:
        return never(verdict);
    }
  }
  const { prevailing: because, useless } = tried;
  return { security: { status: 'bogus', because, at: at(), ds, useless } };
}

function isUnsigned(because: ReasonKey): boolean {
  return because === 'rrsig-missing' || because === 'dnskey-missing';
}
