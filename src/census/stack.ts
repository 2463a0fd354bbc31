/**
 * Puts the parts together: sockets, resolver, chain of trust, lookup, probe, survey. The one place that knows them all.
 *
 * In: a configuration that survives structured cloning, so that a worker thread can build its own. Out: a survey of domains
 * and hosts, and the validated lookup that `resolve` and `check` use by itself.
 */
import PQueue from 'p-queue';
import { type Clock, systemClock } from '../base/instant.ts';
import { LruCache } from '../base/lru-cache.ts';
import { secureRandom } from '../base/random.ts';
import { UsageError } from '../base/usage-error.ts';
import { readAddress } from '../dns/rdata.ts';
import { recordOf } from '../dns/record-of.ts';
import { parseZoneFile } from '../dns/zone-file.ts';
import { Budget } from '../dnssec/budget.ts';
import { DenialMemory } from '../dnssec/denial-memory.ts';
import { SignatureMemo } from '../dnssec/signature-memo.ts';
import { rootAnchors, trustAnchorsFrom } from '../dnssec/trust-anchor.ts';
import { ChainOfTrust } from '../lookup/chain-of-trust.ts';
import { Lookup } from '../lookup/lookup.ts';
import { createDnsExchange } from '../net/dns-exchange.ts';
import { createSmtpProbe } from '../net/smtp-probe.ts';
import { SmtpSessions } from '../net/smtp-sessions.ts';
import { Turns } from '../net/turns.ts';
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
import { probeHonouring, surveyorHonouring } from './honouring-opt-out.ts';
import { nobodyOptedOut, type OptOut, optOutFile } from './opt-out.ts';
import { providerBucket } from './provider-bucket.ts';
import type { SurveyConfig } from './survey-config.ts';
import type { Surveyor } from './surveyor.ts';

/** One certificate is seen at many endpoints, and describing it costs a signature check. */
const MAX_CERTIFICATES_REMEMBERED = 5000;
const DAY_SECONDS = 86_400;
/** Hosts of one provider in flight for each session that it may have: some are resolved while others are probed. */
const HOSTS_PER_SESSION = 2;

export interface LookupStack {
  readonly lookup: Lookup;
  readonly probe: ProbeEndpoint;
  /** Who asked not to be looked at, as it is now. */
  readonly optOut: () => OptOut;
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
  const { nsec3Iterations, hardenBelowNxdomain, aggressiveNsec3 } = config;
  const denials = config.aggressiveNsec ? new DenialMemory(clockMs) : undefined;
  const newValidation = () => ({ at: clock(), budget: new Budget(), memo, nsec3Iterations, denials });
  const parts = { resolver, newValidation, clockMs };
  const sessionOf = (minimisation?: Minimisation, trace?: TraceEntry[], limits = LOOKUP_LIMITS) =>
    newSession(clockMs() + DEADLINE_FACTOR * timeoutMs, minimisation ?? config.minimisation, trace, limits);
  const chainOfTrust = new ChainOfTrust({
    ...parts,
    anchors: new Map(anchors.map((anchor) => [anchor.name, anchor])),
    newSession: (trace, limits) => sessionOf(undefined, trace, limits),
  });
  const optOut = config.optOut === null ? () => nobodyOptedOut : optOutFile(config.optOut);
  // Read once before the first slice: a list that cannot be read must not be found out later.
  optOut();
  const behaviour = { hardenBelowNxdomain, aggressiveNsec: denials, aggressiveNsec3 };
  const { smtpTimeoutMs } = config;
  const timeouts = {
    connect: smtpTimeoutMs,
    greeting: smtpTimeoutMs,
    command: smtpTimeoutMs,
    tls: smtpTimeoutMs,
  };
  return {
    lookup: new Lookup({ ...parts, chainOfTrust, newSession: sessionOf, ...behaviour }),
    probe: probeHonouring(
      optOut,
      clock,
      createSmtpProbe({
        dialer: dial.smtp,
        ehloName: config.ehloName,
        smtpPort: config.smtpPort,
        timeouts,
        clock,
      }),
    ),
    optOut,
    clock,
    close,
  };
}

/** The real surveyor of one thread; `config` has the thread's share of the sessions. */
export function createSurvey(config: SurveyConfig): Surveyor {
  const { lookup, probe, optOut, clock, close } = createLookup(config);
  const domains = new PQueue({ concurrency: config.domainsInFlight });
  const hosts = new PQueue({ concurrency: config.hostsInFlight });
  // A provider with many hosts waits for its own sessions, and leaves room to the hosts of others.
  const hostsOfProvider = new Turns(HOSTS_PER_SESSION * config.sessionsPerProvider);
  const sessions = new SmtpSessions(config);
  const described = new LruCache<string, DescribedCertificate>(MAX_CERTIFICATES_REMEMBERED, () =>
    performance.now(),
  );
  const providerOf = (host: string) => providerBucket(host).provider;
  const probeFor =
    (provider: string): ProbeEndpoint =>
    (endpoint, signal) =>
      sessions.run({ address: endpoint.address, provider }, () => probe(endpoint, signal), signal);

  const random = secureRandom;
  const domainPorts = { lookup, random, clock, askEveryServer: config.askEveryNameServer };

  return surveyorHonouring(optOut, clock, {
    domains: (listed, signal) =>
      domains.addAll(
        listed.map(({ name, delegation }) => () => {
          signal.throwIfAborted();
          return surveyDomain(name, domainPorts, delegation);
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
      const { everyTlsQuestion } = config;
      const common = { lookup, random, describe, clock, providerOf, everyTlsQuestion };
      const survey = async (name: string) => {
        signal.throwIfAborted();
        return surveyHost(name, { ...common, probe: probeFor(providerOf(name)) }, signal);
      };
      const surveyed = await Promise.all(
        names.map((name) =>
          hostsOfProvider.run(providerOf(name), () => hosts.add(() => survey(name)), signal),
        ),
      );
      return { hosts: surveyed, certificates: [...certificates.values()] };
    },
    async close() {
      close();
    },
  });
}
