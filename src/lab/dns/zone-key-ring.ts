/** The keys of the lab's zones, made from the seed at first use. */
import { DnssecAlgorithm } from '../../dns/dnssec-algorithm.ts';
import type { ZonePlan } from '../plan/zone-plan.ts';
import { recent } from '../recent.ts';
import { KSK_FLAGS, type ZoneKey, ZSK_FLAGS, zoneKey } from '../signing/zone-key.ts';

/** One and the same key in most zones (a combined signing key, flags 257). */
export interface ZoneKeys {
  readonly ksk: ZoneKey;
  readonly zsk: ZoneKey;
}

/** RSA keys are dear to make: zones of the population share these few, as zones of one operator sometimes do. */
const RSA_ZONE_KEYS = 4;
/** Keys in memory. */
const KEYS_KEPT = 10_000;

export interface KeyRing {
  keys(plan: ZonePlan): ZoneKeys;
  /** Makes the shared RSA keys before somebody waits for them. */
  warmUp(): void;
}

export function createKeyRing(seed: number): KeyRing {
  const keep = recent(KEYS_KEPT, (text): ZoneKeys => {
    const [label = '', algorithm, split] = text.split(' ');
    const make = (flags: number, role: string) =>
      zoneKey(`lab ${seed} zone ${label}${role}`, Number(algorithm), flags);
    const ksk = make(KSK_FLAGS, '');
    return { ksk, zsk: split === 'split' ? make(ZSK_FLAGS, ' zsk') : ksk };
  });
  const shared = (index: number) => `shared-${index} ${DnssecAlgorithm.RSASHA256} combined`;
  return {
    keys({ apex, signing }) {
      const algorithm = signing?.algorithm ?? DnssecAlgorithm.ECDSAP256SHA256;
      const isTop = !apex.includes('.') || apex === '.';
      const isShared = algorithm === DnssecAlgorithm.RSASHA256 && !isTop && !apex.startsWith('former.');
      if (isShared) return keep(shared(sum(apex) % RSA_ZONE_KEYS));
      return keep(`${apex} ${algorithm} ${isTop ? 'split' : 'combined'}`);
    },
    warmUp() {
      for (let index = 0; index < RSA_ZONE_KEYS; index++) keep(shared(index));
    },
  };
}

function sum(text: string): number {
  let total = 0;
  for (let at = 0; at < text.length; at++) total += text.charCodeAt(at);
  return total;
}
