/** Advice about one MX host: its records, their TTL and zone, its addresses and certificates. Pure. */
import { fromHex } from '../base/bytes.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { ADVISED_TTL } from '../dane/advised-ttl.ts';
import { adviceOnParameters } from '../dane/make-tlsa.ts';
import { rolloverPractice } from '../dane/rollover-practice.ts';
import { formatTlsaParameters } from '../dane/tlsa-text.ts';
import type { Advice } from './advice.ts';
import type { CertificateFact, HostFacts, TlsaFact } from './facts.ts';
import type { EndpointFacts } from './probed-facts.ts';

/** Findings, outcomes and endpoint reasons that are advice of the how-to by themselves. */
const FROM_FINDINGS: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'tlsa-servers-differ',
  'name-server-stale',
  'ancestor-denied',
  'ancestor-nxdomain-unproven',
  'ancestor-proof-contradicts',
  'mx-is-cname',
]);
const FROM_OUTCOME: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'tlsa-absent',
  'tlsa-insecure',
  'address-insecure',
]);
const FROM_ENDPOINTS: ReadonlySet<ReasonKey> = new Set<ReasonKey>([
  'starttls-not-offered',
  'starttls-refused',
  'ehlo-rejected',
  'tlsa-mismatch-one-algorithm',
]);

export type Certificates = ReadonlyMap<string, CertificateFact>;

export function hostAdvice(host: HostFacts, certificates: Certificates): readonly Advice[] {
  const say = (key: ReasonKey, detail = ''): Advice => ({ key, host: host.host, detail });
  const advice: Advice[] = [];
  const { tlsaReason, findings, endpoints } = host;
  if (tlsaReason !== null && FROM_OUTCOME.has(tlsaReason)) advice.push(say(tlsaReason));
  for (const { key, detail } of findings) if (FROM_FINDINGS.has(key)) advice.push(say(key, detail));
  if (host.tlsaOutcome === 'usable' || host.tlsaOutcome === 'unusable') {
    advice.push(...parametersAdvice(host.tlsaRecords).map(([key, detail]) => say(key, detail)));
    advice.push(...ttlAdvice(host).map(([key, detail]) => say(key, detail)));
    advice.push(...refreshAdvice(host).map(([key, detail]) => say(key, detail)));
  }
  if (host.tlsaOutcome === 'usable') {
    advice.push(...rolloverAdvice(host, certificates).map((key) => say(key)));
  }
  for (const key of FROM_ENDPOINTS) {
    const where = endpoints.filter(({ reason }) => reason === key);
    if (where.length > 0) advice.push(say(key, addressesOf(where)));
  }
  const old = endpoints.filter(({ handshakes }) => handshakes.some(({ protocol }) => isOld(protocol)));
  if (old.length > 0) advice.push(say('tls-too-old', addressesOf(old)));
  const failing = endpoints.filter(({ verdict }) => verdict === 'failed');
  if (failing.length > 0 && endpoints.some(({ verdict }) => isMet(verdict))) {
    advice.push(say('addresses-differ', addressesOf(failing)));
  }
  const neglected = endpoints.filter((endpoint) => isNeglected(endpoint, certificates));
  if (neglected.length > 0) advice.push(say('certificate-neglected', addressesOf(neglected)));
  return advice;
}

/** The handshake takes the highest version that both sides have. */
function isOld(protocol: string): boolean {
  return /^(SSL|TLSv1$|TLSv1\.1$)/.test(protocol);
}

function isMet(verdict: EndpointFacts['verdict']): boolean {
  return verdict === 'authenticated' || verdict === 'degraded';
}

function addressesOf(endpoints: readonly EndpointFacts[]): string {
  return endpoints.map(({ address }) => address).join(' ');
}

type Seen = readonly [key: ReasonKey, detail: string];

/** Each key once, with the parameters that it is about. Records that a stronger digest sets aside are not in use. */
function parametersAdvice(records: readonly TlsaFact[]): readonly Seen[] {
  const inUse = records.filter(({ reason }) => reason === null || reason === 'usage-pkix');
  const about = new Map<ReasonKey, Set<string>>();
  for (const record of inUse) {
    for (const key of adviceOnParameters(record)) {
      if (key === 'matching-type-optional' && hasWeakerTwin(record, records)) continue;
      about.set(key, (about.get(key) ?? new Set()).add(formatTlsaParameters(record)));
    }
  }
  return [...about].map(([key, parameters]) => [key, [...parameters].sort().join(', ')]);
}

/** Senders that understand SHA2-256 alone are served by a record that stands beside. */
function hasWeakerTwin({ usage, selector }: TlsaFact, records: readonly TlsaFact[]): boolean {
  return records.some(
    (other) => other.reason === 'superseded-digest' && other.usage === usage && other.selector === selector,
  );
}

function ttlAdvice({ tlsa }: HostFacts): readonly Seen[] {
  const ttl = tlsa?.ttl ?? null;
  if (ttl === null) return [];
  if (ttl > ADVISED_TTL.most) return [['tlsa-ttl-long', `${ttl} seconds`]];
  return ttl < ADVISED_TTL.least ? [['tlsa-ttl-short', `${ttl} seconds`]] : [];
}

/** The zone that holds the TLSA RRset, which need not be the domain's. */
function refreshAdvice({ tlsa, tlsaZone }: HostFacts): readonly Seen[] {
  const ttl = tlsa?.ttl ?? null;
  if (ttl === null || tlsaZone === null || tlsaZone.soa.refresh <= ttl) return [];
  return [['soa-refresh-long', `refresh ${tlsaZone.soa.refresh} in the SOA of ${tlsaZone.apex}, TTL ${ttl}`]];
}

function rolloverAdvice(host: HostFacts, certificates: Certificates): readonly ReasonKey[] {
  const records = host.tlsaRecords
    .filter(({ reason }) => reason === null)
    .map((fact) => ({ ...fact, data: fromHex(fact.data)! }));
  const handshakes = host.endpoints.flatMap((endpoint) => endpoint.handshakes);
  const distinct = new Map(handshakes.map(({ chain }) => [chain.join(), chain]));
  const chains = [...distinct.values()].map((chain) =>
    chain.map((sha256) => certificates.get(sha256)?.der ?? new Uint8Array()),
  );
  const canonical = host.aliases.at(-1) ?? host.host;
  return rolloverPractice({
    records,
    chains,
    baseDomain: host.tlsaBase ?? host.host,
    referenceNames: [host.host, canonical],
    at: host.seenAt,
  }).advice;
}

/** RFC 7672 §3.1.1: a leaf that a DANE-EE record matches may be out of date; advice, never a fault. */
function isNeglected({ handshakes, matched, seenAt }: EndpointFacts, certificates: Certificates): boolean {
  if (matched?.startsWith('3 ') !== true) return false;
  return handshakes.some(({ chain }) => {
    const leaf = certificates.get(chain[0] ?? '');
    const { notBefore = null, notAfter = null } = leaf ?? {};
    return (notAfter !== null && notAfter < seenAt) || (notBefore !== null && notBefore > seenAt);
  });
}
