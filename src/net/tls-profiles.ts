/**
 * What a probe offers in its ClientHello. One SecureContext per profile, shared by all probes: a new one for each costs 45 % more
 * CPU. Certificates are never verified here: that is DANE's, over the chain as sent.
 */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsVersion } from './tls-versions.ts';

/** Key algorithms that a server can have certificates for, beside each other. */
export const keyFamilies = ['ecdsa', 'rsa'] as const;
export type KeyFamily = (typeof keyFamilies)[number];

/**
 * Signature algorithms (RFC 8446 §4.2.3) that only a key of one family can make. They pick the certificate in TLS 1.2 and 1.3
 * alike; cipher names do so only in TLS 1.2. A server that holds chain signatures against them too may then show nothing.
 */
const signatureAlgorithms: Readonly<Record<KeyFamily, string>> = {
  ecdsa: 'ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ECDSA+SHA1',
  rsa: [
    'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512',
    'rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512',
    'rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512:RSA+SHA1',
  ].join(':'),
};

/**
 * Groups for the key exchange, as OpenSSL 3.0 offers them (and Postfix and Exim with it). Later ones also make a key of
 * X25519MLKEM768 for each ClientHello: a tenth of a handshake's CPU time, and more than one packet holds, for a server that then
 * takes X25519.
 */
const groups = 'X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192';

/** `modern`: Node's defaults, TLS 1.2 and 1.3. `legacy`: TLS 1.0 to 1.2 with every cipher, small keys, no RFC 5746. */
export type TlsEra = 'modern' | 'legacy';

export interface TlsProfile {
  readonly era: TlsEra;
  /** Null for the server's free choice. */
  readonly onlyKey: KeyFamily | null;
}

/**
 * Asks whether the server has one version at all: this version alone, with every cipher, small keys and no RFC 5746, so that few
 * failures have another cause.
 */
export interface OneVersion {
  readonly onlyVersion: 'TLSv1.2' | 'TLSv1.3';
}

export type TlsProfiles = (profile: TlsProfile | OneVersion) => SecureContext;

/** The versions that the ClientHello of a profile offers. */
export function versionsOffered(profile: TlsProfile | OneVersion): readonly TlsVersion[] {
  if ('onlyVersion' in profile) return [profile.onlyVersion];
  return profile.era === 'modern' ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1', 'TLSv1.1', 'TLSv1.2'];
}

export function createTlsProfiles(): TlsProfiles {
  const contexts = new Map<string, SecureContext>();
  return (profile) => {
    const key = JSON.stringify(profile);
    const context = contexts.get(key) ?? contextFor(profile);
    contexts.set(key, context);
    return context;
  };
}

/** Node demands both for TLS 1.0: the version and security level 0, which OpenSSL wants for small keys too. */
const everyCipher = {
  ciphers: 'ALL:@SECLEVEL=0',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const;

function contextFor(profile: TlsProfile | OneVersion): SecureContext {
  // No trust store: nothing is verified, and Node then never reads the peer's chain before we do (a second read is empty).
  const ca: string[] = [];
  if ('onlyVersion' in profile) {
    const { onlyVersion } = profile;
    return createSecureContext({ ca, ...everyCipher, minVersion: onlyVersion, maxVersion: onlyVersion });
  }
  const { era, onlyKey } = profile;
  return createSecureContext({
    ca,
    ecdhCurve: groups,
    ...(onlyKey === null ? {} : { sigalgs: signatureAlgorithms[onlyKey] }),
    ...(era === 'modern'
      ? {
          minVersion: 'TLSv1.2' as const,
          maxVersion: 'TLSv1.3' as const,
          secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
        }
      : { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.2' as const, ...everyCipher }),
  });
}
