import { expect, test } from 'vitest';
import { listViews, readView, viewColumns } from '../../src/store/read-view.ts';
import { freshDatabase } from '../store/template.ts';

test('every public view can be read, begins with the census, and defines each of its columns', async () => {
  const db = await freshDatabase();
  const views = await listViews(db);
  expect(views.length).toBeGreaterThan(15);
  for (const view of views) {
    expect(await readView(db, view, 1)).toEqual([]);
    const columns = await viewColumns(db, view);
    expect(columns[0]!.name).toBe('census_id');
    for (const { name, comment } of columns) expect(`${view}.${name}: ${comment}`).toMatch(/: .{8}/);
  }
});

test('a view that there is not is refused with the list of views', async () => {
  const db = await freshDatabase();
  await expect(viewColumns(db, 'x; DROP TABLE dane.census')).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('domain_result'),
  });
});
