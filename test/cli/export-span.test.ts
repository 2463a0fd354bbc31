import { expect, test } from 'vitest';
import { chosenCensuses, type Span } from '../../src/cli/export-span.ts';

const censuses = [
  '2026-01-31T23:59:59Z',
  '2026-02-01T00:00:00Z',
  '2026-02-28T23:59:59Z',
  '2026-03-01T00:00:00Z',
].map((startedAt, at) => ({ census: at + 1, startedAt: new Date(startedAt) }));
const chosen = (span: Span) => chosenCensuses(censuses, span).map(({ census }) => census);

test.each<[Span, readonly number[]]>([
  [{}, [4]],
  [{ census: 2 }, [2]],
  [{ from: '2026-02-01', to: '2026-02-28' }, [2, 3]],
  [{ from: '2026-02-01' }, [2, 3, 4]],
  [{ to: '2026-01-31' }, [1]],
  [{ from: '2026-02-28T23:59:59Z', to: '2026-03-01T00:00:00Z' }, [3, 4]],
  [{ from: '2026-02-01T01:00:00+01:00', to: '2026-02-01T01:00+01:00' }, [2]],
])('%j: %j; a day is meant to its end', (span, numbers) => expect(chosen(span)).toEqual(numbers));

test.each<[Span, string]>([
  [{ census: 9 }, '--census'],
  [{ census: 1, from: '2026-01-01' }, '--census'],
  [{ from: '2027-01-01' }, '--from'],
  [{ to: '2020-01-01' }, '--to'],
  [{ from: '2026-03-01', to: '2026-01-01' }, '--from'],
  [{ from: 'yesterday' }, '--from'],
  [{ from: '2026-02-30' }, '--from'],
  [{ to: '2026-02-01T00:00:00' }, '--to'],
])('%j is bad usage of %s', (span, flag) => {
  expect(() => chosen(span)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  expect(() => chosen(span)).toThrow(flag);
});

test('a database without a census', () => {
  expect(() => chosenCensuses([], {})).toThrow('a database without a census');
});
