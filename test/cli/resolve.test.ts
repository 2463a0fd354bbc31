/** The contract of `resolve NAME TYPE --json` (README), against name servers on loopback. */
import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMessage } from '../../src/dns/message.ts';
import { writeReply } from '../../src/dns/message-writer.ts';
import { isWithin, name } from '../../src/dns/name.ts';
import { formatRdata } from '../../src/dns/presentation.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { dnskeyOf, dsOf } from '../../src/lab/signing/sign-rrset.ts';
import { buildZones, keyOf, replyOf, type ZoneText } from '../lookup/signed-internet.ts';

const [ROOT, TLD, DOMAIN] = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
const NOW = '2025-06-15T15:06:40Z';
const texts: readonly ZoneText[] = [
  { apex: '.', servers: [ROOT!], signed: {}, lines: [] },
  { apex: 'test', servers: [TLD!], signed: {}, lines: [] },
  {
    apex: 'good.test',
    servers: [DOMAIN!],
    signed: {},
    denied: ['_tcp.mx'],
    lines: [
      'www 300 A 203.0.113.1',
      'alias CNAME www',
      'tree DNAME good.test.',
      'txt TXT "a \\"b\\" \\200"',
      'mx A 203.0.113.4',
      '_25._tcp.mx TLSA 3 1 1 00',
    ],
  },
  { apex: 'plain.test', servers: [DOMAIN!], lines: ['www A 203.0.113.2'] },
  { apex: 'expired.test', servers: [DOMAIN!], signed: { expired: true }, lines: ['www A 203.0.113.3'] },
  { apex: 'dead.test', servers: ['127.0.0.5'], lines: [] },
];
const zones = buildZones(texts);
const directory = mkdtempSync(join(tmpdir(), 'dane-census-resolve-'));
const sockets: Socket[] = [];
let port = 0;

const file = (title: string, text: string): string => {
  const path = join(directory, title);
  writeFileSync(path, text);
  return path;
};
const hints = file(
  'named.root',
  `;  This file holds the information on root name servers\r\n; (e.g. reference this file in the "cache . <file>")\n\n.                        3600000      NS    A.ROOT-SERVERS.NET.\nA.ROOT-SERVERS.NET.      3600000      A     ${ROOT} ; the only one\n; End of file\n`,
);
const ds = file('ds', `. IN DS ${formatRdata(recordOf(dsOf(keyOf('.'), name('.'), 2, 60)))}\n`);
const dnskey = file(
  'dnskey',
  `; root\n. 172800 IN DNSKEY ${formatRdata(recordOf(dnskeyOf(keyOf('.'), name('.'), 60)))}\n`,
);

beforeAll(async () => {
  for (const address of [ROOT!, TLD!, DOMAIN!]) {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    port = socket.address().port;
    socket.on('message', (octets, from) => {
      const { id, question, questionOctets } = readMessage(octets)!;
      const held = [...zones.values()]
        .filter((zone) => zone.text.servers.includes(address) && isWithin(question!.name, zone.apex))
        .filter(({ apex }) => !(question!.type === RRType.DS && apex === question!.name))
        .sort((a, b) => b.apex.length - a.apex.length)[0];
      const parts =
        held === undefined
          ? { rcode: Rcode.REFUSED, authoritative: false, question: question! }
          : replyOf(held, { ...question!, edns: true, recursionDesired: false, timeoutMs: 1 });
      socket.send(writeReply({ ...parts, id, questionOctets }), from.port, from.address);
    });
    sockets.push(socket);
  }
});

afterAll(() => {
  for (const socket of sockets) socket.close();
  rmSync(directory, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    execFile(process.execPath, [main, 'resolve', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const loopback = () => [
  '--root-hints',
  hints,
  '--dns-port',
  String(port),
  '--allow-private',
  '--timeout',
  '400',
];

async function json(asked: string, type: string, ...more: string[]) {
  const args = [asked, type, '--json', '--trust-anchor', ds, '--now', NOW, ...loopback(), ...more];
  const { code, stdout, stderr } = await run(...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
}

describe('the JSON object', () => {
  test.concurrent('secure', async () => {
    expect(await json('WWW.good.test', 'a')).toEqual({
      name: 'www.good.test.',
      type: 'A',
      status: 'secure',
      rcode: 'NOERROR',
      answers: [{ name: 'www.good.test.', type: 'A', ttl: 300, data: '203.0.113.1' }],
      reason: null,
      ede: null,
    });
  });

  test.concurrent.each([
    ['www.plain.test', 'A', 'insecure', 'NOERROR', 'insecure-delegation', null, 1],
    ['www.expired.test', 'A', 'bogus', 'NOERROR', 'rrsig-expired', 7, 0],
    ['www.dead.test', 'A', 'indeterminate', 'SERVFAIL', 'timeout', 22, 0],
    ['nothing.good.test', 'TYPE65', 'secure', 'NXDOMAIN', null, null, 0],
    ['www.good.test', 'AAAA', 'secure', 'NOERROR', null, null, 0],
    ['alias.good.test', 'A', 'secure', 'NOERROR', null, null, 2],
    ['alias.tree.good.test', 'A', 'secure', 'NOERROR', null, null, 4],
  ])('%s %s: %s %s %s', async (asked, type, status, rcode, reason, ede, answers) => {
    const found = await json(asked, type);
    expect(found).toMatchObject({ status, rcode, reason, ede });
    expect(found.answers).toHaveLength(answers);
  });

  test.concurrent('data is in presentation format, whatever its octets', async () => {
    expect((await json('txt.good.test', 'TXT')).answers[0].data).toBe('"a \\"b\\" \\200"');
  });
});

describe('options', () => {
  test.concurrent.each([
    ['DS', () => ds],
    ['DNSKEY', () => dnskey],
  ])('--trust-anchor with %s records', async (_title, anchor) => {
    expect(await json('www.good.test', 'A', '--trust-anchor', anchor())).toMatchObject({ status: 'secure' });
  });

  test.concurrent('--now sets the validation clock', async () => {
    expect(await json('www.good.test', 'A', '--now', '2026-01-01T00:00:00Z')).toMatchObject({
      status: 'bogus',
      reason: 'rrsig-expired',
    });
    expect(await json('www.good.test', 'A', '--now', '2025-01-01T00:00:00Z')).toMatchObject({
      status: 'bogus',
      reason: 'rrsig-not-yet-valid',
      ede: 8,
    });
  });

  test.concurrent.each([
    ['strict', 'NXDOMAIN', 0],
    ['relaxed', 'NOERROR', 1],
    ['off', 'NOERROR', 1],
  ])('--qname-minimization %s at a denied ancestor', async (mode, rcode, answers) => {
    const found = await json('_25._tcp.mx.good.test', 'TLSA', '--qname-minimization', mode);
    expect(found).toMatchObject({ status: 'secure', rcode });
    expect(found.answers).toHaveLength(answers);
  });

  test.concurrent('without --json: words, and the same exit code', async () => {
    const { code, stdout } = await run(
      'www.good.test',
      'A',
      '--trust-anchor',
      ds,
      '--now',
      NOW,
      ...loopback(),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('www.good.test. 300 IN A 203.0.113.1');
    expect(stdout).toContain('NOERROR, secure');
  });

  test.concurrent('without --json: what proves that an answer is insecure', async () => {
    const { stdout } = await run('www.plain.test', 'A', '--trust-anchor', ds, '--now', NOW, ...loopback());
    expect(stdout).toContain('because at plain.test.');
    expect(stdout).toMatch(/^as proven by \S+test\. NSEC3?$/m);
  });
});

describe('exit code 64 for errors of use, with a word on what is wrong', () => {
  const missing = join(directory, 'missing');
  const bad = file('bad', 'this is no zone file\n');
  const nothing = file('nothing', '. NS a.root-servers.test.\n');
  test.concurrent.each([
    ['no type', ['www.good.test']],
    ['no name', []],
    ['not a name', ['a..b', 'A']],
    ['not a type', ['www.good.test', 'FOO']],
    ['a type that is none of data (RFC 6895 §3.1)', ['www.good.test', 'ANY']],
    ['signatures by themselves (RFC 4035 §2.2)', ['www.good.test', 'RRSIG']],
    ['an unknown option', ['www.good.test', 'A', '--nope']],
    ['a time that is none', ['www.good.test', 'A', '--now', 'yesterday']],
    ['a mode that is none', ['www.good.test', 'A', '--qname-minimization', 'lax']],
    ['a timeout that is none', ['www.good.test', 'A', '--timeout', '-1']],
    ['a port that is none', ['www.good.test', 'A', '--dns-port', '70000']],
    ['root hints that are not there', ['www.good.test', 'A', '--root-hints', missing]],
    ['root hints that are none', ['www.good.test', 'A', '--root-hints', bad]],
    ['a trust anchor that is not there', ['www.good.test', 'A', '--trust-anchor', missing]],
    ['a trust anchor that is none', ['www.good.test', 'A', '--trust-anchor', bad]],
    ['root hints without an address', ['www.good.test', 'A', '--root-hints', nothing]],
    ['a trust anchor file without an anchor', ['www.good.test', 'A', '--trust-anchor', nothing]],
  ])('%s', async (_title, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('internal error');
  });
});
