/** What follows from the published parameters: shares of all domains, so that those come out. */
import * as mix from './parameters.ts';

const MX_SHARE = mix.MAIL_SHARES.find(([, kind]) => kind === 'mx')![0];
const SIGNED = (mix.SIGNED_SHARE.xa + mix.SIGNED_SHARE.xb) / 2;
export const DANE_AMONG_SIGNED_MX = mix.DANE_SHARE_OF_SIGNED / MX_SHARE;
const DANE = SIGNED * mix.DANE_SHARE_OF_SIGNED;
const UNSIGNED_BEHIND_TLSA = (DANE * mix.UNSIGNED_SHARE_BEHIND_TLSA) / (1 - mix.UNSIGNED_SHARE_BEHIND_TLSA);
export const TLSA_AMONG_UNSIGNED_MX = UNSIGNED_BEHIND_TLSA / ((1 - SIGNED) * MX_SHARE);
export const BROKEN_DENIAL_AMONG_SIGNED_MX = mix.BROKEN_TLSA_DENIAL_SHARE / (SIGNED * MX_SHARE);
export const OWN_DANE_SHARE = 1 - mix.DANE_PROVIDER_SHARES.reduce((sum, share) => sum + share, 0);
export const OWN_PLAIN_SHARE = 1 - mix.PLAIN_PROVIDER_SHARES.reduce((sum, share) => sum + share, 0);
const PROVIDER_HOSTS = mix.DANE_PROVIDER_SHARES.length * 4;
const MEAN_MX_COUNT = mix.MX_COUNT_SHARES.reduce((sum, [share, count]) => sum + share * count, 0);

/** The share of first hosts in the tail that fail, so that of all TLSA hosts the published share does. */
export function failingShareOfTail(size: number): number {
  const tail = size * DANE * OWN_DANE_SHARE;
  const hosts = PROVIDER_HOSTS + tail * MEAN_MX_COUNT;
  return Math.min(0.5, (mix.FAILING_SHARE_OF_TLSA_HOSTS * hosts) / Math.max(tail, 1));
}
