/**
 * What a sender meets at one MX host: what its lookups tell it, which rule then holds, and what comes of the addresses. Pure.
 */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { SenderAction, SenderRules } from '../dane/sender-rules.ts';
import type { HostForSenders, LookupForSenders } from './host-for-senders.ts';
import { couldBe, type Demand, type HostTried, tryEndpoint } from './sender-at-endpoint.ts';
import { actionsOf, allActions, situationsOf } from './sender-situation.ts';
import type { SenderOutcome } from './sender-verdicts.ts';

export type HostResult = SenderOutcome | 'next-host';

type Results = ReadonlyMap<HostResult, ReasonKey | null>;

export interface HostTrial {
  /** What can come of it, each with why it is not better. `deferred` and `bounced` end the whole delivery. */
  readonly results: Results;
  /** Why we do not know which; null where it is certain, or chance among several addresses. */
  readonly openBecause: ReasonKey | null;
  /** Why mail goes there in clear after all, once it has waited because no host took it; null where it does not. */
  readonly clearLater: ReasonKey | null;
  /** How many addresses are tried; null where the host has none. */
  readonly addresses: number | null;
}

/** The domain whose mail it is. */
export interface ForDomain {
  readonly mxIsSecure: boolean;
  /** See `nextHopNames`. */
  readonly nextHops: readonly string[];
}

/** `host` is undefined where it has not been measured. */
export function tryHost(rules: SenderRules, host: HostForSenders | undefined, domain: ForDomain): HostTrial {
  const trial = tryWhatIsKnown(rules, host, domain);
  if (domain.mxIsSecure || !trial.results.has('authenticated')) return trial;
  // RFC 7672 §2.2.1: the server is the one that the MX RRset names, but anybody could have named it.
  const results = new Map(trial.results);
  results.delete('authenticated');
  return { ...trial, results: results.set('encrypted', 'domain-unsigned') };
}

function tryWhatIsKnown(rules: SenderRules, host: HostForSenders | undefined, domain: ForDomain): HostTrial {
  const { mxIsSecure, nextHops } = domain;
  const couldDo = allActions(rules, mxIsSecure);
  if (host === undefined) return open(couldDo, 'host-not-measured');
  if (host.a.outcome !== 'data' && host.aaaa.outcome !== 'data') {
    return withoutAddress(couldDo, [host.a, host.aaaa]);
  }
  const situations = situationsOf(rules, host);
  const does = [...new Set(situations.flatMap((one) => actionsOf(rules, one, mxIsSecure)))];
  const asksForTlsa = does.some((action) => action !== 'opportunistic');
  if (situations.includes('tlsa-lookup-failed') && isOurs(host.tlsaReason) && asksForTlsa) {
    return open(couldDo, host.tlsaReason);
  }
  const because = mxIsSecure || rules.insecureMx === 'as-secure' ? host.tlsaReason : 'domain-unsigned';
  const trials = does.map((action) => act(action, because, { rules, host, nextHops }));
  const results = union(trials.map((trial) => trial.results));
  const openBecause = firstOf(trials, 'openBecause') ?? (does.length > 1 ? 'sender-undocumented' : null);
  return {
    results,
    openBecause: results.size > 1 ? openBecause : null,
    clearLater: firstOf(trials, 'clearLater'),
    addresses: host.endpoints.length,
  };
}

type Trial = Omit<HostTrial, 'addresses'>;

function act(action: SenderAction, because: ReasonKey | null, tried: HostTried): Trial {
  const certain = (result: HostResult) => ({
    results: new Map([[result, because]]),
    openBecause: null,
    clearLater: null,
  });
  switch (action) {
    case 'next-host':
      return certain('next-host');
    case 'defer':
      return certain('deferred');
    case 'bounce':
      return certain('bounced');
    case 'authenticate':
    case 'encrypt':
    case 'opportunistic':
      return connect(action, because, tried);
    default:
      return never(action);
  }
}

/**
 * The order of the addresses is chance, and each that fails is followed by the next. As in `judge-host.ts` those that could not
 * be looked at count only where there are no others.
 */
function connect(demand: Demand, because: ReasonKey | null, tried: HostTried): Trial {
  const { endpoints } = tried.host;
  if (endpoints.length === 0) return open([demand], 'host-not-measured');
  const looked = endpoints.filter(({ verdict }) => verdict !== 'unknown');
  const trials = (looked.length > 0 ? looked : endpoints).map((endpoint) =>
    tryEndpoint(demand, endpoint, tried),
  );
  const results: Map<HostResult, ReasonKey | null> = union(trials.map((trial) => trial.results));
  if (!trials.every((trial) => trial.results.has('next-host'))) results.delete('next-host');
  if (demand !== 'authenticate' && results.get('encrypted') === null) results.set('encrypted', because);
  return {
    results,
    openBecause: firstOf(trials, 'openBecause'),
    clearLater: firstOf(trials, 'clearLater'),
  };
}

type Why = Pick<HostTrial, 'openBecause' | 'clearLater'>;

function firstOf(trials: readonly Why[], key: keyof Why): ReasonKey | null {
  return trials.find((trial) => trial[key] !== null)?.[key] ?? null;
}

/** The first reason of each result counts. */
function union<Result>(
  maps: readonly ReadonlyMap<Result, ReasonKey | null>[],
): Map<Result, ReasonKey | null> {
  const all = new Map<Result, ReasonKey | null>();
  for (const one of maps) {
    for (const [result, because] of one) if (!all.has(result)) all.set(result, because);
  }
  return all;
}

function withoutAddress(couldDo: readonly SenderAction[], lookups: readonly LookupForSenders[]): HostTrial {
  const failed = lookups.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined && isOurs(failed.reason)) return open(couldDo, failed.reason);
  const because = failed === undefined ? 'host-without-address' : failed.reason;
  return {
    results: new Map([['next-host', because]]),
    openBecause: null,
    clearLater: null,
    addresses: failed === undefined ? null : 0,
  };
}

/** All that could come of these actions. */
function open(actions: readonly SenderAction[], because: ReasonKey): HostTrial {
  const results = actions.flatMap(resultsOf).map((result) => [result, because] as const);
  return { results: new Map(results), openBecause: because, clearLater: null, addresses: 0 };
}

function resultsOf(action: SenderAction): readonly HostResult[] {
  switch (action) {
    case 'next-host':
      return ['next-host'];
    case 'defer':
      return ['deferred'];
    case 'bounce':
      return ['bounced'];
    case 'authenticate':
    case 'encrypt':
    case 'opportunistic':
      return couldBe[action];
    default:
      return never(action);
  }
}

function isOurs(reason: ReasonKey | null): reason is ReasonKey {
  return reason !== null && reasonOf(reason).mender === 'ours';
}
