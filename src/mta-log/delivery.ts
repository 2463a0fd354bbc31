/** What a mail log tells of one delivery, whichever mail server wrote it. */
import type { ReasonKey } from '../base/reasons/catalogue.ts';

export const mtas = ['postfix', 'exim', 'halon', 'powermta'] as const;
export type Mta = (typeof mtas)[number];

/**
 * How the connection was protected, as the sender saw it:
 * - `verified`: authenticated by DANE (Postfix says so also for policies of its own: `secure`, `verify`).
 * - `trusted`: the chain leads to a CA that the sender trusts; Postfix also says so of DANE behind an insecure MX RRset.
 * - `untrusted`, `anonymous`: TLS without authentication, with and without a certificate.
 * - `encrypted`: TLS, and the log does not say how far it was authenticated.
 * - `none`: in clear.
 * - `unknown`: the log does not say.
 */
export const loggedTls = [
  'verified',
  'trusted',
  'untrusted',
  'anonymous',
  'encrypted',
  'none',
  'unknown',
] as const;
export type LoggedTls = (typeof loggedTls)[number];

export const loggedStatuses = ['sent', 'deferred', 'bounced', 'unknown'] as const;
export type LoggedStatus = (typeof loggedStatuses)[number];

export interface Delivery {
  readonly mta: Mta;
  /** The recipient's domain: A-labels, lower case, without the final dot; null where it is not told or is none. */
  readonly domain: string | null;
  /** The MX host and its address, as logged; null where there was no connection, or the log does not say. */
  readonly host: string | null;
  readonly address: string | null;
  readonly tls: LoggedTls;
  readonly status: LoggedStatus;
  /** What DANE failed by, at this host or at one tried before it; null where nothing says that it did. */
  readonly daneFault: ReasonKey | null;
}

/** Reads the lines of one mail server in their order. Never throws, whatever the lines hold. */
export interface LogReader {
  /** The deliveries that the line completes, often none; undefined for a line that says nothing here. */
  read(line: string): readonly Delivery[] | undefined;
  /** What is still open at the end of the log. */
  end(): readonly Delivery[];
}
