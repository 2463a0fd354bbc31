/** Which roll-over scheme each profile of the lab's hosts is, by its plan. */

/** Of the lab's profiles with usable records those that are more than one 3 x x record; all others are `single`. */
const labSchemes: Readonly<Record<string, readonly [scheme: string, why: string | null]>> = {
  'dane-2-1-1': ['issuer-only', 'rollover-issuer-only'],
  'dane-2-0-1': ['issuer-only', 'rollover-issuer-only'],
  'dane-2-1-1-root-sent': ['issuer-only', 'rollover-issuer-only'],
  'dane-ta-key-in-dns': ['issuer-only', 'rollover-issuer-only'],
  'dane-ta-certificate-in-dns': ['issuer-only', 'rollover-issuer-only'],
  'dane-dual-both-covered': ['both-key-algorithms', 'rollover-both-current'],
  'dane-current-and-next': ['current-next', null],
  'dane-current-and-issuer': ['current-issuer', null],
  'dane-issuer-saves-stale-leaf': ['issuer-only', 'rollover-issuer-only'],
  'dane-two-issuers': ['issuer-set', 'rollover-issuer-only'],
  'tlsa-ta-retired-issuer': ['other', 'tlsa-mismatch'],
  'tlsa-ta-at-leaf': ['other', 'tlsa-mismatch'],
  'tlsa-ta-intermediate-not-sent': ['other', 'tlsa-mismatch'],
  'tlsa-ta-root-not-sent': ['other', 'tlsa-mismatch'],
  // The issuer is right; name and date are the verdict's business.
  'tlsa-ta-wrong-name': ['issuer-only', 'rollover-issuer-only'],
  'tlsa-ta-expired': ['issuer-only', 'rollover-issuer-only'],
};

/** Of a profile of the zoo whose TLSA records are usable. */
export function schemeOfProfile(word: string): readonly [scheme: string, why: string | null] {
  return labSchemes[word] ?? ['single', 'tlsa-single-record'];
}
