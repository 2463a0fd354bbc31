/**
 * How long a probe waits, in milliseconds. RFC 5321 §4.5.3.2 gives senders minutes, for mail that must arrive; a census asks once
 * and holds no server's slot so long. A spent deadline is therefore "could not look", not a property of the server.
 */
export interface SmtpTimeouts {
  /** TCP connection. Default: Postfix's smtp_connect_timeout. */
  readonly connect: number;
  /** From the connection to the whole greeting. Longer than the greeting delays in use (postscreen: 6 s). */
  readonly greeting: number;
  /** From a command to its whole reply. */
  readonly command: number;
  /** From ClientHello to the end of the handshake. */
  readonly tls: number;
  /** From QUIT to its reply. */
  readonly quit: number;
  /** Everything about one endpoint, all its connections together. */
  readonly total: number;
}

export const defaultSmtpTimeouts: SmtpTimeouts = {
  connect: 30_000,
  greeting: 30_000,
  command: 30_000,
  tls: 30_000,
  quit: 3_000,
  total: 120_000,
};
