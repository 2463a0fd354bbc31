/**
 * What the certificates on a path say about it (RFC 5280 §6.1): validity, CA, path length, key usage, extended key usage,
 * name constraints, unknown critical extensions. Signatures and issuer names were checked by `path-search.ts`.
 *
 * Where RFC 5280 leaves a choice, or treats the anchor as a bare name and key, OpenSSL is followed, which Postfix asks:
 * an anchor that is a certificate is judged like every other, its validity included; anyExtendedKeyUsage alone does not
 * serve; certificate policies and revocation are not looked at.
 */
import {
  BasicConstraints,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_inhibitAnyPolicy,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_policyConstraints,
  id_ce_policyMappings,
  id_ce_subjectAltName,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import type { Instant } from '../base/instant.ts';
import { type Certificate, isSelfIssued } from './certificate.ts';
import { readExtension } from './extension.ts';
import { permitsNames } from './name-constraints.ts';
import type { Path } from './path-search.ts';

/** `expired`: nothing else is wrong, but a certificate is not valid at the instant asked about. */
export type PathVerdict = 'valid' | 'expired' | 'invalid';

export function validatePath({ certificates }: Path, at: Instant): PathVerdict {
  const sound = certificates.every(
    (certificate, depth) =>
      extensionsAreKnown(certificate) &&
      servesTls(certificate) &&
      (depth === 0 ? mayBeServer(certificate) : mayBeIssuer(certificate, certificates.slice(0, depth))),
  );
  if (!sound) return 'invalid';
  return certificates.every((certificate) => isValidAt(certificate, at)) ? 'valid' : 'expired';
}

/** RFC 5280 §4.1.2.5: both ends belong to the validity. */
function isValidAt({ notBefore, notAfter }: Certificate, at: Instant): boolean {
  return notBefore <= at && at <= notAfter;
}

/** Extensions that are processed here or that do not bear on a path whose policies nobody asks about (RFC 5280 §6.1.5 (f)). */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_inhibitAnyPolicy,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_policyConstraints,
  id_ce_policyMappings,
  id_ce_subjectAltName,
]);

/** RFC 5280 §4.2: no extension twice, no unknown critical one. */
function extensionsAreKnown({ extensions }: Certificate): boolean {
  const oids = extensions.map(({ oid }) => oid);
  return (
    new Set(oids).size === oids.length &&
    extensions.every(({ oid, critical }) => !critical || KNOWN_EXTENSIONS.has(oid))
  );
}

/** RFC 5280 §4.2.1.12, for issuers as for the leaf. */
function servesTls(certificate: Certificate): boolean {
  const purposes = readExtension(certificate, id_ce_extKeyUsage, ExtendedKeyUsage);
  if (purposes === undefined) return true;
  return purposes !== 'unreadable' && purposes.includes(id_kp_serverAuth);
}

/** RFC 5280 §4.2.1.3: some way to take part in a TLS handshake. */
function mayBeServer(leaf: Certificate): boolean {
  return allowsKeyUsage(
    leaf,
    KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyAgreement,
  );
}

/** `below`: from the leaf up to what the issuer issued. */
function mayBeIssuer(issuer: Certificate, below: readonly Certificate[]): boolean {
  return (
    isCa(issuer, below) &&
    allowsKeyUsage(issuer, KeyUsageFlags.keyCertSign) &&
    // RFC 5280 §6.1.3 (b): names of self-issued certificates are exempt, but not those of the leaf.
    below.every(
      (certificate, depth) =>
        (depth > 0 && isSelfIssued(certificate)) || permitsNames(issuer, certificate, depth === 0),
    )
  );
}

/** RFC 5280 §6.1.4 (k), (l), (m); a self-signed version 1 certificate has no way to say that it is a CA. */
function isCa(issuer: Certificate, below: readonly Certificate[]): boolean {
  const constraints = readExtension(issuer, id_ce_basicConstraints, BasicConstraints);
  if (constraints === 'unreadable') return false;
  if (constraints === undefined) return issuer.version === 1 && isSelfIssued(issuer);
  const intermediates = below.filter((certificate, depth) => depth > 0 && !isSelfIssued(certificate)).length;
  return constraints.cA && intermediates <= (constraints.pathLenConstraint ?? Number.POSITIVE_INFINITY);
}

/** RFC 5280 §4.2.1.3: without the extension every use is allowed. */
function allowsKeyUsage(certificate: Certificate, anyOf: number): boolean {
  const usage = readExtension(certificate, id_ce_keyUsage, KeyUsage);
  if (usage === undefined) return true;
  return usage !== 'unreadable' && (usage.toNumber() & anyOf) !== 0;
}
