/** What one domain of the population is drawn from. */
import type { Scenario } from '../zoo/scenario.ts';
import { IPV6_SHARE } from './parameters.ts';
import type { Providers } from './providers.ts';

/** A number in [0, 1) for a purpose, the same each time. */
export type At = (purpose: string) => number;

/** What a domain of the population is drawn from. */
export interface Drawn {
  readonly label: string;
  readonly tld: 'xa' | 'xb';
  readonly at: At;
  /** Of the domains with DANE hosts of their own, those whose first host fails. */
  readonly failingShare: number;
  readonly providers: Providers;
}

export function familiesOf(at: At): readonly (4 | 6)[] {
  return at('ipv6') < IPV6_SHARE ? [4, 6] : [4];
}

export function withShares(providers: readonly Scenario[], shares: readonly number[]) {
  return providers.map((provider, index) => [shares[index]!, provider] as const);
}
