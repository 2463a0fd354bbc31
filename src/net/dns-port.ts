/**
 * One unconnected UDP socket on a random port (RFC 5452 §9.2), and the queries that wait for a reply to it. Replies are matched on
 * address, port, id and question (RFC 5452 §9.1); whatever else arrives is passed over.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { Random } from '../base/random.ts';
import { type Message, readMessage } from '../dns/message.ts';
import type { DialTarget } from './dial.ts';
import { answers, type DnsQuestion } from './dns-question.ts';

/** A thousand replies may wait in the kernel; its default of 212 kB loses some of them. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** RFC 6335 §6: ports below are for system services. */
const LOWEST_PORT = 1024;
const PORT_TRIES = 8;

/** `cut-off`: truncated (TC) in the middle of a record, so that only its header can be read. */
export type UdpHeard = Message | 'timeout' | 'unreachable' | 'malformed' | 'cut-off';

export interface UdpQuery {
  readonly target: DialTarget;
  readonly question: DnsQuestion;
  /** Makes the query for the id that is chosen here. */
  readonly encode: (id: number) => Buffer;
  /** Until when a reply is waited for, in milliseconds of the caller's clock. */
  readonly deadlineMs: number;
  readonly heard: (heard: UdpHeard) => void;
}

export class DnsPort {
  /** False where no port could be bound; undefined before that is known. */
  isBound: boolean | undefined;
  readonly bound: Promise<boolean>;
  /** Queries that were given this port so far. */
  used = 0;
  /** Queries that have this port and have not ended. */
  inUse = 0;
  readonly #socket: Socket;
  readonly #random: Random;
  readonly #pending = new Map<number, UdpQuery>();

  constructor(family: 4 | 6, random: Random) {
    this.#random = random;
    this.#socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      ipv6Only: family === 6,
      recvBufferSize: RECEIVE_BUFFER_OCTETS,
      // Only addresses are dialled: answering at once saves a turn through the system's resolver for each datagram.
      lookup: (host, _options, done) => done(null, host, family),
    });
    this.#socket.on('message', (octets, from) => this.#receive(octets, from.address, from.port));
    this.bound = this.#bind();
  }

  /** The port is bound. `query.heard` is called once, never before this returns. */
  send(query: UdpQuery): void {
    let id = this.#random(0x10000);
    while (this.#pending.has(id)) id = this.#random(0x10000);
    const { target, encode } = query;
    const octets = encode(id);
    const datagram =
      target.proxyHeader === undefined ? octets : Buffer.concat([target.proxyHeader('udp'), octets]);
    this.#pending.set(id, query);
    this.#socket.send(datagram, target.port, target.host, (error) => {
      if (error !== null) this.#settle(id, query, 'unreachable');
    });
  }

  /** Ends the queries whose deadline has passed. What waits in the socket is read before silence is concluded. */
  expire(nowMs: number): void {
    this.#pending.forEach((query, id) => {
      if (query.deadlineMs <= nowMs) setImmediate(() => this.#settle(id, query, 'timeout'));
    });
  }

  /** Waiting queries end as `unreachable`. */
  close(): void {
    this.#socket.close();
    for (const [id, query] of this.#pending) this.#settle(id, query, 'unreachable');
  }

  #settle(id: number, query: UdpQuery, heard: UdpHeard): void {
    // Settled before: the id may be another query's by now.
    if (this.#pending.get(id) !== query) return;
    this.#pending.delete(id);
    query.heard(heard);
  }

  #receive(octets: Buffer, address: string, port: number): void {
    if (octets.length < 2) return;
    const id = octets.readUInt16BE(0);
    const query = this.#pending.get(id);
    if (query === undefined || query.target.port !== port || query.target.host !== address) return;
    const message = readMessage(octets);
    if (message === undefined) this.#settle(id, query, isTruncated(octets) ? 'cut-off' : 'malformed');
    else if (answers(message, query.question)) this.#settle(id, query, message);
  }

  async #bind(): Promise<boolean> {
    for (let i = 0; i <= PORT_TRIES; i++) {
      const port = i < PORT_TRIES ? LOWEST_PORT + this.#random(0x10000 - LOWEST_PORT) : 0;
      try {
        await new Promise<void>((resolve, reject) => {
          this.#socket.once('error', reject);
          this.#socket.bind(port, () => {
            this.#socket.off('error', reject);
            // A later error (an ICMP message, for one) concerns one datagram, and its query times out.
            this.#socket.on('error', () => undefined);
            resolve();
          });
        });
        this.isBound = true;
        return true;
      } catch {
        // Taken, most likely: the next one. A machine without ports or descriptors is told by the result.
      }
    }
    this.isBound = false;
    return false;
  }
}

/** The TC bit (RFC 1035 §4.1.1). */
function isTruncated(octets: Buffer): boolean {
  return octets.length > 2 && (octets[2]! & 0x02) !== 0;
}
