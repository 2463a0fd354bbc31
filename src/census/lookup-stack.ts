/** A validated lookup, put together over any exchange: sockets, or the record of earlier ones. */
import type { Clock } from '../base/instant.ts';
import type { Random } from '../base/random.ts';
import { UsageError } from '../base/usage-error.ts';
import type { PlainRecord } from '../dns/message-writer.ts';
import type { Name } from '../dns/name.ts';
import { readAddress } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { parseZoneFile } from '../dns/zone-file.ts';
import { Budget } from '../dnssec/budget.ts';
import { DenialMemory } from '../dnssec/denial-memory.ts';
import type { SignatureMemo } from '../dnssec/signature-memo.ts';
import { rootAnchors, type TrustAnchor, trustAnchorsFrom } from '../dnssec/trust-anchor.ts';
import { ChainOfTrust } from '../lookup/chain-of-trust.ts';
import { Lookup } from '../lookup/lookup.ts';
import type { Exchange } from '../resolve/exchange.ts';
import { DEADLINE_FACTOR, LOOKUP_LIMITS } from '../resolve/limits.ts';
import { Resolver } from '../resolve/resolver.ts';
import { builtInRootHints } from '../resolve/root-hints.ts';
import type { Servers } from '../resolve/servers.ts';
import { type Minimisation, newSession, type TraceEntry } from '../resolve/session.ts';
import type { SurveyConfig } from './survey-config.ts';

/** Where the tree begins, and what is believed of it. */
export interface TopOfTree {
  readonly hints: readonly PlainRecord[];
  /** Addresses in the hints. */
  readonly addresses: readonly string[];
  readonly anchors: ReadonlyMap<Name, TrustAnchor>;
}

/** Throws `UsageError` where hints or anchors cannot be read. */
export function topOfTree({
  rootHints,
  trustAnchors,
}: Pick<SurveyConfig, 'rootHints' | 'trustAnchors'>): TopOfTree {
  const hints =
    rootHints === null ? builtInRootHints() : [...parseZoneFile(rootHints.split(/\r?\n/), 'root hints')];
  const anchors =
    trustAnchors === null
      ? [rootAnchors]
      : trustAnchorsFrom(parseZoneFile(trustAnchors.split(/\r?\n/), 'trust anchors'));
  const addresses = hints
    .map(recordOf)
    .map(readAddress)
    .filter((address) => address !== undefined);
  if (addresses.length === 0) {
    throw new UsageError('root hints', 'no address', 'A or AAAA records of root servers');
  }
  if (anchors.length === 0) {
    throw new UsageError('trust anchors', 'no anchor', 'DS or DNSKEY records');
  }
  return { hints, addresses, anchors: new Map(anchors.map((anchor) => [anchor.name, anchor])) };
}

export interface LookupPorts {
  readonly exchange: Exchange;
  readonly servers: Servers;
  /** The validation clock. */
  readonly clock: Clock;
  /** Monotonic. */
  readonly clockMs: () => number;
  readonly random: Random;
  readonly memo: SignatureMemo;
}

export function lookupOver(config: SurveyConfig, { hints, anchors }: TopOfTree, ports: LookupPorts): Lookup {
  const { clock, clockMs, memo, random, exchange, servers } = ports;
  const { timeoutMs, forwarders } = config;
  const resolver = new Resolver({
    exchange,
    rootHints: hints,
    ...(forwarders.length > 0 && { forwarders }),
    clockMs,
    random,
    timeoutMs,
    servers,
  });
  const { nsec3Iterations, hardenBelowNxdomain, aggressiveNsec3 } = config;
  const denials = config.aggressiveNsec ? new DenialMemory(clockMs) : undefined;
  const newValidation = () => ({ at: clock(), budget: new Budget(), memo, nsec3Iterations, denials });
  const parts = { resolver, newValidation, clockMs };
  const sessionOf = (minimisation?: Minimisation, trace?: TraceEntry[], limits = LOOKUP_LIMITS) =>
    newSession(clockMs() + DEADLINE_FACTOR * timeoutMs, minimisation ?? config.minimisation, trace, limits);
  const chainOfTrust = new ChainOfTrust({
    ...parts,
    anchors,
    newSession: (trace, limits) => sessionOf(undefined, trace, limits),
  });
  const behaviour = { hardenBelowNxdomain, aggressiveNsec: denials, aggressiveNsec3 };
  return new Lookup({ ...parts, chainOfTrust, newSession: sessionOf, ...behaviour });
}
