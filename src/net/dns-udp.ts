/**
 * DNS over UDP: unconnected sockets on random ports, each given up after some thousand queries, replies matched on address,
 * port, id and question (RFC 5452 §9). In: an encoded query and where to send it. Out: the message, or what went wrong.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Random } from '../base/random.ts';
import { type Message, readMessage } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import { Rcode } from '../dns/rcode.ts';
import type { DialTarget } from './dial.ts';

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

export interface UdpQuestion {
  readonly name: Name;
  readonly type: number;
}

interface Pending extends UdpQuestion {
  readonly host: string;
  readonly port: number;
  settle(heard: UdpHeard): void;
}

interface Port {
  readonly socket: Socket;
  readonly ready: Promise<void>;
  readonly pending: Map<number, Pending>;
  sent: number;
  /** Queries that have chosen this port and have not ended. */
  inUse: number;
}

export class DnsUdp {
  readonly #random: Random;
  readonly #ports: { 4: Port[]; 6: Port[] } = { 4: [], 6: [] };
  readonly #retired = new Set<Port>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** `encode` makes the query for the id that is chosen here. */
  async ask(
    target: DialTarget,
    question: UdpQuestion,
    encode: (id: number) => Buffer,
    timeoutMs: number,
  ): Promise<UdpHeard> {
    const port = this.#choosePort(isIPv6(target.host) ? 6 : 4);
    try {
      await port.ready;
      return await this.#send(port, target, question, encode, timeoutMs);
    } catch {
      // No port could be bound, or the socket was closed under way: nothing was heard for a reason of ours.
      return 'unreachable';
    } finally {
      port.inUse--;
      if (this.#retired.has(port) && port.inUse === 0) this.#close(port);
    }
  }

  /** Waiting queries end as timeouts. */
  close(): void {
    for (const port of [...this.#ports[4], ...this.#ports[6], ...this.#retired]) {
      this.#close(port);
      for (const pending of [...port.pending.values()]) pending.settle('timeout');
    }
    this.#ports[4] = [];
    this.#ports[6] = [];
  }

  #close(port: Port): void {
    this.#retired.delete(port);
    port.socket.close();
  }

  #send(
    port: Port,
    target: DialTarget,
    question: UdpQuestion,
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
        clearTimeout(timer);
        port.pending.delete(id);
        resolve(heard);
      };
      // After a stall of ours timers come first: whatever waits in the socket is read before silence is concluded.
      const timer = setTimeout(() => setImmediate(settle, 'timeout'), timeoutMs);
      port.pending.set(id, { ...question, host: target.host, port: target.port, settle });
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
    // Whoever awaits it hears of the failure; this keeps it from being an unhandled rejection until then.
    ready.catch(() => undefined);
    socket.on('message', (octets, from) => receive(pending, octets, from.address, from.port));
    return { socket, ready, pending, sent: 0, inUse: 0 };
  }

  async #bind(socket: Socket): Promise<void> {
    for (let i = 0; ; i++) {
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
        return;
      } catch (error) {
        if (i >= PORT_TRIES) throw error;
      }
    }
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

/** True where the message is a response to the question; an error may come without it (RFC 1035 §4.1.1: FORMERR). */
export function answers(message: Message, { name, type }: UdpQuestion): boolean {
  if (!message.isResponse || message.opcode !== 0) return false;
  const { question } = message;
  if (question === undefined) return message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN;
  return question.name === name && question.type === type && question.class === 1;
}

/** The TC bit (RFC 1035 §4.1.1). */
function isTruncated(octets: Buffer): boolean {
  return octets.length > 2 && (octets[2]! & 0x02) !== 0;
}
