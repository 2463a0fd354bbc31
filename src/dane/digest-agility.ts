/** Digest agility (RFC 7671 §9): of several digests of one usage and selector only the strongest counts. */
import { MatchingType } from './tlsa-parameters.ts';
import type { TlsaRecord } from './tlsa-record.ts';

/**
 * Those of `usable` that a stronger digest sets aside. Matching type 0 is no digest: it neither sets aside nor is set
 * aside. The order of the numbers of the two assigned digests is the order of their strength.
 * Unusable records must not be passed: a SHA2-512 digest of a wrong length must not silence a good SHA2-256 one.
 */
export function supersededDigests(usable: readonly TlsaRecord[]): ReadonlySet<TlsaRecord> {
  const digests = usable.filter(({ matchingType }) => matchingType !== MatchingType.Full);
  return new Set(
    digests.filter((weak) =>
      digests.some(
        (strong) =>
          strong.usage === weak.usage &&
          strong.selector === weak.selector &&
          strong.matchingType > weak.matchingType,
      ),
    ),
  );
}
