/**
 * The reader of one list, of the format that is named or, where none is, of the one that its first line shows: blank lines and
 * comments left out, a zone file begins with a directive or an SOA record, a CSV list with a header of several columns, one of them
 * called as domains are. Everything else is a plain list.
 */
import { isUtf8 } from 'node:buffer';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { isCsvHeader } from './csv-header.ts';
import { CsvList } from './csv-list.ts';
import type { Emit, ListFormat, ListReader } from './list-entry.ts';
import { LONGEST_LINE } from './list-lines.ts';
import { LONGEST_TEXT } from './listed-name.ts';
import { PlainList } from './plain-list.ts';
import { ZoneList } from './zone-list.ts';

export class AnyList {
  readonly #emit: Emit;
  readonly #list: string;
  #reader: ListReader | undefined;

  /** `list` is how a usage error speaks of it. `format` is null for that which the list shows. */
  constructor(emit: Emit, list: string, format: ListFormat | null) {
    this.#emit = emit;
    this.#list = list;
    this.#reader = format === null ? undefined : this.#readerOf(format);
  }

  /** Null before the first line that shows it. */
  get format(): ListFormat | null {
    return this.#reader?.format ?? null;
  }

  get apex(): string | null {
    return this.#reader?.apex ?? null;
  }

  get tagNames(): readonly string[] {
    return this.#reader?.tagNames ?? [];
  }

  /** The octets of one line without its end; `number` counts from 1. Throws UsageError as `ListReader.line`. */
  line(octets: Buffer, number: number): void {
    const isZone = this.#reader?.format === 'zone';
    if (octets.length > LONGEST_LINE) this.#unreadable('line-too-long', octets, number);
    // Labels and comments of a zone file are octets (RFC 1035 §5.1, RFC 2181 §11).
    else if (isZone) this.#reader!.line(octets.toString('latin1'), number);
    else if (isUtf8(octets)) this.#text(octets, number);
    else this.#unreadable('line-not-utf8', octets, number);
  }

  #text(octets: Buffer, number: number): void {
    const text = number === 1 ? octets.toString().replace(/^\ufeff/, '') : octets.toString();
    if (this.#reader === undefined) {
      const format = formatShownBy(text);
      if (format === undefined) {
        this.#emit({ kind: 'skipped' });
        return;
      }
      this.#reader = this.#readerOf(format);
    }
    this.#reader.line(text, number);
  }

  end(): void {
    this.#reader?.end();
  }

  #unreadable(reason: ReasonKey, octets: Buffer, line: number): void {
    const text = octets.toString('latin1', 0, LONGEST_TEXT);
    if (this.#reader === undefined) this.#emit({ kind: 'invalid', line, reason, text });
    else this.#reader.unreadable(reason, text, line);
  }

  #readerOf(format: ListFormat): ListReader {
    switch (format) {
      case 'plain':
        return new PlainList(this.#emit);
      case 'csv':
        return new CsvList(this.#emit, this.#list);
      case 'zone':
        return new ZoneList(this.#emit, this.#list);
    }
  }
}

const directive = /^\$(origin|ttl|include|generate)\b/i;
const soa = /^\S+\s+((\d\w*|in|class1)\s+){0,2}soa\s+[^\s(]+\s+\S/i;

/** Undefined for a line that shows nothing. */
function formatShownBy(line: string): ListFormat | undefined {
  if (/^\s*([#;].*)?$/.test(line)) return undefined;
  if (directive.test(line) || soa.test(line)) return 'zone';
  return isCsvHeader(line) ? 'csv' : 'plain';
}
