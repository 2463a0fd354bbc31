/** What a certificate to be made shall hold (RFC 5280 §4), and the names and keys in it as ASN.1. Nothing is checked. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import type { Instant } from '../base/instant.ts';

export interface CertificateOrder {
  /** Common name; an empty one makes an empty subject. */
  readonly subject: string;
  /** The subject's key, public or private. */
  readonly key: KeyObject;
  /** The issuer's common name and private key; the subject's own for a self-signed certificate. */
  readonly issuer: { readonly subject: string; readonly key: KeyObject };
  /** A positive number. */
  readonly serial: number;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly dnsNames?: readonly string[];
  /** Writes basicConstraints; without it there is no such extension. */
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** The bits of `KeyUsageFlags` in @peculiar/asn1-x509; without it there is no such extension. */
  readonly keyUsage?: number;
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly nameConstraints?: {
    readonly permitted?: readonly ConstrainedName[];
    readonly excluded?: readonly ConstrainedName[];
  };
  /** Subject and authority key identifiers (RFC 5280 §4.2.1.1, §4.2.1.2). */
  readonly keyIdentifiers?: boolean;
  readonly extraExtensions?: readonly { oid: string; critical: boolean; value: Uint8Array }[];
  /** 1 leaves all extensions away. */
  readonly version?: 1 | 3;
}

export type ConstrainedName =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly commonName: string };

const ID_COMMON_NAME = '2.5.4.3';

/** An empty name where there is no common name. */
export function distinguishedName(commonName: string): Name {
  if (commonName === '') return new Name();
  const value = new AttributeValue({ utf8String: commonName });
  return new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: ID_COMMON_NAME, value })]),
  ]);
}

/** DER. */
export function subjectPublicKeyInfo(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** A copy, as the ASN.1 library wants it. */
export function arrayBufferOf(octets: Uint8Array): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}
