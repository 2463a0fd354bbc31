/** Names and times as they stand in master files (RFC 1035 §5.1). */
import { MAX_NAME_OCTETS, type Name, parseName } from './name.ts';

/** RFC 2181 §8. */
const MAX_TTL = 2 ** 31 - 1;

/** `@` is the origin; a name without final dot is below it. Undefined where it is no name, or there is no origin for it. */
export function absoluteName(text: string, origin: Name | undefined): Name | undefined {
  if (text === '@') return origin;
  const name = parseName(text);
  if (name === undefined || isAbsolute(text)) return name;
  if (origin === undefined) return undefined;
  const joined = name.slice(0, -1) + origin;
  return joined.length > MAX_NAME_OCTETS ? undefined : (joined as Name);
}

/** An escaped dot at the end is no end. */
function isAbsolute(text: string): boolean {
  return text.endsWith('.') && (!text.endsWith('\\.') || /(^|[^\\])(\\\\)*\.$/.test(text));
}

/** Seconds, or BIND's units: 1h30m. Undefined where it is neither, or more than 31 bits. */
export function parseTtl(text: string): number | undefined {
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
