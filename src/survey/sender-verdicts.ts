/** What comes of mail to a domain with each sender: the words of `judge-senders.ts`. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SenderKey } from '../dane/senders.ts';

/**
 * From the best to the worst:
 * - `authenticated`: delivered to a server that TLSA records of a secure MX host name.
 * - `encrypted`: delivered over TLS to whoever it was. Behind an insecure MX RRset also where TLSA records fit, since anybody
 *   could have named that host (RFC 7672 §2.2.1; Postfix logs "Trusted").
 * - `clear`: delivered without TLS.
 * - `deferred`: kept, and tried again until it is too old.
 * - `bounced`: returned to its author at once.
 */
export const senderOutcomes = ['authenticated', 'encrypted', 'clear', 'deferred', 'bounced'] as const;
export type SenderOutcome = (typeof senderOutcomes)[number];

/** What a sender met at one MX host. `next-host`: no delivery here, on to the next one. */
export interface SenderAtHost {
  readonly host: string;
  readonly preference: number;
  readonly did: SenderOutcome | 'next-host' | 'not-tried' | 'unknown';
  readonly reason: ReasonKey | null;
  /** Result type of RFC 8460 §4.3; null where there is none. */
  readonly tlsrpt: string | null;
}

export interface SenderVerdict {
  readonly sender: SenderKey;
  /** `unknown` where what we could not look at, or what is not documented, decides; else the worst that can happen. */
  readonly outcome: SenderOutcome | 'unknown';
  /** All that can happen: more than one where chance decides (hosts of one preference), or where the outcome is unknown. */
  readonly possible: readonly SenderOutcome[];
  /** Why it is not better. */
  readonly reason: ReasonKey | null;
  readonly tlsrpt: string | null;
  /** By preference, then name. */
  readonly hosts: readonly SenderAtHost[];
}

export interface SendersVerdict {
  /** One for each sender, in the order of `senderKeys`. */
  readonly senders: readonly SenderVerdict[];
  /**
   * Whether a domain that is not signed is hurt by the DANE of its MX hosts: Postfix `dane` defers mail that a sender without
   * DANE delivers. Null where that is not known.
   */
  readonly hurtThoughUnsigned: boolean | null;
}
