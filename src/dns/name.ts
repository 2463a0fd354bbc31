/**
 * Domain names (RFC 1034 §3.1, RFC 1035 §3.1, RFC 4343).
 *
 * A `Name` is the uncompressed wire form in lower case (ASCII letters only, RFC 4343 §3), one character of the string for
 * each octet, the root octet included: `example.com` is "\x07example\x03com\x00". So any octet may stand in a label, two
 * equal names are equal strings, a name can key a Map, and a parent is a suffix. Case is not kept: see `canonical.ts` for
 * where it matters.
 */

declare const nameBrand: unique symbol;
export type Name = string & { readonly [nameBrand]: 'Name' };

/** RFC 1035 §2.3.4. */
export const MAX_NAME_OCTETS = 255;
/** RFC 1035 §2.3.4. */
export const MAX_LABEL_OCTETS = 63;

export const root = '\0' as Name;

/** A name from octets that are known to be in wire form; lower-cases. */
export function nameFromWire(octets: string): Name {
  return (/[A-Z]/.test(octets) ? lowerCase(octets) : octets) as Name;
}

/** Lower-cases ASCII letters only. Length octets are below 64, so none of them is taken for a letter. */
export function lowerCase(octets: string): string {
  return octets.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function nameToBytes(name: Name): Buffer {
  return Buffer.from(name, 'latin1');
}

/** Labels from the left, each as a string of octets; none for the root. */
export function labelsOf(name: Name): string[] {
  const labels: string[] = [];
  for (let at = 0; name.charCodeAt(at) !== 0; ) {
    const length = name.charCodeAt(at);
    labels.push(name.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels;
}

/** The number of labels, the root not counted; a leading `*` counts (RRSIG's Labels field leaves it out: RFC 4034 §3.1.3). */
export function labelCount(name: Name): number {
  let count = 0;
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) count++;
  return count;
}

/** The name without its leftmost label; the root for the root. */
export function parentOf(name: Name): Name {
  return name === root ? root : (name.slice(1 + name.charCodeAt(0)) as Name);
}

/** The rightmost `count` labels; the name itself where it has no more. */
export function rightmost(name: Name, count: number): Name {
  let at = 0;
  for (let skip = labelCount(name) - count; skip > 0; skip--) at += 1 + name.charCodeAt(at);
  return at === 0 ? name : (name.slice(at) as Name);
}

/** True where `name` is `ancestor` or below it. */
export function isWithin(name: Name, ancestor: Name): boolean {
  if (!name.endsWith(ancestor)) return false;
  const start = name.length - ancestor.length;
  let at = 0;
  while (at < start) at += 1 + name.charCodeAt(at);
  return at === start;
}

/** True where `name` is below `ancestor`, not equal to it. */
export function isBelow(name: Name, ancestor: Name): boolean {
  return name.length > ancestor.length && isWithin(name, ancestor);
}

/** Undefined where the result would be longer than a name can be (RFC 1035 §2.3.4) or the label is not one. */
export function prepend(label: string, name: Name): Name | undefined {
  if (label.length === 0 || label.length > MAX_LABEL_OCTETS) return undefined;
  if (label.length + 1 + name.length > MAX_NAME_OCTETS) return undefined;
  return (String.fromCharCode(label.length) + lowerCase(label) + name) as Name;
}

/** `name` with its suffix `from` replaced by `to` (RFC 6672 §2.2); undefined where it becomes too long. */
export function replaceSuffix(name: Name, from: Name, to: Name): Name | undefined {
  const replaced = name.slice(0, name.length - from.length) + to;
  return replaced.length > MAX_NAME_OCTETS ? undefined : (replaced as Name);
}

/** The deepest name that is both `a` or above it and `b` or above it. */
export function commonAncestor(a: Name, b: Name): Name {
  let candidate = a;
  while (!isWithin(b, candidate)) candidate = parentOf(candidate);
  return candidate;
}

export function isWildcard(name: Name): boolean {
  return name.startsWith('\x01*');
}

/** Canonical order (RFC 4034 §6.1): by labels from the right, as unsigned octets, the shorter first. */
export function compareNames(a: Name, b: Name): number {
  if (a === b) return 0;
  const left = labelsOf(a);
  const right = labelsOf(b);
  for (let i = 1; i <= left.length && i <= right.length; i++) {
    const x = left[left.length - i]!;
    const y = right[right.length - i]!;
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/** Presentation form (RFC 1035 §5.1, RFC 4343 §2.1) with the final dot; octets outside printable ASCII as `\DDD`. */
export function formatName(name: string): string {
  if (name === root) return '.';
  return `${labelsOf(name as Name)
    .map(formatLabel)
    .join('.')}.`;
}

/** As `formatName`, without the final dot (the root stays "."). */
export function formatNameBare(name: string): string {
  return name === root ? '.' : formatName(name).slice(0, -1);
}

function formatLabel(label: string): string {
  if (/^[A-Za-z0-9_*/-]+$/.test(label)) return label;
  return label.replace(/[^\x21-\x7e]|[.\\"();@$]/g, (octet) =>
    /[.\\"();@$]/.test(octet) ? `\\${octet}` : `\\${octet.charCodeAt(0).toString().padStart(3, '0')}`,
  );
}

/** Reads presentation form; a missing final dot makes no difference. Undefined where it is no name (RFC 1035 §2.3.4, §5.1). */
export function parseName(text: string): Name | undefined {
  const wire = parseNameKeepingCase(text);
  return wire === undefined ? undefined : nameFromWire(wire);
}

/** As `parseName`, but keeps upper case: for the wire form of what was typed. */
export function parseNameKeepingCase(text: string): string | undefined {
  if (text === '.') return root;
  if (text === '') return undefined;
  if (!text.includes('\\')) return withoutEscapes(text);
  let wire = '';
  let label = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '.') {
      if (label === '' || label.length > MAX_LABEL_OCTETS) return undefined;
      wire += String.fromCharCode(label.length) + label;
      label = '';
    } else if (char === '\\') {
      const escaped = /^(?:\d{3}|[^\d])/.exec(text.slice(at + 1, at + 4))?.[0];
      if (escaped === undefined) return undefined;
      const octet = escaped.length === 3 ? Number(escaped) : escaped.charCodeAt(0);
      if (octet > 255) return undefined;
      label += String.fromCharCode(octet);
      at += escaped.length;
    } else {
      if (char.charCodeAt(0) > 255) return undefined;
      label += char;
    }
  }
  if (label.length > MAX_LABEL_OCTETS) return undefined;
  if (label !== '') wire += String.fromCharCode(label.length) + label;
  return wire.length + 1 > MAX_NAME_OCTETS ? undefined : `${wire}\0`;
}

/** As most names are: their labels are what stands between the dots. */
function withoutEscapes(text: string): string | undefined {
  if (/[^\0-\xff]/.test(text)) return undefined;
  let wire = '';
  for (const label of (text.endsWith('.') ? text.slice(0, -1) : text).split('.')) {
    if (label === '' || label.length > MAX_LABEL_OCTETS) return undefined;
    wire += String.fromCharCode(label.length) + label;
  }
  return wire.length + 1 > MAX_NAME_OCTETS ? undefined : `${wire}\0`;
}

/** For names in code: throws where `parseName` finds none. */
export function name(text: string): Name {
  const parsed = parseName(text);
  if (parsed === undefined) throw new Error(`internal error: not a domain name: ${JSON.stringify(text)}`);
  return parsed;
}
