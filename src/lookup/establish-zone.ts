/**
 * Works out the security of one zone (RFC 4035 §5): its delegation, judged with the parent's keys, then its DNSKEY RRset, with
 * the DS records or an anchor. A bogus answer is asked for again from other servers before it counts.
 */
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { formatName } from '../dns/name.ts';
import type { TrustAnchor } from '../dnssec/trust-anchor.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import { askZoneKeys } from './ask-zone-keys.ts';
import { findDelegation } from './find-delegation.ts';
import type { UselessServer } from './servers-tried.ts';
import { type Established, shown, type ZoneSecurity } from './zone-security.ts';
import type { Walking } from './zones-between.ts';

/** The zone above, and what is known of it. */
export interface Above {
  readonly cut: ZoneCut;
  readonly security: ZoneSecurity;
}

/** With `silence` the zone's own servers are not asked. `above` is undefined for the root and where there is an anchor. */
export async function establishZone(
  walking: Walking,
  cut: ZoneCut,
  above: Above | undefined,
  anchor: TrustAnchor | undefined,
  silence?: ReasonKey,
): Promise<Established> {
  const at = () => formatName(cut.apex);
  const ended = (
    status: 'bogus' | 'indeterminate',
    because: ReasonKey,
    useless: readonly UselessServer[] = [],
  ): Established => ({ security: { status, because, at: at(), ds: [], useless } });
  if (anchor !== undefined) return askZoneKeys(walking, cut, anchor, anchor.ds, silence);
  if (above === undefined) return ended('indeterminate', 'no-trust-anchor');
  if (above.security.status !== 'secure') return { security: { ...above.security, ds: [] } };
  const delegation = await findDelegation(walking, { cut: above.cut, keys: above.security.keys }, cut);
  switch (delegation.kind) {
    case 'signed': {
      const { ds } = delegation;
      const { security, until } = await askZoneKeys(walking, cut, ds, ds, silence);
      return { security, until: Math.min(delegation.until, until ?? delegation.until) };
    }
    case 'insecure': {
      const { because, until } = delegation;
      const witness = shown(delegation.witness);
      return { security: { status: 'insecure', because, at: at(), witness, ds: [] }, until };
    }
    case 'not-a-cut':
      return {
        security: { status: 'bogus', because: 'denial-contradicts', at: at(), ds: [], isNoCut: true },
      };
    case 'bogus':
      return ended('bogus', delegation.because, delegation.useless);
    case 'indeterminate':
      return ended('indeterminate', delegation.because);
    case 'failed':
      return ended('indeterminate', delegation.because, delegation.useless);
    case 'ended':
      return { security: delegation.security };
    default:
      return never(delegation);
  }
}
