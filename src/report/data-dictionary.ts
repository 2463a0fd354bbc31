/** The data dictionary: every public view and column with its definition, as Markdown. The SQL comments are its only source. */
import type { Session } from '../store/db.ts';
import { type ViewColumn, viewColumns, viewComments, viewThemes } from '../store/read-view.ts';
import { viewKeys } from '../store/view-keys.ts';

/** The views of the database, by theme, in the order of the SQL files. */
export async function dataDictionary(session: Session): Promise<string> {
  const comments = await viewComments(session);
  const themes: { readonly about: string; readonly views: readonly string[]; readonly text: string }[] = [];
  for (const { about, views } of viewThemes([...comments.keys()])) {
    const texts: string[] = [];
    for (const view of views) {
      texts.push(viewText(view, comments.get(view) ?? '', await viewColumns(session, view)));
    }
    themes.push({ about, views, text: texts.join('\n') });
  }
  return [
    head,
    ...themes.map(({ about, views }) => `- ${title(about)}: ${views.map(link).join(', ')}`),
    '',
    ...themes.map(({ about, text }) => `## ${title(about)}\n${rest(about)}\n${text}`),
  ].join('\n');
}

const head = `# Data dictionary

<!-- Made from the comments in sql/views by: node scripts/data-dictionary.ts. Change those, not this. -->

The views of schema \`published\` are what is read from a census: by SQL, by \`dane-census export\`, by reports. Tables are private. Every view
begins with \`census_id\`. Types are those of Postgres; \`docs/data-package.md\` says what they become in CSV and Parquet.

What could not be looked at is never counted as absent, and is in no rate: it has columns or rows of its own.
`;

/** One view: its definition, its key where that is known, and a table of its columns. */
export function viewText(view: string, comment: string, columns: readonly ViewColumn[]): string {
  const key = viewKeys[view];
  const rows = columns.map(
    ({ name, type, comment: definition }) => `| \`${name}\` | ${shortType(type)} | ${cell(definition)} |`,
  );
  const keyLine = key === undefined ? '' : `\nKey: ${key.map((name) => `\`${name}\``).join(', ')}.\n`;
  return `### ${view}\n${comment}\n${keyLine}\n| column | type | definition |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** The first sentence. */
function title(about: string): string {
  return /^.*?[.:](?= |$)/.exec(about)?.[0].slice(0, -1) ?? about;
}

function rest(about: string): string {
  const more = about.slice(title(about).length + 1).trim();
  return more === '' ? '' : `${more.charAt(0).toUpperCase()}${more.slice(1)}\n`;
}

function link(view: string): string {
  return `[${view}](#${view})`;
}

function shortType(type: string): string {
  return type === 'timestamp with time zone' ? 'timestamptz' : type;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
