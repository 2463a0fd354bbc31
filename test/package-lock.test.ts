/** The lock file must serve every machine, not only the one that wrote it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));
const manifest: Locked = read('package.json');
const packages = read('package-lock.json').packages as Record<string, Locked>;

/** Where Node would find `name` from the package at `path`: nested first, then every folder above. */
function find(path: string, name: string): Locked | undefined {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const found = packages[from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`];
    if (found !== undefined || from === '') return found;
  }
}

describe('package-lock.json', () => {
  test('names no registry: the configured one is asked', () =>
    expect(Object.keys(packages).filter((path) => packages[path]!.resolved !== undefined)).toEqual([]));

  test('holds the integrity of every package', () =>
    expect(
      Object.keys(packages).filter((path) => path !== '' && packages[path]!.integrity === undefined),
    ).toEqual([]));

  test('belongs to package.json', () => {
    expect(packages['']!.dependencies).toEqual(manifest.dependencies);
    expect(packages['']!.devDependencies).toEqual(manifest.devDependencies);
  });

  test('what we depend on is pinned to one version', () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(named.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toEqual(
      [],
    );
  });

  // npm drops packages that the registry lacks at lock time, silently, and `npm ci` then fails on the platform that needs them.
  test('holds every package that a package names, those for other platforms included', () => {
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => find(path, name) === undefined)
        .map((name) => `${path || 'the project'} names ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
