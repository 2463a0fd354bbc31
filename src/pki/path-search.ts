/**
 * Certification paths from a leaf to a trust anchor (RFC 5280 §6.1 without its checks; RFC 4158).
 *
 * In: the leaf, the other certificates at hand in any order, what makes a certificate an anchor, and anchors that are bare
 * public keys. Out: one path after the other, lazily, each link by name, key identifier, keyCertSign and signature.
 * What the certificates on a path say about validity and constraints is judged in `path-validation.ts`, so that a caller
 * can try the next path and can tell a broken path from none.
 * Everything here is hostile: signatures and steps are counted (see the limits), and a spent budget just ends the search.
 */
import type { KeyObject } from 'node:crypto';
import { type Certificate, publicKeyOf, sameCertificate } from './certificate.ts';

/** Certificates on a path, leaf and anchor included. Own limit; Postfix stops at 9 (smtp_tls_scert_verifydepth). */
export const MAX_PATH_CERTIFICATES = 16;
/** Signatures checked in one search. Own limit: a chain of ten needs nine, the rest is for cross-signed tops. */
export const MAX_PATH_SIGNATURES = 64;
/** Certificates stepped on in one search. Own limit: many certificates of one name and key multiply without signatures. */
export const MAX_PATH_STEPS = 1000;

export interface PathSearch {
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly isAnchor: (certificate: Certificate) => boolean;
  readonly anchorKeys: readonly KeyObject[];
}

export interface Path {
  /** Leaf first; the anchor last, where it is a certificate. */
  readonly certificates: readonly Certificate[];
  /** The bare key that signed the last certificate: an index into `anchorKeys`; null where that one is the anchor. */
  readonly anchorKey: number | null;
}

/** The leaf itself is never taken for an anchor, and a path ends at its first anchor. */
export function* searchPaths(search: PathSearch): Generator<Path, void, undefined> {
  const budget = { signatures: MAX_PATH_SIGNATURES, steps: MAX_PATH_STEPS };
  const links = new Map<Certificate, Map<Certificate, boolean>>();
  const others = withoutDuplicates([search.leaf, ...search.others]).slice(1);

  yield* climb([search.leaf]);

  function* climb(path: readonly Certificate[]): Generator<Path, void, undefined> {
    const top = path.at(-1)!;
    if (budget.steps-- <= 0) return;
    if (path.length > 1 && search.isAnchor(top)) {
      yield { certificates: path, anchorKey: null };
      return;
    }
    for (const issuer of path.length < MAX_PATH_CERTIFICATES ? others : []) {
      if (!path.includes(issuer) && isLink(top, issuer)) yield* climb([...path, issuer]);
    }
    for (const [index, key] of search.anchorKeys.entries()) {
      if (verifies(top, key)) yield { certificates: path, anchorKey: index };
    }
  }

  function isLink(subject: Certificate, issuer: Certificate): boolean {
    const known = links.get(subject)?.get(issuer);
    if (known !== undefined) return known;
    const key = subject.x509.checkIssued(issuer.x509) ? publicKeyOf(issuer) : undefined;
    const linked = key !== undefined && verifies(subject, key);
    links.set(subject, (links.get(subject) ?? new Map<Certificate, boolean>()).set(issuer, linked));
    return linked;
  }

  function verifies(subject: Certificate, key: KeyObject): boolean {
    if (budget.signatures-- <= 0) return false;
    try {
      return subject.x509.verify(key);
    } catch {
      return false;
    }
  }
}

/** RFC 5280 §6.1: a certificate must not appear more than once in a path. */
function withoutDuplicates(certificates: readonly Certificate[]): readonly Certificate[] {
  return certificates.filter(
    (one, index) => certificates.findIndex((other) => sameCertificate(one, other)) === index,
  );
}
