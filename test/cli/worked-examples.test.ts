/** Every example of docs/worked-examples.md runs, as SQL and as a command, on a history of six censuses. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { registerView } from '../../src/cli/view.ts';
import { openDatabase } from '../../src/store/open.ts';
import { writeHistory } from '../sql/history.ts';
import { freshDirectory } from '../store/template.ts';
import { commandOutput } from './command-output.ts';

const text = readFileSync(new URL('../../docs/worked-examples.md', import.meta.url), 'utf8');
const inText = text.split('\n');

const statements = [...text.matchAll(/^```sql\n([^`]*)```$/gm)].map(([, block]) => block!.trim());
const commands = inText
  .map((line) => /^dane-census (view .*)$/.exec(line)?.[1])
  .filter((line) => line !== undefined);

/** In this history nobody denies an ancestor, and in its last census nothing is broken and nothing more to be gained. */
const emptyThere = /published\.(ancestors_denied_by_operator|broken|levers)/;

test('each question stands there as SQL and as one command', () => {
  const questions = inText.filter((line) => line.startsWith('## '));
  expect([statements.length, commands.length]).toEqual([questions.length, questions.length]);
});

test('each of them runs', async () => {
  const database = await freshDirectory();
  const db = await openDatabase(database, 'create');
  try {
    await writeHistory(db);
    for (const statement of statements) {
      const asked = statement
        .replaceAll('census_id = 12', 'census_id = 6')
        .replace("'nl'", "'example'")
        .replace("'example.nl'", "'comes-and-goes.example'");
      const rows = await db.query(asked);
      if (!emptyThere.test(statement)) expect(`${statement}\n${rows.length} rows`).not.toMatch(/^0 rows$/m);
    }
  } finally {
    await db.close();
  }
  for (const command of commands) {
    const output = await commandOutput(registerView, ...command.split(' '), '--db', database);
    expect({ command, output }).toMatchObject({ output: expect.stringMatching(/^census_id /) });
  }
});
