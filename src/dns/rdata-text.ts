/**
 * RDATA from text (RFC 1035 §5.1, RFC 3597 §5, and the RFC of each type), for the types that hints, anchors, delegations and
 * test zones hold. In: tokens of one record. Out: octets, or a sentence part that says what was expected.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { fromBase64, fromHex } from '../base/bytes.ts';
import { type Name, nameToBytes } from './name.ts';
import { RRType } from './rr-type.ts';

/** A token and whether it was quoted: a quoted `@` or `(` means itself. */
export interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

type ToName = (text: string) => Name;
/** Reads one field; a string says what was expected. */
type Field = (text: string, toName: ToName) => Uint8Array | string;

/** RDLENGTH has 16 bits (RFC 1035 §3.2.1). */
const MAX_RDATA_OCTETS = 65_535;

export function parseRdata(type: number, tokens: readonly Token[], toName: ToName): Uint8Array | string {
  const rdata = readTokens(type, tokens, toName);
  return rdata.length > MAX_RDATA_OCTETS ? `at most ${MAX_RDATA_OCTETS} octets of RDATA` : rdata;
}

function readTokens(type: number, tokens: readonly Token[], toName: ToName): Uint8Array | string {
  if (tokens[0]?.text === '\\#' && !tokens[0].quoted) return generic(tokens.slice(1));
  if (type === RRType.TXT || type === RRType.SPF) return characterStrings(tokens);
  const fields = fieldsOf.get(type);
  if (fields === undefined) return 'RDATA in the form \\# LENGTH HEX (RFC 3597 §5) for this type';
  const last = fields.length - 1;
  const isSplit = tokens.length > fields.length && mayBeSplit.has(fields[last]!);
  if (tokens.length !== fields.length && !isSplit) return `${fields.length} fields`;
  const parts: Uint8Array[] = [];
  for (const [i, field] of fields.entries()) {
    const part = field(i === last ? joined(tokens.slice(i)) : tokens[i]!.text, toName);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function joined(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join('');
}

function generic(tokens: readonly Token[]): Uint8Array | string {
  const length = tokens[0]?.text ?? '';
  const octets = fromHex(joined(tokens.slice(1)));
  const fits = /^\d{1,5}$/.test(length) && octets?.length === Number(length);
  return fits && octets !== undefined ? octets : '\\# LENGTH HEX';
}

function characterStrings(tokens: readonly Token[]): Uint8Array | string {
  const parts: Uint8Array[] = [];
  for (const token of tokens) {
    const octets = characterString(token.text);
    if (octets === undefined) return 'escapes \\000 to \\255 (RFC 1035 §5.1)';
    if (octets.length > 255) return 'character strings of at most 255 octets';
    parts.push(Buffer.from([octets.length]), octets);
  }
  return parts.length === 0 ? 'a character string' : Buffer.concat(parts);
}

/** Characters that are not ASCII stand for their UTF-8 octets; undefined where an escape is none. */
function characterString(text: string): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const [, decimal, escaped, plain] of text.matchAll(/\\(\d{3})|\\(\D|$)|([^\\]+|\\)/gu)) {
    if (decimal !== undefined) {
      if (Number(decimal) > 255) return undefined;
      parts.push(Buffer.from([Number(decimal)]));
    } else if (plain === '\\' || escaped === '') return undefined;
    else parts.push(Buffer.from(escaped ?? plain!));
  }
  return Buffer.concat(parts);
}

const nameField: Field = (text, toName) => nameToBytes(toName(text));

const unsigned =
  (octets: 1 | 2 | 4): Field =>
  (text) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** (8 * octets))
      return `a number below ${2 ** (8 * octets)}`;
    const field = Buffer.alloc(octets);
    field.writeUIntBE(Number(text), 0, octets);
    return field;
  };

const hex: Field = (text) => (text === '' ? undefined : fromHex(text)) ?? 'hexadecimal digits';
const base64: Field = (text) => (text === '' ? undefined : fromBase64(text)) ?? 'base64';
/** White space may stand in these (RFC 4034 §2.2, §5.3, RFC 6698 §2.2). */
const mayBeSplit = new Set<Field>([hex, base64]);

const ipv4: Field = (text) => (isIPv4(text) ? Buffer.from(text.split('.').map(Number)) : 'an IPv4 address');

const ipv6: Field = (text) => {
  if (!isIPv6(text) || text.includes('%')) return 'an IPv6 address';
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain =
    dotted === null
      ? text
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [left = '', right] = plain.split('::');
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(left);
  const after = groups(right ?? '');
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
};

/** DNSSEC mnemonics are not read: files of this field write algorithm numbers. */
const fieldsOf = new Map<number, readonly Field[]>([
  [RRType.A, [ipv4]],
  [RRType.AAAA, [ipv6]],
  [RRType.NS, [nameField]],
  [RRType.CNAME, [nameField]],
  [RRType.DNAME, [nameField]],
  [RRType.PTR, [nameField]],
  [RRType.MX, [unsigned(2), nameField]],
  [RRType.SOA, [nameField, nameField, unsigned(4), unsigned(4), unsigned(4), unsigned(4), unsigned(4)]],
  [RRType.DS, [unsigned(2), unsigned(1), unsigned(1), hex]],
  [RRType.CDS, [unsigned(2), unsigned(1), unsigned(1), hex]],
  [RRType.DNSKEY, [unsigned(2), unsigned(1), unsigned(1), base64]],
  [RRType.CDNSKEY, [unsigned(2), unsigned(1), unsigned(1), base64]],
  [RRType.TLSA, [unsigned(1), unsigned(1), unsigned(1), hex]],
  [RRType.SSHFP, [unsigned(1), unsigned(1), hex]],
  [RRType.SRV, [unsigned(2), unsigned(2), unsigned(2), nameField]],
]);
