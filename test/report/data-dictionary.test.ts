import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dataDictionary } from '../../src/report/data-dictionary.ts';
import { listViews, viewComments, viewThemes } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';

test('docs/data-dictionary.md is in step with the SQL comments (else run: node scripts/data-dictionary.ts)', async () => {
  const kept = readFileSync(new URL('../../docs/data-dictionary.md', import.meta.url), 'utf8');
  expect(kept).toBe(await dataDictionary(await freshDatabase()));
});

test('every view has its theme and its definition', async () => {
  const db = await freshDatabase();
  const themes = viewThemes(await listViews(db));
  const views = themes.flatMap((theme) => theme.views);
  expect([...views].sort()).toEqual(await listViews(db));
  const comments = await viewComments(db);
  for (const view of views) expect(`${view}: ${comments.get(view)}`).toMatch(/: .{8}/);
  for (const { about } of themes) expect(about).toMatch(/.{8}/);
});
