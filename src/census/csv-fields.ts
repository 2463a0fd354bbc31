/**
 * The fields of one CSV record (RFC 4180 §2). In: its text, which may have line ends within quotes; the separator. Out: its fields,
 * unquoted; or what is wrong. A quote counts at the beginning of a field only: `5" pipe` is what it says.
 *
 * Not csv-parse, which is held against this in the tests: a list is read by the number of lines, so that a reading that was cut off
 * goes on behind a line, and a quote that nobody closes must cost its own line and not the rest of the list.
 */

export type CsvFields = readonly string[] | 'open' | 'misplaced';

export function csvFields(text: string, separator: string): CsvFields {
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const end = text.indexOf(separator, at);
      if (end < 0) {
        fields.push(text.slice(at));
        return fields;
      }
      fields.push(text.slice(at, end));
      at = end + 1;
      continue;
    }
    let field = '';
    for (at++; ; at += 2) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return 'open';
      field += text.slice(at, quote);
      at = quote;
      if (text[at + 1] !== '"') break;
      field += '"';
    }
    fields.push(field);
    at++;
    if (at === text.length) return fields;
    if (text[at] !== separator) return 'misplaced';
    at++;
  }
}

/** The separator that makes the most fields of a header line; a comma where none makes several. */
export function separatorOf(header: string): string {
  let best = ',';
  let most = 1;
  for (const separator of [',', ';', '\t']) {
    const fields = csvFields(header, separator);
    if (typeof fields === 'string' || fields.length <= most) continue;
    best = separator;
    most = fields.length;
  }
  return best;
}
