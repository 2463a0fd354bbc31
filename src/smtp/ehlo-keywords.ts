/** The service extensions that an EHLO reply lists (RFC 5321 §4.1.1.1). */
import type { Reply } from './reply.ts';

/** Own limit; registered keywords have up to 20 characters. */
const MAX_KEYWORD_LENGTH = 64;

/**
 * The keywords, upper case, sorted, each once. The first line is the server's name and greeting, not a keyword.
 * `AUTH=LOGIN`, an old form, counts as AUTH. Lines that hold no keyword are left out.
 */
export function ehloKeywords(reply: Reply): readonly string[] {
  const keywords = new Set<string>();
  for (const line of reply.lines.slice(1)) {
    const keyword = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =]|\s*$)/.exec(line)?.[1];
    if (keyword !== undefined && keyword.length <= MAX_KEYWORD_LENGTH) keywords.add(keyword.toUpperCase());
  }
  return [...keywords].sort();
}
