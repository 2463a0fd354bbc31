/** What is kept of those who asked not to be looked at: that they did, and nothing else. No rate has them in it. */
import type { Instant } from '../base/instant.ts';
import type { DomainFacts, HostFacts, LookupFact } from './facts.ts';
import { judgeHost } from './judge-host.ts';
import type { ProbeResult } from './probe-port.ts';

const notAsked: LookupFact = {
  outcome: 'failed',
  status: 'indeterminate',
  reason: 'opted-out',
  rcode: 'NOT-ASKED',
  ttl: null,
};

export function optedOutDomain(domain: string, seenAt: Instant): DomainFacts {
  return {
    domain,
    mail: 'unknown',
    mx: notAsked,
    aliases: [],
    edges: [],
    zone: null,
    soa: null,
    mtaSts: null,
    tlsRpt: null,
    serverAnswers: [],
    findings: [],
    seenAt,
  };
}

export function optedOutHost(host: string, provider: string, seenAt: Instant): HostFacts {
  const facts = {
    host,
    provider,
    a: notAsked,
    aaaa: notAsked,
    aliases: [],
    tlsaBase: null,
    tlsa: null,
    tlsaOutcome: 'lookup-failed',
    tlsaReason: 'opted-out',
    tlsaRecords: [],
    tlsaZone: null,
    ancestors: [],
    behaviours: [],
    ancestorConsequence: null,
    serverAnswers: [],
    endpoints: [],
    findings: [],
    seenAt,
  } as const satisfies Omit<HostFacts, 'verdict' | 'reason'>;
  return { ...facts, ...judgeHost(facts) };
}

export function optedOutProbe(seenAt: Instant): ProbeResult {
  return {
    reached: 'nothing',
    fault: 'ours',
    because: 'opted-out',
    banner: '',
    capabilities: [],
    capabilitiesInTls: null,
    starttlsOffered: null,
    secondKey: 'not-asked',
    tls12: null,
    tls13: null,
    withoutSni: null,
    handshakes: [],
    chainWithoutSni: null,
    seenAt,
  };
}
