/**
 * A census's description as it may be deposited: without paths of the machine that it ran on, and without passwords. Of a path the
 * last part stays.
 */
import { posix } from 'node:path';
import type { CensusDescription } from '../store/describe-census.ts';

/** Names of settings whose value is never told. */
const secret = /passw|secret|token|credential|private.?key|api.?key/i;

export function publishable(description: CensusDescription): CensusDescription {
  const { lists, ...rest } = cleaned(description) as CensusDescription;
  return { ...rest, lists: lists.map((list) => ({ ...list, name: posix.basename(list.name) })) };
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return withoutPlace(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secret.test(name))
      .map(([name, inner]) => [name, cleaned(inner)]),
  );
}

/** Texts of several lines are the content of files (root hints, address maps), and stay as they are. */
function withoutPlace(text: string): string {
  if (text.includes('\n')) return text;
  if (/^(\/|\.\.?\/|~\/)/.test(text)) return posix.basename(text);
  return text.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}
