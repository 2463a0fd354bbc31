/** The header of a CSV list: which column holds the domain, which its rank and weight; all others are tags. */
import { UsageError } from '../base/usage-error.ts';
import { csvFields, separatorOf } from './csv-fields.ts';
import { headers } from './listed-name.ts';

/** Own limit: what is more is no table of tags, and each row would carry it. */
export const MAX_TAGS = 64;
/** In characters; as long as the name of a column in Postgres (manual §4.1.1, NAMEDATALEN less one). */
export const LONGEST_TAG_NAME = 63;

export interface CsvHeader {
  readonly separator: string;
  /** Places of the columns; undefined where there is none. */
  readonly domain: number;
  readonly rank: number | undefined;
  readonly weight: number | undefined;
  readonly tags: readonly { readonly at: number; readonly name: string }[];
  readonly fields: number;
}

/** Whether the first line of a list is a header: it has several columns, and one of them is called as domains are. */
export function isCsvHeader(line: string): boolean {
  const fields = csvFields(line, separatorOf(line));
  return (
    typeof fields !== 'string' && fields.length > 1 && fields.some((field) => headers.includes(word(field)))
  );
}

/**
 * The domain stands in the column that is called so, else in the first. Columns without a name become `column_2` and so on.
 * Throws UsageError for a header that cannot be read, or has two columns of one name.
 */
export function readCsvHeader(line: string, list: string): CsvHeader {
  const refuse = (got: string, expected: string) =>
    new UsageError(`list ${list}, header`, got, expected, 'correct the first line of the list');
  const separator = separatorOf(line);
  const fields = csvFields(line, separator);
  if (typeof fields === 'string') throw refuse(line, 'names of columns in one line, quotes closed');
  const words = fields.map(word);
  const named = headers.map((header) => words.indexOf(header)).find((at) => at >= 0) ?? 0;
  const place = (header: string) => {
    const at = words.indexOf(header);
    return at < 0 || at === named ? undefined : at;
  };
  const rank = place('rank');
  const weight = place('weight');
  const tags = fields.flatMap((field, at) =>
    at === named || at === rank || at === weight ? [] : { at, name: field.trim() || `column_${at + 1}` },
  );
  if (tags.length > MAX_TAGS) throw refuse(`${tags.length} columns of tags`, `at most ${MAX_TAGS}`);
  const names = new Set<string>();
  for (const { name } of tags) {
    if (name.length > LONGEST_TAG_NAME) throw refuse(name, `names of at most ${LONGEST_TAG_NAME} characters`);
    if (names.has(name)) throw refuse(name, 'columns with different names');
    names.add(name);
  }
  return { separator, domain: named, rank, weight, tags, fields: fields.length };
}

function word(field: string): string {
  return field.trim().toLowerCase();
}
