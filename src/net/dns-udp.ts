/**
 * DNS over UDP: unconnected sockets on random ports, each given up after some thousand queries, replies matched on address,
 * port, id and question (RFC 5452 §9). In: an encoded query and where to send it. Out: the message, or what went wrong.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Random } from '../base/random.ts';
import { type Message, readMessage } from '../dns/message.ts';
import type { DialTarget } from './dial.ts';
import { answers, type DnsQuestion } from './dns-question.ts';

/** Sockets of each family at a time; the port of a query is one of these, anew after each rotation. */
const SOCKETS = 8;
/** Queries after which a socket's port is given up. */
const QUERIES_PER_SOCKET = 4096;
/** A thousand replies may wait in the kernel; its default of 212 kB loses some of them. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** RFC 6335 §6: ports below are for system services. */
const LOWEST_PORT = 1024;
const PORT_TRIES = 8;

/** `cut-off`: truncated (TC) in the middle of a record, so that only its header can be read. */
export type UdpHeard = Message | 'timeout' | 'unreachable' | 'malformed' | 'cut-off';

interface Pending extends DnsQuestion {
  readonly host: string;
  readonly port: number;
  settle(heard: UdpHeard): void;
}

interface Port {
  readonly socket: Socket;
  /** False where no port could be bound. */
  readonly ready: Promise<boolean>;
  readonly pending: Map<number, Pending>;
  sent: number;
  /** Queries that have chosen this port and have not ended. */
  inUse: number;
}

export class DnsUdp {
  readonly #random: Random;
  readonly #ports: { 4: Port[]; 6: Port[] } = { 4: [], 6: [] };
  readonly #retired = new Set<Port>();
  #closed = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** `encode` makes the query for the id that is chosen here. */
  async ask(
    target: DialTarget,
    question: DnsQuestion,
    encode: (id: number) => Buffer,
    timeoutMs: number,
  ): Promise<UdpHeard> {
    if (this.#closed) return 'unreachable';
    const family = isIPv6(target.host) ? 6 : 4;
    const port = this.#choosePort(family);
    try {
      const isBound = await port.ready;
      if (!isBound) this.#giveUp(port, family);
      // Nothing was sent, for a reason of ours.
      if (!isBound || this.#closed) return 'unreachable';
      return await this.#send(port, target, question, encode, timeoutMs);
    } finally {
      port.inUse--;
      if (this.#retired.has(port) && port.inUse === 0) this.#close(port);
    }
  }

  /** Waiting queries, and all that come later, end as `unreachable`: nobody was asked. */
  close(): void {
    this.#closed = true;
    for (const port of [...this.#ports[4], ...this.#ports[6], ...this.#retired]) {
      this.#close(port);
      for (const pending of [...port.pending.values()]) pending.settle('unreachable');
    }
    this.#ports[4] = [];
    this.#ports[6] = [];
  }

  /** The next query opens another in its place. */
  #giveUp(port: Port, family: 4 | 6): void {
    if (!this.#ports[family].includes(port)) return;
    this.#ports[family] = this.#ports[family].filter((other) => other !== port);
    this.#retired.add(port);
  }

  #close(port: Port): void {
    this.#retired.delete(port);
    port.socket.close();
  }

  #send(
    port: Port,
    target: DialTarget,
    question: DnsQuestion,
    encode: (id: number) => Buffer,
    timeoutMs: number,
  ): Promise<UdpHeard> {
    let id = this.#random(0x10000);
    while (port.pending.has(id)) id = this.#random(0x10000);
    const query = encode(id);
    const datagram =
      target.proxyHeader === undefined ? query : Buffer.concat([target.proxyHeader('udp'), query]);
    return new Promise((resolve) => {
      const settle = (heard: UdpHeard) => {
        // Settled before: the id may be another query's by now.
        if (port.pending.get(id) !== pending) return;
        clearTimeout(timer);
        port.pending.delete(id);
        resolve(heard);
      };
      const pending: Pending = { ...question, host: target.host, port: target.port, settle };
      // After a stall of ours timers come first: whatever waits in the socket is read before silence is concluded.
      const timer = setTimeout(() => setImmediate(settle, 'timeout'), timeoutMs);
      port.pending.set(id, pending);
      port.socket.send(datagram, target.port, target.host, (error) => {
        if (error !== null) settle('unreachable');
      });
    });
  }

  #choosePort(family: 4 | 6): Port {
    const ports = this.#ports[family];
    if (ports.length < SOCKETS) ports.push(this.#open(family));
    const index = this.#random(ports.length);
    const port = ports[index]!;
    port.inUse++;
    if (++port.sent >= QUERIES_PER_SOCKET) {
      ports.splice(index, 1);
      this.#retired.add(port);
    }
    return port;
  }

  #open(family: 4 | 6): Port {
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      ipv6Only: family === 6,
      recvBufferSize: RECEIVE_BUFFER_OCTETS,
      // Only addresses are dialled: answering at once saves a turn through the system's resolver for each datagram.
      lookup: (host, _options, done) => done(null, host, family),
    });
    const pending = new Map<number, Pending>();
    const ready = this.#bind(socket);
    socket.on('message', (octets, from) => receive(pending, octets, from.address, from.port));
    return { socket, ready, pending, sent: 0, inUse: 0 };
  }

  async #bind(socket: Socket): Promise<boolean> {
    for (let i = 0; i <= PORT_TRIES; i++) {
      const port = i < PORT_TRIES ? LOWEST_PORT + this.#random(0x10000 - LOWEST_PORT) : 0;
      try {
        await new Promise<void>((resolve, reject) => {
          socket.once('error', reject);
          socket.bind(port, () => {
            socket.off('error', reject);
            // A later error (an ICMP message, for one) concerns one datagram, and its query times out.
            socket.on('error', () => undefined);
            resolve();
          });
        });
        return true;
      } catch {
        // Taken, most likely: the next one. A machine without ports or descriptors is told by the result.
      }
    }
    return false;
  }
}

function receive(waiting: Map<number, Pending>, octets: Buffer, address: string, port: number): void {
  if (octets.length < 2) return;
  const pending = waiting.get(octets.readUInt16BE(0));
  if (pending === undefined || pending.port !== port || pending.host !== address) return;
  const message = readMessage(octets);
  if (message === undefined) pending.settle(isTruncated(octets) ? 'cut-off' : 'malformed');
  else if (answers(message, pending)) pending.settle(message);
}

/** The TC bit (RFC 1035 §4.1.1). */
function isTruncated(octets: Buffer): boolean {
  return octets.length > 2 && (octets[2]! & 0x02) !== 0;
}
