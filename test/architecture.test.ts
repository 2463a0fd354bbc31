/** The house rules that a machine can keep: floors, doors, sizes, names (see the architecture section of the README). */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageOf, type Source, sourceOf, sourcesIn } from './imports.ts';

/** From the ground up. A room imports itself and rooms of lower floors; rooms of one floor do not know each other. */
const floors = [
  ['base'],
  ['dns', 'pki', 'smtp', 'mta-log'],
  ['dnssec', 'resolve'],
  ['lookup', 'dane'],
  ['survey'],
  ['net', 'store', 'evidence'],
  ['census', 'report', 'web'],
  ['lab'],
  ['cli'],
];

/** Entry points of threads stand outside the house; these are the rooms that they may enter. */
const roomsOfWorkers = ['census', 'lab', 'survey'];

/** Packages and Node modules that have one door (rarely two), and the rooms where it is. */
const doors: Record<string, readonly string[]> = {
  'dns-packet': ['dns'],
  '@peculiar/asn1-schema': ['pki'],
  '@peculiar/asn1-x509': ['pki'],
  '@peculiar/x509': ['pki'],
  'reflect-metadata': ['pki'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  'pg-boss': ['census', 'store'],
  piscina: ['census', 'workers'],
  'p-queue': ['census'],
  commander: ['cli'],
  'node:net': ['net', 'lab'],
  'node:tls': ['net', 'lab'],
  'node:dgram': ['net', 'lab'],
  'node:dns': [],
};

/** They look at text and open nothing. */
const harmless: Record<string, readonly string[]> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'],
};

const MAX_LINES = 200;
/** Files that may be longer. */
const longFiles: readonly string[] = [];

/** `src/dns/name.ts` is of the room dns, `workers/survey.ts` of workers. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' ? parts[1]! : parts[0]!;
}

const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room));

function mayEnter(from: string, to: string): boolean {
  if (from === 'workers') return to === 'workers' || roomsOfWorkers.includes(to);
  // The command line tells its version.
  if (from === 'cli' && to === 'package.json') return true;
  return from === to || (floorOf(to) >= 0 && floorOf(to) < floorOf(from));
}

/** Each import that does not go down, by name. */
function climbs(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file !== undefined && !mayEnter(roomOf(path), roomOf(file)))
      .map(({ file }) => `${path} imports ${file}`),
  );
}

/** Each import of a package through another door than its own, by name. */
function sideDoors(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier, names }) => {
        const rooms = doors[packageOf(specifier) ?? ''];
        const looksOnly = names.length > 0 && names.every((name) => harmless[specifier]?.includes(name));
        return rooms !== undefined && !rooms.includes(roomOf(path)) && !looksOnly;
      })
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
}

const sources = sourcesIn('src', 'workers');

describe('imports', () => {
  test('go down the floors only', () => expect(climbs(sources)).toEqual([]));

  test('every room stands on a floor', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)));
    expect([...rooms].filter((room) => room !== 'workers' && floorOf(room) < 0)).toEqual([]);
  });

  test('every outside thing is used through its door', () => expect(sideDoors(sources)).toEqual([]));

  test('a package without a named door is used by one room', () => {
    const rooms = new Map<string, Set<string>>();
    for (const { path, imports } of sources) {
      for (const name of imports.map(({ specifier }) => packageOf(specifier))) {
        if (name === undefined || name in doors || name.startsWith('node:')) continue;
        rooms.set(name, (rooms.get(name) ?? new Set()).add(roomOf(path)));
      }
    }
    const shared = [...rooms].filter(([, users]) => users.size > 1);
    expect(shared.map(([name, users]) => `${name}: ${[...users].join(', ')}`)).toEqual([]);
  });

  test('packages are dependencies, and Node modules say node:', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
    const strangers = sources.flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => packageOf(specifier))
        .filter((name) => name !== undefined && !name.startsWith('node:') && !(name in manifest.dependencies))
        .map((name) => `${path} imports ${name}${builtinModules.includes(name!) ? ' without node:' : ''}`),
    );
    expect(strangers).toEqual([]);
  });
});

describe('files', () => {
  test(`are at most ${MAX_LINES} lines long`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > MAX_LINES && !longFiles.includes(path));
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  test('are named by what is in them: no drawers', () => {
    const drawer = /\/([\w-]+-)?(utils?|helpers?|common|types|libs?|misc)(\.ts|\/)/;
    expect(sources.map(({ path }) => path).filter((path) => drawer.test(path))).toEqual([]);
  });

  test('have no enum and no namespace: Node strips types, it does not compile them (tsc refuses the rest)', () => {
    const compiled = /^\s*(export\s+)?(declare\s+)?(const\s+)?(enum|namespace)\s+\w/m;
    expect(sources.filter(({ text }) => compiled.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('these rules bite', () => {
  const one = (path: string, text: string) => [sourceOf(path, text)];

  test.each([
    ['src/dns/a.ts', "import { b } from '../dnssec/b.ts';", 'upwards'],
    ['src/dns/a.ts', "import type { B } from '../pki/b.ts';", 'sideways, types only'],
    [
      'src/dns/deep/a.ts',
      "import {\n  b,\n  type C,\n} from '../../smtp/b.ts';",
      'sideways, many lines, from a folder',
    ],
    ['src/base/a.ts', "export * from '../cli/b.ts';", 'by export'],
    ['src/net/a.ts', "const b = await import('../store/b.ts');", 'dynamically'],
    ['src/net/a.ts', "import '../store/b.ts';", 'for its effects'],
    ['src/cli/a.ts', "import { b } from '../cellar/b.ts';", 'a room that is not there'],
    ['src/cli/a.ts', "import { b } from '../../workers/b.ts';", 'a worker'],
    [
      'src/net/a.ts',
      "import manifest from '../../package.json' with { type: 'json' };",
      'the manifest, below cli',
    ],
    ['src/cli/a.ts', "import { b } from '../../test/b.ts';", 'a test'],
    ['workers/a.ts', "import { b } from '../src/net/b.ts';", 'a worker where it may not go'],
  ])('%s: %s (%s)', (path, text) => expect(climbs(one(path, text))).toHaveLength(1));

  test.each([
    ['src/cli/a.ts', "import { b } from '../base/b.ts';"],
    ['src/dns/a.ts', "import { b } from './deep/b.ts';"],
    ['src/dns/a.ts', "/** import { b } from '../cli/b.ts'; */\n// import '../cli/b.ts'\n"],
    ['workers/a.ts', "import { b } from '../src/census/b.ts';"],
  ])('%s: %s is allowed', (path, text) => expect(climbs(one(path, text))).toEqual([]));

  test.each([
    ['src/dns/a.ts', "import { connect } from 'node:net';", 1],
    ['src/dns/a.ts', "import { connect, isIP } from 'node:net';", 1],
    ['src/dns/a.ts', "import net from 'node:net';", 1],
    ['src/dns/a.ts', "import { isIPv6 } from 'node:net';", 0],
    ['src/net/a.ts', "import { connect } from 'node:net';", 0],
    ['src/net/a.ts', "import { resolve } from 'node:dns/promises';", 1],
    ['src/cli/a.ts', "import type { Pool } from 'pg';", 1],
    ['src/census/a.ts', "import { X509Certificate } from '@peculiar/x509';", 1],
  ])('%s: %s: %i', (path, text, count) => expect(sideDoors(one(path, text))).toHaveLength(count));
});
