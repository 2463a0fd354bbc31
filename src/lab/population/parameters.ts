/**
 * The mix of the lab's population. M: measured and published; D: derived from what was measured; A: assumption, for want of a
 * source. The sources: the dane-users survey posts of 2017-2024, Dukhovni and Hardaker's answer of 2020 to Lee et al. (USENIX
 * Security 2020), SIDN's statistics of .nl.
 */

/** M (a .nl-like TLD), M 2017 and A (a .com-like TLD): share of delegations with a DS record. */
export const SIGNED_SHARE = { xa: 0.6, xb: 0.03 } as const;

/** M: of signed domains, those whose MX hosts all have valid DANE. */
export const DANE_SHARE_OF_SIGNED = 0.175;

/** M: of domains behind TLSA hosts, those that are not signed themselves. */
export const UNSIGNED_SHARE_BEHIND_TLSA = 0.19;

/** M: share of DANE domains by provider (top 1, 5, 10, 20: 32.4, 54.5, 71.4, 86.6 %); the rest has hosts of its own. */
export const DANE_PROVIDER_SHARES: readonly number[] = [
  0.324, 0.078, 0.053, 0.046, 0.044, 0.04, 0.035, 0.035, 0.03, 0.029, 0.028, 0.025, 0.022, 0.019, 0.011,
  0.011, 0.01, 0.01, 0.008, 0.008,
];

/** M (netmeister.org 2023, top two) and A (the others): share of all other mail domains by provider. */
export const PLAIN_PROVIDER_SHARES: readonly number[] = [0.41, 0.2, 0.06, 0.05, 0.04, 0.03];
/** A: of the plain providers, these (from the end) are signed but have no TLSA records. */
export const SIGNED_PLAIN_PROVIDERS = 2;

/** M: of MX hosts with TLSA, those that fail on match or STARTTLS; all of them in the single-domain tail. */
export const FAILING_SHARE_OF_TLSA_HOSTS = 0.036;

/** M 2017: of DANE domains, those with another MX host that has no TLSA. */
export const PARTIAL_SHARE = 0.005;

/** M 2020: of signed domains, those that do not validate. */
export const BOGUS_SHARE_OF_SIGNED = 0.005;

/** M 2017: few DNS operators break the denial of TLSA, for tens of domains each. Share of all domains (A); here all at one. */
export const BROKEN_TLSA_DENIAL_SHARE = 0.002;

/** A: of DANE hosts, those whose ancestors are denied; all of them at one DNS operator. */
export const ANCESTOR_DENIED_SHARE_OF_HOSTS = 0.001;

/** D: of TLSA hosts, those with 2 x x records; of these, the share that lists one of two issuers only. */
export const TRUST_ANCHOR_SHARE = 0.12;
export const ONE_ISSUER_SHARE = 0.4;
/** A: 3 0 1 in place of 3 1 1. */
export const FULL_CERTIFICATE_SHARE = 0.1;
/** A: usage 0 or 1 only. */
export const PKIX_ONLY_SHARE = 0.002;
/** A: hosts with RSA and ECDSA certificates; of these, the share with one of them covered. */
export const DUAL_SHARE = 0.03;
export const HALF_COVERED_SHARE = 0.1;
/** A: another chain at one of several addresses. */
export const ODD_ADDRESS_SHARE = 0.005;
/** A: one name server shows an older TLSA RRset. */
export const LAGGING_SERVER_SHARE = 0.01;
/** A: hosts that turn a survey away (421, 554). Time-outs are left to the zoo: each costs seconds. */
export const BLOCKED_SHARE = 0.02;

/** A: how a signed zone denies, and with which algorithm it is signed. */
export const DENIAL_SHARES = [
  [0.35, 'nsec'],
  [0.6, 'nsec3'],
  [0.05, 'nsec3-opt-out'],
] as const;
export const ALGORITHM_SHARES = [
  [0.65, 13],
  [0.3, 8],
  [0.05, 15],
] as const;

/** A: MX hosts per domain. */
export const MX_COUNT_SHARES = [
  [0.55, 1],
  [0.3, 2],
  [0.1, 3],
  [0.05, 4],
] as const;

/** A: domains without an MX RRset for mail. `nothing`: neither MX nor address, half of them not delegated at all. */
export const MAIL_SHARES = [
  [0.05, 'null-mx'],
  [0.1, 'implicit-mx'],
  [0.05, 'nothing'],
  [0.05, 'nxdomain'],
  [0.75, 'mx'],
] as const;

/** A: hosts that have an IPv6 address beside the IPv4 one. */
export const IPV6_SHARE = 0.4;

/** M (top 1M, 2026) for MTA-STS; A for TLS-RPT, half of them. */
export const MTA_STS_SHARE = 0.007;
