import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseAddressMap } from '../../src/net/address-map.ts';
import { createDialer } from '../../src/net/dial.ts';
import { decodeProxyHeader } from '../../src/net/proxy-protocol.ts';
import { connectFault } from '../../src/net/smtp-connect.ts';
import { createSmtpProbe } from '../../src/net/smtp-probe.ts';
import { sniOf } from '../../src/net/tls-handshake.ts';
import type { ProbeResult } from '../../src/survey/probe-port.ts';
import {
  certificate,
  credentials,
  ehloLines,
  type FakeServer,
  listen,
  type Script,
  smtpServer,
} from './fake-smtp-server.ts';
import { drips, floods, silent } from './hostile-smtp-servers.ts';
import { leaveNoHandles } from './open-handles.ts';

const quick = { connect: 2000, greeting: 300, command: 300, tls: 300, quit: 200, total: 5000 };
const now = 1_700_000_000;

const onlyWhatIsNeeded = { bothKeyAlgorithms: false, everyTlsQuestion: false };
const everything = { bothKeyAlgorithms: true, everyTlsQuestion: true };

interface Look {
  serverName?: string;
  bothKeyAlgorithms?: boolean;
  everyTlsQuestion?: boolean;
  timeouts?: Partial<typeof quick>;
  signal?: AbortSignal;
}

function probe(server: FakeServer, look: Look = {}): Promise<ProbeResult> {
  const probeEndpoint = createSmtpProbe({
    dialer: createDialer({ allowPrivate: true }),
    ehloName: 'probe.example',
    smtpPort: server.port,
    timeouts: { ...quick, ...look.timeouts },
    clock: () => now,
  });
  const { serverName = 'mx.example', bothKeyAlgorithms = false, everyTlsQuestion = false } = look;
  const endpoint = { address: '127.0.0.1', serverName, bothKeyAlgorithms, everyTlsQuestion };
  return probeEndpoint(endpoint, look.signal);
}

leaveNoHandles();

describe('RFC 3207, RFC 7672: a server that works', () => {
  test('is reached up to TLS, asked again within, and left with QUIT; MAIL is never said', async () => {
    await using server = await smtpServer({ ehloInTls: '250-mx.example\r\n250 AUTH PLAIN\r\n' });
    const result = await probe(server);
    expect(result).toMatchObject({
      reached: 'tls',
      fault: null,
      because: null,
      banner: 'mx.example ESMTP ready',
      capabilities: ['8BITMIME', 'SIZE', 'STARTTLS'],
      capabilitiesInTls: ['AUTH'],
      starttlsOffered: true,
      handshakes: [{ protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) }],
      secondKey: 'not-asked',
      tls12: null,
      tls13: true,
      withoutSni: null,
      chainWithoutSni: null,
      seenAt: now,
    });
    expect(server.lines).toEqual(['EHLO probe.example', 'STARTTLS', 'EHLO probe.example', 'QUIT']);
    expect(server.connections).toBe(1);
    expect(Object.keys(result).sort()).toEqual(
      (
        'banner because capabilities capabilitiesInTls chainWithoutSni fault handshakes reached secondKey seenAt ' +
        'starttlsOffered tls12 tls13 withoutSni'
      ).split(' '),
    );
  });

  test('RFC 7672 §8.1: SNI is the name given, without its final dot', async () => {
    await using server = await smtpServer({});
    await probe(server, { serverName: 'mx.example.' });
    await probe(server, { serverName: '' });
    expect(server.serverNames).toEqual(['mx.example']);
  });

  test.each([
    ['mx.example.', 'mx.example'],
    ['_25._tcp.mx.example', '_25._tcp.mx.example'],
    ['', ''],
    ['192.0.2.1', ''],
    ['2001:db8::1', ''],
    ['a..b', ''],
    [`${'a'.repeat(64)}.example`, ''],
    ['a.'.repeat(150), ''],
    ['mx\u0000.example', ''],
  ])('RFC 6066 §3: SNI of %j is %j', (name, sni) => expect(sniOf(name)).toBe(sni));

  test('the PROXY header comes first and names the address really meant', async () => {
    const first: Buffer[] = [];
    await using server = await listen((socket) => {
      socket.once('data', (octets: Buffer) => {
        first.push(octets);
        socket.end('554 no\r\n');
      });
    });
    const look = createSmtpProbe({
      dialer: createDialer({
        addressMap: parseAddressMap(`*:25 127.0.0.1:${server.port} proxy`),
        allowPrivate: false,
      }),
      ehloName: 'probe.example',
      timeouts: quick,
      clock: () => now,
    });
    const result = await look({ address: '2001:db8::25', serverName: '', ...onlyWhatIsNeeded });
    expect(result).toMatchObject({ reached: 'connect', because: 'greeting-rejected' });
    expect(decodeProxyHeader(first[0]!)).toMatchObject({
      header: { protocol: 'tcp', destination: { address: '2001:db8::25', port: 25 } },
    });
  });
});

describe('the chain as sent', () => {
  const orders = [
    ['leaf-ec', 'int2', 'int1', 'root'],
    ['leaf-ec', 'root', 'int1', 'int2'],
    ['leaf-ec', 'int2', 'other', 'int1', 'root'],
    ['leaf-ec', 'int2', 'int2', 'leaf-ec', 'int1'],
    ['leaf-ec', 'int1'],
    ['leaf-ec'],
  ];
  const versions = ['TLSv1.2', 'TLSv1.3'] as const;
  test.each(versions.flatMap((version) => orders.map((order) => [version, order] as const)))(
    '%s: %j',
    async (version, [leaf = '', ...above]) => {
      await using server = await smtpServer({
        tls: { ...credentials(leaf, ...above), maxVersion: version },
      });
      const { handshakes } = await probe(server);
      expect(handshakes[0]?.protocol).toBe(version);
      expect(handshakes[0]?.chain.map((der) => Buffer.from(der).toString('hex'))).toEqual(
        [leaf, ...above].map((name) => new X509Certificate(certificate(name)).raw.toString('hex')),
      );
    },
  );

  test('more certificates than the limit', async () => {
    await using server = await smtpServer({ tls: credentials('leaf-ec', ...Array(40).fill('int2')) });
    expect(await probe(server)).toMatchObject({
      reached: 'starttls',
      fault: 'ours',
      because: 'tls-chain-too-long',
    });
    expect(server.connections).toBe(1);
  });

  test('more octets than OpenSSL takes', async () => {
    await using server = await smtpServer({ tls: credentials('leaf-ec', ...Array(400).fill('int2')) });
    expect(await probe(server)).toMatchObject({ reached: 'starttls', because: 'tls-chain-too-long' });
  });
});

describe('RFC 8446 §4.2.7: groups', () => {
  test.each(['X25519', 'P-256', 'X448', 'P-521', 'P-384', 'ffdhe2048', 'ffdhe8192'])(
    'a server with %s alone is reached',
    async (ecdhCurve) => {
      await using server = await smtpServer({ tls: { ecdhCurve, minVersion: 'TLSv1.3' } });
      expect(await probe(server)).toMatchObject({ reached: 'tls', handshakes: [{ protocol: 'TLSv1.3' }] });
      expect(server.connections).toBe(1);
    },
  );

  test('the ClientHello fits into one packet', async () => {
    const hellos: Buffer[] = [];
    await using server = await smtpServer({
      starttls: (socket) => {
        socket.write('220 go ahead\r\n');
        socket.once('data', (octets: Buffer) => {
          hellos.push(octets);
          socket.destroy();
        });
      },
    });
    await probe(server);
    // RFC 8446 §5.1: type 22, version, length of the record.
    expect(hellos[0]![0]).toBe(22);
    expect(hellos[0]!.readUInt16BE(3)).toBeLessThan(1000);
  });
});

describe('both key algorithms', () => {
  const keyType = (result: ProbeResult) =>
    result.handshakes.map(({ chain }) => new X509Certificate(chain[0]!).publicKey.asymmetricKeyType);
  const ec = credentials('leaf-ec', 'int2');
  const rsa = credentials('leaf-rsa', 'int2');
  const both = { key: [ec.key, rsa.key], cert: [ec.cert, rsa.cert] };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: a server with RSA and ECDSA shows both',
    async (version) => {
      await using server = await smtpServer({ tls: { ...both, maxVersion: version } });
      const result = await probe(server, { bothKeyAlgorithms: true });
      expect(result).toMatchObject({ reached: 'tls', secondKey: 'seen' });
      expect(keyType(result).sort()).toEqual(['ec', 'rsa']);
      expect(server.connections).toBe(2);
    },
  );
  test.each([
    ['ECDSA', 'TLSv1.3', ec, 'ec'],
    ['RSA', 'TLSv1.3', rsa, 'rsa'],
    ['RSA', 'TLSv1.2', rsa, 'rsa'],
  ] as const)('%s alone, %s: the other is not offered', async (_, maxVersion, tls, type) => {
    await using server = await smtpServer({ tls: { ...tls, maxVersion } });
    const result = await probe(server, { bothKeyAlgorithms: true });
    expect(result).toMatchObject({ reached: 'tls', fault: null, secondKey: 'not-offered' });
    expect(keyType(result)).toEqual([type]);
  });
  test('RSA key exchange needs no signature: the wrong key is not taken for the other', async () => {
    await using server = await smtpServer({
      tls: { ...rsa, maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256:AES256-SHA256:AES128-GCM-SHA256' },
    });
    const result = await probe(server, { bothKeyAlgorithms: true });
    expect(result).toMatchObject({ reached: 'tls', secondKey: 'not-offered' });
    expect(keyType(result)).toEqual(['rsa']);
  });
  test.each<[string, Script]>([
    ['421', { greeting: '421 too many\r\n' }],
    ['silence', { greeting: () => {} }],
    ['silence in TLS', { starttls: (socket) => socket.write('220 go\r\n') }],
  ])('a second connection that meets %s: nobody looked', async (_, second) => {
    await using server = await smtpServer((nth) => (nth === 1 ? {} : second));
    const result = await probe(server, { bothKeyAlgorithms: true });
    expect(result).toMatchObject({ reached: 'tls', fault: null, because: null, secondKey: 'not-looked' });
    expect(result.handshakes).toHaveLength(1);
  });
});

describe('old servers are reached, and marked by their protocol', () => {
  const old = { ciphers: 'ALL:@SECLEVEL=0' };
  test.each(['TLSv1', 'TLSv1.1'] as const)('%s', async (version) => {
    await using server = await smtpServer({ tls: { ...old, minVersion: version, maxVersion: version } });
    const result = await probe(server, { bothKeyAlgorithms: true });
    expect(result).toMatchObject({
      reached: 'tls',
      handshakes: [{ protocol: version }],
      secondKey: 'not-asked',
    });
    expect(server.connections).toBe(2);
  });
  test('RSA-1024 with SHA-1', async () => {
    await using server = await smtpServer({
      tls: { ...old, ...credentials('weak-rsa'), maxVersion: 'TLSv1.2' },
    });
    expect(await probe(server)).toMatchObject({ reached: 'tls', handshakes: [{ protocol: 'TLSv1.2' }] });
  });
});

describe('servers that fail, and whose fault it is', () => {
  test('RFC 9293 §3.10.7: resets at once', async () => {
    await using server = await smtpServer({ greeting: (socket) => socket.resetAndDestroy() });
    // Whether the reset is heard while connecting or right after it is the kernel's choice.
    const { reached, ...result } = await probe(server);
    expect(['nothing', 'connect']).toContain(reached);
    expect(result).toMatchObject({ fault: 'theirs', because: 'connection-reset', starttlsOffered: null });
  });

  test.each<[string, Script]>([
    ['refuses', { ehloInTls: '550 no\r\n' }],
    ['is silent', { ehloInTls: silent }],
    ['closes', { ehloInTls: (s) => s.end() }],
    ['resets', { ehloInTls: (s) => s.destroy() }],
    ['floods', { ehloInTls: floods(Buffer.alloc(65_536, '250-x\r\n')) }],
  ])('RFC 3207 §4.2: a server that %s within TLS has shown its chain', async (_, script) => {
    await using server = await smtpServer(script);
    const result = await probe(server);
    expect(result).toMatchObject({ reached: 'tls', fault: null, because: null, capabilitiesInTls: null });
    expect(result.handshakes).toHaveLength(1);
  });

  test.each<[string, Script]>([
    ['no answer to QUIT', { quit: silent }],
    ['an endless answer to QUIT', { quit: floods(Buffer.alloc(65_536, '221-x\r\n')) }],
  ])('%s holds nobody up', async (_, script) => {
    await using server = await smtpServer(script);
    expect(await probe(server)).toMatchObject({
      reached: 'tls',
      capabilitiesInTls: ['8BITMIME', 'SIZE', 'STARTTLS'],
    });
  });

  test('the whole endpoint has one deadline', async () => {
    await using server = await smtpServer({ ehlo: drips(ehloLines) });
    const result = await probe(server, { timeouts: { command: 60_000, total: 250 } });
    expect(result).toMatchObject({ reached: 'greeting', fault: 'network', because: 'smtp-timeout' });
  });

  test('a flood costs no memory', async () => {
    const before = process.memoryUsage().rss;
    await using server = await smtpServer({ quit: floods(Buffer.alloc(65_536, '221-x\r\n')) });
    await Promise.all(Array.from({ length: 20 }, () => probe(server)));
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});

describe('endpoints that are not connected', () => {
  const unused = async () => {
    const server = await listen(() => {});
    await server[Symbol.asyncDispose]();
    return server;
  };
  test('RFC 9293 §3.5.2: refused', async () => {
    expect(await probe(await unused())).toMatchObject({
      reached: 'nothing',
      fault: 'theirs',
      because: 'connection-refused',
      banner: '',
      starttlsOffered: null,
    });
  });
  test('RFC 6890: an address for special use is not dialled', async () => {
    await using server = await smtpServer({});
    const look = createSmtpProbe({
      dialer: createDialer({ allowPrivate: false }),
      ehloName: 'probe.example',
      smtpPort: server.port,
      timeouts: quick,
      clock: () => now,
    });
    expect(await look({ address: '127.0.0.1', serverName: '', ...everything })).toMatchObject({
      reached: 'nothing',
      fault: 'theirs',
      because: 'address-not-dialled',
    });
    expect(server.connections).toBe(0);
  });
  test.each([
    ['ECONNREFUSED', 'remote', 'theirs', 'connection-refused'],
    ['ECONNRESET', 'remote', 'theirs', 'connection-reset'],
    ['ETIMEDOUT', 'remote', 'network', 'connection-timeout'],
    ['EHOSTUNREACH', 'remote', 'network', 'address-unreachable'],
    ['ENETUNREACH', 'remote', 'network', 'address-unreachable'],
    ['ENETUNREACH', 'local', 'ours', 'no-local-route'],
    ['EHOSTUNREACH', 'local', 'ours', 'no-local-route'],
    ['EADDRNOTAVAIL', 'local', 'ours', 'no-local-route'],
    ['EMFILE', 'local', 'ours', 'local-connection-failure'],
    ['EPERM', 'local', 'ours', 'local-connection-failure'],
    ['', 'remote', 'ours', 'local-connection-failure'],
  ] as const)('%j, %s: %s, %s', (code, origin, fault, because) => {
    expect(connectFault(code, origin)).toEqual({ fault, because });
  });
});

describe('an interrupted probe', () => {
  test.each<[string, (interrupt: () => void) => Script]>([
    ['waiting for the greeting', (interrupt) => ({ greeting: interrupt })],
    ['waiting for EHLO', (interrupt) => ({ ehlo: interrupt })],
    [
      'in the handshake',
      (interrupt) => ({ starttls: (socket) => socket.once('data', interrupt).write('220 go\r\n') }),
    ],
    ['within TLS', (interrupt) => ({ ehloInTls: interrupt })],
    ['waiting for the answer to QUIT', (interrupt) => ({ quit: interrupt })],
  ])('%s rejects with the reason and closes its sockets', async (_, script) => {
    const patience = { greeting: 9000, command: 9000, tls: 9000, quit: 9000, total: 9000 };
    const stop = new AbortController();
    const reason = new Error('stopped');
    await using server = await smtpServer(script(() => stop.abort(reason)));
    const look = { timeouts: patience, signal: stop.signal };
    await expect(probe(server, look)).rejects.toBe(reason);
  });
  test('before it began', async () => {
    await using server = await smtpServer({});
    const reason = new Error('stopped');
    await expect(probe(server, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.connections).toBe(0);
  });
});
