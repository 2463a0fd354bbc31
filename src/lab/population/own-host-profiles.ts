/** What domains with mail hosts of their own publish and show: draws from the profiles of the zoo by the population's mix. */
import { danePasses, type HostProfile, noDane } from '../plan/host-profile.ts';
import { chainFor, otherKey, tls, tlsa } from '../plan/tlsa-of-chain.ts';
import type { Reasons } from '../truth.ts';
import { mailProfiles } from '../zoo/mail-profiles.ts';
import { tlsaProfiles } from '../zoo/tlsa-profiles.ts';
import { choose } from './draw.ts';
import {
  BLOCKED_SHARE,
  DUAL_SHARE,
  FULL_CERTIFICATE_SHARE,
  HALF_COVERED_SHARE,
  LAGGING_SERVER_SHARE,
  ODD_ADDRESS_SHARE,
  ONE_ISSUER_SHARE,
  PKIX_ONLY_SHARE,
  TRUST_ANCHOR_SHARE,
} from './parameters.ts';

/** A profile and the word for it in the scenario's name. */
export interface DrawnProfile {
  readonly word: string;
  readonly profile: HostProfile;
  /** The second name server shows the RRset without its last record. */
  readonly serversDiffer?: boolean;
  /** Takes two addresses to show. */
  readonly needsTwoAddresses?: boolean;
}

const ofZoo = (word: string): DrawnProfile => ({
  word,
  profile: (tlsaProfiles[word] ?? mailProfiles[word])!,
});

const everyday: DrawnProfile = ofZoo('dane-3-1-1');
const lagging: DrawnProfile = {
  word: 'dane-lagging-server',
  profile: {
    ...danePasses((host) => [tlsa('3 1 1', chainFor(host)), tlsa('3 1 1', otherKey(host))]),
    // At as many addresses as the whole RRset: the one that protects no more than it must.
    tlsaFound: (host) => [tlsa('3 1 1', chainFor(host))],
  },
  serversDiffer: true,
};

const shares: readonly (readonly [number, DrawnProfile])[] = [
  [TRUST_ANCHOR_SHARE * ONE_ISSUER_SHARE, ofZoo('dane-2-1-1')],
  [TRUST_ANCHOR_SHARE * (1 - ONE_ISSUER_SHARE), ofZoo('dane-two-issuers')],
  [FULL_CERTIFICATE_SHARE, ofZoo('dane-3-0-1')],
  [PKIX_ONLY_SHARE, ofZoo('unusable-usage-1')],
  [DUAL_SHARE * (1 - HALF_COVERED_SHARE), ofZoo('dane-dual-both-covered')],
  [DUAL_SHARE * HALF_COVERED_SHARE, ofZoo('smtp-dual-half-covered')],
  [ODD_ADDRESS_SHARE, { ...ofZoo('smtp-one-address-stale'), needsTwoAddresses: true }],
  [LAGGING_SERVER_SHARE, lagging],
  [BLOCKED_SHARE / 2, ofZoo('smtp-greets-421')],
  [BLOCKED_SHARE / 2, ofZoo('smtp-greets-554')],
];
const special = shares.reduce((sum, [share]) => sum + share, 0);
const healthy: readonly (readonly [number, DrawnProfile])[] = [...shares, [1 - special, everyday]];

/** How the failing hosts fail: stale records before all (danefail list, 2019-2020); the split is an assumption. */
const failing: readonly (readonly [number, DrawnProfile])[] = [
  [0.6, ofZoo('tlsa-stale')],
  [0.15, ofZoo('tlsa-ta-retired-issuer')],
  [0.2, ofZoo('smtp-no-starttls')],
  [0.05, ofZoo('smtp-starttls-454')],
];

/** `at` and `failAt` in [0, 1); `failingShare` of the hosts fail. */
export function drawDaneProfile(at: number, failAt: number, failingShare: number): DrawnProfile {
  return failAt < failingShare ? choose(at, failing) : choose(at, healthy);
}

/** Mail servers without DANE: most have STARTTLS. The shares are assumptions. */
const servers = [
  [0.9 - BLOCKED_SHARE, 'plain-encrypted'],
  [0.1, 'plain-cleartext'],
  [BLOCKED_SHARE, 'plain-greets-554'],
] as const;
/** Behind an implicit MX stands, as often as not, a web server (assumption). */
const implicitServers = [
  [0.4, 'plain-encrypted'],
  [0.1, 'plain-cleartext'],
  [0.5, 'plain-refused'],
] as const;

/** How far the zone's own signing goes to prove that a name has no TLSA records. */
export type Proof = 'signed' | 'opt-out' | 'unsigned';

/** RFC 5155 §6: below an opt-out span nothing is proven to be absent, so that the negative answer is an insecure one. */
export const absentReasons: Readonly<Record<Proof, Reasons>> = {
  signed: ['tlsa-absent'],
  'opt-out': ['tlsa-absent', 'tlsa-insecure', 'insecure-opt-out'],
  unsigned: ['address-insecure'],
};

/** A host without DANE, for want of TLSA records where it is signed, else for want of a signature. */
export function drawPlainProfile(at: number, proof: Proof, isImplicit: boolean): DrawnProfile {
  const word = choose(at, isImplicit ? implicitServers : servers);
  return { word, profile: { ...mailProfiles[word]!, reasons: absentReasons[proof] } };
}

/** The everyday DANE host, and the everyday one without. */
export const everydayDane = everyday.profile;
export const everydayPlain = noDane('tlsa-absent', (host) => tls(chainFor(host)));
