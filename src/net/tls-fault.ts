/** What a failed TLS handshake means, by the code that Node and OpenSSL give (RFC 8446 §6.2 names the alerts). */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Fault } from '../survey/facts.ts';

export interface TlsFault {
  readonly fault: Fault;
  readonly because: ReasonKey;
  /** Whether a legacy profile may come further. */
  readonly worthLegacy: boolean;
}

/** What a server says, or OpenSSL finds, when the two sides share no version, cipher, group or signature algorithm. */
const noShared =
  /ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|KEY_TOO_SMALL|UNKNOWN_CIPHER|WRONG_CIPHER|NO_SUITABLE|WRONG_SIGNATURE_TYPE|WRONG_CURVE|LEGACY_SIGALG|UNSAFE_LEGACY/;

/** A limit of ours was spent: the chain was not seen, and says nothing about the server. */
export const chainTooLong: TlsFault = { fault: 'ours', because: 'tls-chain-too-long', worthLegacy: false };

export function tlsFault(code: string): TlsFault {
  // The first octets are no TLS record header.
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST/.test(code)) {
    return { fault: 'theirs', because: 'tls-not-tls', worthLegacy: false };
  }
  if (code.includes('EXCESSIVE_MESSAGE_SIZE')) return chainTooLong;
  if (noShared.test(code)) return { fault: 'theirs', because: 'tls-no-shared-parameters', worthLegacy: true };
  // Very old servers, and boxes before them, hang up on a ClientHello that is too new for them.
  if (!code.startsWith('ERR_SSL_'))
    return { fault: 'theirs', because: 'connection-reset', worthLegacy: true };
  return { fault: 'theirs', because: 'tls-handshake-failed', worthLegacy: true };
}
