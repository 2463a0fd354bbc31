/**
 * From one line of a plain list, or one field of any list, to a domain name as A-labels, lower case, without the final dot; or the
 * reason why not. Understands of a line: its first field (blanks, commas, semicolons and tabs separate), comments with `#`,
 * quoted fields, a header in the first line, a rank before the name (`1,example.com`, as the Tranco list has it); of a field:
 * upper case, a final dot, IDNs (UTS 46). Says what it does not understand: URLs, mail addresses, IP addresses. Does not ask
 * whether the domain exists.
 */
import { isIP } from 'node:net';
import { toASCII } from 'tr46';
import type { ReasonKey } from '../base/reasons/catalogue.ts';

export type ListedLine =
  /** `rank` is left out where the line has none. */
  | { readonly kind: 'name'; readonly name: string; readonly rank?: number }
  | { readonly kind: 'skipped' }
  | InvalidLine;

export interface InvalidLine {
  readonly kind: 'invalid';
  readonly reason: ReasonKey;
  readonly text: string;
}

/** RFC 1035 §2.3.4: 255 octets on the wire are 253 characters without the final dot. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** How much of an unusable field is kept, in characters. */
export const LONGEST_TEXT = 200;

/** The column `rank` is an int. */
const LARGEST_RANK = 2 ** 31 - 1;

/** What a column of domains is called, the plainest word first. */
export const headers: readonly string[] = [
  'domain',
  'domains',
  'domain_name',
  'domainname',
  'hostname',
  'host',
  'name',
];

/** Names that need no more than looking at; anything with an A-label goes through UTS 46, which also checks those. */
const plain = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** `line` is text without its line end; `number` counts from 1. */
export function listedName(line: string, number: number): ListedLine {
  const [first, second] = firstFields(number === 1 ? line.replace(/^\ufeff/, '') : line);
  if (first === '' || (number === 1 && headers.includes(first.toLowerCase()))) return { kind: 'skipped' };
  if (second === '') return nameOfField(first);
  const rank = rankOfField(first);
  if (rank === undefined)
    return { kind: 'invalid', reason: 'rank-unreadable', text: line.slice(0, LONGEST_TEXT) };
  const listed = nameOfField(second);
  return listed.kind === 'name' ? { ...listed, rank } : listed;
}

/** A place in a popularity list, which begins with 1. */
export function rankOfField(field: string): number | undefined {
  const rank = /^\d{1,10}$/.test(field) ? Number(field) : 0;
  return rank >= 1 && rank <= LARGEST_RANK ? rank : undefined;
}

/** `field` is not blank and without blanks around it. */
export function nameOfField(field: string): { readonly kind: 'name'; readonly name: string } | InvalidLine {
  const lower = field.toLowerCase().replace(/\.$/, '');
  // Nearly every field is as plain as this; addresses end in a figure or hold a colon.
  if (plain.test(lower) && !lower.includes('xn--') && !/\d$/.test(lower)) return withinLength(lower, field);
  const invalid = (reason: ReasonKey): InvalidLine => invalidField(reason, field);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(field)) return invalid('line-is-url');
  if (field.includes('@')) return invalid('line-is-mailbox');
  if (isIP(field.replace(/^\[(IPv6:)?(.*)\]$/i, '$2')) !== 0) return invalid('line-is-address');
  return plain.test(lower) && !lower.includes('xn--') ? withinLength(lower, field) : turned(lower, field);
}

function invalidField(reason: ReasonKey, field: string): InvalidLine {
  return { kind: 'invalid', reason, text: field.slice(0, LONGEST_TEXT) };
}

function withinLength(
  name: string,
  field: string,
): { readonly kind: 'name'; readonly name: string } | InvalidLine {
  const fault = lengthFault(name);
  return fault === undefined ? { kind: 'name', name } : invalidField(fault, field);
}

/** Labels are made of what registries and mail systems use, the underscore included; blanks and signs are not. */
function turned(name: string, field: string): { readonly kind: 'name'; readonly name: string } | InvalidLine {
  if (name === '' || /(^|[.\u3002\uff0e\uff61])([.\u3002\uff0e\uff61]|$)/.test(name)) {
    return invalidField('name-empty-label', field);
  }
  const ascii = toASCII(name, {
    checkBidi: true,
    checkHyphens: false,
    checkJoiners: true,
    useSTD3ASCIIRules: false,
    verifyDNSLength: false,
    transitionalProcessing: false,
  });
  if (ascii === null) return invalidField('name-not-idna', field);
  const within = withinLength(ascii, field);
  return within.kind === 'invalid' || plain.test(ascii) ? within : invalidField('name-characters', field);
}

function lengthFault(name: string): ReasonKey | undefined {
  if (name.length > LONGEST_NAME) return 'name-too-long';
  if (name.length <= LONGEST_LABEL) return undefined;
  return name.split('.').some((label) => label.length > LONGEST_LABEL) ? 'name-label-too-long' : undefined;
}

/** The name, and nothing; or the rank and the name. Nothing where the line has neither. */
function firstFields(line: string): readonly [string, string] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return ['', ''];
  const [first = '', second = ''] = text.split(/[\s,;]+/, 2).map((field) => field.replace(/^"(.*)"$/, '$1'));
  const commented = (field: string) => field.replace(/#.*$/, '');
  return /^\d+$/.test(first) && second !== '' && !second.startsWith('#')
    ? [first, commented(second)]
    : [commented(first), ''];
}
