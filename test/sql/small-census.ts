/** Hand-made censuses for tests of views: a few domains and hosts through the writers of the store, and their views read back. */
import { createHash } from 'node:crypto';
import type { Db } from '../../src/store/db.ts';
import { readView } from '../../src/store/read-view.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import type { CertificateFact, DomainFacts, HostFacts, TlsaFact } from '../../src/survey/facts.ts';
import type { EndpointFacts, HandshakeFact } from '../../src/survey/probed-facts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';
import { freshDatabase } from '../store/template.ts';

const never = new AbortController().signal;
const { domains: seen } = await fakeSurveyor().domains([{ name: 'd1.example', delegation: null }], never);
const [aDomain] = seen as [DomainFacts];
const [aHost] = (await fakeSurveyor().hosts(['mx.p1.example'], never)).hosts as [HostFacts];

export const SEEN_AT = aHost.seenAt;
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface SmallDomain {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly weight?: number;
  readonly facts?: Partial<DomainFacts>;
}

export interface SmallCensus {
  readonly domains?: readonly SmallDomain[];
  readonly hosts?: readonly HostFacts[];
  readonly certificates?: readonly CertificateFact[];
  /** As `dane.census.sample`. */
  readonly isSample?: boolean;
}

/** The registrable domain of a test's names: their last two labels. */
const providerOf = (host: string) => host.split('.').slice(-2).join('.');

/** In a fresh database, as census 1; census 2 is there and empty. Returns a reader of its views, whose rows come without `census_id`. */
export async function smallCensus(census: SmallCensus) {
  const db = await freshDatabase();
  await writeCensus(db, 1, census);
  await writeCensus(db, 2, {});
  const read = async (view: string, of = 1) =>
    (await readView<{ census_id: number }>(db, view, of)).map(({ census_id: _, ...row }) => row);
  return { db, read };
}

async function writeCensus(db: Db, id: number, census: SmallCensus): Promise<void> {
  const { domains = [], hosts = [], certificates = [], isSample = false } = census;
  await db.query(
    `INSERT INTO dane.census (census_id, config, software, started_at, sample)
     VALUES ($1, '{}', 'test', now(), $2::text::jsonb)`,
    [id, isSample ? '{"size": 1, "seed": "s", "by": null}' : null],
  );
  await db.query('SELECT dane.add_partitions($1::int)', [id]);
  for (const [at, { name, weight }] of domains.entries()) {
    await db.query('INSERT INTO dane.domain (census_id, ordinal, name, weight) VALUES ($1, $2, $3, $4)', [
      id,
      at + 1,
      name,
      weight ?? null,
    ]);
  }
  const seen = domains.map(({ name, hosts: named, facts }, at) => ({
    ordinal: at + 1,
    facts: {
      ...aDomain,
      domain: name,
      mail: 'mx' as const,
      aliases: [],
      edges: named.map((host, preference) => ({ host, preference })),
      serverAnswers: [],
      findings: [],
      ...facts,
    },
  }));
  await db.tx(async (session) => {
    await writeDomains(session, id, seen, (host) => ({ provider: providerOf(host), bucket: 0 }));
    for (const { host: name } of hosts) {
      await session.query(
        'INSERT INTO dane.host (census_id, host, provider, bucket) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING',
        [id, name, providerOf(name)],
      );
    }
    await writeHosts(session, id, hosts, certificates);
  });
}

/** A usable TLSA record, as "3 1 1" with what it holds told by a word, and what it matches. */
export function tlsaFact(parameters: string, of: string, change: Partial<TlsaFact> = {}): TlsaFact {
  const [usage = 0, selector = 0, matchingType = 0] = parameters.split(' ').map(Number);
  const nowhere = { matchedLeaf: false, matchedAbove: false, matchedKeys: [] };
  return { usage, selector, matchingType, data: sha256(of), reason: null, ...nowhere, ...change };
}
export const atLeaf = (...keys: readonly string[]) => ({ matchedLeaf: true, matchedKeys: keys });
export const above = (...keys: readonly string[]) => ({ matchedAbove: true, matchedKeys: keys });
export const unseen = { matchedLeaf: null, matchedAbove: null, matchedKeys: null };

/** A handshake that shows a certificate told by a word, with a key told by another. */
export function shown(certificate: string, key: string, change: Partial<HandshakeFact> = {}): HandshakeFact {
  return {
    ...aHost.endpoints[0]!.handshakes[0]!,
    chain: [sha256(certificate)],
    leafSpki: sha256(key),
    reason: null,
    namesInstead: null,
    ...change,
  };
}

export function endpoint(address: string, change: Partial<EndpointFacts> = {}): EndpointFacts {
  const [model] = aHost.endpoints as [EndpointFacts];
  return {
    ...model,
    address,
    handshakes: [],
    chainWithoutSni: null,
    matched: null,
    matchedDepth: null,
    ...change,
  };
}

/** With usable TLSA records, found by every resolver; what is not told is not there. */
export function host(name: string, change: Partial<HostFacts> = {}): HostFacts {
  return {
    ...aHost,
    host: name,
    provider: providerOf(name),
    tlsaBase: name,
    tlsaRecords: [],
    tlsaZone: null,
    ancestors: [],
    behaviours: [],
    ancestorConsequence: null,
    serverAnswers: [],
    endpoints: [],
    findings: [],
    ...change,
  };
}

export function certificate(
  word: string,
  key: string,
  change: Partial<CertificateFact> = {},
): CertificateFact {
  return {
    sha256: sha256(word),
    der: Buffer.from(word),
    spkiSha256: sha256(key),
    keyAlgorithm: 'ec',
    keyBits: 256,
    subject: `CN=${word}`,
    issuer: 'CN=issuer',
    notBefore: SEEN_AT - 86_400,
    notAfter: SEEN_AT + 86_400,
    selfSigned: false,
    ...change,
  };
}
