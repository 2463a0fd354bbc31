/**
 * The user's file of operators: CSV (RFC 4180) in UTF-8 with two columns, a suffix of host names and an operator; a first line
 * `suffix,operator` is taken for a header. Suffixes become A-labels.
 */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../base/usage-error.ts';
import { MOST_LABELS, type OperatorSuffix } from '../store/operators.ts';
import { listedName } from './listed-name.ts';

const expected = 'CSV lines of a suffix of host names and an operator';
const hint = 'such as: mail.example,Example Mail';

/** Throws UsageError where the file cannot be read, and for its first line that is none of these, or says a suffix again. */
export function readOperatorList(file: string): readonly OperatorSuffix[] {
  const found = new Map<string, OperatorSuffix>();
  for (const { record, info } of recordsOf(file)) {
    const [first = '', operator = ''] = record.map((field) => field.trim());
    if (info.lines === 1 && first.toLowerCase() === 'suffix') continue;
    const refuse = (wanted: string) => new UsageError('--load', `${file}, line ${info.lines}`, wanted, hint);
    if (record.length !== 2 || operator === '') throw refuse(expected);
    const listed = listedName(first, info.lines);
    if (listed.kind !== 'name') throw refuse('a suffix that is a domain name');
    const suffix = listed.name;
    if (suffix.split('.').length > MOST_LABELS) throw refuse(`a suffix of at most ${MOST_LABELS} labels`);
    if (found.has(suffix)) throw refuse(`each suffix once (${suffix} is there already)`);
    found.set(suffix, { suffix, operator });
  }
  return [...found.values()];
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function recordsOf(file: string): readonly CsvRecord[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError('--load', file, `a file that can be read (${(error as Error).message})`, hint);
  }
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
    return parse(text, options) as unknown as readonly CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError('--load', file, `${expected} (${error.message})`, hint);
  }
}
