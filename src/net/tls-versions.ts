/** What connections with known offers tell of the TLS versions that a server has (RFC 8446 §4.2.1, §D; RFC 5246 §E.1). Pure. */

/** Oldest first, as Node names them. */
const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof versions)[number];

/** One ClientHello that left the server every other choice, and what came of it. */
export interface VersionLook {
  readonly offers: readonly TlsVersion[];
  /** What was negotiated, as Node names it; null where the handshake failed. */
  readonly protocol: string | null;
  /** Whether it failed, and for the versions: by their own alert, or since the server chose one that was not offered. */
  readonly refusesVersion: boolean;
}

/**
 * Whether the server has `version`; null where the looks do not tell. A server takes the highest version that both sides have, so
 * that a lower one denies those above it that were offered. A failure denies only where it names the version: the alert
 * protocol_version is a MUST for a server that has none of those offered (RFC 8446 §D.2); anything else may have another cause.
 */
export function hasVersion(version: TlsVersion, looks: readonly VersionLook[]): boolean | null {
  if (looks.some(({ protocol }) => protocol === version)) return true;
  const isDenied = looks.some(
    ({ offers, protocol, refusesVersion }) =>
      offers.includes(version) && (refusesVersion || (protocol !== null && isBelow(protocol, version))),
  );
  return isDenied ? false : null;
}

function isBelow(protocol: string, version: TlsVersion): boolean {
  const place = (versions as readonly string[]).indexOf(protocol);
  return place >= 0 && place < versions.indexOf(version);
}
