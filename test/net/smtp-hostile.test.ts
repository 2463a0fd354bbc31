/** A bank of hostile servers: each by itself, and all at once beside good ones. */
import { describe, expect, test } from 'vitest';
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import { createDialer } from '../../src/net/dial.ts';
import { createSmtpProbe } from '../../src/net/smtp-probe.ts';
import type { ProbeResult } from '../../src/survey/probe-port.ts';
import { type FakeServer, type Script, smtpServer } from './fake-smtp-server.ts';
import { hostileServers, oddServers } from './hostile-smtp-servers.ts';
import { leaveNoHandles } from './open-handles.ts';

const quick = { connect: 2000, greeting: 300, command: 300, tls: 300, quit: 200, total: 5000 };
/** For many at once on a busy machine: what answers at all does so long before. Only who waits for silence waits less. */
const patient = { connect: 30_000, greeting: 30_000, command: 5000, tls: 30_000, quit: 1000, total: 90_000 };
const forSilence: Partial<Record<ReasonKey, Partial<typeof quick>>> = {
  'greeting-timeout': { greeting: 1000 },
  'tls-timeout': { tls: 1000 },
};
const now = 1_700_000_000;

function probe({ port }: FakeServer, timeouts: typeof quick): Promise<ProbeResult> {
  const look = createSmtpProbe({
    dialer: createDialer({ allowPrivate: true }),
    ehloName: 'probe.example',
    smtpPort: port,
    timeouts,
    clock: () => now,
  });
  return look({
    address: '127.0.0.1',
    serverName: 'mx.example',
    bothKeyAlgorithms: false,
    everyTlsQuestion: false,
  });
}

/** Octets kept of what a server said, its certificates apart. */
function kept({ handshakes: _, ...said }: ProbeResult): number {
  return Buffer.byteLength(JSON.stringify(said));
}
/** A banner line, and the keywords of two EHLO replies, each no longer than a reply may be; escapes take six octets each. */
const MOST_KEPT = 6 * (2048 + 2 * 16_384);

leaveNoHandles();

describe('each by itself', () => {
  test.each(hostileServers)('%s', async (_, script, reached, fault, because, starttlsOffered) => {
    await using server = await smtpServer(script);
    const result = await probe(server, quick);
    const expected = { reached, fault, because, starttlsOffered, handshakes: [], secondKey: 'not-asked' };
    expect(result).toMatchObject(expected);
    expect(kept(result)).toBeLessThan(MOST_KEPT);
    expect(server.lines.filter((line) => line.startsWith('MAIL'))).toEqual([]);
  });

  test.each(oddServers)('%s: its chain is seen all the same', async (_, script) => {
    await using server = await smtpServer(script);
    const result = await probe(server, quick);
    expect(result).toMatchObject({ reached: 'tls', fault: null, because: null, starttlsOffered: true });
    expect(result.handshakes[0]!.chain.length).toBeGreaterThan(0);
    expect(kept(result)).toBeLessThan(MOST_KEPT);
  });
});

test('all at once, three times over, beside good ones: everyone gets the result that is theirs', async () => {
  const servers: FakeServer[] = [];
  const start = async (script: Script | ((nth: number) => Script)) => {
    const server = await smtpServer(script);
    servers.push(server);
    return server;
  };
  try {
    const looks: Promise<readonly [name: string, expected: object, result: ProbeResult]>[] = [];
    const look = async (name: string, expected: { because: ReasonKey | null }, server: FakeServer) => {
      const timeouts = { ...patient, ...(expected.because === null ? {} : forSilence[expected.because]) };
      return [name, expected, await probe(server, timeouts)] as const;
    };
    const well = { reached: 'tls', fault: null, because: null, starttlsOffered: true };
    const asked = { ...well, capabilitiesInTls: ['8BITMIME', 'SIZE', 'STARTTLS'] };
    for (let round = 0; round < 3; round++) {
      for (const [name, script, reached, fault, because, starttlsOffered] of hostileServers) {
        const expected = { reached, fault, because, starttlsOffered, handshakes: [] };
        looks.push(look(name, expected, await start(script)));
        looks.push(look('a good server', asked, await start({})));
      }
      for (const [name, script] of oddServers) looks.push(look(name, well, await start(script)));
    }
    const results = await Promise.all(looks);
    for (const [name, expected, result] of results) expect(result, name).toMatchObject(expected);
    expect(results.reduce((sum, [, , result]) => sum + kept(result), 0)).toBeLessThan(results.length * 4096);
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});
