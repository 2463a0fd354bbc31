/**
 * Asks one server over UDP, and over TCP where the reply was truncated (RFC 7766 §5). Implements the resolver's port.
 * The same question to the same server under way already is not sent twice: both askers get the one reply.
 */

import { LruCache } from '../base/lru-cache.ts';
import type { Random } from '../base/random.ts';
import { encodeQuery } from '../dns/query.ts';
import type { Exchange, Heard, Query } from '../resolve/exchange.ts';
import { parseAddressAndPort } from './address-and-port.ts';
import type { Dial, Dialled, DialTarget } from './dial.ts';
import { DnsTcp } from './dns-tcp.ts';
import { DnsUdp } from './dns-udp.ts';
import { Pace } from './pace.ts';

export interface DnsExchangeOptions {
  readonly dial: Dial;
  /** Where the server's address names no other: 53, but for tests. */
  readonly port: number;
  readonly random: Random;
  readonly clockMs: () => number;
  /** Queries a second to one address; 0 for no bound. */
  readonly queriesPerSecond: number;
}

/** Over TCP there are two round trips more than over UDP; the wait is longer by this factor. */
const TCP_PATIENCE = 2;
/** Server addresses whose target is remembered: a zone's servers are asked thousands of times. */
const MAX_TARGETS = 10_000;

export function createDnsExchange(options: DnsExchangeOptions): { exchange: Exchange; close(): void } {
  const udp = new DnsUdp(options.random, options.clockMs);
  const tcp = new DnsTcp();
  const pace = new Pace({ perSecond: options.queriesPerSecond, clockMs: options.clockMs });
  const underWay = new Map<string, Promise<Heard>>();
  const targets = new LruCache<string, Dialled>(MAX_TARGETS, options.clockMs);

  const targetOf = (address: string): Dialled => {
    const known = targets.get(address);
    if (known !== undefined) return known;
    const server = parseAddressAndPort(address);
    if (server === undefined) throw new Error(`internal error: ${address} is no server address`);
    const target = options.dial(server.address, server.port ?? options.port);
    targets.set(address, target, Number.POSITIVE_INFINITY);
    return target;
  };

  const ask = async (key: string, address: string, target: DialTarget, query: Query): Promise<Heard> => {
    try {
      return await askOnce(address, target, query);
    } finally {
      underWay.delete(key);
    }
  };

  const askOnce = async (address: string, target: DialTarget, query: Query): Promise<Heard> => {
    const turn = pace.turn(address);
    let heldMs = 0;
    if (turn !== undefined) {
      const asked = options.clockMs();
      await turn;
      heldMs = options.clockMs() - asked;
    }
    const flags = {
      recursionDesired: query.recursionDesired,
      checkingDisabled: query.recursionDesired,
      edns: query.edns,
    };
    const encode = (id: number) => encodeQuery(id, query.spelling ?? query.name, query.type, flags);
    const began = options.clockMs();
    const heard = await udp.ask(target, query, encode, query.timeoutMs);
    const milliseconds = options.clockMs() - began;
    if (typeof heard === 'string') {
      if (heard !== 'cut-off') return { kind: heard, heldMs };
    } else if (!heard.truncated) {
      return { kind: 'reply', message: heard, overTcp: false, milliseconds, heldMs };
    }
    const id = options.random(0x10000);
    const overTcp = await tcp.ask(target, query, encode(id), TCP_PATIENCE * query.timeoutMs);
    if (overTcp === 'failed') return { kind: 'tcp-failed', heldMs };
    return { kind: 'reply', message: overTcp, overTcp: true, milliseconds, heldMs };
  };

  return {
    exchange(address, query) {
      const target = targetOf(address);
      if ('refused' in target) return Promise.resolve({ kind: 'not-dialled' });
      const key = `${address} ${query.type} ${query.edns} ${query.spelling ?? query.name}`;
      const known = underWay.get(key);
      if (known !== undefined) return known;
      const asked = ask(key, address, target, query);
      underWay.set(key, asked);
      return asked;
    },
    close() {
      udp.close();
      tcp.close();
    },
  };
}
