/**
 * Recursive servers in front of the signed Internet: each resolves from the root down without validating (CD), follows aliases,
 * and hands over the whole chain with its signatures. What it says can be spoiled on its way to the one who asked.
 */
import type { Message, ResourceRecord } from '../../src/dns/message.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import { formatName, type Name, root } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { rdataOctets, readAddress } from '../../src/dns/rdata.ts';
import { classifyReply } from '../../src/dns/reply.ts';
import { CLASS_IN, formatType, RRType } from '../../src/dns/rr-type.ts';
import type { Exchange, Heard, Query } from '../../src/resolve/exchange.ts';
import { heard, ROOT, type WorldOptions } from './signed-internet.ts';

export const FORWARDER = '10.0.0.53';
const MAX_ALIASES = 16;
const MAX_REFERRALS = 16;

export interface AskedOfForwarder extends Query {
  readonly address: string;
  /** As "name TYPE". */
  readonly text: string;
}

/** Something else in place of the reply; undefined lets it pass. */
export type SpoilForwarded = (
  parts: ReplyParts,
  asked: AskedOfForwarder,
) => ReplyParts | Heard | { readonly octets: Uint8Array } | undefined;

/** `log` takes each query as "address name TYPE". */
export function forwarders(
  spoil: SpoilForwarded = () => undefined,
  addresses: readonly string[] = [FORWARDER],
  log: string[] = [],
): NonNullable<WorldOptions['forwarders']> {
  const over =
    (world: Exchange): Exchange =>
    async (address, query) => {
      const text = `${formatName(query.name)} ${formatType(query.type)}`;
      log.push(`${address} ${text}`);
      if (!addresses.includes(address))
        throw new Error(`${address} is no forwarder, and was asked for ${text}`);
      if (!query.recursionDesired) throw new Error(`a forwarder is asked without RD for ${text}`);
      const parts = await recurse(world, query);
      const spoilt = spoil(parts, { ...query, address, text });
      if (spoilt !== undefined && 'kind' in spoilt) return spoilt;
      return heard(spoilt !== undefined && 'octets' in spoilt ? spoilt.octets : writeReply(spoilt ?? parts));
    };
  return { addresses, over };
}

async function recurse(world: Exchange, query: Query): Promise<ReplyParts> {
  const { name, type } = query;
  const base = {
    id: 1,
    authoritative: false,
    recursionDesired: true,
    recursionAvailable: true,
    question: { name, type, class: CLASS_IN },
    edns: { payloadSize: 1232, version: 0, dnssecOk: true },
  };
  const answer: PlainRecord[] = [];
  const authority: PlainRecord[] = [];
  let at = name;
  for (let i = 0; i < MAX_ALIASES; i++) {
    const message = await descend(world, { ...query, name: at, recursionDesired: false });
    if (message === undefined) break;
    answer.push(...message.answer.map(plain));
    authority.push(...message.authority.filter((record) => record.type !== RRType.NS).map(plain));
    const reply = classifyReply(message, { name: at, type, class: CLASS_IN }, root);
    const isAlias = reply.kind === 'cname' || reply.kind === 'dname';
    if (!isAlias || reply.target === undefined) return { ...base, rcode: message.rcode, answer, authority };
    at = reply.target;
  }
  return { ...base, rcode: Rcode.SERVFAIL };
}

/** The first usable reply from the zone that holds the name, found from the root down; undefined where there is none. */
async function descend(world: Exchange, query: Query): Promise<Message | undefined> {
  let addresses = [ROOT];
  for (let i = 0; i < MAX_REFERRALS; i++) {
    const message = await firstUsable(world, query, addresses);
    if (message === undefined) return undefined;
    const reply = classifyReply(message, { name: query.name, type: query.type, class: CLASS_IN }, root);
    if (reply.kind !== 'referral') return message;
    addresses = message.additional.map(readAddress).filter((address) => address !== undefined);
  }
  return undefined;
}

async function firstUsable(
  world: Exchange,
  query: Query,
  addresses: readonly string[],
): Promise<Message | undefined> {
  const question = { name: query.name, type: query.type, class: CLASS_IN };
  for (const address of addresses) {
    const said = await world(address, query);
    if (said.kind !== 'reply') continue;
    const { kind } = classifyReply(said.message, question, root);
    if (kind !== 'error' && kind !== 'lame') return said.message;
  }
  return undefined;
}

function plain(record: ResourceRecord): PlainRecord {
  return {
    name: record.name as Name,
    type: record.type,
    ttl: record.ttl,
    rdata: new Uint8Array(rdataOctets(record)),
  };
}
