/** `README.md` of a data package: what it is, for people. Pure; the same censuses give the same text. */
import type { CensusDescription } from '../store/describe-census.ts';
import { viewText } from './data-dictionary.ts';
import { createdAt, type PackageDescription } from './data-package.ts';

export function packageReadme(description: PackageDescription): string {
  const { title, license, censuses, views, format } = description;
  return `# ${title}

Figures and facts of DANE for SMTP (RFC 7672): which domains protect their inbound mail with it, which do it wrong, and why.
Measured by ${[...new Set(censuses.map(({ software }) => software))].join(', ')}.

## What is in here
| file | rows | what it holds |
|---|---|---|
${views.map(({ file, rows, comment }) => `| \`${file}\` | ${rows.toLocaleString('en')} | ${cell(comment)} |`).join('\n')}
| \`datapackage.json\` | | every file and column for machines (Data Package): type, definition, key, size, digest |
| \`census.json\` | | how it was measured: configuration, versions, lists with their digests, sample, vantage |
| \`SHA256SUMS\` | | digests of all files; check them with \`sha256sum -c SHA256SUMS\` |

## The censuses
${censuses.map(censusLine).join('\n')}

Every row has its \`census_id\`.

## How the numbers are defined
- The definition of every view and column stands below, and in \`datapackage.json\` (\`description\`): what is counted, what it is divided
  by, what is left out. Views \`fact_…\` are what was seen, row by row; \`…_result\` the same with sentences; the others count.
- "Could not look" (\`unknown\`, \`indeterminate\`, \`fault\` = \`ours\`) is never "is not there". Such rows are here, and are in no rate; nor are domains
  without mail (\`no-mail\`), and those not judged yet. Divide by what the column's definition names.
- An MX host, an endpoint and a certificate are measured once a census, however many domains use them: a share of hosts is no share
  of domains.
${sampleLines(censuses)}
## The form
${format === 'csv' ? csvLines(description.raw) : parquetLines}

## How to cite
> ${title}. Measured by ${censuses.at(-1)!.software}, ${period(censuses)}. Data set, ${day(createdAt(censuses))}.

Add where it is deposited (DOI) and who measured it. ${license === undefined ? 'No licence is named here: ask whoever gave it to you.' : `Licence: ${license}.`}

## Every view and column
${views.map(({ view, comment, columns }) => viewText(view, comment, columns)).join('\n')}`;
}

function censusLine(census: CensusDescription): string {
  const ended =
    census.finishedAt === null
      ? `**not finished** (${census.stage}): what is missing is in no count`
      : `finished ${census.finishedAt.toISOString()}`;
  const lists = census.lists
    .map(({ name, names }) => `${name} (${names.toLocaleString('en')} names)`)
    .join(', ');
  const vantage = census.vantage === 'default' ? '' : `; vantage ${census.vantage}`;
  const sample = census.sample === null ? '' : '; a sample';
  return `- ${census.census}: started ${census.startedAt.toISOString()}, ${ended}; ${census.software}; ${lists || 'no list'}${vantage}${sample}`;
}

function sampleLines(censuses: readonly CensusDescription[]): string {
  const samples = censuses.filter(({ sample }) => sample !== null).map(({ census }) => census);
  if (samples.length === 0) return '';
  return `- Of census ${samples.join(', ')} only a random sample of the population was looked at: its shares of domains come with the ends of their 95 %
  intervals (Wilson) in the columns \`…_low\` and \`…_high\`.
`;
}

function csvLines(raw: boolean): string {
  return `CSV (RFC 4180), UTF-8, with a header. Null is an empty cell, an empty text is \`""\`; instants are ISO 8601 in UTC; arrays and objects are JSON.
${
  raw
    ? 'Cells are as they were seen: some come from the network, and a spreadsheet may take them for formulas.'
    : 'Where a spreadsheet would take a text for a formula, at its begin or after a semicolon, tab or line end in it, an apostrophe stands before it\n(exporting with `--raw`, or Parquet, leaves it out).'
}`;
}

const parquetLines = `Parquet, compressed with zstd: BOOLEAN, INT32, INT64, DOUBLE, DECIMAL(18, 6), TIMESTAMP (UTC, milliseconds), strings in UTF-8, JSON, and lists
of strings or INT32. Texts are as they were seen on the network: escape them before you show them.`;

function period(censuses: readonly CensusDescription[]): string {
  const [from, to] = [day(censuses[0]!.startedAt), day(createdAt(censuses))];
  return from === to ? from : `${from} to ${to}`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
