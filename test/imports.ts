/**
 * What the files of this project import, read from their text: enough for the rules of the house, no TypeScript parser.
 *
 * In: folders of the checkout. Out: for each file its path from the root of the checkout, its text, and its imports, type-only
 * and dynamic ones included. Comments are left out, so that a page about imports is not taken for one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

export interface Import {
  /** As written: a package, `node:x`, or a relative path. */
  readonly specifier: string;
  /** The imported file from the root of the checkout; undefined for packages. */
  readonly file: string | undefined;
  /** Names within braces; empty for default, namespace, dynamic and bare imports. */
  readonly names: readonly string[];
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const checkout = join(import.meta.dirname, '..');

/** Every TypeScript file below the folders, in order of path. */
export function sourcesIn(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => relative(checkout, join(entry.parentPath, entry.name)).split(sep).join('/')),
    )
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(checkout, path), 'utf8')));
}

export function sourceOf(path: string, text: string): Source {
  const code = text.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statement =
    /^\s*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/gm;
  const imports = [...code.matchAll(statement)].map(([, clause = '', from, bare, dynamic]): Import => {
    const specifier = (from ?? bare ?? dynamic)!;
    return {
      specifier,
      file: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
      names: namesOf(clause),
    };
  });
  return { path, text, imports };
}

/** `{ type A, b as c }` names A and b. */
function namesOf(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  return braces
    .split(',')
    .map((part) =>
      part
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s+.*$/, ''),
    )
    .filter((part) => part !== '');
}

/** The package of a specifier: `@scope/name`, `name`, or `node:x`; undefined for relative paths. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
