/**
 * The reply of one name server address to one query: which zone answers, with the manners that its plan gives the server, cut
 * to the size that the transport takes. In: octets of a query. Out: octets of a reply, or nothing where the server is silent.
 */
import { never } from '../../base/never.ts';
import { type Message, readMessage } from '../../dns/message.ts';
import { type ReplyParts, writeReply } from '../../dns/message-writer.ts';
import { formatNameBare, type Name, parentOf, root } from '../../dns/name.ts';
import { Rcode } from '../../dns/rcode.ts';
import { RRType } from '../../dns/rr-type.ts';
import { type Answer, answerFrom, type Twist } from './answer.ts';
import { misbehaviourFor } from './misbehaviour.ts';
import type { Zone } from './zone.ts';

export type ZoneAt = (apex: string) => Zone | undefined;

export interface Query {
  readonly octets: Uint8Array;
  /** The address that the query was meant for. */
  readonly server: string;
  readonly transport: 'udp' | 'tcp';
}

/** RFC 1035 §4.2.1: without EDNS. */
const PLAIN_UDP_OCTETS = 512;
/** What the lab's servers offer, as most do (RFC 9715 §3.1). */
const PAYLOAD_OCTETS = 1232;

const nothing: Answer = {
  rcode: Rcode.NOERROR,
  authoritative: false,
  answer: [],
  authority: [],
  additional: [],
};

/** Undefined where no reply is sent: to what is no query, and where the plan says so. */
export function replyTo({ octets, server, transport }: Query, zoneAt: ZoneAt): Buffer | undefined {
  const query = readMessage(octets);
  if (query === undefined || query.isResponse) return undefined;
  const { question } = query;
  if (question === undefined || query.opcode !== 0) return write(query, { ...nothing, rcode: Rcode.FORMERR });
  const held = holder(question.name, question.type, server, zoneAt);
  if (held === undefined) return write(query, { ...nothing, rcode: Rcode.REFUSED });

  const { index } = held;
  const zone = held.zone.at(index);
  const reply = misbehaviourFor(zone.plan, zone.apex, question, index);
  const make = (twist?: Twist) =>
    answerFrom(zone, question.name, question.type, query.edns?.dnssecOk ?? false, twist);
  switch (reply) {
    case 'drop':
      return undefined;
    case 'refused':
      return write(query, { ...nothing, rcode: Rcode.REFUSED });
    case 'servfail':
      return write(query, { ...nothing, rcode: Rcode.SERVFAIL });
    case 'notimp':
      return write(query, { ...nothing, rcode: Rcode.NOTIMP });
    case 'formerr':
      return write(query, { ...nothing, rcode: Rcode.FORMERR });
    case 'lame': {
      const ns = zoneAt('.')?.node(root)?.get(RRType.NS) ?? [];
      return write(query, { ...nothing, authority: ns });
    }
    case 'truncate':
      if (transport === 'udp') return write(query, { ...nothing, authoritative: true }, true);
      return cutToSize(query, make(), transport);
    case 'nxdomain-unproven': {
      const soa = zone.node(zone.apex)!.get(RRType.SOA)!;
      return write(query, { ...nothing, rcode: Rcode.NXDOMAIN, authoritative: true, authority: soa });
    }
    case 'nxdomain-contradictory':
      return cutToSize(query, { ...make(), rcode: Rcode.NXDOMAIN }, transport);
    case 'denial-missing':
      return cutToSize(query, withoutDenial(make()), transport);
    case 'denial-broken':
      return cutToSize(query, make({ spoilDenial: true }), transport);
    case 'stale-tlsa':
      return cutToSize(query, make({ dropLastTlsa: true }), transport);
    case 'unsigned':
      return cutToSize(query, withoutDnssec(make()), transport);
    case 'signatures-broken':
      return cutToSize(query, withBrokenSignatures(make()), transport);
    case 'drop-edns':
      return query.edns === undefined ? cutToSize(query, make(), transport) : undefined;
    case 'formerr-edns':
      if (query.edns === undefined) return cutToSize(query, make(), transport);
      return write({ ...query, edns: undefined }, { ...nothing, rcode: Rcode.FORMERR });
    case 'no-tcp':
      return transport === 'udp' ? write(query, { ...nothing, authoritative: true }, true) : undefined;
    case 'lower-case':
      return cutToSize({ ...query, questionOctets: question.name }, make(), transport);
    case undefined:
      return cutToSize(query, make(), transport);
    default:
      return never(reply);
  }
}

/** The deepest zone at or above the name that this server holds; for DS the parent's side, where it holds both. */
function holder(
  name: Name,
  type: number,
  server: string,
  zoneAt: ZoneAt,
): { zone: Zone; index: number } | undefined {
  let child: { zone: Zone; index: number } | undefined;
  for (let at = name; ; at = parentOf(at)) {
    const zone = zoneAt(formatNameBare(at));
    const index = zone?.plan.servers.findIndex(({ addresses }) => addresses.includes(server)) ?? -1;
    if (zone !== undefined && index >= 0) {
      if (at === name && type === RRType.DS && child === undefined) child = { zone, index };
      else return { zone, index };
    }
    if (at === root) return child;
  }
}

function withoutDenial(answer: Answer): Answer {
  const soa = answer.authority.filter(({ type }) => type === RRType.SOA);
  const signature = answer.authority.filter(
    ({ type, rdata }) => type === RRType.RRSIG && ((rdata[0]! << 8) | rdata[1]!) === RRType.SOA,
  );
  return { ...answer, authority: [...soa, ...signature] };
}

const dnssecTypes: ReadonlySet<number> = new Set([RRType.RRSIG, RRType.NSEC, RRType.NSEC3]);

function withoutDnssec({ answer, authority, ...rest }: Answer): Answer {
  const strip = (records: Answer['answer']) => records.filter(({ type }) => !dnssecTypes.has(type));
  return { ...rest, answer: strip(answer), authority: strip(authority) };
}

/** One bit of the last octet of each signature in the answer is turned. */
function withBrokenSignatures({ answer, ...rest }: Answer): Answer {
  const broken = answer.map((record) => {
    if (record.type !== RRType.RRSIG) return record;
    const rdata = Buffer.from(record.rdata);
    rdata[rdata.length - 1]! ^= 0x01;
    return { ...record, rdata };
  });
  return { ...rest, answer: broken };
}

/** RFC 1035 §4.1.1, RFC 6891 §6.2.5: what is too long for UDP goes out as TC alone. */
function cutToSize(query: Message, answer: Answer, transport: 'udp' | 'tcp'): Buffer {
  const whole = write(query, answer);
  const offered = Math.max(query.edns?.payloadSize ?? PLAIN_UDP_OCTETS, PLAIN_UDP_OCTETS);
  const limit = transport === 'tcp' ? 65_535 : Math.min(offered, PAYLOAD_OCTETS);
  if (whole.length <= limit) return whole;
  const lighter = write(query, { ...answer, additional: [] });
  if (lighter.length <= limit && answer.authoritative) return lighter;
  return write(query, { ...nothing, rcode: answer.rcode, authoritative: answer.authoritative }, true);
}

function write(query: Message, answer: Answer, truncated = false): Buffer {
  const parts: ReplyParts = {
    ...answer,
    id: query.id,
    truncated,
    questionOctets: query.questionOctets,
    ...(query.question && { question: query.question }),
    ...(query.edns && {
      edns: { payloadSize: PAYLOAD_OCTETS, version: 0, dnssecOk: query.edns.dnssecOk },
    }),
  };
  return writeReply(parts);
}
