/** How a signed zone of the population is signed. */
import type { SigningPlan } from '../plan/zone-plan.ts';
import { choose } from './draw.ts';
import { ALGORITHM_SHARES, DENIAL_SHARES } from './parameters.ts';

/** Both in [0, 1). */
export function drawSigning(denialAt: number, algorithmAt: number): SigningPlan {
  const denial = choose(denialAt, DENIAL_SHARES);
  const algorithm = choose(algorithmAt, ALGORITHM_SHARES);
  const nsec3 = denial === 'nsec' ? null : { iterations: 0, salt: '', optOut: denial === 'nsec3-opt-out' };
  return { algorithm, nsec3 };
}
