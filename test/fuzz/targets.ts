/** Everything that is fuzzed. */
import { replyReader } from './reply-reader.ts';
import type { Target } from './target.ts';
import { text } from './text.ts';
import { validator } from './validator.ts';
import { wholeLookup } from './whole-lookup.ts';

export const targets: Readonly<Record<string, () => Target | Promise<Target>>> = {
  reader: replyReader,
  validator,
  lookup: wholeLookup,
  text,
};
