/**
 * A validated lookup: gathers with `resolve`, judges with `dnssec`, follows aliases, asks other servers before a verdict.
 *
 * In: name and type. Out: an `Answer`; it never throws for what the network does. What it remembers, and for how long, is in
 * `answer-memory.ts` and `negative-memory.ts`.
 */
import { formatName, type Name, parseName } from '../dns/name.ts';
import { readTarget } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import type { DenialMemory } from '../dnssec/denial-memory.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Gathered } from '../resolve/ask-zone.ts';
import { MAX_SERVER_NAMES } from '../resolve/limits.ts';
import { cutFromList, type ListedDelegation } from '../resolve/listed-delegation.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { Minimisation, Session, TraceEntry } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import type { Answer } from './answer.ts';
import { AnswerMemory } from './answer-memory.ts';
import { secondsOf } from './answer-seconds.ts';
import type { ChainOfTrust } from './chain-of-trust.ts';
import { followAliases } from './follow-aliases.ts';
import { NegativeMemory } from './negative-memory.ts';
import { OneServer } from './one-server.ts';

export interface LookupOptions {
  readonly resolver: Resolver;
  readonly chainOfTrust: ChainOfTrust;
  readonly newSession: (minimisation?: Minimisation, trace?: TraceEntry[]) => Session;
  readonly newValidation: () => Validation;
  readonly clockMs: () => number;
  /** Nothing is below a name whose secure NXDOMAIN is remembered (RFC 8020 §2). */
  readonly hardenBelowNxdomain?: boolean;
  /** Answer from it what it denies (RFC 8198); `newValidation` fills it. */
  readonly aggressiveNsec?: DenialMemory | undefined;
  /** False: only of its NSEC records. */
  readonly aggressiveNsec3?: boolean;
}

export interface AskOptions {
  /** In place of the configured minimisation. */
  readonly minimisation?: Minimisation;
  readonly trace?: TraceEntry[];
  /** Let nothing but replies to this very question count, whatever the lookup concludes from other denials elsewhere. */
  readonly firsthand?: boolean;
}

export class Lookup {
  readonly #options: LookupOptions;
  readonly #answers: AnswerMemory;
  readonly #negatives: NegativeMemory;

  constructor(options: LookupOptions, negatives?: NegativeMemory) {
    const { resolver, chainOfTrust, clockMs, newValidation } = options;
    const { hardenBelowNxdomain = false, aggressiveNsec: denials, aggressiveNsec3 = true } = options;
    this.#options = options;
    this.#answers = new AnswerMemory(clockMs, (answer) => secondsOf(answer, newValidation().at));
    const behaviour = { hardenBelowNxdomain, denials, aggressiveNsec3 };
    this.#negatives = negatives ?? new NegativeMemory({ resolver, chainOfTrust, clockMs, ...behaviour });
  }

  /**
   * A lookup of its own that finds what is within `apex` by the delegation that its registry's file holds, without asking the
   * parent for it; answers are remembered apart. Undefined where the file cannot be followed: the parent's zone is not found as a
   * zone of its own, the records are none, or forwarders are asked, who refer to nobody.
   */
  async withListed(apex: Name, delegation: ListedDelegation): Promise<Lookup | undefined> {
    const { newSession } = this.#options;
    const zone = parseName(delegation.zone);
    if (zone === undefined || this.asksForwarders) return undefined;
    // One question for all the names of a list: it shows the parent's cut.
    const parent = (await this.ask(zone, RRType.SOA)).links.at(-1)?.cut;
    const listed = parent?.apex === zone ? cutFromList(parent, apex, delegation) : undefined;
    if (listed === undefined) return undefined;
    const sessionOf: LookupOptions['newSession'] = (...given) => ({ ...newSession(...given), listed });
    return new Lookup({ ...this.#options, newSession: sessionOf }, this.#negatives);
  }

  /** Shares its work with whoever asks the same in the same way, unless the queries are to be traced. */
  async ask(name: Name, type: number, options: AskOptions = {}): Promise<Answer> {
    const { minimisation = '', firsthand = false, trace } = options;
    const key = `${type} ${minimisation} ${firsthand} ${name}`;
    const known = this.#answers.recall(key);
    if (known !== undefined) return known;
    const find = async () => {
      const answer = await this.#find(name, type, options);
      this.#answers.remember(key, answer);
      return answer;
    };
    return trace === undefined ? this.#answers.share(key, find) : find();
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
    const session = newSession('off');
    const own = cut.isCoHosted === true ? await withOwnServers(cut, resolver, session) : cut;
    for (const [server, addresses] of await resolver.addressesOf(own, session)) {
      for (const address of new Set(addresses)) {
        servers.push(new OneServer(cut, server, address, { ...this.#options, session: newSession('off') }));
      }
    }
    const key = ({ server, address }: OneServer) => `${formatName(server)} ${address}`;
    return servers.sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, limit);
  }

  #find(name: Name, type: number, { minimisation, trace, firsthand }: AskOptions): Promise<Answer> {
    const { newSession, newValidation } = this.#options;
    const asking = { name, type, session: newSession(minimisation, trace), validation: newValidation() };
    return followAliases(this.#options, asking, firsthand === true ? undefined : this.#negatives);
  }
}

/** A cut that no referral showed has the servers of the zone above; those of its own are what it says itself (RFC 1034 §4.2.2). */
async function withOwnServers(cut: ZoneCut, resolver: Resolver, session: Session): Promise<ZoneCut> {
  const gathered = await resolver.askAt(cut, cut.apex, RRType.NS, session);
  if (gathered.kind === 'failed' || gathered.reply.kind !== 'answer') return cut;
  const named = gathered.reply.rrset.records.map(readTarget).filter((target) => target !== undefined);
  const nameServers = named.slice(0, MAX_SERVER_NAMES);
  return { ...cut, nameServers, glue: new Map([...cut.glue].filter(([name]) => nameServers.includes(name))) };
}
