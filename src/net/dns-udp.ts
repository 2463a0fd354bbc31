/**
 * DNS over UDP from a few random ports, each given up after some thousand queries (RFC 5452 §9.2). In: an encoded query and where
 * to send it. Out: the message, or what went wrong. One timer watches all that wait: one each costs as much as reading the reply.
 */
import type { Random } from '../base/random.ts';
import type { DialTarget } from './dial.ts';
import { DnsPort, type UdpHeard } from './dns-port.ts';
import type { DnsQuestion } from './dns-question.ts';

/** Sockets of each family at a time; the port of a query is one of these, anew after each rotation. */
const SOCKETS = 8;
/** Queries after which a socket's port is given up. */
const QUERIES_PER_SOCKET = 4096;
/** How often silence is looked for, and so how much later than asked it may be concluded, in milliseconds. */
const EXPIRY_INTERVAL_MS = 20;

export class DnsUdp {
  readonly #random: Random;
  readonly #clockMs: () => number;
  readonly #ports: { 4: DnsPort[]; 6: DnsPort[] } = { 4: [], 6: [] };
  readonly #retired = new Set<DnsPort>();
  #waiting = 0;
  #expiry: NodeJS.Timeout | undefined;
  #closed = false;

  /** `clockMs` is monotonic. */
  constructor(random: Random, clockMs: () => number) {
    this.#random = random;
    this.#clockMs = clockMs;
  }

  /** `encode` makes the query for the id that is chosen here. */
  ask(
    target: DialTarget,
    question: DnsQuestion,
    encode: (id: number) => Buffer,
    timeoutMs: number,
  ): Promise<UdpHeard> {
    if (this.#closed) return Promise.resolve('unreachable');
    const family = target.host.includes(':') ? 6 : 4;
    const port = this.#choosePort(family);
    return new Promise((resolve, reject) => {
      this.#began();
      const heard = (what: UdpHeard) => {
        this.#ended(port);
        resolve(what);
      };
      const send = (isBound: boolean) => {
        // Nothing was sent, for a reason of ours.
        if (!isBound) this.#giveUp(port, family);
        if (!isBound || this.#closed) heard('unreachable');
        else port.send({ target, question, encode, deadlineMs: this.#clockMs() + timeoutMs, heard });
      };
      if (port.isBound === undefined) port.bound.then(send).catch(reject);
      else send(port.isBound);
    });
  }

  /** Waiting queries, and all that come later, end as `unreachable`: nobody was asked. */
  close(): void {
    this.#closed = true;
    const all = [...this.#ports[4], ...this.#ports[6], ...this.#retired];
    this.#ports[4] = [];
    this.#ports[6] = [];
    this.#retired.clear();
    for (const port of all) port.close();
  }

  #began(): void {
    this.#waiting++;
    this.#expiry ??= setInterval(() => this.#expire(), EXPIRY_INTERVAL_MS);
  }

  #ended(port: DnsPort): void {
    if (--this.#waiting === 0) {
      clearInterval(this.#expiry);
      this.#expiry = undefined;
    }
    port.inUse--;
    if (port.inUse === 0 && this.#retired.delete(port)) port.close();
  }

  #expire(): void {
    const now = this.#clockMs();
    for (const port of this.#ports[4]) port.expire(now);
    for (const port of this.#ports[6]) port.expire(now);
    for (const port of this.#retired) port.expire(now);
  }

  /** The next query opens another in its place. */
  #giveUp(port: DnsPort, family: 4 | 6): void {
    if (!this.#ports[family].includes(port)) return;
    this.#ports[family] = this.#ports[family].filter((other) => other !== port);
    this.#retired.add(port);
  }

  #choosePort(family: 4 | 6): DnsPort {
    const ports = this.#ports[family];
    if (ports.length < SOCKETS) ports.push(new DnsPort(family, this.#random));
    const index = this.#random(ports.length);
    const port = ports[index]!;
    port.inUse++;
    if (++port.used >= QUERIES_PER_SOCKET) {
      ports.splice(index, 1);
      this.#retired.add(port);
    }
    return port;
  }
}
