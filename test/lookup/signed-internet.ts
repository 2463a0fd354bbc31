/**
 * A signed Internet in memory behind the resolver's port: zones by address, signed as they are asked for. Everything that
 * leaves a server can be spoiled on its way. No socket, no clock but the one that a test moves.
 */
import type { Instant } from '../../src/base/instant.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DigestType, DnssecAlgorithm } from '../../src/dns/dnssec-algorithm.ts';
import { readMessage } from '../../src/dns/message.ts';
import { type PlainRecord, type ReplyParts, writeReply } from '../../src/dns/message-writer.ts';
import {
  formatName,
  isBelow,
  isWithin,
  type Name,
  name as nameOf,
  nameToBytes,
  parentOf,
  prepend,
  replaceSuffix,
} from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/rcode.ts';
import { readTarget } from '../../src/dns/rdata.ts';
import { recordOf } from '../../src/dns/record-of.ts';
import { formatType, RRType } from '../../src/dns/rr-type.ts';
import { parseZoneFile } from '../../src/dns/zone-file.ts';
import { Budget } from '../../src/dnssec/budget.ts';
import type { ValidationLimits } from '../../src/dnssec/limits.ts';
import { SignatureMemo } from '../../src/dnssec/signature-memo.ts';
import { type TrustAnchor, trustAnchorsFrom } from '../../src/dnssec/trust-anchor.ts';
import { type NsecChain, nsecChain } from '../../src/lab/signing/nsec-chain.ts';
import { type Nsec3Chain, nsec3Chain, nsec3paramRdata } from '../../src/lab/signing/nsec3-chain.ts';
import { dnskeyOf, dsOf, type SigningOptions, signRRset } from '../../src/lab/signing/sign-rrset.ts';
import { KSK_FLAGS, type ZoneKey, zoneKey } from '../../src/lab/signing/zone-key.ts';
import { ChainOfTrust } from '../../src/lookup/chain-of-trust.ts';
import { Lookup } from '../../src/lookup/lookup.ts';
import type { Exchange, Heard, Query } from '../../src/resolve/exchange.ts';
import { LOOKUP_LIMITS, type LookupLimits, ZONE_LIMITS } from '../../src/resolve/limits.ts';
import { Resolver } from '../../src/resolve/resolver.ts';
import { type Minimisation, newSession, type TraceEntry } from '../../src/resolve/session.ts';

export const AT: Instant = 1_750_000_000;
const DAY = 86_400;

export interface ZoneText {
  readonly apex: string;
  /** Relative to the apex; SOA and the apex's NS are added. */
  readonly lines: readonly string[];
  readonly servers: readonly string[];
  /** Absent: not signed. */
  readonly signed?: {
    readonly nsec3?: { readonly optOut: boolean; readonly iterations?: number };
    readonly expired?: boolean;
    readonly negativeTtl?: number;
  };
  /** What the parent shows; by default the DS of a signed zone. */
  readonly ds?: 'none' | 'of-another-key';
  /** Names that server and chain deny although there are names below. */
  readonly denied?: readonly string[];
  /** False: served, but the parent knows nothing of it. */
  readonly delegated?: boolean;
}

export class Zone {
  readonly apex: Name;
  readonly text: ZoneText;
  readonly key: ZoneKey;
  readonly records: PlainRecord[];
  readonly #children: readonly Zone[];
  #chain: NsecChain | Nsec3Chain | undefined;

  constructor(text: ZoneText, children: readonly Zone[]) {
    this.apex = nameOf(text.apex);
    this.text = text;
    this.key = keyOf(text.apex);
    this.#children = children;
    const ttl = text.signed?.negativeTtl ?? 300;
    const lines = [
      '$TTL 3600',
      `@ ${ttl} SOA ns.${bare(text.apex)} h. 1 2 3 4 ${ttl}`,
      ...text.servers.flatMap((address, i) => [
        `@ NS ns${i}.${bare(text.apex)}`,
        `ns${i} ${address.includes(':') ? 'AAAA' : 'A'} ${address}`,
      ]),
      ...text.lines,
    ];
    this.records = [...parseZoneFile(lines, text.apex, this.apex)];
    if (text.signed !== undefined) {
      this.records.push(dnskeyOf(this.key, this.apex, 3600));
      if (text.signed.nsec3 !== undefined) {
        const rdata = nsec3paramRdata(nsec3Of(text));
        this.records.push({ name: this.apex, type: RRType.NSEC3PARAM, ttl: 0, rdata });
      }
    }
    for (const child of children.filter(({ text: { delegated } }) => delegated !== false)) {
      this.records.push(...child.rrset(child.apex, RRType.NS));
      if (child.text.signed === undefined || child.text.ds === 'none') continue;
      const key = child.text.ds === 'of-another-key' ? keyOf(`not ${child.text.apex}`) : child.key;
      this.records.push(dsOf(key, child.apex, DigestType['SHA-256'], 3600));
    }
  }

  rrset(owner: Name, type: number): PlainRecord[] {
    return this.records.filter((record) => record.name === owner && record.type === type);
  }

  sign(records: readonly PlainRecord[], options: Partial<SigningOptions> = {}): PlainRecord[] {
    if (this.text.signed === undefined) return [];
    const shift = this.text.signed.expired === true ? -10 * DAY : 0;
    const validity = { inception: AT - DAY + shift, expiration: AT + DAY + shift };
    return [signRRset(records, { key: this.key, signer: this.apex, ...validity, ...options })];
  }

  signed(records: readonly PlainRecord[], options: Partial<SigningOptions> = {}): PlainRecord[] {
    return records.length === 0 ? [] : [...records, ...this.sign(records, options)];
  }

  soa(): PlainRecord[] {
    return this.signed(this.rrset(this.apex, RRType.SOA));
  }

  /** The records that match or cover the names, each once, signed. */
  proof(...names: readonly Name[]): PlainRecord[] {
    const chain = this.#chainOf();
    if (chain === undefined) return [];
    const records = names.map((name) => chain.matching(name) ?? chain.covering(name));
    return [...new Map(records.map((record) => [record.name, record])).values()].flatMap((record) =>
      this.signed([record]),
    );
  }

  isInChain(name: Name): boolean {
    return this.#chainOf()?.matching(name) !== undefined;
  }

  exists(name: Name): boolean {
    if (this.#isDenied(name)) return false;
    return this.records.some((record) => isWithin(record.name, name));
  }

  #isDenied(name: Name): boolean {
    return this.text.denied?.some((denied) => nameOf(`${denied}.${bare(this.text.apex)}`) === name) === true;
  }

  #chainOf(): NsecChain | Nsec3Chain | undefined {
    if (this.text.signed === undefined) return undefined;
    if (this.#chain !== undefined) return this.#chain;
    const cuts = this.#children.filter(({ text }) => text.delegated !== false).map(({ apex }) => apex);
    const types = new Map<Name, Set<number>>();
    for (const { name, type } of this.records) {
      if (cuts.some((cut) => isBelow(name, cut))) continue;
      types.set(name, (types.get(name) ?? new Set()).add(type));
    }
    // What is denied is left out of the chain with all that is below, as a signer does that forgets empty non-terminals.
    const names = [...types]
      .filter(([name]) => ![...(this.text.denied ?? [])].some((label) => this.#isUnder(name, label)))
      .map(([name, owned]) => ({ name, types: [...owned] }));
    const { negativeTtl = 300, nsec3 } = this.text.signed;
    this.#chain =
      nsec3 === undefined
        ? nsecChain(names, negativeTtl)
        : nsec3Chain(this.apex, names, nsec3Of(this.text), negativeTtl);
    return this.#chain;
  }

  #isUnder(name: Name, label: string): boolean {
    return isWithin(name, nameOf(`${label}.${bare(this.text.apex)}`));
  }
}

function bare(apex: string): string {
  return apex === '.' ? '' : `${apex}.`;
}

function nsec3Of({ signed }: ZoneText) {
  const { optOut, iterations = 0 } = signed!.nsec3!;
  return { iterations, salt: Buffer.alloc(0), optOut };
}

const keys = new Map<string, ZoneKey>();

export function keyOf(apex: string): ZoneKey {
  const key = keys.get(apex) ?? zoneKey(`${apex} csk`, DnssecAlgorithm.ECDSAP256SHA256, KSK_FLAGS);
  keys.set(apex, key);
  return key;
}

/** What a zone says to a question, as an authoritative server does (RFC 4035 §3.1, RFC 5155 §7.2). */
export function replyOf(zone: Zone, { name, type, spelling = name }: Query): ReplyParts {
  const base = {
    id: 1,
    rcode: 0,
    authoritative: true,
    question: { name, type, class: 1 },
    questionOctets: spelling,
    edns: { payloadSize: 1232, version: 0, dnssecOk: true },
  };
  for (let cut = name; isBelow(cut, zone.apex); cut = parentOf(cut)) {
    const ns = zone.rrset(cut, RRType.NS);
    if (ns.length === 0 || (cut === name && type === RRType.DS)) continue;
    const ds = zone.rrset(cut, RRType.DS);
    const proof = ds.length > 0 ? zone.signed(ds) : zone.proof(...denialOf(zone, cut));
    const additional = zone.records.filter(({ name: at, type: t }) => isBelow(at, cut) && isAddress(t));
    return { ...base, authoritative: false, authority: [...ns, ...proof], additional };
  }
  for (let above = parentOf(name); isWithin(above, zone.apex); above = parentOf(above)) {
    const dname = zone.rrset(above, RRType.DNAME);
    if (dname.length > 0) {
      const target = replaceSuffix(name, above, readTarget(recordOf(dname[0]!))!);
      const rdata = nameToBytes(target ?? name);
      const cname = target === undefined ? [] : [{ name, type: RRType.CNAME, ttl: 3600, rdata }];
      const rcode = target === undefined ? Rcode.YXDOMAIN : 0;
      return { ...base, rcode, answer: [...zone.signed(dname), ...cname] };
    }
    if (above === zone.apex) break;
  }
  const found = zone.rrset(name, type);
  const answer = found.length > 0 ? found : zone.rrset(name, RRType.CNAME);
  if (answer.length > 0) return { ...base, answer: zone.signed(answer) };
  if (zone.exists(name))
    return { ...base, authority: [...zone.soa(), ...zone.proof(...denialOf(zone, name))] };

  const wildcard = prepend('*', encloserOf(zone, name))!;
  const expanded = zone.rrset(wildcard, type);
  if (expanded.length > 0) {
    const records = zone.signed(expanded).map((record) => ({ ...record, name }));
    return { ...base, answer: records, authority: zone.proof(nextCloser(zone, name)) };
  }
  const authority = [...zone.soa(), ...zone.proof(...denialOf(zone, name), wildcard)];
  return { ...base, rcode: Rcode.NXDOMAIN, authority };
}

function isAddress(type: number): boolean {
  return type === RRType.A || type === RRType.AAAA;
}

function encloserOf(zone: Zone, name: Name): Name {
  let at = parentOf(name);
  while (at !== zone.apex && !zone.exists(at)) at = parentOf(at);
  return at;
}

/** The names whose NSEC or NSEC3 records deny `name`, or its types. */
function denialOf(zone: Zone, name: Name): Name[] {
  if (zone.text.signed?.nsec3 === undefined || zone.isInChain(name)) return [name];
  let closer = name;
  while (!zone.isInChain(parentOf(closer))) closer = parentOf(closer);
  return [parentOf(closer), closer];
}

function nextCloser(zone: Zone, name: Name): Name {
  const encloser = encloserOf(zone, name);
  let at = name;
  while (parentOf(at) !== encloser) at = parentOf(at);
  return at;
}

export interface Asked extends Query {
  readonly address: string;
  /** The zone that answers. */
  readonly zone: Zone;
  /** As "name TYPE". */
  readonly text: string;
}

/** Something else in place of a reply; undefined lets it pass. */
export type Spoil = (
  parts: ReplyParts,
  asked: Asked,
  world: ReadonlyMap<string, Zone>,
) => ReplyParts | Heard | { readonly octets: Uint8Array } | undefined;

export const ROOT = '198.41.0.4';
export const TEST = ['192.0.2.1', '192.0.2.2'] as const;
export const OPT = '192.0.2.3';
export const GOOD = ['192.0.2.11', '192.0.2.12'] as const;

const mail = [
  'www A 203.0.113.1',
  '@ MX 10 mx',
  'mx A 203.0.113.2',
  'mx AAAA 2001:db8::2',
  '_25._tcp.mx TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
  '*.wild TXT "expanded"',
];

export const zones: readonly ZoneText[] = [
  { apex: '.', servers: [ROOT], signed: {}, lines: [] },
  { apex: 'test', servers: TEST, signed: {}, lines: ['leaf A 203.0.113.9'] },
  { apex: 'opt', servers: [OPT], signed: { nsec3: { optOut: true } }, lines: [] },
  {
    apex: 'good.test',
    servers: GOOD,
    signed: {},
    lines: [
      ...mail,
      'alias CNAME www',
      'far CNAME www.good.opt.',
      'toplain CNAME www.plain.test.',
      'tobogus CNAME www.expired.test.',
      'tosilent CNAME www.silent.test.',
      'tonothing CNAME nothing.good.test.',
      'loop1 CNAME loop2',
      'loop2 CNAME loop1',
      'self CNAME self',
      'tree DNAME good.opt.',
      'plaintree DNAME plain.test.',
      'long DNAME aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test.',
      'a.ent A 203.0.113.3',
      ...Array.from({ length: 14 }, (_, i) => `c${i} CNAME c${i + 1}`),
      'c14 A 203.0.113.4',
    ],
  },
  { apex: 'good.opt', servers: ['192.0.2.15'], signed: { nsec3: { optOut: false } }, lines: mail },
  {
    apex: 'plain.test',
    servers: ['192.0.2.13'],
    lines: [...mail, 'back CNAME www.good.test.', 'tobogus CNAME www.expired.test.'],
  },
  { apex: 'plain.opt', servers: ['192.0.2.14'], lines: mail },
  { apex: 'island.plain.test', servers: ['192.0.2.16'], signed: {}, lines: mail },
  { apex: 'expired.test', servers: ['192.0.2.17'], signed: { expired: true }, lines: mail },
  { apex: 'wrongds.test', servers: ['192.0.2.18'], signed: {}, ds: 'of-another-key', lines: mail },
  { apex: 'silent.test', servers: ['192.0.2.19'], signed: {}, lines: mail },
  {
    apex: 'iterations.test',
    servers: ['192.0.2.20'],
    signed: { nsec3: { optOut: false, iterations: 150 } },
    lines: mail,
  },
  { apex: 'cohosted.test', servers: TEST, signed: {}, lines: mail },
  { apex: 'cohostedplain.test', servers: TEST, lines: mail },
  { apex: 'undelegated.test', servers: TEST, lines: mail, delegated: false },
  { apex: 'deep.cohosted.test', servers: TEST, signed: {}, lines: mail },
  { apex: 'sub.good.test', servers: ['192.0.2.21'], signed: {}, lines: mail },
  { apex: 'ent.test', servers: ['192.0.2.22'], signed: {}, denied: ['_tcp.mx'], lines: mail },
  {
    apex: 'ent.opt',
    servers: ['192.0.2.23'],
    signed: { nsec3: { optOut: false } },
    denied: ['_tcp.mx'],
    lines: mail,
  },
];

export interface World {
  readonly lookup: Lookup;
  readonly chainOfTrust: ChainOfTrust;
  readonly resolver: Resolver;
  readonly exchange: Exchange;
  /** Each query as "address name TYPE". */
  readonly log: string[];
  readonly clock: { ms: number; at: Instant };
  readonly zones: ReadonlyMap<string, Zone>;
  readonly memo: CountingMemo;
  /** Each budget that was handed out: of lookups and of zones. */
  readonly budgets: readonly Budget[];
  /** Of all replies. */
  readonly octets: number;
}

/** Counts the signatures that were verified. */
export class CountingMemo extends SignatureMemo {
  verified = 0;

  override remember(key: string, valid: boolean): void {
    this.verified++;
    super.remember(key, valid);
  }
}

export interface WorldOptions {
  /** Recursive servers that are asked in place of the world, and what stands at their addresses. */
  readonly forwarders?: {
    readonly addresses: readonly string[];
    readonly over: (world: Exchange) => Exchange;
  };
  readonly spoil?: Spoil;
  readonly texts?: readonly ZoneText[];
  readonly anchors?: readonly TrustAnchor[];
  readonly minimisation?: Minimisation;
  readonly seed?: number;
  /** What stands between the resolver and the servers. */
  readonly wrap?: (exchange: Exchange) => Exchange;
  readonly lookupLimits?: LookupLimits;
  readonly zoneLimits?: LookupLimits;
  readonly validationLimits?: ValidationLimits;
}

/** Zones are built once for each list of texts: keys and signatures are the same in every test. */
const built = new Map<readonly ZoneText[], ReadonlyMap<string, Zone>>();

export function buildZones(texts: readonly ZoneText[]): ReadonlyMap<string, Zone> {
  const known = built.get(texts);
  if (known !== undefined) return known;
  const made = new Map<string, Zone>();
  const parentText = (text: ZoneText) =>
    texts
      .filter(({ apex }) => isBelow(nameOf(text.apex), nameOf(apex)))
      .sort((a, b) => b.apex.length - a.apex.length || (a.apex === '.' ? 1 : -1))[0];
  for (const text of [...texts].sort((a, b) => nameOf(b.apex).length - nameOf(a.apex).length)) {
    const children = [...made.values()].filter((child) => parentText(child.text) === text);
    const zone = new Zone(text, children);
    // Glue: addresses of the children's servers.
    for (const child of children.filter(({ text: { delegated } }) => delegated !== false)) {
      const ns = child.rrset(child.apex, RRType.NS).map((record) => readTarget(recordOf(record)));
      zone.records.push(...child.records.filter(({ name, type }) => ns.includes(name) && isAddress(type)));
    }
    made.set(text.apex, zone);
  }
  built.set(texts, made);
  return made;
}

export function rootAnchor(zone: Zone): TrustAnchor {
  return trustAnchorsFrom([dsOf(zone.key, zone.apex, DigestType['SHA-256'], 3600)])[0]!;
}

export function world(options: WorldOptions = {}): World {
  const { spoil, texts = zones, minimisation = 'relaxed', seed = 1 } = options;
  const all = buildZones(texts);
  const clock = { ms: 0, at: AT };
  const log: string[] = [];
  let octets = 0;
  const counted: Exchange = async (address, query) => {
    const answered = await answer(address, query);
    if (answered.kind === 'reply') octets += answered.message.octets.length;
    return answered;
  };
  const exchange = options.wrap?.(counted) ?? counted;
  const answer: Exchange = async (address, query) => {
    const text = `${formatName(query.name)} ${formatType(query.type)}`;
    log.push(`${address} ${text}`);
    const holds = [...all.values()]
      .filter((zone) => zone.text.servers.includes(address) && isWithin(query.name, zone.apex))
      .sort((a, b) => b.apex.length - a.apex.length);
    const parentSide = holds.filter(({ apex }) => !(query.type === RRType.DS && apex === query.name));
    const zone = parentSide[0] ?? holds[0];
    if (zone === undefined) return replied({ id: 1, rcode: Rcode.REFUSED, authoritative: false });
    const parts = replyOf(zone, query);
    const spoilt = spoil?.(parts, { ...query, address, zone, text }, all);
    if (spoilt !== undefined && 'kind' in spoilt) return spoilt;
    if (spoilt !== undefined && 'octets' in spoilt) return heard(spoilt.octets);
    return replied(spoilt ?? parts);
  };
  const { forwarders } = options;
  const resolver = new Resolver({
    exchange: forwarders?.over(exchange) ?? exchange,
    ...(forwarders && { forwarders: forwarders.addresses }),
    rootHints: parseZoneFile(['. NS ns0.', `ns0. A ${ROOT}`], 'hints'),
    clockMs: () => clock.ms,
    random: seededRandom(seed),
    timeoutMs: 1000,
  });
  const memo = new CountingMemo();
  const budgets: Budget[] = [];
  const newValidation = () => {
    const budget = new Budget(validationLimits);
    budgets.push(budget);
    return { at: clock.at, budget, memo };
  };
  const { lookupLimits = LOOKUP_LIMITS, zoneLimits = ZONE_LIMITS, validationLimits } = options;
  const sessionOf = (mode?: Minimisation, trace?: TraceEntry[], limits = lookupLimits) =>
    newSession(clock.ms + 12_000, mode ?? minimisation, trace, limits);
  const anchors = options.anchors ?? [rootAnchor(all.get('.')!)];
  const chainOfTrust = new ChainOfTrust({
    resolver,
    anchors: new Map(anchors.map((anchor) => [anchor.name, anchor])),
    newSession: (trace, limits) => sessionOf(undefined, trace, limits),
    zoneLimits,
    newValidation,
    clockMs: () => clock.ms,
  });
  const lookup = new Lookup({
    resolver,
    chainOfTrust,
    newSession: sessionOf,
    newValidation,
    clockMs: () => clock.ms,
  });
  return {
    lookup,
    chainOfTrust,
    resolver,
    exchange,
    log,
    clock,
    zones: all,
    memo,
    budgets,
    get octets() {
      return octets;
    },
  };
}

function replied(parts: ReplyParts): Heard {
  return heard(writeReply(parts));
}

export function heard(octets: Uint8Array): Heard {
  const message = readMessage(octets);
  return message === undefined
    ? { kind: 'malformed' }
    : { kind: 'reply', message, overTcp: false, milliseconds: 5 };
}

export const without =
  (...types: readonly number[]) =>
  (records: readonly PlainRecord[] | undefined): PlainRecord[] =>
    (records ?? []).filter(({ type }) => !types.includes(type));

/** A reply with RRSIG, NSEC, NSEC3 and DS taken out: what a zone without DNSSEC would have said. */
export function stripped(parts: ReplyParts): ReplyParts {
  const strip = without(RRType.RRSIG, RRType.NSEC, RRType.NSEC3, RRType.DS);
  return { ...parts, answer: strip(parts.answer), authority: strip(parts.authority) };
}

/** The whole verdict in few words: "secure", or "bogus because". */
export async function verdict(
  { lookup }: Pick<World, 'lookup'>,
  asked: string,
  type: number = RRType.A,
  minimisation?: Minimisation,
): Promise<string> {
  const { security, outcome } = await lookup.ask(
    nameOf(asked),
    type,
    minimisation === undefined ? {} : { minimisation },
  );
  return security.status === 'secure'
    ? `secure ${outcome}`
    : `${security.status} ${security.because}${outcome === 'failed' ? '' : ` ${outcome}`}`;
}
