/**
 * Name constraints of a CA upon the certificates below it (RFC 5280 §4.2.1.10, §6.1.4 (g)).
 *
 * Enforced for DNS-IDs, for the common names of a leaf that stand in for them, and for the subject as a directory name.
 * A constraint upon any other form of alternative name makes a certificate that carries such a name unacceptable, as
 * §4.2.1.10 wants it of an application that does not process the form.
 */
import {
  type GeneralName,
  type GeneralSubtree,
  id_ce_nameConstraints,
  Name,
  NameConstraints,
} from '@peculiar/asn1-x509';
import type { Certificate } from './certificate.ts';
import { readAs, readExtension } from './extension.ts';
import { alternativeNames, dnsIds, presentedNames } from './general-name.ts';

/** Names compared with constraints for one pair of certificates. Own limit, below OpenSSL's (NAME_CHECK_MAX, 2^20). */
export const MAX_NAME_COMPARISONS = 65_536;

/** False also where the extension cannot be read or compared within the limit. `isLeaf` tells of `below`. */
export function permitsNames(ca: Certificate, below: Certificate, isLeaf: boolean): boolean {
  const constraints = readExtension(ca, id_ce_nameConstraints, NameConstraints);
  if (constraints === undefined) return true;
  if (constraints === 'unreadable') return false;
  const permitted = constraints.permittedSubtrees ?? [];
  const excluded = constraints.excludedSubtrees ?? [];
  const names = isLeaf ? presentedNames(below).filter(looksLikeDns) : dnsIds(below);
  if (names.length * (permitted.length + excluded.length) > MAX_NAME_COMPARISONS) return false;
  return (
    dnsNamesPermitted(permitted, excluded, names) &&
    subjectPermitted(permitted, excluded, below.subject) &&
    otherFormsAbsent([...permitted, ...excluded], below)
  );
}

/** A common name such as "Example Mail Server" is no DNS name and not constrained as one. */
function looksLikeDns(name: string): boolean {
  return !/\s/.test(name) && name.includes('.');
}

type Subtrees = readonly GeneralSubtree[];

function dnsNamesPermitted(permitted: Subtrees, excluded: Subtrees, names: readonly string[]): boolean {
  const allowed = dnsBases(permitted);
  const forbidden = dnsBases(excluded);
  return names
    .map((name) => name.toLowerCase())
    .every(
      (name) =>
        !forbidden.some((base) => isWithinDns(name, base)) &&
        (allowed.length === 0 || allowed.some((base) => isWithinDns(name, base))),
    );
}

function dnsBases(subtrees: Subtrees): readonly string[] {
  return subtrees.flatMap(({ base }) => base.dNSName?.toLowerCase() ?? []);
}

/** Both in lower case. Any number of labels to the left of the base; one at least where it begins with a dot, as in OpenSSL. */
function isWithinDns(name: string, base: string): boolean {
  if (base === '' || name === base) return true;
  return name.endsWith(base.startsWith('.') ? base : `.${base}`);
}

function subjectPermitted(permitted: Subtrees, excluded: Subtrees, subject: Uint8Array): boolean {
  const allowed = directoryBases(permitted);
  const forbidden = directoryBases(excluded);
  if (allowed.length === 0 && forbidden.length === 0) return true;
  const name = readAs(subject, Name);
  if (name === 'unreadable') return false;
  if (name.length === 0) return true;
  const inner = comparable(name);
  return (
    !forbidden.some((base) => isWithinDirectory(inner, base)) &&
    (allowed.length === 0 || allowed.some((base) => isWithinDirectory(inner, base)))
  );
}

function directoryBases(subtrees: Subtrees): readonly (readonly string[])[] {
  return subtrees.flatMap(({ base }) => (base.directoryName ? [comparable(base.directoryName)] : []));
}

function isWithinDirectory(inner: readonly string[], base: readonly string[]): boolean {
  return base.every((rdn, index) => inner[index] === rdn);
}

/** RFC 5280 §7.1: without regard to case, string type and repeated white space. */
function comparable(name: Name): readonly string[] {
  return [...name].map((rdn) =>
    [...rdn]
      .map(({ type, value }) =>
        JSON.stringify([type, value.toString().trim().replaceAll(/\s+/g, ' ').toLowerCase()]),
      )
      .sort()
      .join('+'),
  );
}

/** Forms of alternative name (RFC 5280 §4.2.1.6) that are not compared: field of GeneralName, context tag. */
const OTHER_FORMS: readonly (readonly [keyof GeneralName, number])[] = [
  ['otherName', 0xa0],
  ['rfc822Name', 0x81],
  ['x400Address', 0xa3],
  ['directoryName', 0xa4],
  ['ediPartyName', 0xa5],
  ['uniformResourceIdentifier', 0x86],
  ['iPAddress', 0x87],
  ['registeredID', 0x88],
];

function otherFormsAbsent(subtrees: Subtrees, below: Certificate): boolean {
  const carried = new Set(alternativeNames(below).map(({ tag }) => tag));
  return OTHER_FORMS.every(
    ([form, tag]) => !carried.has(tag) || subtrees.every(({ base }) => base[form] === undefined),
  );
}
