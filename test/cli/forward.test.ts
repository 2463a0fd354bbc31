/** `--forward` (README) against a recursive server on loopback: it alone is asked, on its port, whatever its address. */
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { name } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { FORWARDER, forwarders } from '../lookup/fake-forwarder.ts';
import { keyOf, world, type ZoneText, zones } from '../lookup/signed-internet.ts';

const NOW = '2025-06-15T15:06:40Z';
const texts: readonly ZoneText[] = [
  ...zones,
  { apex: 'inward.test', servers: ['192.0.2.60'], signed: {}, lines: ['@ MX 10 mx', 'mx A 127.0.0.1'] },
];
const directory = mkdtempSync(join(tmpdir(), 'dane-census-forward-'));
const anchor = join(directory, 'anchor');
const asked: string[] = [];
let socket: Socket;
let forwarder = '';

beforeAll(async () => {
  writeFileSync(anchor, `. IN DS ${formatRdata(recordOf(dsOf(keyOf('.'), name('.'), 2, 60)))}\n`);
  const recursive = forwarders(undefined, undefined, asked).over(world({ texts }).exchange);
  socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  forwarder = `127.0.0.1:${socket.address().port}`;
  socket.on('message', async (octets, from) => {
    const { name: of, type } = readMessage(octets)!.question!;
    const query = { name: of, type, edns: true, recursionDesired: (octets[2]! & 0x01) !== 0, timeoutMs: 1 };
    expect(octets[3]! & 0x10).toBe(0x10);
    const heard = await recursive(FORWARDER, query);
    if (heard.kind !== 'reply') return;
    const reply = Buffer.from(heard.message.octets);
    octets.copy(reply, 0, 0, 2);
    socket.send(reply, from.port, from.address);
  });
});

afterAll(() => {
  socket.close();
  rmSync(directory, { recursive: true });
});

function run([command, ...args]: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const all = [main, command!, '--trust-anchor', anchor, '--now', NOW, '--timeout', '1000', ...args];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, all, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('resolve', () => {
  test.each([
    ['www.good.test', 'secure', null],
    ['www.plain.test', 'insecure', 'insecure-delegation'],
    ['www.expired.test', 'bogus', 'rrsig-expired'],
  ])('%s: %s', async (of, status, reason) => {
    const { stdout } = await run(['resolve', of, 'A', '--json', '--forward', forwarder]);
    expect(JSON.parse(stdout)).toMatchObject({ status, reason });
  });

  test('by the environment; the command line counts more', async () => {
    const env = { DANE_CENSUS_FORWARD: `127.0.0.1:1, ${forwarder}` };
    expect(JSON.parse((await run(['resolve', 'www.good.test', 'A', '--json'], env)).stdout).status).toBe(
      'secure',
    );
    const silent = ['resolve', 'www.good.test', 'A', '--json', '--forward', '127.0.0.1:1', '--timeout', '50'];
    const { stdout } = await run(silent, env);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'indeterminate', reason: 'forwarder-silent' });
  });

  test('several, named one by one', async () => {
    const several = ['--forward', '127.0.0.1:1', '--forward', forwarder];
    const { stdout } = await run(['resolve', 'www.good.test', 'A', '--json', ...several]);
    expect(JSON.parse(stdout).status).toBe('secure');
  });

  test('--trace names it, and no zone', async () => {
    const { stdout } = await run(['resolve', 'www.good.test', 'A', '--trace', '--forward', forwarder]);
    expect(stdout).toMatch(
      new RegExp(`^; ${forwarder} forwarder: www\\.good\\.test\\. A: NOERROR in \\d+ ms$`, 'm'),
    );
    const json = await run(['resolve', 'www.good.test', 'A', '--trace', '--json', '--forward', forwarder]);
    const { trace, zones: shown } = JSON.parse(json.stdout);
    expect(trace[0]).toMatchObject({ zone: null, server: forwarder, name: 'www.good.test.' });
    expect(shown[0].cuts).toEqual(['.', 'test.', 'good.test.']);
  });

  test.each(['nonsense', 'localhost:53', '192.0.2.1:0', '192.0.2.1,', ''])('%j: usage', async (text) => {
    const { code, stderr } = await run(['resolve', 'www.good.test', 'A', `--forward=${text}`]);
    expect(code).toBe(64);
    expect(stderr).toContain('--forward');
  });
});

test('check: the facts, but no address of a mail server is dialled for being the forwarder’s', async () => {
  const { stdout } = await run(['check', 'inward.test', '--json', '--forward', forwarder]);
  expect(JSON.parse(stdout)).toMatchObject({
    mx: { status: 'secure' },
    zone: { apex: 'inward.test', nameServers: null },
    hosts: [{ endpoints: [{ address: '127.0.0.1', because: 'address-not-dialled' }] }],
  });
  const text = await run(['check', 'inward.test', '--forward', forwarder]);
  expect(text.stdout).toContain('zone inward.test: secure, algorithms 13\n');
});

test('run: a census through it', async () => {
  const list = join(directory, 'list.txt');
  writeFileSync(list, 'good.test\nplain.test\nnothing.test\n');
  const where = ['--db', join(directory, 'db'), '--workers', '1'];
  const { code, stdout } = await run(['run', list, '--json', ...where, '--forward', forwarder]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'finished' });
  expect(asked).toContain(`${FORWARDER} _25._tcp.mx.good.test. TLSA`);
});
