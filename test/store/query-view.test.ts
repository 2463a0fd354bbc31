import { expect, test } from 'vitest';
import { beginCensus } from '../../src/store/census-record.ts';
import { queryView } from '../../src/store/query-view.ts';
import { freshDatabase } from './template.ts';

const everything = { census: null, where: [], sort: [], limit: 10 };

async function withTwoCensuses() {
  const db = await freshDatabase();
  for (const software of ['first', "it's another"]) await beginCensus(db, {}, [], software, 0);
  return db;
}

test('rows are those of the census, of the value asked for, in the order asked for, and no more than asked for', async () => {
  const db = await withTwoCensuses();
  const numbers = async (query: Partial<Parameters<typeof queryView>[2]>) =>
    (await queryView(db, 'census_overview', { ...everything, ...query })).rows.map(
      ({ census_id }) => census_id,
    );
  expect(await numbers({})).toEqual([1, 2]);
  expect(await numbers({ census: 2 })).toEqual([2]);
  expect(await numbers({ where: [{ column: 'software', value: "it's another" }] })).toEqual([2]);
  expect(await numbers({ where: [{ column: 'domains', value: '0' }], limit: 1 })).toEqual([1]);
  expect(await numbers({ sort: [{ column: 'census_id', descending: true }] })).toEqual([2, 1]);
});

test('a column that there is not is refused with the list of columns', async () => {
  const db = await withTwoCensuses();
  for (const query of [
    { where: [{ column: '1=1 OR stage', value: '' }] },
    { sort: [{ column: 'stage; DROP TABLE dane.census', descending: false }] },
  ]) {
    await expect(queryView(db, 'census_overview', { ...everything, ...query })).rejects.toMatchObject({
      name: 'UsageError',
      hint: expect.stringContaining('census_id, '),
    });
  }
});
