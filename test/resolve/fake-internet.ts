/** Unsigned zones behind the resolver's port, without sockets: what each address serves, and how it misbehaves. */

import { seededRandom } from '../../src/base/random.ts';
import { readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, writeReply } from '../../src/dns/message-writer.ts';
import { formatName, isBelow, isWithin, type Name, name as nameOf, parentOf } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readTarget } from '../../src/dns/rdata.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { formatType, RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import type { Exchange, Heard, Query } from '../../src/resolve/exchange.ts';
import { Resolver } from '../../src/resolve/resolver.ts';
import { type Minimisation, newSession, type Session } from '../../src/resolve/session.ts';

interface Zone {
  readonly apex: Name;
  readonly records: readonly PlainRecord[];
}

/** What an address does in place of answering; undefined lets it answer. */
export type Misbehave = (address: string, query: Query) => Heard | { readonly rcode: number } | undefined;

export interface FakeInternet {
  readonly exchange: Exchange;
  /** Each query as "address name TYPE". */
  readonly log: string[];
}

/** `served`: address to zones, each as origin and lines. */
export function fakeInternet(
  served: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  misbehave: Misbehave = () => undefined,
): FakeInternet {
  const zonesOf = new Map<string, Zone[]>();
  for (const [address, zones] of Object.entries(served)) {
    const read = Object.entries(zones).map(([origin, lines]) => {
      const all = [`@ 3600 SOA ns.${origin === '.' ? '' : origin} h. 1 2 3 4 300`, ...lines];
      return { apex: nameOf(origin), records: [...parseZoneFile(all, origin, nameOf(origin))] };
    });
    zonesOf.set(address, read);
  }
  const log: string[] = [];
  return {
    log,
    async exchange(address, query) {
      log.push(`${address} ${formatName(query.name)} ${formatType(query.type)}`);
      const odd = misbehave(address, query);
      if (odd !== undefined && 'kind' in odd) return odd;
      const zones = zonesOf.get(address);
      if (zones === undefined) return { kind: 'timeout' };
      const octets = answer(zones, query, odd?.rcode);
      return { kind: 'reply', message: readMessage(octets)!, overTcp: false, milliseconds: 5 };
    },
  };
}

function answer(zones: readonly Zone[], { name, type }: Query, rcode: number | undefined): Buffer {
  const base = {
    id: 1,
    question: { name, type, class: 1 },
    edns: { payloadSize: 1232, version: 0, dnssecOk: true },
  };
  // A server that fails to understand EDNS leaves OPT out of its reply (RFC 6891 §7).
  if (rcode !== undefined) {
    const { edns: _, ...plain } = base;
    return writeReply({ ...plain, rcode, authoritative: false });
  }
  const zone = zones
    .filter(({ apex }) => isWithin(name, apex) && !(type === RRType.DS && apex === name))
    .sort((a, b) => b.apex.length - a.apex.length)[0];
  if (zone === undefined) return writeReply({ ...base, rcode: Rcode.REFUSED, authoritative: false });
  const { apex, records } = zone;
  const soa = records.filter((record) => record.type === RRType.SOA);
  for (let cut = name; isBelow(cut, apex); cut = parentOf(cut)) {
    const ns = records.filter((record) => record.name === cut && record.type === RRType.NS);
    if (ns.length === 0 || (cut === name && type === RRType.DS)) continue;
    const targets = ns.map((record) => readTarget(recordOf(record)));
    const additional = records.filter(
      (record) => targets.includes(record.name) && (record.type === RRType.A || record.type === RRType.AAAA),
    );
    return writeReply({ ...base, rcode: 0, authoritative: false, authority: ns, additional });
  }
  const here = records.filter((record) => record.name === name);
  const found = here.filter((record) => record.type === type || record.type === RRType.CNAME);
  if (found.length > 0) return writeReply({ ...base, rcode: 0, authoritative: true, answer: found });
  const exists = records.some((record) => isWithin(record.name, name));
  return writeReply({ ...base, rcode: exists ? 0 : Rcode.NXDOMAIN, authoritative: true, authority: soa });
}

/** A resolver over it, with a clock that stands still unless it is moved. */
export function resolverOver(exchange: Exchange): {
  resolver: Resolver;
  clock: { ms: number };
  session(minimisation?: Minimisation): Session;
} {
  const clock = { ms: 0 };
  const resolver = new Resolver({
    exchange,
    rootHints: parseZoneFile(['. NS a.root.', 'a.root. A 198.41.0.4'], 'hints'),
    clockMs: () => clock.ms,
    random: seededRandom(1),
    timeoutMs: 1000,
  });
  return {
    resolver,
    clock,
    session: (minimisation = 'strict') => newSession(clock.ms + 60_000, minimisation),
  };
}
