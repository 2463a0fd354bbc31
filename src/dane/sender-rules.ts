/**
 * What a mail server that sends does with one MX host, depending on what DNSSEC and TLSA records say of it: the words in which
 * the rules of each sender are written. `senders.ts` has the rules, `survey/judge-senders.ts` follows them.
 */
import type { OtherManner } from './verifying-manner.ts';

/**
 * - `authenticate`: STARTTLS and a certificate that the TLSA records fit, or no delivery here.
 * - `encrypt`: STARTTLS, whoever it is, or no delivery here.
 * - `opportunistic`: STARTTLS where it works, else in clear (RFC 7435).
 * - `next-host`: not here; the next MX host is tried, and mail is deferred where there is none.
 * - `defer`, `bounce`: mail is deferred or returned at once, whatever hosts there are beside this one.
 */
export type SenderAction = 'authenticate' | 'encrypt' | 'opportunistic' | 'next-host' | 'defer' | 'bounce';

/** What a sender finds out of a host that has an address, before it connects. */
export type HostSituation =
  | 'address-insecure'
  | 'tlsa-absent'
  | 'tlsa-insecure'
  | 'tlsa-lookup-failed'
  | 'tlsa-unusable'
  | 'tlsa-usable';

/** How it is known: `seen` with the running program, or `documented` by its maker or others. */
export type Evidence = 'seen' | 'documented';

export interface SenderRule {
  /** One; several where the sources do not say which. */
  readonly does: readonly SenderAction[];
  readonly evidence: Evidence;
  /** RFC and section, file of the program's source, or document. */
  readonly source: string;
}

export function rule(evidence: Evidence, source: string, ...does: readonly SenderAction[]): SenderRule {
  return { does, evidence, source };
}

/** The same rule where DANE does not apply, for whatever reason. */
export function withoutDane(
  one: SenderRule,
): Record<'address-insecure' | 'tlsa-absent' | 'tlsa-insecure', SenderRule> {
  return { 'address-insecure': one, 'tlsa-absent': one, 'tlsa-insecure': one };
}

export type RulesBySituation = Readonly<Record<HostSituation, SenderRule>>;

/**
 * Which manner, and whether the next-hop domain and its CNAME-expanded name are reference names for DANE-TA (RFC 7672 §3.2.2),
 * which no program has that leaves RFC 7671.
 */
export type SenderVerifying =
  | { readonly manner: 'rfc7671'; readonly nextHopIsReference: boolean }
  | { readonly manner: OtherManner; readonly nextHopIsReference: false };

export interface SenderRules {
  /** What people call it. */
  readonly name: string;
  /** The setting that the rules are about. */
  readonly setting: string;
  /** The versions that behave so, and the one it was seen with. */
  readonly versions: string;
  /**
   * What it does behind an insecure MX RRset (RFC 7672 §2.2.1): `as-secure`, the same as behind a secure one; `undocumented`,
   * that, or what it does without TLSA records.
   */
  readonly insecureMx: SenderRule | 'as-secure' | 'undocumented';
  readonly situations: RulesBySituation;
  /** One; several where it is not documented how. */
  readonly verifying: readonly SenderVerifying[];
  /** Whether a full certificate or key that cannot be read counts as a record that does not match (RFC 7671 §8: unusable). */
  readonly unreadableIsMismatch: boolean;
  /** Whether TLSA records at the name of an alias count, where there are none at the canonical name (RFC 7671 §7). */
  readonly triesAliasName: boolean | 'undocumented';
  /** Which certificate it is shown by a server that has two: the one of the server's free choice, RSA, or unknown. */
  readonly prefersKey: 'free-choice' | 'rsa' | 'undocumented';
  /**
   * Where TLS is not demanded and a handshake fails: the same host at once in clear; or the next host, and in clear where
   * none takes the mail, once it has waited.
   */
  readonly afterFailedTls: 'clear' | 'clear-later' | 'undocumented';
  /** How many addresses it tries at most in one attempt, over all hosts; null for more than domains have. */
  readonly mostAddresses: number | null;
  /** Whether TLS with a server that has only TLS 1.0 or 1.1 comes about, or depends on its key and ciphers (RFC 8996). */
  readonly oldTls: 'works' | 'depends';
}
