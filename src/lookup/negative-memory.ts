/**
 * Answers that denials of other questions give, without asking anybody: as resolvers in wide use do, each way by choice.
 * - `hardenBelowNxdomain`: nothing is below a name whose NXDOMAIN was secure (RFC 8020 §2; Unbound's harden-below-nxdomain).
 * - `denials`: what a remembered NSEC or NSEC3 record denies is denied, and what a remembered wildcard answers is answered (RFC
 *   8198 §5; Unbound's aggressive-nsec), by the rules and the code that a reply is judged with.
 *
 * DS is not answered for: delegations are looked into with what the parent's servers say (RFC 6840 §4.4). Only what is secure
 * counts, so that nothing that an opt-out span covers does (RFC 8198 §5.2).
 */
import type { Instant } from '../base/instant.ts';
import { LruCache } from '../base/lru-cache.ts';
import { secure } from '../base/security.ts';
import type { Question, ResourceRecord } from '../dns/message.ts';
import { isWithin, type Name, parentOf, root } from '../dns/name.ts';
import { Rcode } from '../dns/rcode.ts';
import { readTarget } from '../dns/rdata.ts';
import type { Reply } from '../dns/reply.ts';
import { RRType } from '../dns/rr-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { proveExpansion, proveNameError, proveNoData } from '../dnssec/denial.ts';
import type { DenialMemory } from '../dnssec/denial-memory.ts';
import type { DenialRecords } from '../dnssec/standing.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { Link } from './answer.ts';
import { secondsOfDenial } from './answer-seconds.ts';
import type { ChainOfTrust } from './chain-of-trust.ts';
import type { Judged } from './judge-reply.ts';
import { MAX_ANSWER_SECONDS, MAX_NXDOMAINS } from './limits.ts';
import type { ZoneSecurity } from './zone-security.ts';

export interface NegativeMemoryOptions {
  readonly resolver: Resolver;
  readonly chainOfTrust: ChainOfTrust;
  readonly clockMs: () => number;
  readonly hardenBelowNxdomain: boolean;
  /** Undefined: nothing is concluded from it. */
  readonly denials: DenialMemory | undefined;
  /** False: NSEC3 records are not concluded from, as in Unbound 1.17 and BIND 9.18. */
  readonly aggressiveNsec3: boolean;
}

type SecureZone = Extract<ZoneSecurity, { status: 'secure' }>;
type Denied = Pick<Link, 'cut' | 'zone'> & { readonly until: Instant };

export class NegativeMemory {
  readonly #options: NegativeMemoryOptions;
  readonly #nxdomains: LruCache<Name, Denied>;

  constructor(options: NegativeMemoryOptions) {
    this.#options = options;
    this.#nxdomains = new LruCache(MAX_NXDOMAINS, options.clockMs);
  }

  get hardenBelowNxdomain(): boolean {
    return this.#options.hardenBelowNxdomain;
  }

  /** Undefined where the servers are to be asked. */
  answer(name: Name, type: number, v: Validation): Judged | undefined {
    if (type === RRType.DS) return undefined;
    return this.#belowNxdomain(name, type, v.at) ?? this.#denied(name, type, v);
  }

  /** Remembers the name that a secure NXDOMAIN is about, which may be an ancestor of the one asked for. */
  learn({ link, said }: Judged, at: Instant): void {
    if (!this.#options.hardenBelowNxdomain) return;
    if (link.security.status !== 'secure' || said?.reply.kind !== 'nxdomain') return;
    const seconds = Math.min(MAX_ANSWER_SECONDS, secondsOfDenial(link, at));
    const { cut, zone } = link;
    if (seconds > 0) this.#nxdomains.set(said.question.name, { cut, zone, until: at + seconds }, seconds);
  }

  #belowNxdomain(name: Name, type: number, at: Instant): Judged | undefined {
    if (!this.#options.hardenBelowNxdomain) return undefined;
    for (let denied = name; denied !== root; denied = parentOf(denied)) {
      const known = this.#nxdomains.get(denied);
      if (known !== undefined && known.until >= at) {
        return fromMemory({ name, type }, known, Rcode.NXDOMAIN, { kind: 'nxdomain', soa: undefined });
      }
    }
    return undefined;
  }

  #denied(name: Name, type: number, v: Validation): Judged | undefined {
    const { denials, resolver, chainOfTrust } = this.#options;
    if (denials === undefined) return undefined;
    const cut = resolver.deepestKnown(name, type);
    const zone = chainOfTrust.known(cut);
    if (zone?.status !== 'secure') return undefined;
    for (const records of this.#recordsOf(denials, zone, v)) {
      const nameError = proveNameError(records, name);
      if (nameError.status === 'secure') {
        const { until } = nameError;
        return fromMemory({ name, type }, { cut, zone, until }, Rcode.NXDOMAIN, {
          kind: 'nxdomain',
          soa: undefined,
        });
      }
      const noData = proveNoData(records, name, type);
      if (noData.status === 'secure') {
        const { until } = noData;
        return fromMemory({ name, type }, { cut, zone, until }, Rcode.NOERROR, {
          kind: 'nodata',
          soa: undefined,
        });
      }
    }
    return this.#expanded(name, type, { cut, zone }, denials, v);
  }

  #recordsOf(denials: DenialMemory, { keys }: SecureZone, v: Validation): DenialRecords[] {
    const all = denials.recordsOf(keys, v);
    return this.#options.aggressiveNsec3 ? all : all.filter(({ denial }) => denial.kind === 'nsec');
  }

  /** RFC 8198 §5.3: from a wildcard that is remembered, where a remembered denial shows that it is due. */
  #expanded(
    name: Name,
    type: number,
    { cut, zone }: { readonly cut: Link['cut']; readonly zone: SecureZone },
    denials: DenialMemory,
    v: Validation,
  ): Judged | undefined {
    for (let at = name; at !== zone.keys.apex && isWithin(at, zone.keys.apex); at = parentOf(at)) {
      const encloser = parentOf(at);
      for (const kind of [type, RRType.CNAME]) {
        const wildcard = denials.wildcardOf(zone.keys, encloser, kind, v.at);
        if (wildcard === undefined) continue;
        for (const records of this.#recordsOf(denials, zone, v)) {
          const due = proveExpansion(records, name, encloser);
          if (due.status !== 'secure') continue;
          const until = Math.min(due.until, wildcard.until);
          const reply = replyWith(name, type, kind, wildcard.records, until - v.at);
          return reply && fromMemory({ name, type }, { cut, zone, until }, Rcode.NOERROR, reply);
        }
      }
    }
    return undefined;
  }
}

function fromMemory(
  question: Pick<Question, 'name' | 'type'>,
  { cut, zone, until }: Denied,
  rcode: number,
  reply: Reply,
): Judged {
  const { name } = question;
  const link = {
    name,
    cut,
    zone,
    security: secure,
    message: undefined,
    server: undefined,
    useless: [],
    until,
  };
  return { link, said: { question, rcode, reply } };
}

/** The wildcard's records as those of the name, with the TTL that is left (RFC 4592 §3.3.1). */
function replyWith(
  name: Name,
  type: number,
  kind: number,
  records: readonly ResourceRecord[],
  ttl: number,
): Reply | undefined {
  const own = records.map((record) => ({ ...record, name, ttl }));
  const rrset: RRset = { name, type: kind, records: own, signatures: [] };
  if (kind === type) return { kind: 'answer', rrset };
  const target = readTarget(own[0]!);
  return target && { kind: 'cname', rrset, target };
}
