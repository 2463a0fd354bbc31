/**
 * What is kept of those who were not looked at, because they asked for that or because there was nothing to look with: why, and
 * nothing else. No rate has them in it.
 */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { DomainFacts, HostFacts, LookupFact } from './facts.ts';
import { judgeHost } from './judge-host.ts';
import type { ProbeResult } from './probe-port.ts';

function notAsked(reason: ReasonKey): LookupFact {
  return { outcome: 'failed', status: 'indeterminate', reason, rcode: 'NOT-ASKED', ttl: null };
}

export function optedOutDomain(domain: string, seenAt: Instant): DomainFacts {
  return {
    domain,
    mail: 'unknown',
    mx: notAsked('opted-out'),
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

/** `reason` is ours: the host is unknown. */
export function unaskedHost(host: string, provider: string, reason: ReasonKey, seenAt: Instant): HostFacts {
  const facts = {
    host,
    provider,
    a: notAsked(reason),
    aaaa: notAsked(reason),
    aliases: [],
    tlsaBase: null,
    tlsa: null,
    tlsaOutcome: 'lookup-failed',
    tlsaReason: reason,
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
