/**
 * Does a certificate name one of the hosts that the client expects? (RFC 7672 §3.2.3, RFC 6125 §6.4)
 *
 * Octets are compared without regard to the case of ASCII letters; a final dot of a reference name is not part of it.
 * `*` stands for exactly one label and only as the whole left-most one. As in OpenSSL, which Postfix asks, at least two
 * labels must follow it, and a presented name with a final dot matches nothing.
 */
import type { Certificate } from './certificate.ts';
import { presentedNames } from './general-name.ts';

/** `referenceNames` are A-labels in presentation form. */
export function namesOneOf(certificate: Certificate, referenceNames: readonly string[]): boolean {
  return matchesOneOf(presentedNames(certificate), referenceNames);
}

/** `presented`: the names of a certificate as `presentedNames` has them. */
export function matchesOneOf(presented: readonly string[], referenceNames: readonly string[]): boolean {
  return referenceNames.some((reference) => presented.some((name) => matchesHostName(name, reference)));
}

export function matchesHostName(presented: string, reference: string): boolean {
  const wanted = reference.replace(/\.$/, '').toLowerCase();
  const offered = presented.toLowerCase();
  if (wanted === '') return false;
  if (offered === wanted) return true;

  const suffix = /^\*(\.[^.*]+(?:\.[^.*]+)+)$/.exec(offered)?.[1];
  if (suffix === undefined || !wanted.endsWith(suffix)) return false;
  const label = wanted.slice(0, -suffix.length);
  return label !== '' && !label.includes('.');
}
