/**
 * Censuses from a script of a few words: what each domain and MX host was like at that moment. Facts go through the store's own
 * writers, verdicts through the judge of domains, and the end through `advance`, so that everything is as a real census leaves it.
 *
 * A certificate is called `K1`, or `K1/2` for a second one over the same key, `rsa:R1` for one with an RSA key. A TLSA record is
 * called `3 1 1 K1` after what it is of, `2 1 1 I1` after an issuer.
 */
import { createHash } from 'node:crypto';
import { insertCensus, setCensusStage } from '../../src/store/census-record.ts';
import type { Db } from '../../src/store/db.ts';
import { advance } from '../../src/store/part.ts';
import { pendingVerdicts, writeVerdicts } from '../../src/store/pending.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { CertificateFact, DomainFacts, HostFacts, LookupFact } from '../../src/survey/facts.ts';
import { judgeDomain } from '../../src/survey/judge-domain.ts';
import type { EndpointFacts } from '../../src/survey/probed-facts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';

export interface ScriptedDomain {
  /** The MX host; null for a null MX. */
  readonly hosts: readonly string[] | null;
  /** False: the zone has no DS, and the MX answer is insecure. */
  readonly signed?: boolean;
  /** The MX lookup failed: by a fault of ours, or of the zone. */
  readonly lookup?: 'ours' | 'bogus';
}

export interface ScriptedHost {
  /** Records in the TLSA RRset; none where it is securely denied. */
  readonly records?: readonly string[];
  /** The TLSA lookup failed. */
  readonly lookup?: 'bogus';
  readonly ttl?: number;
  /** Certificates that its one address shows; null where it cannot be reached. */
  readonly shows?: readonly string[] | null;
  readonly issuer?: string;
  /** The address; the same wherever it is not said. */
  readonly address?: string;
}

export interface ScriptedCensus {
  readonly domains: Readonly<Record<string, ScriptedDomain>>;
  readonly hosts: Readonly<Record<string, ScriptedHost>>;
  readonly vantage?: string;
  readonly beside?: number;
}

export const DAY = 24 * 3600;
/** 2026-01-01T00:00:00Z: the moment of census 1; each later one is a day later. */
export const FIRST = 1_767_225_600;
export const momentOf = (census: number) => new Date((FIRST + (census - 1) * DAY) * 1000);

const [modelHost] = (await fakeSurveyor().hosts(['mx.p1.example'], AbortSignal.any([]))).hosts as [HostFacts];
const { domains: models } = await fakeSurveyor().domains(
  [{ name: 'd1.example', delegation: null }],
  AbortSignal.any([]),
);
const [modelDomain] = models as [DomainFacts];
const secure: LookupFact = { outcome: 'data', status: 'secure', reason: null, rcode: 'NOERROR', ttl: 3600 };
const insecure: LookupFact = { ...secure, status: 'insecure', reason: 'domain-unsigned' };
const failures: Readonly<Record<'ours' | 'bogus', LookupFact>> = {
  ours: {
    outcome: 'failed',
    status: 'indeterminate',
    reason: 'anchor-no-match',
    rcode: 'SERVFAIL',
    ttl: null,
  },
  bogus: { outcome: 'failed', status: 'bogus', reason: 'rrsig-expired', rcode: 'SERVFAIL', ttl: null },
};

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

const keyOf = (name: string) => name.replace(/^rsa:/, '').replace(/\/.*$/, '');
export const keyDigest = (name: string) => sha256(`key ${keyOf(name)}`);
export const certificateDigest = (name: string) => sha256(`certificate ${name}`);

function certificateOf(name: string): CertificateFact {
  return {
    sha256: certificateDigest(name),
    der: Buffer.from(`certificate ${name}`),
    spkiSha256: keyDigest(name),
    keyAlgorithm: name.startsWith('rsa:') ? 'rsa' : 'ec',
    keyBits: 256,
    subject: `CN=${name}`,
    issuer: 'CN=issuer',
    notBefore: 0,
    notAfter: 4e9,
    selfSigned: false,
  };
}

/** Of selector 0 or 1 and matching type 0 or 1. */
function recordOf(text: string): HostFacts['tlsaRecords'][number] {
  const [usage, selector, matchingType, name] = text.split(' ') as [string, string, string, string];
  const whole = selector === '0' ? `certificate ${name}` : `key ${keyOf(name)}`;
  const data = matchingType === '0' ? Buffer.from(whole).toString('hex') : sha256(whole);
  return {
    usage: Number(usage),
    selector: Number(selector),
    matchingType: Number(matchingType),
    data,
    reason: null,
    matchedLeaf: null,
    matchedAbove: null,
    matchedKeys: null,
  };
}

function isOf(record: string, leaf: string, issuer: string | undefined): boolean {
  const [usage, selector, , name] = record.split(' ') as [string, string, string, string];
  const whole = usage === '2' ? issuer : leaf;
  if (whole === undefined) return false;
  return selector === '0' ? name === whole : keyOf(name) === keyOf(whole);
}

function hostFacts(name: string, script: ScriptedHost, seenAt: number): HostFacts {
  const { records = [], shows = ['K1'], issuer, ttl = 3600, lookup } = script;
  const matches = (leaf: string) => records.some((record) => isOf(record, leaf, issuer));
  const endpoint: EndpointFacts = {
    ...modelHost.endpoints[0]!,
    address: script.address ?? '192.0.2.25',
    ...(shows === null
      ? { reached: 'nothing', fault: 'network', because: 'connection-timeout', starttlsOffered: null }
      : { reached: 'tls', fault: null, because: null }),
    secondKey:
      records.length === 0 || shows === null ? 'not-asked' : shows.length > 1 ? 'seen' : 'not-offered',
    handshakes: (shows ?? []).map((leaf) => ({
      ...modelHost.endpoints[0]!.handshakes[0]!,
      keyAlgorithm: leaf.startsWith('rsa:') ? 'rsa' : 'ec',
      chain: [leaf, ...(issuer === undefined ? [] : [issuer])].map(certificateDigest),
      leafSpki: keyDigest(leaf),
      reason: null,
      namesInstead: null,
    })),
    withoutSni: null,
    chainWithoutSni: null,
    matchedWithoutSni: null,
    verdict:
      shows === null
        ? 'unknown'
        : records.length === 0
          ? 'encrypted'
          : shows.every(matches)
            ? 'authenticated'
            : 'failed',
    reason: null,
    matched: null,
    matchedDepth: null,
    seenAt,
  };
  const verdict =
    lookup !== undefined
      ? 'lookup-failed'
      : records.length === 0
        ? 'no-dane'
        : ({ authenticated: 'dane', unknown: 'unknown', failed: 'dane-failed' } as const)[
            endpoint.verdict as 'authenticated' | 'unknown' | 'failed'
          ];
  return {
    ...modelHost,
    host: name,
    tlsaBase: name,
    tlsa:
      lookup !== undefined
        ? failures[lookup]
        : records.length > 0
          ? { ...secure, ttl }
          : { ...secure, outcome: 'nodata', ttl: null },
    tlsaOutcome: lookup !== undefined ? 'lookup-failed' : records.length > 0 ? 'usable' : 'none',
    tlsaReason: null,
    tlsaRecords: records.map(recordOf),
    ancestors: [],
    behaviours: [],
    ancestorConsequence: null,
    serverAnswers: [],
    endpoints: [endpoint],
    verdict,
    reason:
      verdict === 'dane-failed' ? 'tlsa-mismatch' : lookup !== undefined ? failures[lookup].reason : null,
    findings: [],
    // Later than its endpoints.
    seenAt: seenAt + 1,
  };
}

function domainFacts(name: string, script: ScriptedDomain, seenAt: number): DomainFacts {
  const { hosts, signed = true, lookup } = script;
  return {
    ...modelDomain,
    domain: name,
    mail: lookup !== undefined ? 'unknown' : hosts === null ? 'null-mx' : 'mx',
    mx: lookup !== undefined ? failures[lookup] : signed ? secure : insecure,
    aliases: [],
    edges:
      lookup !== undefined || hosts === null ? [] : hosts.map((host, at) => ({ host, preference: at * 10 })),
    zone: {
      ...modelDomain.zone!,
      apex: name,
      security: signed ? 'secure' : 'insecure',
      dsAlgorithms: signed ? [13] : [],
    },
    serverAnswers: [],
    findings: [],
    seenAt,
  };
}

const providerOf = (host: string) => ({ provider: host.split('.').slice(-2).join('.'), bucket: 0 });

/** The number of the census, which is finished. It was made on day `at`, counted from 1: that of its number unless said otherwise. */
export function writeCensus(db: Db, script: ScriptedCensus, at?: number): Promise<number> {
  return db.tx(async (session) => {
    const census = await insertCensus(session, {
      config: {},
      lists: [],
      software: 'test',
      at: FIRST,
      vantage: script.vantage ?? 'default',
    });
    const moment = FIRST + ((at ?? census) - 1) * DAY;
    await session.query(
      'UPDATE dane.census SET started_at = to_timestamp($2::bigint), beside = $3 WHERE census_id = $1',
      [census, moment, script.beside ?? null],
    );
    const names = Object.keys(script.domains);
    for (const [index, name] of names.entries()) {
      await session.query('INSERT INTO dane.domain (census_id, ordinal, name) VALUES ($1, $2, $3)', [
        census,
        index + 1,
        name,
      ]);
    }
    await writeDomains(
      session,
      census,
      names.map((name, index) => ({
        ordinal: index + 1,
        facts: domainFacts(name, script.domains[name]!, moment),
      })),
      providerOf,
    );
    const named = [...new Set(Object.values(script.domains).flatMap(({ hosts }) => hosts ?? []))];
    const certificates = Object.values(script.hosts).flatMap(({ shows, issuer }) => [
      ...(shows ?? ['K1']),
      ...(issuer === undefined ? [] : [issuer]),
    ]);
    await writeHosts(
      session,
      census,
      named.map((host) => hostFacts(host, script.hosts[host] ?? {}, moment)),
      [...new Set(['K1', ...certificates])].map(certificateOf),
    );
    const { domains, hosts } = await pendingVerdicts(session, census, { first: 1, last: names.length });
    await writeVerdicts(
      session,
      census,
      domains.map(({ ordinal, facts }) => ({
        ordinal,
        judged: judgeDomain(facts, hosts),
        mail: { senders: 'UUUUUUUUUUU', hurt: null },
      })),
    );
    await setCensusStage(session, census, 'survey');
    await advance(session, census, moment);
    return census;
  });
}
