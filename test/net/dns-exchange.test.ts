/** DNS over loopback sockets: what is believed of what arrives, and what is left behind (RFC 5452 §9, RFC 7766). */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { secureRandom, seededRandom } from '../../src/base/random.ts';
import { type Message, readMessage } from '../../src/dns/message.ts';
import { type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { name } from '../../src/dns/name.ts';
import { RRType } from '../../src/dns/rr-type.ts';
import { createDnsExchange } from '../../src/net/dns-exchange.ts';
import { Pace } from '../../src/net/pace.ts';
import type { Exchange, Heard } from '../../src/resolve/exchange.ts';

const HOST = '127.0.0.1';
const WWW = name('www.example.test');
const clockMs = () => performance.now();
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const A = { name: WWW, type: RRType.A, ttl: 60, rdata: Buffer.from([192, 0, 2, 1]) };

function reply(query: Message, more: Partial<ReplyParts> = {}): Buffer {
  const question = { name: WWW, type: RRType.A, class: 1 };
  return writeReply({ id: query.id, rcode: 0, authoritative: true, question, answer: [A], ...more });
}

interface Datagram {
  readonly query: Message;
  readonly from: RemoteInfo;
  readonly socket: Socket;
}

type OnTcp = (socket: TcpSocket, query: Message) => void;

interface NameServer {
  readonly port: number;
  readonly received: Datagram[];
  readonly connections: TcpSocket[];
}

/** UDP and TCP on one port of loopback; `onUdp` answers each datagram. */
async function nameServer(onUdp: (datagram: Datagram) => void, onTcp?: OnTcp): Promise<NameServer> {
  const received: Datagram[] = [];
  const connections: TcpSocket[] = [];
  const tcp: Server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (octets) => onTcp?.(socket, readMessage(octets.subarray(2))!));
  });
  tcp.listen(0, HOST);
  await once(tcp, 'listening');
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.bind(port, HOST);
  await once(udp, 'listening');
  udp.on('message', (octets, from) => {
    const datagram = { query: readMessage(octets)!, from, socket: udp };
    received.push(datagram);
    onUdp(datagram);
  });
  closing.push(() => {
    udp.close();
    tcp.close();
    for (const socket of connections) socket.destroy();
  });
  return { port, received, connections };
}

const send = ({ socket, from }: Datagram, octets: Buffer) => socket.send(octets, from.port, from.address);

function over(port: number, random = secureRandom): { exchange: Exchange; close(): void } {
  const made = createDnsExchange({
    dial: (host) => ({ host, port }),
    port,
    random,
    clockMs,
    queriesPerSecond: 0,
  });
  closing.push(made.close);
  return made;
}

const ask = (exchange: Exchange, timeoutMs = 500, type: number = RRType.A): Promise<Heard> =>
  exchange(HOST, { name: WWW, type, edns: true, recursionDesired: false, timeoutMs });

const frame = (octets: Buffer) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(octets.length);
  return Buffer.concat([length, octets]);
};

describe('RFC 5452 §9: only the reply to this very question is believed', () => {
  test('the good case', async () => {
    const server = await nameServer((datagram) => send(datagram, reply(datagram.query)));
    const heard = await ask(over(server.port).exchange);
    expect(heard).toMatchObject({ kind: 'reply', overTcp: false, message: { answer: [{ name: WWW }] } });
  });

  test.each<[string, (query: Message) => Buffer]>([
    ['another id', (query) => reply(query, { id: query.id ^ 1 })],
    ['another name', (query) => reply(query, { question: { name: name('x.test'), type: 1, class: 1 } })],
    ['another type', (query) => reply(query, { question: { name: WWW, type: 28, class: 1 } })],
    ['another class', (query) => reply(query, { question: { name: WWW, type: 1, class: 3 } })],
    ['no question', (query) => writeReply({ id: query.id, rcode: 0, authoritative: true })],
    [
      'a query',
      (query) => {
        const octets = Buffer.from(reply(query));
        octets[2]! &= 0x7f;
        return octets;
      },
    ],
    [
      'another opcode',
      (query) => {
        const octets = Buffer.from(reply(query));
        octets[2]! |= 0x28;
        return octets;
      },
    ],
    ['one octet', () => Buffer.from([0])],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s is passed over, and the true reply heard', async (_title, forge) => {
    const server = await nameServer((datagram) => {
      send(datagram, forge(datagram.query));
      send(datagram, reply(datagram.query));
    });
    expect(await ask(over(server.port).exchange)).toMatchObject({ kind: 'reply' });
  });

  test.each<[string, string]>([
    ['another port', HOST],
    ['another address', '127.0.0.2'],
  ])('from %s it is passed over', async (_title, host) => {
    const stranger = createSocket('udp4');
    stranger.bind(0, host);
    await once(stranger, 'listening');
    closing.push(() => stranger.close());
    const server = await nameServer(({ query, from }) =>
      stranger.send(reply(query), from.port, from.address),
    );
    expect(await ask(over(server.port).exchange, 100)).toMatchObject({ kind: 'timeout' });
  });

  test('an error may come without a question (RFC 1035 §4.1.1)', async () => {
    const server = await nameServer((datagram) =>
      send(datagram, writeReply({ id: datagram.query.id, rcode: 1, authoritative: false })),
    );
    expect(await ask(over(server.port).exchange)).toMatchObject({ kind: 'reply', message: { rcode: 1 } });
  });

  test('garbage with the right id is malformed', async () => {
    const server = await nameServer((datagram) =>
      send(datagram, Buffer.from([datagram.query.id >> 8, datagram.query.id & 0xff, 0x80, 0, 9, 9, 9])),
    );
    expect(await ask(over(server.port).exchange)).toMatchObject({ kind: 'malformed' });
  });

  test('§9.2: ids and ports differ from query to query', async () => {
    const server = await nameServer((datagram) => send(datagram, reply(datagram.query)));
    const { exchange } = over(server.port);
    for (let i = 0; i < 60; i++) await ask(exchange);
    expect(new Set(server.received.map(({ query }) => query.id)).size).toBeGreaterThan(55);
    expect(new Set(server.received.map(({ from }) => from.port)).size).toBe(8);
    expect(server.received.every(({ from }) => from.port >= 1024)).toBe(true);
  });

  test('ports are given up after some thousand queries, and none is left open', async () => {
    const server = await nameServer((datagram) =>
      send(datagram, reply(datagram.query, { question: datagram.query.question! })),
    );
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;
    // Always the last port there is.
    const random = seededRandom(7);
    const { exchange, close } = over(server.port, (below) => (below <= 8 ? below - 1 : random(below)));
    for (let i = 0; i < 4110; i += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, k) => ask(exchange, 2000, 1000 + k)));
    }
    const ports = new Set(server.received.map(({ from }) => from.port));
    expect(ports.size).toBeGreaterThan(8);
    close();
    await new Promise((resolve) => setImmediate(resolve));
    const after = process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;
    expect(after).toBe(before);
  });
});

describe('RFC 4343 §4.1: the case of the question', () => {
  const spelling = '\x03wWw\x07eXAMPLE\x04tEst\0';
  const query = { name: WWW, type: RRType.A, edns: true, recursionDesired: false, timeoutMs: 500 };

  test('goes out as it is spelled, and comes back as the server sends it', async () => {
    const server = await nameServer((datagram) =>
      send(datagram, reply(datagram.query, { questionOctets: datagram.query.questionOctets })),
    );
    const heard = await over(server.port).exchange(HOST, { ...query, spelling });
    expect(server.received[0]!.query.questionOctets).toBe(spelling);
    expect(heard).toMatchObject({ kind: 'reply', message: { questionOctets: spelling } });
  });

  test('another case in the reply is an answer all the same', async () => {
    const server = await nameServer((datagram) => send(datagram, reply(datagram.query)));
    const heard = await over(server.port).exchange(HOST, { ...query, spelling });
    expect(heard).toMatchObject({ kind: 'reply', message: { questionOctets: WWW } });
  });

  test('two spellings are two questions', async () => {
    const server = await nameServer((datagram) => send(datagram, reply(datagram.query)));
    const { exchange } = over(server.port);
    await Promise.all([exchange(HOST, query), exchange(HOST, { ...query, spelling })]);
    expect(server.received).toHaveLength(2);
  });
});

describe('what is under way', () => {
  test('two equal questions cost one datagram', async () => {
    const server = await nameServer((datagram) => send(datagram, reply(datagram.query)));
    const { exchange } = over(server.port);
    const [one, two] = await Promise.all([ask(exchange), ask(exchange)]);
    expect(one).toBe(two);
    expect(server.received).toHaveLength(1);
    await ask(exchange);
    expect(server.received).toHaveLength(2);
  });

  test('different ones do not', async () => {
    const server = await nameServer(() => undefined);
    const { exchange } = over(server.port);
    await Promise.all([ask(exchange, 50, 1), ask(exchange, 50, 28)]);
    expect(server.received).toHaveLength(2);
  });

  test('close ends what waits, opens nothing more and leaves no handle', async () => {
    const kinds = () =>
      process.getActiveResourcesInfo().filter((kind) => /UDP|TCPSOCKET|TCPSocket/.test(kind));
    const server = await nameServer((datagram) => {
      if (datagram.query.question!.type === RRType.TXT)
        send(datagram, reply(datagram.query, { truncated: true, question: datagram.query.question! }));
    });
    const before = kinds().length;
    const { exchange, close } = over(server.port);
    const silent = ask(exchange, 60_000);
    const overTcp = ask(exchange, 60_000, RRType.TXT);
    while (server.connections.length === 0) await new Promise((resolve) => setImmediate(resolve));
    close();
    expect(await silent).toMatchObject({ kind: 'unreachable' });
    expect(await overTcp).toMatchObject({ kind: 'tcp-failed' });
    expect(await ask(exchange)).toMatchObject({ kind: 'unreachable' });
    for (const connection of server.connections) connection.destroy();
    await vi.waitFor(() => expect(kinds().length).toBeLessThanOrEqual(before));
  });
});

describe('RFC 7766 §5: truncated over UDP', () => {
  const truncated = (datagram: Datagram) =>
    send(datagram, reply(datagram.query, { truncated: true, answer: [] }));

  test('is asked over TCP, with an id of its own', async () => {
    let tcpId = -1;
    const server = await nameServer(truncated, (socket, query) => {
      tcpId = query.id;
      socket.write(frame(reply(query)));
    });
    expect(await ask(over(server.port).exchange)).toMatchObject({
      kind: 'reply',
      overTcp: true,
      message: { answer: [{ name: WWW }] },
    });
    expect(tcpId).not.toBe(server.received[0]!.query.id);
  });

  test('also where it is cut in the middle of a record', async () => {
    const server = await nameServer(
      (datagram) => send(datagram, reply(datagram.query, { truncated: true }).subarray(0, -6)),
      (socket, query) => socket.write(frame(reply(query))),
    );
    expect(await ask(over(server.port).exchange)).toMatchObject({ kind: 'reply', overTcp: true });
  });

  test('a reply in single octets is put together', async () => {
    const server = await nameServer(truncated, async (socket, query) => {
      socket.setNoDelay(true);
      for (const octet of frame(reply(query))) {
        socket.write(Buffer.from([octet]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(await ask(over(server.port).exchange, 2000)).toMatchObject({ kind: 'reply', overTcp: true });
  });

  test.each<[string, OnTcp]>([
    ['garbage', (socket) => socket.write(frame(Buffer.from('HTTP/1.1 400 Bad Request')))],
    ['an early end', (socket, query) => socket.end(frame(reply(query)).subarray(0, 20))],
    ['a reset', (socket) => socket.resetAndDestroy()],
    [
      'a slow drip that does not end',
      (socket, query) => {
        const octets = frame(Buffer.concat([reply(query), Buffer.alloc(500)]));
        let at = 0;
        const drip = setInterval(() => socket.write(octets.subarray(at, ++at)), 5);
        socket.on('close', () => clearInterval(drip));
      },
    ],
    ['silence', () => undefined],
    ['another id', (socket, query) => socket.write(frame(reply(query, { id: query.id ^ 1 })))],
    [
      'another question',
      (socket, query) =>
        socket.write(frame(reply(query, { question: { name: name('x.test'), type: 1, class: 1 } }))),
    ],
    [
      'truncation there too (RFC 2181 §9)',
      (socket, query) => socket.write(frame(reply(query, { truncated: true, answer: [] }))),
    ],
    ['a message of length 0', (socket) => socket.write(Buffer.from([0, 0]))],
  ])('over TCP %s: it failed', async (_title, onTcp) => {
    const server = await nameServer(truncated, onTcp);
    expect(await ask(over(server.port).exchange, 150)).toMatchObject({ kind: 'tcp-failed' });
  });

  test('no TCP at all: it failed', async () => {
    const udp = createSocket('udp4');
    udp.bind(0, HOST);
    await once(udp, 'listening');
    closing.push(() => udp.close());
    udp.on('message', (octets, from) =>
      udp.send(reply(readMessage(octets)!, { truncated: true }), from.port, from.address),
    );
    expect(await ask(over(udp.address().port).exchange)).toMatchObject({ kind: 'tcp-failed' });
  });
});

test('an address for special use is not dialled', async () => {
  const { exchange, close } = createDnsExchange({
    dial: () => ({ refused: 'special-use-address' }),
    port: 53,
    random: secureRandom,
    clockMs,
    queriesPerSecond: 0,
  });
  expect(await ask(exchange)).toEqual({ kind: 'not-dialled' });
  close();
});

describe('pace', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    // There is an allowance only once there has been time.
    vi.advanceTimersByTime(1000);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** When each has its turn, in milliseconds: waits are counted, not waited for, since the clock jumps. */
  async function turns(perSecond: number, count: number, address = (_i: number) => 'a') {
    const pace = new Pace({ perSecond, clockMs });
    const began = clockMs();
    const at: number[] = [];
    const all = Array.from({ length: count }, async (_, i) => {
      await pace.turn(address(i));
      at.push(clockMs() - began);
    });
    await vi.runAllTimersAsync();
    await Promise.all(all);
    return at;
  }

  test('so many a second to one address, after a burst', async () => {
    const at = await turns(200, 100);
    // A quarter of a second's allowance, and the one that is due, at once; the rest at 5 ms each.
    expect(at).toEqual(Array.from({ length: 100 }, (_, i) => Math.max(0, 5 * (i - 50))));
  });

  test('each address for itself; 0 is no bound', async () => {
    expect(new Set(await turns(10, 50, String))).toEqual(new Set([0]));
    expect(new Set(await turns(0, 500))).toEqual(new Set([0]));
  });

  test('what pace holds back is told, and is no time of the query', async () => {
    const server = await nameServer((datagram) =>
      send(datagram, reply(datagram.query, { question: datagram.query.question! })),
    );
    const { exchange, close } = createDnsExchange({
      dial: (host) => ({ host, port: server.port }),
      port: server.port,
      random: secureRandom,
      clockMs,
      queriesPerSecond: 10,
    });
    closing.push(close);
    const asked = [1, 2, 3, 4, 5].map((type) => ask(exchange, 60, type));
    const heard = await Promise.all(asked.slice(0, 3));
    await vi.advanceTimersByTimeAsync(50);
    heard.push(await asked[3]!);
    // The fifth has waited for longer than a query may take.
    await vi.advanceTimersByTimeAsync(100);
    heard.push(await asked[4]!);
    expect(heard.map(({ kind }) => kind)).toEqual(Array(5).fill('reply'));
    expect(heard.map(({ heldMs }) => heldMs)).toEqual([0, 0, 0, 50, 150]);
  });
});
