/** A TLSA record (RFC 6698 §2) and the four outcomes of asking for them. */

/** The fields in wire order; any octet may stand in the first three. */
export interface TlsaRecord {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: Uint8Array;
}

export const tlsaOutcomes = ['usable', 'unusable', 'none', 'lookup-failed'] as const;

/**
 * What asking for the TLSA records of one MX host came to (RFC 7672 §2.2). Four, never three:
 * - `usable`: secure, and at least one record can authenticate.
 * - `unusable`: secure, but none can: TLS is mandatory, authentication impossible.
 * - `none`: securely absent, or insecure: DANE does not apply.
 * - `lookup-failed`: bogus, SERVFAIL, timeout: the host must not be used.
 */
export type TlsaOutcome = (typeof tlsaOutcomes)[number];
