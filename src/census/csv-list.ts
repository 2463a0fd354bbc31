/**
 * A CSV list with a header (RFC 4180). The header says which column holds the domain, its rank and its weight; every other column
 * is a tag, and an empty cell is none. A cell that cannot be read makes the whole line invalid: half a line would be a wrong one.
 * A quoted field may hold line ends, as far as the limits go; where its quote is not closed within them its line is invalid, and
 * the lines behind it are read as if it were not there.
 */
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Tags } from '../store/listing.ts';
import { csvFields } from './csv-fields.ts';
import { type CsvHeader, readCsvHeader } from './csv-header.ts';
import type { Emit, ListEntry, ListReader } from './list-entry.ts';
import { LONGEST_LINE } from './list-lines.ts';
import { LONGEST_TEXT, nameOfField, rankOfField } from './listed-name.ts';
import { SharedTags } from './shared-tags.ts';

/** Lines of one record: own limit, more than any address or remark in a cell has. */
export const MAX_RECORD_LINES = 100;
/** In characters, of a tag's value: own limit; a longer one is a remark. */
export const LONGEST_TAG = 256;

interface Line {
  readonly text: string;
  readonly number: number;
}

export class CsvList implements ListReader {
  readonly format = 'csv';
  readonly apex = null;
  readonly #emit: Emit;
  readonly #list: string;
  readonly #shared = new SharedTags();
  #header: CsvHeader | undefined;
  /** Lines of a record whose quote is open. */
  #open: Line[] = [];
  #text = '';

  /** The first line is the header. `list` is how a usage error speaks of it. */
  constructor(emit: Emit, list: string) {
    this.#emit = emit;
    this.#list = list;
  }

  get tagNames(): readonly string[] {
    return this.#header?.tags.map(({ name }) => name) ?? [];
  }

  line(text: string, number: number): void {
    if (this.#header === undefined) {
      this.#header = readCsvHeader(text.replace(/^\ufeff/, ''), this.#list);
      this.#emit({ kind: 'skipped' });
      return;
    }
    this.#readAll([{ text, number }], this.#header);
  }

  unreadable(reason: ReasonKey, text: string, line: number): void {
    this.end();
    this.#emit({ kind: 'invalid', line, reason, text });
  }

  /** What is open then is no record: its first line is invalid, the others are read by themselves. */
  end(): void {
    while (this.#open.length > 0) this.#readAll(this.#spoilt('csv-quote-open'), this.#header!);
  }

  /** The record that is whole, as if it stood in one line. */
  #closed(): Line {
    const { number } = this.#open[0]!;
    this.#open = [];
    return { text: this.#text, number };
  }

  #spoilt(reason: ReasonKey): Line[] {
    const [first, ...others] = this.#open;
    this.#open = [];
    this.#text = '';
    this.#emit({ kind: 'invalid', line: first!.number, reason, text: first!.text.slice(0, LONGEST_TEXT) });
    return others;
  }

  #readAll(lines: readonly Line[], header: CsvHeader): void {
    const ahead = [...lines];
    for (let line = ahead.shift(); line !== undefined; line = ahead.shift()) {
      if (this.#open.length === 0 && /^\s*(#.*)?$/.test(line.text)) {
        this.#emit({ kind: 'skipped' });
        continue;
      }
      this.#text = this.#open.length === 0 ? line.text : `${this.#text}\n${line.text}`;
      this.#open.push(line);
      const fields = csvFields(this.#text, header.separator);
      if (fields === 'misplaced') ahead.unshift(...this.#spoilt('csv-quote-misplaced'));
      else if (fields !== 'open') this.#emit(entryOf(fields, this.#closed(), header, this.#shared));
      else if (this.#open.length >= MAX_RECORD_LINES || this.#text.length > LONGEST_LINE) {
        ahead.unshift(...this.#spoilt('csv-quote-open'));
      }
    }
  }
}

function entryOf(
  fields: readonly string[],
  { text, number: line }: Line,
  header: CsvHeader,
  shared: SharedTags,
): ListEntry {
  const invalid = (reason: ReasonKey, at: string): ListEntry => ({
    kind: 'invalid',
    line,
    reason,
    text: at.slice(0, LONGEST_TEXT),
  });
  if (fields.length > header.fields) return invalid('csv-too-many-fields', text);
  const cell = (at: number | undefined) => (at === undefined ? '' : (fields[at] ?? '').trim());
  const domain = cell(header.domain);
  if (domain === '') return invalid('name-empty-label', text);
  const listed = nameOfField(domain);
  if (listed.kind === 'invalid') return invalid(listed.reason, listed.text);
  const rank = optional(cell(header.rank), rankOfField);
  if (rank === undefined) return invalid('rank-unreadable', cell(header.rank));
  const weight = optional(cell(header.weight), weightOfField);
  if (weight === undefined) return invalid('weight-unreadable', cell(header.weight));
  const tags = tagsOf(fields, header);
  if (typeof tags === 'string') return invalid('csv-tag-too-long', tags);
  return { kind: 'name', name: listed.name, rank, weight, tags: tags && shared.of(tags) };
}

/** Null where every cell is empty; the text of a cell that is too long. */
function tagsOf(fields: readonly string[], header: CsvHeader): Tags | null | string {
  let tags: Record<string, string> | null = null;
  for (const { at, name } of header.tags) {
    const value = fields[at];
    if (value === undefined || value.trim() === '') continue;
    if (value.length > LONGEST_TAG) return value;
    tags ??= Object.create(null) as Record<string, string>;
    tags[name] = value;
  }
  return tags;
}

/** Null for an empty cell, undefined for one that cannot be read. */
function optional(cell: string, read: (cell: string) => number | undefined): number | null | undefined {
  return cell === '' ? null : read(cell);
}

function weightOfField(field: string): number | undefined {
  const weight = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(field) ? Number(field) : Number.NaN;
  return Number.isFinite(weight) ? weight : undefined;
}
