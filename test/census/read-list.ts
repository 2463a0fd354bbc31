/** What a list comes to, read from its text. */
import type { ListEntry, ListFormat } from '../../src/census/list-entry.ts';
import { AnyList } from '../../src/census/list-reader.ts';

export interface ReadList {
  readonly entries: readonly ListEntry[];
  readonly format: ListFormat | null;
  readonly apex: string | null;
}

/** Without the entries of lines from which nothing is taken. */
export function readList(text: string | Buffer, format: ListFormat | null = null): ReadList {
  const entries: ListEntry[] = [];
  const list = new AnyList((entry) => entries.push(entry), 'list.txt', format);
  for (const [at, line] of linesOf(text).entries()) list.line(line, at + 1);
  list.end();
  return { entries: entries.filter(({ kind }) => kind !== 'skipped'), format: list.format, apex: list.apex };
}

function linesOf(text: string | Buffer): Buffer[] {
  const octets = Buffer.from(text as string);
  const lines: Buffer[] = [];
  for (let from = 0; from < octets.length; ) {
    const end = octets.indexOf(10, from);
    lines.push(octets.subarray(from, end < 0 ? undefined : end));
    from = end < 0 ? octets.length : end + 1;
  }
  return lines;
}

/** Of the names alone. */
export function namesIn(text: string | Buffer, format: ListFormat | null = null): string[] {
  return readList(text, format).entries.flatMap((entry) => (entry.kind === 'name' ? [entry.name] : []));
}

/** Of the invalid lines, as "line reason". */
export function invalidIn(text: string | Buffer, format: ListFormat | null = null): string[] {
  return readList(text, format).entries.flatMap((entry) =>
    entry.kind === 'invalid' ? [`${entry.line} ${entry.reason}`] : [],
  );
}
