/**
 * Puts the parts together: sockets, resolver, chain of trust, lookup, probe, survey. The one place that knows them all.
 *
 * In: a configuration that survives structured cloning, so that a worker thread can build its own. Out: a survey of domains
 * and hosts, and the validated lookup that `resolve` and `check` use by itself.
 */
import PQueue from 'p-queue';
import { type Clock, type Instant, systemClock } from '../base/instant.ts';
import { LruCache } from '../base/lru-cache.ts';
import { secureRandom } from '../base/random.ts';
import { UsageError } from '../base/usage-error.ts';
import { readAddress } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { parseZoneFile } from '../dns/zone-file.ts';
import { Budget } from '../dnssec/budget.ts';
import { SignatureMemo } from '../dnssec/signature-memo.ts';
import { rootAnchors, trustAnchorsFrom } from '../dnssec/trust-anchor.ts';
import { ChainOfTrust } from '../lookup/chain-of-trust.ts';
import { Lookup } from '../lookup/lookup.ts';
import { createDnsExchange } from '../net/dns-exchange.ts';
import { createSmtpProbe } from '../net/smtp-probe.ts';
import { type DescribedCertificate, describeCertificate } from '../pki/certificate-fact.ts';
import { DEADLINE_FACTOR, LOOKUP_LIMITS } from '../resolve/limits.ts';
import { Resolver } from '../resolve/resolver.ts';
import { builtInRootHints } from '../resolve/root-hints.ts';
import { type Minimisation, newSession, type TraceEntry } from '../resolve/session.ts';
import type { CertificateFact } from '../survey/facts.ts';
import type { ProbeEndpoint } from '../survey/probe-port.ts';
import { surveyDomain } from '../survey/survey-domain.ts';
import { surveyHost } from '../survey/survey-host.ts';
import { dialersOf } from './dialers.ts';
import { providerBucket } from './provider-bucket.ts';
import type { Surveyor } from './surveyor.ts';

export interface SurveyConfig {
  /** A zone file as named.root; null for the built-in one. Not used where there are forwarders. */
  readonly rootHints: string | null;
  /** Recursive servers to ask in place of the world's, as address or address and port; empty to ask the world. */
  readonly forwarders: readonly string[];
  /** DS or DNSKEY records as a zone file; null for the built-in root anchors. */
  readonly trustAnchors: string | null;
  /** A fixed validation clock; null for the system's. */
  readonly now: Instant | null;
  readonly minimisation: Minimisation;
  /** How long one DNS query waits, in milliseconds. */
  readonly timeoutMs: number;
  readonly dnsPort: number;
  readonly smtpPort: number;
  /** How long one SMTP step (connection, greeting, command, handshake) waits, in milliseconds. */
  readonly smtpTimeoutMs: number;
  /** The text of an address map; null for none. */
  readonly addressMap: string | null;
  readonly allowPrivate: boolean;
  readonly ehloName: string;
  /** DNS queries a second from one thread to one server address; 0 for no bound. */
  readonly queriesPerSecond: number;
  /** Every name server of a domain is asked for MX, not only where the lookup fails. */
  readonly askEveryNameServer: boolean;
  /** In flight at once in one thread. */
  readonly domainsInFlight: number;
  readonly hostsInFlight: number;
  readonly probesInFlight: number;
}

/** One certificate is seen at many endpoints, and describing it costs a signature check. */
const MAX_CERTIFICATES_REMEMBERED = 5000;
const DAY_SECONDS = 86_400;

export interface LookupStack {
  readonly lookup: Lookup;
  readonly probe: ProbeEndpoint;
  readonly clock: Clock;
  close(): void;
}

/** Throws `UsageError` where hints, anchors or the map cannot be read. */
export function createLookup(config: SurveyConfig): LookupStack {
  const clock = config.now === null ? systemClock : () => config.now!;
  const clockMs = () => performance.now();
  const hints =
    config.rootHints === null
      ? builtInRootHints()
      : [...parseZoneFile(config.rootHints.split(/\r?\n/), 'root hints')];
  const anchors =
    config.trustAnchors === null
      ? [rootAnchors]
      : trustAnchorsFrom(parseZoneFile(config.trustAnchors.split(/\r?\n/), 'trust anchors'));
  const named = hints
    .map(recordOf)
    .map(readAddress)
    .filter((address) => address !== undefined);
  if (named.length === 0) {
    throw new UsageError('root hints', 'no address', 'A or AAAA records of root servers');
  }
  if (anchors.length === 0) {
    throw new UsageError('trust anchors', 'no anchor', 'DS or DNSKEY records');
  }
  const dial = dialersOf(config, config.rootHints === null ? [] : named);
  const { exchange, close } = createDnsExchange({
    dial: dial.dns,
    port: config.dnsPort,
    random: secureRandom,
    clockMs,
    queriesPerSecond: config.queriesPerSecond,
  });
  const { timeoutMs, forwarders } = config;
  const resolver = new Resolver({
    exchange,
    rootHints: hints,
    ...(forwarders.length > 0 && { forwarders }),
    clockMs,
    random: secureRandom,
    timeoutMs,
  });
  const memo = new SignatureMemo();
  const newValidation = () => ({ at: clock(), budget: new Budget(), memo });
  const sessionOf = (minimisation?: Minimisation, trace?: TraceEntry[], limits = LOOKUP_LIMITS) =>
    newSession(clockMs() + DEADLINE_FACTOR * timeoutMs, minimisation ?? config.minimisation, trace, limits);
  const chainOfTrust = new ChainOfTrust({
    resolver,
    anchors: new Map(anchors.map((anchor) => [anchor.name, anchor])),
    newSession: (trace, limits) => sessionOf(undefined, trace, limits),
    newValidation,
    clockMs,
  });
  const { smtpTimeoutMs } = config;
  const timeouts = {
    connect: smtpTimeoutMs,
    greeting: smtpTimeoutMs,
    command: smtpTimeoutMs,
    tls: smtpTimeoutMs,
  };
  return {
    lookup: new Lookup({ resolver, chainOfTrust, newSession: sessionOf, newValidation, clockMs }),
    probe: createSmtpProbe({
      dialer: dial.smtp,
      ehloName: config.ehloName,
      smtpPort: config.smtpPort,
      timeouts,
      clock,
    }),
    clock,
    close,
  };
}

/** The real surveyor of one thread. */
export function createSurvey(config: SurveyConfig): Surveyor {
  const { lookup, probe, clock, close } = createLookup(config);
  const domains = new PQueue({ concurrency: config.domainsInFlight });
  const hosts = new PQueue({ concurrency: config.hostsInFlight });
  const probes = new PQueue({ concurrency: config.probesInFlight });
  const described = new LruCache<string, DescribedCertificate>(MAX_CERTIFICATES_REMEMBERED, () =>
    performance.now(),
  );
  const boundedProbe: ProbeEndpoint = (endpoint, signal) => probes.add(() => probe(endpoint, signal));
  const providerOf = (host: string) => providerBucket(host).provider;

  const random = secureRandom;
  const domainPorts = { lookup, random, clock, askEveryServer: config.askEveryNameServer };

  return {
    domains: (names, signal) =>
      domains.addAll(
        names.map((name) => () => {
          signal.throwIfAborted();
          return surveyDomain(name, domainPorts);
        }),
      ),
    async hosts(names, signal) {
      const certificates = new Map<string, CertificateFact>();
      const describe = (der: Uint8Array) => {
        const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('latin1');
        let fact = described.get(key);
        if (fact === undefined) {
          fact = describeCertificate(der);
          described.set(key, fact, DAY_SECONDS);
        }
        certificates.set(fact.sha256, fact);
        return fact;
      };
      const ports = { lookup, random, probe: boundedProbe, describe, clock, providerOf };
      const surveyed = await hosts.addAll(
        names.map((name) => () => {
          signal.throwIfAborted();
          return surveyHost(name, ports, signal);
        }),
      );
      return { hosts: surveyed, certificates: [...certificates.values()] };
    },
    async close() {
      close();
    },
  };
}
