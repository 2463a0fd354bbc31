/**
 * The addresses of name servers by their names (RFC 1034 §5.3.3), for delegations without glue. In: a name, or a zone cut. Out:
 * addresses, remembered as long as their TTLs allow; or why there are none, where that is not the name's own fault.
 */
import { LruCache } from '../base/lru-cache.ts';
import type { Name } from '../dns/name.ts';
import { readA, readAaaa } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import { ttlOf } from '../dns/rrset.ts';
import type { FoundAddresses, Gathered } from './ask-zone.ts';
import * as limits from './limits.ts';
import { type LookupFailure, type OutOfReach, type Session, spentOf } from './session.ts';
import type { ZoneCut } from './zone-cut.ts';

type Ask = (nameServer: Name, type: number, session: Session) => Promise<Gathered>;

export class ServerAddresses {
  readonly #ask: Ask;
  readonly #clockMs: () => number;
  readonly #known: LruCache<Name, FoundAddresses>;

  /** `ask` resolves, and may come back here for the servers that it needs itself. */
  constructor(ask: Ask, clockMs: () => number) {
    this.#ask = ask;
    this.#clockMs = clockMs;
    this.#known = new LruCache(limits.MAX_SERVER_ADDRESSES, clockMs);
  }

  /** Those of the zone's servers that came without glue; a few names at a time, names that are to be avoided left out. */
  async ofZone(cut: ZoneCut, session: Session): Promise<FoundAddresses> {
    const unknown = cut.nameServers.filter(
      (nameServer) => !cut.glue.has(nameServer) && !this.#isAvoided(nameServer, session),
    );
    const found: FoundAddresses[] = [];
    for (const nameServer of unknown.slice(0, limits.MAX_SERVER_NAMES_LOOKED_UP)) {
      found.push(await this.of(nameServer, session));
    }
    return { addresses: found.flatMap(({ addresses }) => addresses), because: sharedReason(found) };
  }

  #isAvoided(nameServer: Name, { avoid }: Session): boolean {
    const addresses = this.#known.get(nameServer)?.addresses ?? [];
    return addresses.length > 0 && addresses.every((address) => avoid.has(address));
  }

  async of(nameServer: Name, session: Session): Promise<FoundAddresses> {
    const known = this.#known.get(nameServer);
    if (known !== undefined) return known;
    const outOfReach = reachOf(nameServer, session);
    if (outOfReach !== undefined) return { addresses: [], because: outOfReach };
    if (--session.budget.serverNames < 0) return { addresses: [], because: 'server-name-budget-spent' };
    const inner = {
      ...session,
      endsAtNxdomain: false,
      inProgress: new Set([...session.inProgress, nameServer]),
      avoid: new Set<string>(),
      // What is found of a server is remembered for everybody, and must not hang on one domain's list.
      listed: undefined,
    };
    const addresses: string[] = [];
    const failures: LookupFailure[] = [];
    let seconds = limits.MAX_CACHE_SECONDS;
    for (const [type, read] of [
      [RRType.A, readA],
      [RRType.AAAA, readAaaa],
    ] as const) {
      const gathered = await this.#ask(nameServer, type, inner);
      if (gathered.kind === 'failed') {
        // A budget spent here is the asking lookup's, and says nothing of the name.
        const spent = spentOf(session, this.#clockMs());
        if (spent !== undefined) return { addresses, because: spent };
        if (gathered.because === 'server-name-budget-spent') return { addresses, because: gathered.because };
        failures.push(gathered.because);
        continue;
      }
      if (gathered.reply.kind !== 'answer') continue;
      seconds = Math.min(seconds, Math.max(ttlOf(gathered.reply.rrset), limits.MIN_CACHE_SECONDS));
      const shown = gathered.reply.rrset.records.map(read).filter((address) => address !== undefined);
      addresses.push(...shown.slice(0, limits.MAX_ADDRESSES_TRIED));
    }
    // Where this lookup stands is no fault of the name's either: another finds it.
    const blocked = addresses.length === 0 ? failures.find(isOutOfReach) : undefined;
    if (blocked !== undefined) {
      session.outOfReach.set(nameServer, { because: blocked, depth: session.inProgress.size });
      return { addresses, because: blocked };
    }
    const isOurs = failures.length === 2 && failures.every((failure) => failure === 'network-unreachable');
    const found = { addresses, because: isOurs ? ('network-unreachable' as const) : undefined };
    this.#known.set(nameServer, found, addresses.length === 0 ? limits.FAILURE_CACHE_SECONDS : seconds);
    return found;
  }
}

function isOutOfReach(failure: LookupFailure): failure is OutOfReach['because'] {
  return failure === 'name-server-loop' || failure === 'name-server-depth';
}

/** Why a name cannot be looked up from where the lookup stands; undefined where it can (TsuNAME, chains of unsigned glue). */
function reachOf(nameServer: Name, { inProgress, outOfReach }: Session): OutOfReach['because'] | undefined {
  if (inProgress.has(nameServer)) return 'name-server-loop';
  if (inProgress.size >= limits.MAX_DEPTH) return 'name-server-depth';
  const before = outOfReach.get(nameServer);
  return before !== undefined && inProgress.size >= before.depth ? before.because : undefined;
}

const spent: ReadonlySet<LookupFailure | undefined> = new Set<LookupFailure>([
  'query-budget-spent',
  'reply-octets-budget-spent',
  'server-name-budget-spent',
  'time-budget-spent',
]);

/** The reason that keeps all of the names without address; one that merely has none outweighs it, but for a spent budget. */
function sharedReason(found: readonly FoundAddresses[]): LookupFailure | undefined {
  const [first] = found;
  const ended = found.find(({ because }) => spent.has(because));
  if (ended !== undefined) return ended.because;
  return found.every(({ because }) => because === first?.because) ? first?.because : undefined;
}
