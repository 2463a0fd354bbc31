/**
 * What comes of mail to a domain with each sender, over all its MX hosts in preference order. Pure: no clock, no network.
 *
 * In: the facts of the domain and of its MX hosts by name. Out: one verdict for each sender of `dane/senders.ts`, by its rules.
 *
 * A sender tries the hosts by preference, and those of one preference in an order of chance (RFC 5321 §5.1); where none takes
 * the mail, it is deferred. Without MX hosts and for lookups that fail all senders do the same (RFC 5321 §5.1, RFC 7505 §3,
 * RFC 7672 §2.1.2).
 */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import { resultTypeOf } from '../base/reasons/result-type.ts';
import type { SenderRules } from '../dane/sender-rules.ts';
import { type SenderKey, senderKeys, senders } from '../dane/senders.ts';
import type { DomainFacts, MxEdge } from './facts.ts';
import type { HostForSenders } from './host-for-senders.ts';
import { nextHopNames } from './next-hop-names.ts';
import { type HostTrial, tryHost } from './sender-at-host.ts';
import {
  type SenderAtHost,
  type SenderOutcome,
  type SendersVerdict,
  type SenderVerdict,
  senderOutcomes,
} from './sender-verdicts.ts';

/** `hosts` is keyed by the names in `facts.edges`; a host that is not in it has not been measured. */
export function judgeSenders(
  facts: Pick<DomainFacts, 'domain' | 'mail' | 'mx' | 'aliases' | 'edges'>,
  hosts: ReadonlyMap<string, HostForSenders>,
): SendersVerdict {
  const known = withoutHosts(facts);
  const mxIsSecure = facts.mx.status === 'secure';
  const forDomain = { mxIsSecure, nextHops: nextHopNames(facts) };
  const verdicts = senderKeys.map((sender): SenderVerdict => {
    if (known !== null) return { sender, ...known, tlsrpt: tlsrptOf(known.outcome, known.reason), hosts: [] };
    const rules = senders[sender];
    const tried = facts.edges.map((edge) => ({
      edge,
      trial: tryHost(rules, hosts.get(edge.host), forDomain),
    }));
    return { sender, ...deliver(tried, rules) };
  });
  return { senders: verdicts, hurtThoughUnsigned: hurt(facts, verdicts) };
}

type Known = Pick<SenderVerdict, 'outcome' | 'possible' | 'reason'>;

/** What holds for every sender, before any MX host is tried; null where there are hosts to try. */
function withoutHosts({ mail, mx, edges }: Pick<DomainFacts, 'mail' | 'mx' | 'edges'>): Known | null {
  const always = (outcome: SenderOutcome, reason: ReasonKey | null): Known => ({
    outcome,
    possible: [outcome],
    reason,
  });
  switch (mail) {
    case 'null-mx':
      return always('bounced', 'null-mx');
    case 'none':
      return always('bounced', mx.outcome === 'nxdomain' ? 'domain-nxdomain' : 'no-mx-no-address');
    case 'unknown':
      if (mx.reason !== null && reasonOf(mx.reason).mender === 'ours') {
        return { outcome: 'unknown', possible: senderOutcomes, reason: mx.reason };
      }
      return always('deferred', mx.reason);
    case 'mx':
    case 'implicit-mx':
      return edges.length === 0 ? always('bounced', 'mx-without-address') : null;
    default:
      return never(mail);
  }
}

interface Tried {
  readonly edge: MxEdge;
  readonly trial: HostTrial;
}

function deliver(tried: readonly Tried[], { mostAddresses }: SenderRules): Omit<SenderVerdict, 'sender'> {
  const possible = new Map<SenderOutcome, ReasonKey | null>();
  const hosts: SenderAtHost[] = [];
  let openBecause: ReasonKey | null = null;
  let isOver = false;
  let left = mostAddresses ?? Number.POSITIVE_INFINITY;
  for (const group of byPreference(tried)) {
    const isTried = !isOver && left > 0;
    hosts.push(...group.map((one) => atHost(one, isTried)));
    if (!isTried) continue;
    for (const { trial } of group) {
      openBecause ??= trial.openBecause;
      left -= trial.addresses ?? 0;
      for (const [result, because] of trial.results) {
        if (result !== 'next-host' && !possible.has(result)) possible.set(result, because);
      }
    }
    isOver = !group.every(({ trial }) => trial.results.has('next-host'));
  }
  if (!isOver) {
    const nowhere = tried.every(({ trial }) => trial.addresses === null);
    const failed =
      tried.find(({ trial }) => trial.addresses !== null)?.trial.results.get('next-host') ?? null;
    const inClear = tried.find(({ trial }) => trial.clearLater !== null)?.trial.clearLater;
    if (nowhere) possible.set('bounced', 'mx-without-address');
    else if (inClear !== undefined && inClear !== null) possible.set('clear', inClear);
    else if (!possible.has('deferred')) possible.set('deferred', failed);
  }
  const ordered = senderOutcomes.filter((outcome) => possible.has(outcome));
  const worst = ordered.at(-1)!;
  if (openBecause !== null && ordered.length > 1) {
    return { outcome: 'unknown', possible: ordered, reason: openBecause, tlsrpt: null, hosts };
  }
  const reason = possible.get(worst) ?? null;
  return { outcome: worst, possible: ordered, reason, tlsrpt: tlsrptOf(worst, reason), hosts };
}

function byPreference(tried: readonly Tried[]): readonly Tried[][] {
  const groups = new Map<number, Tried[]>();
  for (const one of tried) {
    const { preference } = one.edge;
    groups.set(preference, [...(groups.get(preference) ?? []), one]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function atHost({ edge: { host, preference }, trial }: Tried, isTried: boolean): SenderAtHost {
  const without = { host, preference, reason: null, tlsrpt: null };
  if (!isTried) return { ...without, did: 'not-tried' };
  const order = [...senderOutcomes.slice(0, 3), 'next-host', ...senderOutcomes.slice(3)] as const;
  const worst = order.findLast((result) => trial.results.has(result))!;
  const reason = trial.results.get(worst) ?? null;
  if (trial.openBecause !== null) return { ...without, did: 'unknown', reason: trial.openBecause };
  return { host, preference, did: worst, reason, tlsrpt: tlsrptOf(worst, reason) };
}

/** RFC 8460 §4.3; that DANE was required, or that a lookup failed, is reported of mail that is not delivered. */
function tlsrptOf(result: SenderOutcome | 'next-host' | 'unknown', reason: ReasonKey | null): string | null {
  if (reason === null) return null;
  const type = resultTypeOf(reason);
  const isDelivered = result !== 'next-host' && result !== 'deferred' && result !== 'bounced';
  if (isDelivered) return type === 'dnssec-invalid' ? null : type;
  return daneRequired.has(reason) ? 'dane-required' : type;
}

const daneRequired: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'address-insecure',
  'tlsa-absent',
  'tlsa-insecure',
  'domain-unsigned',
]);

const delivered: ReadonlySet<SenderVerdict['outcome']> = new Set(['authenticated', 'encrypted', 'clear']);

function hurt(
  { mail, mx }: Pick<DomainFacts, 'mail' | 'mx'>,
  verdicts: readonly SenderVerdict[],
): boolean | null {
  if ((mail !== 'mx' && mail !== 'implicit-mx') || mx.status !== 'insecure') return false;
  const outcomeOf = (key: SenderKey) => verdicts.find(({ sender }) => sender === key)!.outcome;
  const [dane, plain] = [outcomeOf('postfix-dane'), outcomeOf('opportunistic')];
  if (dane === 'unknown' || plain === 'unknown') return null;
  return !delivered.has(dane) && delivered.has(plain);
}
