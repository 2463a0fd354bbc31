/**
 * Master files (RFC 1035 §5.1, RFC 2308 §4): root hints, trust anchors, zones.
 *
 * In: lines. Out: records one by one, so that a file of any length is streamed. $ORIGIN and $TTL are followed; $INCLUDE and
 * any other directive is refused. Throws `UsageError` with the line number: the file is the user's.
 */
import { UsageError } from '../base/usage-error.ts';
import type { PlainRecord } from './message-writer.ts';
import { MAX_NAME_OCTETS, type Name, parseName, root } from './name.ts';
import { parseRdata, type Token } from './rdata-text.ts';
import { parseType } from './rr-type.ts';

/** RFC 2181 §8. */
const MAX_TTL = 2 ** 31 - 1;
/** A day, used where no record and no $TTL has said one yet (RFC 1035 §5.1 leaves it open). */
const FALLBACK_TTL = 86_400;

export function* parseZoneFile(
  lines: Iterable<string>,
  source: string,
  origin: Name = root,
): Generator<PlainRecord> {
  let currentOrigin = origin;
  let defaultTtl: number | undefined;
  let lastTtl: number | undefined;
  let owner: Name | undefined;
  for (const { tokens, ownerBlank, line } of logicalLines(lines, source)) {
    const fail = (got: string, expected: string) => new UsageError(`${source} line ${line}`, got, expected);
    const toName = (text: string) => {
      const found = absoluteName(text, currentOrigin);
      if (found === undefined) throw fail(text, 'a domain name');
      return found;
    };
    const rest = [...tokens];
    if (!ownerBlank) {
      const first = rest.shift()!;
      if (!first.quoted && first.text.startsWith('$')) {
        const value = rest[0]?.text ?? '';
        if (first.text.toUpperCase() === '$ORIGIN') currentOrigin = toName(value);
        else if (first.text.toUpperCase() === '$TTL') {
          defaultTtl = parseTtl(value);
          if (defaultTtl === undefined) throw fail(value, 'a TTL in seconds');
        } else throw fail(first.text, '$ORIGIN or $TTL');
        continue;
      }
      owner = toName(first.text);
    }
    if (owner === undefined)
      throw fail('a record without an owner name', 'an owner name on the first record');

    let ttl: number | undefined;
    let type: number | undefined;
    while (rest.length > 0 && type === undefined) {
      const text = rest.shift()!.text;
      if (/^\d/.test(text) && ttl === undefined) {
        ttl = parseTtl(text);
        if (ttl === undefined) throw fail(text, 'a TTL in seconds');
      } else if (text.toUpperCase() !== 'IN') {
        type = parseType(text);
        if (type === undefined) throw fail(text, 'a record type');
      }
    }
    if (type === undefined) throw fail('no record type', 'OWNER [TTL] [IN] TYPE RDATA');
    const rdata = parseRdata(type, rest, toName);
    if (typeof rdata === 'string') throw fail(rest.map((token) => token.text).join(' '), rdata);
    lastTtl = ttl ?? defaultTtl ?? lastTtl ?? FALLBACK_TTL;
    yield { name: owner, type, ttl: lastTtl, rdata };
  }
}

/** `@` is the origin; a name without final dot is below it. */
function absoluteName(text: string, origin: Name): Name | undefined {
  if (text === '@') return origin;
  const absolute = /(^|[^\\])(\\\\)*\.$/.test(text);
  const name = parseName(text);
  if (name === undefined || absolute) return name;
  const joined = name.slice(0, -1) + origin;
  return joined.length > MAX_NAME_OCTETS ? undefined : (joined as Name);
}

/** Seconds, or BIND's units: 1h30m. */
function parseTtl(text: string): number | undefined {
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : secondsOfUnits(text);
  return seconds !== undefined && seconds <= MAX_TTL ? seconds : undefined;
}

function secondsOfUnits(text: string): number | undefined {
  if (!/^(\d{1,7}[smhdw])+$/i.test(text)) return undefined;
  const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw])/gi)) {
    total += Number(digits) * seconds[unit!.toLowerCase()]!;
  }
  return total;
}

interface LogicalLine {
  readonly tokens: readonly Token[];
  readonly ownerBlank: boolean;
  readonly line: number;
}

/** Joins lines within parentheses, drops comments, splits into tokens. */
function* logicalLines(lines: Iterable<string>, source: string): Generator<LogicalLine> {
  let number = 0;
  let depth = 0;
  let tokens: Token[] = [];
  let ownerBlank = false;
  let startedAt = 0;
  for (const line of lines) {
    number++;
    if (depth === 0) {
      tokens = [];
      ownerBlank = /^[ \t]/.test(line);
      startedAt = number;
    }
    const pattern = /;.*|"((?:[^"\\]|\\.)*)"|([()])|((?:[^\s;()"\\]|\\.)+)|(\S)/g;
    for (const [, inQuotes, parenthesis, plain, stray] of line.matchAll(pattern)) {
      if (parenthesis !== undefined) depth += parenthesis === '(' ? 1 : -1;
      else if (inQuotes !== undefined) tokens.push({ text: inQuotes, quoted: true });
      else if (plain !== undefined) tokens.push({ text: plain, quoted: false });
      else if (stray !== undefined) throw new UsageError(`${source} line ${number}`, stray, 'a closed quote');
      if (depth < 0) throw new UsageError(`${source} line ${number}`, ')', 'no more ) than (');
    }
    if (depth === 0 && tokens.length > 0) yield { tokens, ownerBlank, line: startedAt };
  }
  if (depth > 0) throw new UsageError(`${source} line ${startedAt}`, 'an open (', 'a closing )');
}
