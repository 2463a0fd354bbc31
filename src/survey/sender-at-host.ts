/**
 * What a sender meets at one MX host: what its lookups tell it, which rule then holds, and what comes of the addresses. Pure.
 */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { HostSituation, SenderAction, SenderRules } from '../dane/sender-rules.ts';
import type { HostFacts, LookupFact } from './facts.ts';
import {
  type CertificateOf,
  couldBe,
  type Demand,
  type HostTried,
  tryEndpoint,
} from './sender-at-endpoint.ts';
import type { SenderOutcome } from './sender-verdicts.ts';

export type HostResult = SenderOutcome | 'next-host';

export interface HostTrial {
  /** What can come of it, each with why it is not better. `deferred` and `bounced` end the whole delivery. */
  readonly results: ReadonlyMap<HostResult, ReasonKey | null>;
  /** Why we do not know which; null where it is certain, or chance among several addresses. */
  readonly openBecause: ReasonKey | null;
  readonly hasAddress: boolean;
}

/** The domain whose mail it is. */
export interface ForDomain {
  readonly mxIsSecure: boolean;
  /** The domain as the MX lookup named it. */
  readonly nextHop: string;
  readonly certificateOf: CertificateOf;
}

/** `host` is undefined where it has not been measured. */
export function tryHost(
  rules: SenderRules,
  host: HostFacts | undefined,
  { mxIsSecure, nextHop, certificateOf }: ForDomain,
): HostTrial {
  if (host === undefined) return open(rules, 'host-not-measured');
  if (host.a.outcome !== 'data' && host.aaaa.outcome !== 'data') {
    return withoutAddress(rules, [host.a, host.aaaa]);
  }

  const situation = situationOf(rules, host);
  const does = actionsOf(rules, situation, mxIsSecure);
  const asksForTlsa = does.some((action) => action !== 'opportunistic');
  if (situation === 'tlsa-lookup-failed' && isOurs(host.tlsaReason) && asksForTlsa) {
    return open(rules, host.tlsaReason!);
  }
  const because = mxIsSecure || rules.insecureMx === 'as-secure' ? host.tlsaReason : 'domain-unsigned';
  const tried = {
    rules,
    host,
    referenceNames: rules.nextHopIsReference ? [nextHop] : [],
    certificateOf,
  };
  const trials = does.map((action) => act(action, because, tried));
  const results = union(trials.map((trial) => trial.results));
  if (!mxIsSecure && results.delete('authenticated')) results.set('encrypted', 'domain-unsigned');
  const unlooked = trials.find(({ openBecause }) => openBecause !== null)?.openBecause ?? null;
  const openBecause = unlooked ?? (does.length > 1 ? 'sender-undocumented' : null);
  return { results, openBecause: results.size > 1 ? openBecause : null, hasAddress: true };
}

function actionsOf(
  rules: SenderRules,
  situation: HostSituation,
  mxIsSecure: boolean,
): readonly SenderAction[] {
  const secure = rules.situations[situation].does;
  const { insecureMx } = rules;
  if (mxIsSecure || insecureMx === 'as-secure') return secure;
  if (insecureMx !== 'undocumented') return insecureMx.does;
  return [...new Set([...secure, ...rules.situations['tlsa-absent'].does])];
}

/** RFC 7672 §2.2, with what the sender takes for usable and where it looks. */
function situationOf(rules: SenderRules, host: HostFacts): HostSituation {
  const { tlsaOutcome, tlsaReason, tlsaRecords, tlsaBase, aliases, a, aaaa } = host;
  if (!rules.triesAliasName && aliases.length > 0 && tlsaBase !== null && tlsaBase !== aliases.at(-1)) {
    const isSecure = [a, aaaa].every(({ outcome, status }) => outcome !== 'data' || status === 'secure');
    return isSecure ? 'tlsa-absent' : 'address-insecure';
  }
  switch (tlsaOutcome) {
    case 'usable':
      return 'tlsa-usable';
    case 'unusable': {
      const unreadable = tlsaRecords.some(({ reason }) => reason === 'data-unparsable');
      return unreadable && rules.unreadableIsMismatch ? 'tlsa-usable' : 'tlsa-unusable';
    }
    case 'lookup-failed':
      return 'tlsa-lookup-failed';
    case 'none':
      if (tlsaReason === 'address-insecure' || tlsaReason === 'tlsa-insecure') return tlsaReason;
      return 'tlsa-absent';
    default:
      return never(tlsaOutcome);
  }
}

type Trial = Omit<HostTrial, 'hasAddress'>;

function act(action: SenderAction, because: ReasonKey | null, tried: HostTried): Trial {
  switch (action) {
    case 'next-host':
      return { results: new Map([['next-host', because]]), openBecause: null };
    case 'defer':
      return { results: new Map([['deferred', because]]), openBecause: null };
    case 'bounce':
      return { results: new Map([['bounced', because]]), openBecause: null };
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
  if (endpoints.length === 0) {
    return {
      results: new Map(couldBe[demand].map((result) => [result, 'host-not-measured'])),
      openBecause: 'host-not-measured',
    };
  }
  const looked = endpoints.filter(({ verdict }) => verdict !== 'unknown');
  const trials = (looked.length > 0 ? looked : endpoints).map((endpoint) =>
    tryEndpoint(demand, endpoint, tried),
  );
  const results: Map<HostResult, ReasonKey | null> = union(trials.map((trial) => trial.results));
  if (!trials.every((trial) => trial.results.has('next-host'))) results.delete('next-host');
  if (demand !== 'authenticate' && results.get('encrypted') === null) results.set('encrypted', because);
  return { results, openBecause: trials.find((trial) => trial.openBecause !== null)?.openBecause ?? null };
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

function withoutAddress(rules: SenderRules, lookups: readonly LookupFact[]): HostTrial {
  const failed = lookups.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined) {
    return {
      results: new Map([['next-host', 'host-without-address']]),
      openBecause: null,
      hasAddress: false,
    };
  }
  if (isOurs(failed.reason)) return open(rules, failed.reason!);
  return { results: new Map([['next-host', failed.reason]]), openBecause: null, hasAddress: true };
}

/** All that the sender could do. */
function open(rules: SenderRules, because: ReasonKey): HostTrial {
  const { situations, insecureMx } = rules;
  const all = [...Object.values(situations), ...(typeof insecureMx === 'string' ? [] : [insecureMx])];
  const results = all.flatMap(({ does }) => does.flatMap(resultsOf));
  return {
    results: new Map(results.map((result) => [result, because])),
    openBecause: because,
    hasAddress: true,
  };
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

function isOurs(reason: ReasonKey | null): boolean {
  return reason !== null && reasonOf(reason).mender === 'ours';
}
