/** A surveyor without a network: facts that hang on nothing but the name, so that every run sees the same. */
import { createHash } from 'node:crypto';
import type { Surveyor } from '../../src/census/surveyor.ts';
import type { DomainToJudge } from '../../src/store/pending.ts';
import type { CertificateFact, DomainFacts, HostFacts, LookupFact } from '../../src/survey/facts.ts';
import type { HostForDomain } from '../../src/survey/judge-domain.ts';
import type { ServerAnswerFact } from '../../src/survey/name-server-facts.ts';
import type { JudgedDomain } from '../../src/survey/verdicts.ts';

export interface FakeSurveyor extends Surveyor {
  /** How often each name was asked for. */
  readonly asked: Map<string, number>;
  /** The most calls of `hosts` for one provider that ran at the same time. */
  readonly together: () => number;
}

const seenAt = 1_700_000_000;
const found: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 3600 };

export function fakeSurveyor(pause: (what: string) => Promise<void> = async () => {}): FakeSurveyor {
  const asked = new Map<string, number>();
  const running = new Map<string, number>();
  let together = 0;
  const ask = (name: string) => asked.set(name, (asked.get(name) ?? 0) + 1);
  return {
    asked,
    together: () => together,
    async domains(domains) {
      const names = domains.map(({ name }) => name);
      names.forEach(ask);
      await pause('domains');
      return { domains: names.map(domainFacts) };
    },
    async hosts(names) {
      names.forEach(ask);
      const providers = new Set(names.map((name) => name.split('.').slice(-2).join('.')));
      for (const provider of providers) {
        running.set(provider, (running.get(provider) ?? 0) + 1);
        together = Math.max(together, running.get(provider)!);
      }
      await pause('hosts');
      for (const provider of providers) running.set(provider, running.get(provider)! - 1);
      return { hosts: names.map(hostFacts), certificates: names.map(certificate) };
    },
    close: async () => {},
  };
}

/** Enough of a judge to see that hosts are handed over. */
export function fakeJudge(
  facts: DomainToJudge['facts'],
  hosts: ReadonlyMap<string, HostForDomain>,
): JudgedDomain {
  if (facts.mail === 'null-mx') return { verdict: 'no-mail', reason: 'null-mx' };
  const verdicts = facts.edges.map(({ host }) => hosts.get(host)?.verdict);
  if (verdicts.includes(undefined)) return { verdict: 'unknown', reason: 'host-not-measured' };
  if (verdicts.every((verdict) => verdict === 'dane')) return { verdict: 'dane', reason: null };
  return { verdict: 'dane-degraded', reason: 'some-hosts-fail' };
}

function number(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE();
}

function domainFacts(domain: string): DomainFacts {
  const n = number(domain);
  const none = n % 10 === 0;
  return {
    domain,
    mail: none ? 'null-mx' : 'mx',
    mx: found,
    aliases: n % 11 === 0 ? ['expanded.example'] : [],
    edges: none
      ? []
      : [10, 20].map((preference) => ({ preference, host: `mx${(n + preference) % 40}.p${n % 13}.example` })),
    zone: {
      apex: domain,
      security: 'secure',
      reason: null,
      dsAlgorithms: [13],
      dsDigestTypes: [2],
      dnskeyAlgorithms: [8, 13],
      denial: 'nsec3',
      nsec3Iterations: 0,
      nsec3OptOut: false,
      nameServers: ['ns1.example', 'ns2.example'],
    },
    soa: {
      rname: 'host"master\\.x.example',
      serial: 4_294_967_295,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    },
    mtaSts: n % 3 === 0 ? null : n % 3 === 1,
    tlsRpt: false,
    delegationFromList: n % 17 === 0,
    serverAnswers: none ? [serverAnswer(domain)] : [],
    findings:
      n % 7 === 0 ? [{ key: 'mx-is-cname', detail: 'NUL \0, lone \ud800, "quoted", \\ and {braces}' }] : [],
    seenAt,
  };
}

function serverAnswer(name: string): ServerAnswerFact {
  return {
    server: 'ns1.example',
    address: '192.0.2.1',
    name,
    rcode: 'NOERROR',
    answer: 'aa',
    status: 'bogus',
    reason: 'rrsig-missing',
    serial: 4_294_967_295,
    faults: ['name-server-stale', 'name-server-unsigned'],
  };
}

function hostFacts(host: string): HostFacts {
  const broken = number(host) % 5 === 0;
  return {
    host,
    provider: host.split('.').slice(-2).join('.'),
    a: found,
    aaaa: { ...found, outcome: 'nodata', ttl: null },
    aliases: ['alias.example'],
    tlsaBase: host,
    tlsa: { ...found, ttl: 4_294_967_295 },
    tlsaOutcome: 'usable',
    tlsaReason: null,
    tlsaRecords: [
      {
        usage: 3,
        selector: 1,
        matchingType: 1,
        data: sha256(host),
        reason: null,
        matchedLeaf: true,
        matchedAbove: false,
        matchedKeys: ['ec'],
      },
    ],
    tlsaZone: {
      apex: host.split('.').slice(-2).join('.'),
      soa: {
        rname: 'hostmaster.example',
        serial: 4_294_967_295,
        refresh: 4_294_967_295,
        retry: 7200,
        expire: 1_209_600,
        minimum: 3600,
      },
    },
    ancestors: [
      {
        name: `_tcp.${host}`,
        rcode: 'NXDOMAIN',
        proof: 'denied-validly',
        reason: null,
        servers: [
          {
            server: 'ns1.example',
            address: '192.0.2.1',
            rcode: 'NXDOMAIN',
            proof: 'denied-validly',
            reason: null,
          },
        ],
      },
    ],
    behaviours: [
      { behaviour: 'strict-minimisation', fates: ['found', 'lost'], fatesAfterAncestor: ['lost'] },
    ],
    ancestorConsequence: 'silently-unprotected',
    serverAnswers: [serverAnswer(`_25._tcp.${host}`)],
    endpoints: [
      {
        address: '2001:db8::25',
        reached: 'tls',
        fault: null,
        because: null,
        banner: '=cmd|\0\ud800',
        capabilities: ['PIPELINING', 'SIZE "1"'],
        capabilitiesInTls: ['PIPELINING'],
        starttlsOffered: true,
        secondKey: 'not-offered',
        tls12: null,
        tls13: true,
        withoutSni: broken ? null : 'other-key',
        handshakes: [
          {
            keyAlgorithm: 'ec',
            keyBits: 256,
            protocol: 'TLSv1.3',
            cipher: 'TLS_AES_128_GCM_SHA256',
            chain: [certificate(host).sha256, sha256('issuer')],
            leafSpki: '',
            reason: broken ? 'ta-name-mismatch' : null,
            namesInstead: broken ? ['*.{example},', '"quoted\\\0'] : null,
            inOtherManners: broken
              ? { 'every-digest': null, 'every-digest-as-sent': 'ta-chain-invalid' }
              : null,
          },
        ],
        chainWithoutSni: broken ? null : [sha256('issuer')],
        verdict: broken ? 'failed' : 'authenticated',
        reason: broken ? 'ta-name-mismatch' : null,
        matched: broken ? null : '3 1 1',
        matchedDepth: broken ? null : 0,
        matchedWithoutSni: broken ? null : false,
        seenAt,
      },
    ],
    verdict: broken ? 'dane-failed' : 'dane',
    reason: broken ? 'ta-name-mismatch' : null,
    findings: [{ key: 'mx-is-cname', detail: '' }],
    seenAt,
  };
}

/** One certificate per provider, so that it comes many times. */
function certificate(host: string): CertificateFact {
  const provider = host.split('.').slice(-2).join('.');
  return {
    sha256: sha256(provider),
    der: Buffer.from(provider),
    spkiSha256: sha256(`key of ${provider}`),
    keyAlgorithm: 'ec',
    keyBits: 256,
    subject: `CN=${provider}`,
    issuer: 'CN=issuer',
    notBefore: 0,
    // Beyond what a timestamp can say.
    notAfter: 1e15,
    selfSigned: false,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
