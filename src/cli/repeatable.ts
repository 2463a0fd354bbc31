/** An option that can be given several times; its value is the list of what was given, in that order. */
import { Option } from 'commander';

/** `whenNone` is what the help says of leaving it out; null where it may not be left out. */
export function repeatable(flags: string, description: string, whenNone: string | null = 'none'): Option {
  const option = new Option(flags, `${description}; repeatable`).argParser(
    (value: string, previous: readonly string[] = []) => [...previous, value],
  );
  return whenNone === null ? option.makeOptionMandatory() : option.default([], whenNone);
}
