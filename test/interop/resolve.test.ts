import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNetworkNamespace, type NetworkNamespace } from './network-namespace.ts';
import { missingForNsd, signZones, startNsd } from './nsd.ts';
import { addresses, rootHints, smallInternet } from './small-internet.ts';

const missing = missingForNsd();
if (missing !== undefined) console.warn(`resolving through a real NSD needs ${missing}`);

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tlsa = `3 1 1 ${'ab'.repeat(32)}`;

interface Resolved {
  readonly status: string;
  readonly rcode: string;
  readonly reason: string | null;
  readonly ede: number | null;
  readonly answers: readonly { readonly name: string; readonly type: string; readonly data: string }[];
}

const cases: readonly [name: string, type: string, expected: Partial<Resolved>, answers?: number][] = [
  ['good.nl', 'MX', { status: 'secure', rcode: 'NOERROR', reason: null, ede: null }, 1],
  ['_25._tcp.mx.good.nl', 'TLSA', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['_tcp.mx.good.nl', 'A', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['_25._tcp.mx.nsec3.nl', 'TLSA', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['_tcp.mx.nsec3.nl', 'A', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['b.c.ent.nsec3.nl', 'TXT', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['rsa.nl', 'MX', { status: 'secure' }, 1],
  ['ed.nl', 'MX', { status: 'secure' }, 1],
  ['absent.good.nl', 'A', { status: 'secure', rcode: 'NXDOMAIN' }, 0],
  ['absent.nsec3.nl', 'A', { status: 'secure', rcode: 'NXDOMAIN' }, 0],
  ['good.nl', 'TLSA', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['nsec3.nl', 'TLSA', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['x.wild.good.nl', 'TXT', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['x.wild.nsec3.nl', 'TXT', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['x.wild.good.nl', 'MX', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['x.wild.nsec3.nl', 'MX', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['alias.good.nl', 'A', { status: 'secure' }, 2],
  ['far.nsec3.nl', 'A', { status: 'secure' }, 2],
  ['mx.tree.good.nl', 'A', { status: 'secure' }, 3],
  ['insecure.good.nl', 'A', { status: 'insecure', reason: 'insecure-delegation' }, 2],
  ['loop.good.nl', 'A', { status: 'indeterminate', reason: 'cname-loop' }, 0],
  ['big.good.nl', 'TXT', { status: 'secure' }, 40],
  ['unsigned.nl', 'MX', { status: 'insecure', rcode: 'NOERROR', reason: 'insecure-delegation' }, 1],
  ['absent.unsigned.nl', 'A', { status: 'insecure', rcode: 'NXDOMAIN' }, 0],
  ['unsigned.nl', 'DS', { status: 'secure', rcode: 'NOERROR' }, 0],
  ['good.nl', 'DS', { status: 'secure', rcode: 'NOERROR' }],
  ['good.nl', 'DNSKEY', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['nl', 'NS', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['.', 'SOA', { status: 'secure', rcode: 'NOERROR' }, 1],
  ['nosuchtld', 'A', { status: 'secure', rcode: 'NXDOMAIN' }, 0],
  ['expired.nl', 'MX', { status: 'bogus', reason: 'rrsig-expired', ede: 7 }, 0],
  ['ds.nl', 'MX', { status: 'bogus', reason: 'dnskey-no-ds-match', ede: 9 }, 0],
  ['nosig.nl', 'MX', { status: 'bogus', reason: 'rrsig-missing', ede: 10 }, 0],
  ['nosig.nl', 'SOA', { status: 'secure' }, 1],
  ['absent.nodenial.nl', 'A', { status: 'bogus', reason: 'denial-missing', ede: 12 }, 0],
  ['nodenial.nl', 'MX', { status: 'secure' }, 1],
];

const layouts = [
  { title: 'each zone level has its own server', servers: [['root'], ['nl'], ['domains']] },
  { title: 'one server serves parent and child zones', servers: [['root', 'nl', 'domains']] },
] as const;

describe.skipIf(missing !== undefined && process.env['CI'] !== 'true').each(layouts)(
  'resolve, NSD: $title',
  ({ servers }) => {
    let namespace: NetworkNamespace;
    let directory: string;
    const running: AsyncDisposable[] = [];

    beforeAll(async () => {
      expect(missing).toBeUndefined();
      const zones = await signZones(smallInternet(tlsa));
      namespace = await makeNetworkNamespace();
      const levelOf = (origin: string) => (origin === '.' ? 'root' : origin === 'nl.' ? 'nl' : 'domains');
      for (const levels of servers) {
        const served = zones.filter(({ origin }) => (levels as readonly string[]).includes(levelOf(origin)));
        running.push(
          await startNsd(
            namespace,
            levels.map((level) => addresses[level]),
            served,
          ),
        );
      }
      directory = await mkdtemp(join(tmpdir(), 'resolve-'));
      await writeFile(join(directory, 'hints'), rootHints);
      await writeFile(join(directory, 'anchor'), zones.find(({ origin }) => origin === '.')!.ds);
    });

    afterAll(async () => {
      for (const server of running) await server[Symbol.asyncDispose]();
      await namespace[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    });

    async function resolve(name: string, type: string, minimisation: string): Promise<Resolved> {
      const files = ['--root-hints', join(directory, 'hints'), '--trust-anchor', join(directory, 'anchor')];
      const options = ['--json', '--qname-minimization', minimisation, '--timeout', '1000', ...files];
      const [command, args] = namespace.enter(
        process.execPath,
        commandLine,
        'resolve',
        name,
        type,
        ...options,
      );
      const { stdout } = await promisify(execFile)(command, args);
      return JSON.parse(stdout) as Resolved;
    }

    test.each(cases)('%s %s', async (name, type, expected, answers) => {
      const modes = ['strict', 'off'];
      for (const resolved of await Promise.all(modes.map((mode) => resolve(name, type, mode)))) {
        expect(resolved).toMatchObject(expected);
        if (answers !== undefined) expect(resolved.answers).toHaveLength(answers);
      }
    });
  },
);
