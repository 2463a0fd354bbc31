/** What a failed TLS handshake means, by the code that Node and OpenSSL give (RFC 8446 §6.2 names the alerts). */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Fault } from '../survey/probed-facts.ts';

export interface TlsFault {
  readonly fault: Fault;
  readonly because: ReasonKey;
  /** Whether a legacy profile may come further. */
  readonly worthLegacy: boolean;
  /** Whether it says that the server has none of the versions offered; a failure for another reason says nothing of them. */
  readonly refusesVersion: boolean;
}

/** What a server says, or OpenSSL finds, when the two sides share no version, cipher, group or signature algorithm. */
const noShared =
  /ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|KEY_TOO_SMALL|UNKNOWN_CIPHER|WRONG_CIPHER|NO_SUITABLE|WRONG_SIGNATURE_TYPE|WRONG_CURVE|LEGACY_SIGALG|UNSAFE_LEGACY/;

/** The server's alert (RFC 8446 §6.2 protocol_version), or our own finding that it chose a version that was not offered. */
const noSharedVersion = /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/;

/** A limit of ours was spent: the chain was not seen, and says nothing about the server. */
export const chainTooLong: TlsFault = {
  fault: 'ours',
  because: 'tls-chain-too-long',
  worthLegacy: false,
  refusesVersion: false,
};

export function tlsFault(code: string): TlsFault {
  // The first octets are no TLS record header.
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST/.test(code)) {
    return { fault: 'theirs', because: 'tls-not-tls', worthLegacy: false, refusesVersion: false };
  }
  if (code.includes('EXCESSIVE_MESSAGE_SIZE')) return chainTooLong;
  const theirs = { fault: 'theirs', worthLegacy: true, refusesVersion: noSharedVersion.test(code) } as const;
  if (noShared.test(code)) return { ...theirs, because: 'tls-no-shared-parameters' };
  // Very old servers, and boxes before them, hang up on a ClientHello that is too new for them.
  if (!code.startsWith('ERR_SSL_')) return { ...theirs, because: 'connection-reset' };
  return { ...theirs, because: 'tls-handshake-failed' };
}
