/** Short words for the chains and TLSA records that scenarios are made of. */
import type { ChainPlan, MailServerPlan } from './mail-plan.ts';
import type { TlsaPlan } from './zone-plan.ts';

/** Leaf and intermediate of an everyday certificate for `host`, with an EC key. */
export function chainFor(host: string, over: Partial<ChainPlan> = {}): ChainPlan {
  return { key: host, keyType: 'ec', names: [host], issuer: 'ca-one', validity: 'valid', sent: 2, ...over };
}

/** The key that the host used before, or will use next. */
export function otherKey(host: string): ChainPlan {
  return chainFor(host, { key: `${host}/other` });
}

/** "3 1 1" and the like, of the leaf for usages 1 and 3, of the intermediate for 0 and 2 unless `depth` says otherwise. */
export function tlsa(parameters: string, of: ChainPlan, depth?: number): TlsaPlan {
  const [usage = 0, selector = 0, matchingType = 0] = parameters.split(' ').map(Number);
  return { usage, selector, matchingType, of, depth: depth ?? (usage === 0 || usage === 2 ? 1 : 0) };
}

export function tls(...chains: readonly ChainPlan[]): MailServerPlan {
  return { kind: 'tls', chains };
}
