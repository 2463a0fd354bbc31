/**
 * A validated lookup: gathers with `resolve`, judges with `dnssec`, follows aliases, asks other servers before a verdict.
 *
 * In: name and type. Out: an `Answer`; it never throws for what the network does. The status of the whole is secure only if
 * every link is; one bogus link makes it bogus, else one indeterminate, else one insecure.
 */
import type { Instant } from '../base/instant.ts';
import { LruCache } from '../base/lru-cache.ts';
import { type Security, secure } from '../base/security.ts';
import type { Message, ResourceRecord } from '../dns/message.ts';
import { formatName, type Name, nameToBytes } from '../dns/name.ts';
import { formatRcode, Rcode } from '../dns/rcode.ts';
import { readSoa } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import { originalTtlOf, ttlOf } from '../dns/rrset.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Gathered } from '../resolve/ask-zone.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { Minimisation, Session, TraceEntry } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import type { Answer, Link } from './answer.ts';
import type { ChainOfTrust } from './chain-of-trust.ts';
import { judgeGathered } from './judge-gathered.ts';
import { MAX_ALIASES, MAX_ANSWER_SECONDS, MAX_ANSWERS } from './limits.ts';
import { OneServer } from './one-server.ts';
import { endOf } from './zone-security.ts';

export interface LookupOptions {
  readonly resolver: Resolver;
  readonly chainOfTrust: ChainOfTrust;
  readonly newSession: (minimisation?: Minimisation, trace?: TraceEntry[]) => Session;
  readonly newValidation: () => Validation;
  readonly clockMs: () => number;
}

export interface AskOptions {
  /** In place of the configured minimisation. */
  readonly minimisation?: Minimisation;
  readonly trace?: TraceEntry[];
}

export class Lookup {
  readonly #options: LookupOptions;
  readonly #answers: LruCache<string, Answer>;

  constructor(options: LookupOptions) {
    this.#options = options;
    this.#answers = new LruCache(MAX_ANSWERS, options.clockMs);
  }

  async ask(name: Name, type: number, options: AskOptions = {}): Promise<Answer> {
    const key = `${type} ${options.minimisation ?? ''} ${name}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = await this.#follow(name, type, options);
    if (answer.outcome !== 'failed') {
      this.#answers.set(key, answer, secondsOf(answer, this.#options.newValidation().at));
    }
    return answer;
  }

  /** Gathers without judging: for what needs no security, at a fraction of the cost. */
  async gather(name: Name, type: number): Promise<Gathered> {
    return this.#options.resolver.ask(name, type, this.#options.newSession());
  }

  /** The zones' own servers, and the TTLs that they give, are not seen then. */
  get asksForwarders(): boolean {
    return this.#options.resolver.asksForwarders;
  }

  /** The addresses of the zone's servers, at most `limit` of them, by server and address; each has a budget of its own. None where forwarders are asked. */
  async serversOf(cut: ZoneCut, limit: number): Promise<readonly OneServer[]> {
    const { resolver, newSession } = this.#options;
    const servers: OneServer[] = [];
    for (const [server, addresses] of await resolver.addressesOf(cut, newSession('off'))) {
      for (const address of new Set(addresses)) {
        servers.push(new OneServer(cut, server, address, { ...this.#options, session: newSession('off') }));
      }
    }
    const key = ({ server, address }: OneServer) => `${formatName(server)} ${address}`;
    return servers.sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, limit);
  }

  async #follow(name: Name, type: number, options: AskOptions): Promise<Answer> {
    const session = this.#options.newSession(options.minimisation, options.trace);
    const validation = this.#options.newValidation();
    const links: Link[] = [];
    const aliasRecords: ResourceRecord[] = [];
    const aliases: Name[] = [];
    const ended = (
      outcome: Answer['outcome'],
      rcode: string,
      security: Security,
      rrset?: Answer['rrset'],
    ): Answer => {
      const failed = security.status === 'bogus' || security.status === 'indeterminate';
      const total = failed ? 'failed' : outcome;
      const isCached = this.asksForwarders;
      const ttl =
        rrset && (!isCached ? ttlOf(rrset) : security.status === 'secure' ? originalTtlOf(rrset) : undefined);
      return { name, type, outcome: total, security, rcode, aliasRecords, aliases, rrset, ttl, links };
    };

    let at = name;
    for (;;) {
      const gathered = await this.#options.resolver.ask(at, type, session);
      const judged = await judgeGathered(this.#options, gathered, { name: at, type, session, validation });
      links.push(judged.link);
      const security = weakest(links);
      if (judged.answered === undefined) return ended('failed', 'SERVFAIL', security);
      const { message, reply } = judged.answered;
      const rcode = formatRcode(message.rcode === Rcode.YXDOMAIN ? Rcode.NOERROR : message.rcode);
      switch (reply.kind) {
        case 'answer':
          return ended('data', 'NOERROR', security, reply.rrset);
        case 'cname':
        case 'dname': {
          aliasRecords.push(...reply.rrset.records);
          if (security.status === 'bogus') {
            if (reply.target !== undefined) aliases.push(reply.target);
            return ended('failed', rcode, security);
          }
          if (reply.target === undefined) {
            const because = 'dname-too-long';
            return ended('failed', 'YXDOMAIN', { status: 'indeterminate', because, at: formatName(at) });
          }
          if (reply.kind === 'dname') aliasRecords.push(synthesised(at, reply.target, ttlOf(reply.rrset)));
          const loops = reply.target === name || aliases.includes(reply.target);
          if (loops || aliases.length >= MAX_ALIASES) {
            const because = loops ? 'cname-loop' : 'cname-too-long';
            return ended('failed', 'SERVFAIL', { status: 'indeterminate', because, at: formatName(at) });
          }
          aliases.push(reply.target);
          at = reply.target;
          break;
        }
        case 'nodata':
        case 'nxdomain':
          return ended(reply.kind, rcode, security);
        default:
          throw new Error(`internal error: the resolver handed over a reply of kind ${reply.kind}`);
      }
    }
  }
}

const weakness = ['bogus', 'indeterminate', 'insecure', 'secure'] as const;

/** The first link of the weakest status there is: the answer is no better than that. */
function weakest(links: readonly Link[]): Security {
  for (const status of weakness) {
    const found = links.find((link) => link.security.status === status);
    if (found !== undefined) {
      return found.security.status === 'secure' ? secure : endOf(found.security);
    }
  }
  return secure;
}

/** The CNAME that a DNAME implies (RFC 6672 §3.1). */
function synthesised(owner: Name, target: Name, ttl: number): ResourceRecord {
  return recordOf({ name: owner, type: RRType.CNAME, ttl, rdata: nameToBytes(target) });
}

/**
 * How long an answer may be remembered, in seconds: the least of its TTLs, aliases included, and of what its proofs allow (RFC
 * 4035 §4.5, §5.3.3); a denial as long as the SOA says (RFC 2308 §5).
 */
function secondsOf({ aliasRecords, rrset, links }: Answer, at: Instant): number {
  const seconds = [MAX_ANSWER_SECONDS, ...aliasRecords.map(({ ttl }) => ttl)];
  for (const { until } of links) if (until !== undefined) seconds.push(until - at);
  seconds.push(rrset === undefined ? negativeTtl(links.at(-1)?.message) : ttlOf(rrset));
  return Math.max(0, Math.min(...seconds));
}

/** RFC 2308 §3, §5: the lesser of the SOA's TTL and its MINIMUM; 0 without an SOA. */
function negativeTtl(message: Message | undefined): number {
  const record = message?.authority.find(({ type }) => type === RRType.SOA);
  return record === undefined ? 0 : Math.min(record.ttl, readSoa(record)?.minimum ?? 0);
}
