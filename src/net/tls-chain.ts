/**
 * The certificates that a server sent, in the order and number sent: duplicates, strangers and the trust anchor included.
 * Node has no documented call for that; what works is pinned by a test, and must be looked at with each new Node.
 */
import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { KeyFamily } from './tls-profiles.ts';

/** Own limit. OpenSSL's own one of 100 KB for the Certificate message (SSL_CTX_set_max_cert_list) comes first for large ones. */
export const MAX_CHAIN_CERTIFICATES = 32;

/**
 * DER of each certificate, leaf first; undefined where there are more than the limit. Call it once per connection: the first
 * call of getPeerX509Certificate() consumes the chain. It must not be a resumed session, which has no certificates.
 */
export function chainAsSent(socket: TLSSocket): readonly Uint8Array[] | undefined {
  const chain: Uint8Array[] = [];
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (certificate !== undefined) {
    if (chain.length === MAX_CHAIN_CERTIFICATES) return undefined;
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** The key family of the leaf; null for another one (Ed25519, …), or where it cannot be read. */
export function keyFamilyOf(chain: readonly Uint8Array[]): KeyFamily | null {
  const leaf = chain[0];
  if (leaf === undefined) return null;
  try {
    const type = new X509Certificate(leaf).publicKey.asymmetricKeyType;
    if (type === 'ec') return 'ecdsa';
    return type === 'rsa' || type === 'rsa-pss' ? 'rsa' : null;
  } catch {
    return null;
  }
}
