/** `--db`, as every command that has a database takes it. */
import { Option } from 'commander';

export const DEFAULT_DATABASE = './census-data';

export function databaseOption(): Option {
  return new Option('--db <where>', 'a postgres:// URL, or the directory of the embedded database')
    .env('DANE_CENSUS_DB')
    .default(DEFAULT_DATABASE);
}

/** What to write after a command to name the same database; a password is left out. */
export function databaseArgument(where: string): string {
  if (where === DEFAULT_DATABASE) return '';
  return ` --db ${where.replace(/^(\w+:\/\/[^/:@]*):[^@]*@/, '$1:…@')}`;
}
