/** A census written down by hand, domain by domain and host by host, so that every figure of it is known beforehand. */
import type { ReasonKey } from '../../src/base/reasons/catalogue.ts';
import type { SecurityStatus } from '../../src/base/security.ts';
import { providerBucket } from '../../src/census/provider-bucket.ts';
import type { Db } from '../../src/store/db.ts';
import { writeVerdicts } from '../../src/store/pending.ts';
import { writeDomains } from '../../src/store/write-domains.ts';
import { writeHosts } from '../../src/store/write-hosts.ts';
import { writeListedDomains } from '../../src/store/write-listed.ts';
import type { DomainFacts, HostFacts, LookupFact, TlsaFact } from '../../src/survey/facts.ts';
import type { EndpointFacts } from '../../src/survey/probed-facts.ts';
import type { DomainVerdict } from '../../src/survey/verdicts.ts';
import { fakeSurveyor } from '../census/fake-surveyor.ts';

export interface HandMadeDomain {
  readonly name: string;
  readonly rank?: number;
  readonly weight?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Left out: nobody has looked yet. */
  readonly seen?: Partial<DomainFacts>;
  readonly mx?: readonly string[];
  readonly nameServers?: readonly string[] | null;
  /** Left out: not judged yet. */
  readonly verdict?: DomainVerdict;
  readonly reason?: ReasonKey;
}

export type HandMadeHost = Partial<HostFacts> & Pick<HostFacts, 'host' | 'verdict'>;

const model = await models();

async function models(): Promise<{ domain: DomainFacts; host: HostFacts; endpoint: EndpointFacts }> {
  const never = AbortSignal.any([]);
  // Names whose facts are those of a domain with mail, and of a host that works.
  const { domains } = await fakeSurveyor().domains([{ name: 'd1.example', delegation: null }], never);
  const [domain] = domains;
  const { hosts } = await fakeSurveyor().hosts(['mx.p1.example'], never);
  return { domain: domain!, host: hosts[0]!, endpoint: hosts[0]!.endpoints[0]! };
}

export function lookup(status: SecurityStatus, reason: ReasonKey | null = null): LookupFact {
  const outcome = status === 'bogus' || status === 'indeterminate' ? 'failed' : 'data';
  return { outcome, status, reason, rcode: 'NOERROR', ttl: 3600 };
}

/** Left out: no endpoint showed a certificate. */
export function record(matchedAtSome?: boolean, usage = 3): TlsaFact {
  const matched = matchedAtSome ?? null;
  return {
    usage,
    selector: 1,
    matchingType: 1,
    data: '00'.repeat(32),
    reason: null,
    matchedLeaf: usage === 3 ? matched : matched && false,
    matchedAbove: usage === 2 ? matched : matched && false,
    matchedKeys: matched === null ? null : matched ? ['ec'] : [],
  };
}

export function endpoint(change: Partial<EndpointFacts> = {}): EndpointFacts {
  return {
    ...model.endpoint,
    address: '192.0.2.1',
    handshakes: [],
    verdict: 'authenticated',
    reason: null,
    ...change,
  };
}

/** Each is put together of what a working host would show, and of what is said of it. */
export async function writeCensus(
  db: Db,
  number: number,
  domains: readonly HandMadeDomain[],
  hosts: readonly HandMadeHost[],
  sample: object | null = null,
): Promise<void> {
  await db.query(
    `INSERT INTO dane.census (census_id, config, software, started_at, sample) VALUES ($1, '{}', 'test', now(), $2::text::jsonb)`,
    [number, sample === null ? null : JSON.stringify(sample)],
  );
  await db.query('SELECT dane.add_partitions($1::int)', [number]);
  await writeListedDomains(
    db,
    number,
    domains.map(({ name, rank, weight, tags }, at) => ({
      ordinal: at + 1,
      name,
      tags: tags ?? null,
      rank: rank ?? null,
      weight: weight ?? null,
    })),
  );
  await db.tx(async (session) => {
    const seen = domains.flatMap((domain, at) =>
      domain.seen === undefined ? [] : [{ ordinal: at + 1, facts: domainFacts(domain) }],
    );
    await writeDomains(session, number, seen, providerBucket);
    const judged = domains.flatMap(({ verdict, reason }, at) =>
      verdict === undefined
        ? []
        : [
            {
              ordinal: at + 1,
              judged: { verdict, reason: reason ?? null },
              mail: { senders: 'UUUUUUUU', hurt: null },
            },
          ],
    );
    await writeVerdicts(session, number, judged);
    await writeHosts(session, number, hosts.map(hostFacts), []);
  });
}

function domainFacts({
  name,
  seen,
  mx = [],
  nameServers = ['ns1.dns.example'],
}: HandMadeDomain): DomainFacts {
  const { domain } = model;
  return {
    ...domain,
    domain: name,
    mail: 'mx',
    mx: lookup('secure'),
    edges: mx.map((host, at) => ({ host, preference: 10 * (at + 1) })),
    zone: { ...domain.zone!, apex: name, nameServers },
    soa: { ...domain.soa!, rname: `host\\.master.${name}` },
    mtaSts: false,
    findings: [],
    ...seen,
  };
}

function hostFacts(host: HandMadeHost): HostFacts {
  return {
    ...model.host,
    a: lookup('secure'),
    aliases: [],
    tlsaBase: host.host,
    reason: null,
    findings: [],
    ...host,
  };
}
