/**
 * From one line of a list to a domain name as A-labels, lower case, without the final dot; or the reason why not.
 * Understands: the first field of a line (blanks, commas, semicolons and tabs separate), comments with `#`, quoted CSV
 * fields, a header in the first line, a rank before the name (`1,example.com`), upper case, a final dot, IDNs (UTS 46).
 * Says what it does not understand: URLs, mail addresses, IP addresses. Does not ask whether the domain exists.
 */
import { isIP } from 'node:net';
import { toASCII } from 'tr46';
import type { ReasonKey } from '../base/reasons/catalogue.ts';

export type ListedLine =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'invalid'; readonly reason: ReasonKey; readonly text: string };

/** RFC 1035 §2.3.4: 255 octets on the wire are 253 characters without the final dot. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** How much of an unusable field is kept, in characters. */
const LONGEST_TEXT = 200;

const headers = new Set(['domain', 'domains', 'domain_name', 'domainname', 'name', 'host', 'hostname']);

/** Names that need no more than looking at; anything with an A-label goes through UTS 46, which also checks those. */
const plain = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** `line` is text without its line end; `number` counts from 1. */
export function listedName(line: string, number: number): ListedLine {
  const field = firstField(number === 1 ? line.replace(/^\ufeff/, '') : line);
  if (field === '' || (number === 1 && headers.has(field.toLowerCase()))) return { kind: 'skipped' };
  const invalid = (reason: ReasonKey): ListedLine => ({
    kind: 'invalid',
    reason,
    text: field.slice(0, LONGEST_TEXT),
  });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(field)) return invalid('line-is-url');
  if (field.includes('@')) return invalid('line-is-mailbox');
  if (isIP(field.replace(/^\[(IPv6:)?(.*)\]$/i, '$2')) !== 0) return invalid('line-is-address');
  const lower = field.toLowerCase().replace(/\.$/, '');
  if (plain.test(lower) && !lower.includes('xn--')) {
    const fault = lengthFault(lower);
    return fault === undefined ? { kind: 'name', name: lower } : invalid(fault);
  }
  return turned(lower, invalid);
}

/** Labels are made of what registries and mail systems use, the underscore included; blanks and signs are not. */
function turned(name: string, invalid: (reason: ReasonKey) => ListedLine): ListedLine {
  if (name === '' || /(^|[.\u3002\uff0e\uff61])([.\u3002\uff0e\uff61]|$)/.test(name))
    return invalid('name-empty-label');
  const ascii = toASCII(name, {
    checkBidi: true,
    checkHyphens: false,
    checkJoiners: true,
    useSTD3ASCIIRules: false,
    verifyDNSLength: false,
    transitionalProcessing: false,
  });
  if (ascii === null) return invalid('name-not-idna');
  const fault = lengthFault(ascii);
  if (fault !== undefined) return invalid(fault);
  return plain.test(ascii) ? { kind: 'name', name: ascii } : invalid('name-characters');
}

function lengthFault(name: string): ReasonKey | undefined {
  if (name.length > LONGEST_NAME) return 'name-too-long';
  if (name.length <= LONGEST_LABEL) return undefined;
  return name.split('.').some((label) => label.length > LONGEST_LABEL) ? 'name-label-too-long' : undefined;
}

function firstField(line: string): string {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return '';
  const [first = '', second = ''] = text.split(/[\s,;]+/, 2).map((field) => field.replace(/^"(.*)"$/, '$1'));
  const commented = (field: string) => field.replace(/#.*$/, '');
  return /^\d+$/.test(first) && second !== '' && !second.startsWith('#')
    ? commented(second)
    : commented(first);
}
