/** The tokens of one line of a master file (RFC 1035 §5.1): comments dropped, parentheses counted, escapes left as they are. */
import type { Token } from './rdata-text.ts';

export type LineTokens =
  | {
      readonly tokens: Token[];
      /** Parentheses open behind the line, and the fewest and most within it. */
      readonly depth: number;
      readonly lowest: number;
      readonly highest: number;
    }
  /** What stands where a quote is not closed, and the tokens before it. */
  | { readonly stray: string; readonly tokens: Token[] };

const pattern = /;.*|"((?:[^"\\]|\\.)*)"|([()])|((?:[^\s;()"\\]|\\.)+)|(\S)/g;

/** `depth`: parentheses open before the line. */
export function tokensOfLine(text: string, depth: number): LineTokens {
  // Nearly every line of a large zone is as plain as this.
  if (!/[;()"\\]/.test(text)) {
    const tokens: Token[] = [];
    for (const word of text.split(/\s+/)) if (word !== '') tokens.push({ text: word, quoted: false });
    return { tokens, depth, lowest: depth, highest: depth };
  }
  const tokens: Token[] = [];
  let now = depth;
  let lowest = depth;
  let highest = depth;
  for (const [, inQuotes, parenthesis, plain, stray] of text.matchAll(pattern)) {
    if (parenthesis !== undefined) {
      now += parenthesis === '(' ? 1 : -1;
      lowest = Math.min(lowest, now);
      highest = Math.max(highest, now);
    } else if (inQuotes !== undefined) tokens.push({ text: inQuotes, quoted: true });
    else if (plain !== undefined) tokens.push({ text: plain, quoted: false });
    else if (stray !== undefined) return { stray, tokens };
  }
  return { tokens, depth: now, lowest, highest };
}
