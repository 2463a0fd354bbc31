/**
 * Puts the parts together: sockets, resolver, chain of trust, lookup, probe, survey. The one place that knows them all.
 *
 * In: a configuration that survives structured cloning, so that a worker thread can build its own. Out: a survey of domains
 * and hosts, and the validated lookup that `resolve` and `check` use by itself.
 */
import PQueue from 'p-queue';
import { type Clock, systemClock } from '../base/instant.ts';
import { secureRandom } from '../base/random.ts';
import { SignatureMemo } from '../dnssec/signature-memo.ts';
import { type Keep, recordedExchange, recordedServers } from '../evidence/recorder.ts';
import type { EvidencePolicy } from '../evidence/to-be-proved.ts';
import type { Lookup } from '../lookup/lookup.ts';
import { createDnsExchange } from '../net/dns-exchange.ts';
import { createSmtpProbe } from '../net/smtp-probe.ts';
import { SmtpSessions } from '../net/smtp-sessions.ts';
import { Turns } from '../net/turns.ts';
import { ServerMemory } from '../resolve/server-memory.ts';
import type { CertificateFact } from '../survey/facts.ts';
import type { ProbeEndpoint } from '../survey/probe-port.ts';
import { surveyDomain } from '../survey/survey-domain.ts';
import { surveyHost } from '../survey/survey-host.ts';
import { rememberingDescribe } from './describe-certificates.ts';
import { dialersOf } from './dialers.ts';
import { type EvidenceKeeper, keepAll, keepFindings } from './evidence-keeper.ts';
import { probeHonouring, surveyorHonouring } from './honouring-opt-out.ts';
import { lookupOver, topOfTree } from './lookup-stack.ts';
import { nobodyOptedOut, type OptOut, optOutFile } from './opt-out.ts';
import { providerBucket } from './provider-bucket.ts';
import { createReplay } from './replay.ts';
import type { SurveyConfig } from './survey-config.ts';
import type { Surveyor } from './surveyor.ts';

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

/** `keep` hears of every exchange. Throws `UsageError` where hints, anchors or the map cannot be read. */
export function createLookup(
  config: SurveyConfig,
  {
    keep,
    memo = new SignatureMemo(),
  }: { readonly keep?: Keep | undefined; readonly memo?: SignatureMemo } = {},
): LookupStack {
  const clock = config.now === null ? systemClock : () => config.now!;
  const clockMs = () => performance.now();
  const random = secureRandom;
  const top = topOfTree(config);
  const dial = dialersOf(config, config.rootHints === null ? [] : top.addresses);
  const { exchange, close } = createDnsExchange({
    dial: dial.dns,
    port: config.dnsPort,
    random,
    clockMs,
    queriesPerSecond: config.queriesPerSecond,
  });
  const servers = new ServerMemory(clockMs, random);
  const ports = { exchange, servers, clock, clockMs, random, memo };
  const recorded = keep && {
    exchange: recordedExchange(exchange, servers, { clock, clockMs, keep }),
    servers: recordedServers(servers, clock, keep),
  };
  const optOut = config.optOut === null ? () => nobodyOptedOut : optOutFile(config.optOut);
  // Read once before the first slice: a list that cannot be read must not be found out later.
  optOut();
  const { smtpTimeoutMs } = config;
  const timeouts = {
    connect: smtpTimeoutMs,
    greeting: smtpTimeoutMs,
    command: smtpTimeoutMs,
    tls: smtpTimeoutMs,
  };
  return {
    lookup: lookupOver(config, top, { ...ports, ...recorded }),
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

function keeperOf(
  config: SurveyConfig,
  policy: EvidencePolicy,
  memo: SignatureMemo,
): EvidenceKeeper | undefined {
  if (policy === 'none') return undefined;
  return policy === 'all' ? keepAll() : keepFindings(createReplay(config, memo));
}

/** The real surveyor of one thread; `config` has the thread's share of the sessions. */
export function createSurvey(config: SurveyConfig, policy: EvidencePolicy = 'none'): Surveyor {
  const memo = new SignatureMemo();
  const keeper = keeperOf(config, policy, memo);
  const { lookup, probe, optOut, clock, close } = createLookup(config, { keep: keeper?.keep, memo });
  const domains = new PQueue({ concurrency: config.domainsInFlight });
  const hosts = new PQueue({ concurrency: config.hostsInFlight });
  // A provider with many hosts waits for its own sessions, and leaves room to the hosts of others.
  const hostsOfProvider = new Turns(HOSTS_PER_SESSION * config.sessionsPerProvider);
  const sessions = new SmtpSessions(config);
  const described = rememberingDescribe();
  const providerOf = (host: string) => providerBucket(host).provider;
  const probeFor =
    (provider: string): ProbeEndpoint =>
    (endpoint, signal) =>
      sessions.run({ address: endpoint.address, provider }, () => probe(endpoint, signal), signal);

  const random = secureRandom;
  const domainPorts = { lookup, random, clock, askEveryServer: config.askEveryNameServer };

  return surveyorHonouring(optOut, clock, {
    async domains(listed, signal) {
      const surveyed = await domains.addAll(
        listed.map(({ name, delegation }) => () => {
          signal.throwIfAborted();
          return surveyDomain(name, domainPorts, delegation);
        }),
      );
      return { domains: surveyed, evidence: await keeper?.domains(surveyed, listed) };
    },
    async hosts(names, signal) {
      const certificates = new Map<string, CertificateFact>();
      const describe = (der: Uint8Array) => {
        const fact = described(der);
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
      const shown = [...certificates.values()];
      return { hosts: surveyed, certificates: shown, evidence: await keeper?.hosts(surveyed, shown) };
    },
    async close() {
      close();
    },
  });
}
