import { expect, test } from 'vitest';
import { publishable } from '../../src/report/publishable.ts';
import type { CensusDescription } from '../../src/store/describe-census.ts';

const list = {
  name: '/home/someone/secret project/list.csv.gz',
  complete: true,
  lines: 3,
  sha256: 'aa',
  skipped: 0,
  names: 3,
  duplicates: 0,
  invalid: 0,
};

const census: CensusDescription = {
  census: 1,
  stage: 'finished',
  software: 'dane-census 0.1.0',
  schemaVersion: 6,
  startedAt: new Date(0),
  finishedAt: null,
  vantage: 'default',
  beside: null,
  rejudgedFrom: null,
  sample: { size: 10, seed: 'x', by: null },
  strata: [],
  configuration: {
    lists: [list.name, '-'],
    database: 'postgres://census:hunter2@db.example/census',
    apiKey: 'hunter2',
    survey: {
      rootHints: '. NS a.\na. A 192.0.2.1\n',
      optOut: '/etc/dane-census/opt-out',
      proxy: { password: 'hunter2', port: 1 },
      now: null,
      ehloName: 'probe.example',
    },
  },
  lists: [list, { ...list, name: 'lists/relative.txt' }],
};

test('neither paths of the machine nor passwords are deposited; all else is as it was', () => {
  expect(publishable(census)).toEqual({
    ...census,
    configuration: {
      lists: ['list.csv.gz', '-'],
      database: 'postgres://db.example/census',
      survey: {
        rootHints: '. NS a.\na. A 192.0.2.1\n',
        optOut: 'opt-out',
        proxy: { port: 1 },
        now: null,
        ehloName: 'probe.example',
      },
    },
    lists: [
      { ...list, name: 'list.csv.gz' },
      { ...list, name: 'relative.txt' },
    ],
  });
});
