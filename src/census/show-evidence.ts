/** The evidence of one subject of a census: it is surveyed again from what is kept, and what that touches is told. */
import { UsageError } from '../base/usage-error.ts';
import type { ExchangeRecord } from '../evidence/exchange-record.ts';
import type { Missing } from '../evidence/playback.ts';
import type { CensusRecord } from '../store/census-record.ts';
import type { Db } from '../store/db.ts';
import { listedDelegationOf } from '../store/listed-delegations.ts';
import { readDomainFacts } from '../store/read-domain-facts.ts';
import { readDers } from '../store/read-evidence.ts';
import { readHostFacts } from '../store/read-host-facts.ts';
import type { DomainFacts, HostFacts } from '../survey/facts.ts';
import { certificatesOf } from './evidence-keeper.ts';
import { createReplay, type Replayed, showTheSame } from './replay.ts';
import type { CensusConfig } from './run-census.ts';
import { storedEvidence } from './stored-evidence.ts';
import { surveyConfigOf } from './survey-config.ts';

export interface ShownEvidence {
  readonly subject: 'domain' | 'host';
  readonly name: string;
  /** Surveyed again from this evidence, the subject shows what it showed. */
  readonly complete: boolean;
  /** In the order of their first use. */
  readonly exchanges: readonly ExchangeRecord[];
  /** What a survey asks and the evidence does not answer. */
  readonly missing: readonly Missing[];
  /** What each endpoint showed; `chain` is null where the certificates were not kept. */
  readonly chains: readonly {
    readonly address: string;
    readonly protocol: string;
    readonly sha256: readonly string[];
    readonly chain: readonly Uint8Array[] | null;
  }[];
}

/** Of the domain and of the MX host of that name. Throws UsageError where the census looked at neither. `census` looked itself. */
export async function showEvidence(
  db: Db,
  census: CensusRecord,
  name: string,
): Promise<readonly ShownEvidence[]> {
  const domain = (await readDomainFacts(db, census.id, [name])).get(name);
  const host = (await readHostFacts(db, census.id, [name])).get(name);
  if (domain === undefined && host === undefined) {
    throw new UsageError('evidence show', name, `a domain or MX host that census ${census.id} has looked at`);
  }
  const source = await storedEvidence(db, census.id);
  const replay = createReplay(surveyConfigOf((census.config as CensusConfig).survey));
  const shown: ShownEvidence[] = [];
  if (domain !== undefined) {
    const delegation = await listedDelegationOf(db, census.id, name);
    const replayed = await replay.domain({ name, delegation }, source, domain.seenAt);
    shown.push({ subject: 'domain', name, ...told(domain, replayed), chains: [] });
  }
  if (host !== undefined) {
    const ders = await readDers(db, certificatesOf(host));
    const replayed = await replay.host(host, source, (sha256) => ders.get(sha256));
    const chains = host.endpoints.flatMap(({ address, handshakes }) =>
      handshakes.map(({ protocol, chain: sha256 }) => {
        const chain = sha256.map((one) => ders.get(one)).filter((der) => der !== undefined);
        return { address, protocol, sha256, chain: chain.length === sha256.length ? chain : null };
      }),
    );
    shown.push({ subject: 'host', name, ...told(host, replayed), chains });
  }
  return shown;
}

function told<Facts extends DomainFacts | HostFacts>(
  old: Facts,
  { facts, touched, missing }: Replayed<Facts>,
): Pick<ShownEvidence, 'complete' | 'exchanges' | 'missing'> {
  const complete = facts !== undefined && missing.length === 0 && showTheSame(old, facts);
  return { complete, exchanges: touched, missing };
}
