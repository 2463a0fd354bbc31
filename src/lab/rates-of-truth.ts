/**
 * The figures that the aggregate views must have after a census of the lab, counted from its truth alone: no judge of the product
 * has a hand in them. Each truth goes by once and is forgotten; what is kept are counts by key.
 */
import { reasonOf } from '../base/reasons/catalogue.ts';
import { type ExpectedTable, ROWS } from './expected-table.ts';
import { type Figures, newFigures, tablesOf } from './figures-of-truth.ts';
import {
  type DomainTruth,
  type EndpointTruth,
  findingsOfEveryTlsQuestion,
  type HostTruth,
  type LabTruth,
} from './truth.ts';

/** One table for each view. */
export function ratesOfTruth(truth: LabTruth, everyTlsQuestion: boolean): readonly ExpectedTable[] {
  const figures = newFigures(everyTlsQuestion);
  for (const domain of truth.domains()) {
    addDomain(figures, domain);
    for (const host of new Set(domain.hosts)) {
      figures.tlsaOutcomes.add([truth.host(host)!.tlsaOutcome], { uses: 1 });
    }
  }
  for (const host of truth.hosts()) addHost(figures, host, everyTlsQuestion);
  return tablesOf(figures);
}

/** Verdicts that say that something is broken. */
const broken: Readonly<Record<'domain' | 'host' | 'endpoint', readonly string[]>> = {
  domain: ['dane-degraded', 'dane-failed', 'lookup-failed'],
  host: ['dane-degraded', 'dane-failed', 'dane-unusable', 'lookup-failed'],
  endpoint: ['degraded', 'failed'],
};

function addDomain(figures: Figures, truth: DomainTruth): void {
  const { domain, verdict, mxStatus, mtaSts, hosts, reasons } = truth;
  const counted = {
    no_mail: verdict === 'no-mail',
    unknown: verdict === 'unknown',
    judged: verdict !== 'no-mail' && verdict !== 'unknown',
  };
  const { judged } = counted;
  const adopted = {
    dane_any: ['dane', 'dane-degraded', 'dane-partial', 'dane-failed'].includes(verdict),
    dane: verdict === 'dane',
    dane_failed: verdict === 'dane-failed',
  };
  const mx_secure = judged && mxStatus === 'secure';
  const insecure_mx = verdict === 'insecure-mx';
  figures.overview.add([], { listed: 1, domains: 1, looked_at: 1, ...counted });
  figures.adoption.add([], {
    ...adopted,
    judged,
    mx_secure,
    insecure_mx,
    dane_degraded: verdict === 'dane-degraded',
    dane_partial: verdict === 'dane-partial',
    mta_sts: judged && mtaSts,
  });
  figures.byTld.add([domain.slice(domain.lastIndexOf('.') + 1)], {
    domains: 1,
    ...counted,
    ...adopted,
    mx_secure,
  });
  for (const provider of new Set(hosts.map(providerOf))) {
    if (judged) figures.byProvider.add([provider], { judged, ...adopted, insecure_mx });
  }
  figures.mxSecurity.add([mxStatus], { domains: 1 });
  figures.domainVerdicts.add([verdict], { domains: 1 });
  if (broken.domain.includes(verdict)) figures.failures.add('domain', verdict, reasons);
  addServerFaults(figures, 'domain', truth);
  for (const fault of new Set((truth.serverFaults ?? []).map((one) => one.fault))) {
    figures.findings.add(['domain', fault], { affected: 1 });
  }
}

function addHost(figures: Figures, truth: HostTruth, everyTlsQuestion: boolean): void {
  const { verdict, reasons, tlsaOutcome, tlsaRecords, tlsaTtl, findings, endpoints } = truth;
  figures.overview.add([], { hosts: 1, hosts_looked_at: 1 });
  figures.hostVerdicts.add([verdict], { hosts: 1 });
  const ours = tlsaOutcome === 'lookup-failed' && reasons.every(isOurs);
  figures.tlsaOutcomes.add([tlsaOutcome], { hosts: 1, ours, not_ours: !ours });
  for (const record of tlsaRecords) figures.tlsaParameters.add([record], { records: 1 });
  // Numbers of one digit sort as text.
  if (tlsaRecords.length > 0) {
    figures.tlsaTtls.add([tlsaTtl], { [ROWS]: 1 });
    figures.tlsaCombinations.add([[...tlsaRecords].sort().join(' + ')], { hosts: 1 });
  }
  if (broken.host.includes(verdict)) figures.failures.add('host', verdict, reasons);
  addServerFaults(figures, 'host', truth);
  for (const finding of new Set(findings)) {
    if (!everyTlsQuestion && findingsOfEveryTlsQuestion.includes(finding)) continue;
    figures.findings.add(['host', finding], { affected: 1 });
  }
  for (const endpoint of endpoints) addEndpoint(figures, endpoint);
}

function addEndpoint(figures: Figures, { verdict, reasons, tls }: EndpointTruth): void {
  figures.overview.add([], { endpoints: 1, endpoints_unknown: verdict === 'unknown' });
  figures.endpointVerdicts.add([verdict], { endpoints: 1 });
  if (broken.endpoint.includes(verdict)) figures.failures.add('endpoint', verdict, reasons);
  if (tls === null) return;
  figures.protocols.add([tls.protocol], { endpoints: 1 });
  addVersion(figures, 'TLSv1.3', tls.tls13);
  const { everyQuestion } = figures;
  if (everyQuestion === undefined) return;
  addVersion(figures, 'TLSv1.2', tls.tls12);
  for (const key of tls.keys) everyQuestion.keyAlgorithms.add([key], { endpoints: 1 });
  everyQuestion.secondKeys.add([secondKey(tls)], { endpoints: 1 });
  everyQuestion.withoutSni.add([tls.withoutSni], { endpoints: 1 });
}

function addVersion({ versions }: Figures, version: string, offered: boolean): void {
  versions.add([version], { offered, not_offered: !offered, endpoints: 1 });
}

/** Nobody can ask for a second key without TLS 1.2 (RFC 5246 §7.4.1.4.1). */
function secondKey({ tls12, tls13, keys }: NonNullable<EndpointTruth['tls']>): string {
  if (!tls12 && !tls13) return 'not-asked';
  return keys.length > 1 ? 'seen' : 'not-offered';
}

function addServerFaults(
  figures: Figures,
  subject: 'domain' | 'host',
  { serverFaults = [] }: Pick<HostTruth, 'serverFaults'>,
): void {
  for (const { fault } of serverFaults) figures.serverFaults.add([subject, fault], { [ROWS]: 1 });
}

/** Names of the lab are registered below its two top-level domains; an address in place of a name is no name of them. */
function providerOf(host: string): string {
  const labels = host.split('.');
  return ['xa', 'xb'].includes(labels.at(-1)!) ? labels.slice(-2).join('.') : host;
}

function isOurs(reason: HostTruth['reasons'][number]): boolean {
  return reason !== null && reasonOf(reason).mender === 'ours';
}
