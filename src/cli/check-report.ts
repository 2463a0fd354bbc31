/** What `check` prints: facts and verdicts as sentences, each reason with how to mend it. Pure. */
import { never } from '../base/never.ts';
import { type ReasonKey, reasonOf } from '../base/reasons/catalogue.ts';
import type { Advice } from '../survey/advice.ts';
import type { DomainFacts, HostFacts, LookupFact } from '../survey/facts.ts';
import type { EndpointFacts } from '../survey/probed-facts.ts';
import type { SendersVerdict } from '../survey/sender-verdicts.ts';
import type { DomainVerdict, EndpointVerdict, HostVerdict, JudgedDomain } from '../survey/verdicts.ts';
import { adviceLines } from './check-advice.ts';
import { ancestorLines, nameServerLines, uselessLines } from './name-server-lines.ts';
import { sendersLines } from './senders-report.ts';
import { safe } from './terminal-text.ts';
import { tlsLines } from './tls-lines.ts';

/** Own limit: certificates of large providers have hundreds. */
const NAMES_SHOWN = 10;

/** All that was seen of one domain. */
export interface Checked {
  readonly facts: DomainFacts;
  /** In the order of the MX edges. */
  readonly hosts: readonly HostFacts[];
  readonly judged: JudgedDomain;
  readonly mail: SendersVerdict;
  readonly advice: readonly Advice[];
}

export function checkReport({ facts, hosts, judged, mail, advice }: Checked): string {
  const lines = [
    `${facts.domain}: ${judged.verdict} (${domainSentence(judged.verdict)})`,
    ...because('  ', judged.reason),
    `  MX lookup: ${lookupSentence(facts.mx)}; the domain takes mail by ${facts.mail}`,
  ];
  if (facts.zone !== null) {
    const { apex, security, nameServers, dnskeyAlgorithms } = facts.zone;
    const algorithms = dnskeyAlgorithms.length > 0 ? `, algorithms ${dnskeyAlgorithms.join(' ')}` : '';
    const servers = nameServers === null ? '' : `; servers ${nameServers.join(' ')}`;
    lines.push(`  zone ${apex}: ${security}${algorithms}${servers}`);
  }
  if (facts.mtaSts !== null) lines.push(`  MTA-STS: ${yes(facts.mtaSts)}; TLSRPT: ${yes(facts.tlsRpt)}`);
  lines.push(...uselessLines('  ', 'MX', facts.mx), ...nameServerLines('  ', facts.serverAnswers));
  for (const { key, detail } of facts.findings) lines.push(...finding('  ', key, detail));
  for (const host of hosts) {
    const preference = facts.edges.find((edge) => edge.host === host.host)?.preference ?? 0;
    lines.push('', ...hostLines(host, preference));
  }
  lines.push('', ...sendersLines(mail));
  lines.push(...adviceLines(advice));
  return `${lines.join('\n')}\n`;
}

function hostLines(host: HostFacts, preference: number): string[] {
  const lines = [
    `  ${preference} ${host.host}: ${host.verdict} (${hostSentence(host.verdict)})`,
    ...because('    ', host.reason),
    `    addresses: ${lookupSentence(host.a)} (A), ${lookupSentence(host.aaaa)} (AAAA)`,
  ];
  if (host.aliases.length > 0) lines.push(`    alias of ${host.aliases.join(', alias of ')}`);
  const tlsa = host.tlsa === null ? 'no lookup due' : lookupSentence(host.tlsa);
  const base = host.tlsaBase === null ? '' : ` at _25._tcp.${host.tlsaBase}`;
  lines.push(`    TLSA${base}: ${host.tlsaOutcome} (${tlsa})`);
  for (const { usage, selector, matchingType, data, reason } of host.tlsaRecords) {
    const unused = reason === null ? '' : `  not used: ${reasonOf(reason).says}`;
    lines.push(`      ${usage} ${selector} ${matchingType} ${data}${unused}`);
  }
  lines.push(...uselessLines('    ', 'A', host.a), ...uselessLines('    ', 'AAAA', host.aaaa));
  if (host.tlsa !== null) lines.push(...uselessLines('    ', 'TLSA', host.tlsa));
  lines.push(...nameServerLines('    ', host.serverAnswers), ...ancestorLines('    ', host));
  for (const { key, detail } of host.findings) lines.push(...finding('    ', key, detail));
  for (const endpoint of host.endpoints) lines.push(...endpointLines(endpoint));
  return lines;
}

function endpointLines(endpoint: EndpointFacts): string[] {
  const lines = [`    ${endpoint.address}: ${endpoint.verdict} (${endpointSentence(endpoint.verdict)})`];
  lines.push(...because('      ', endpoint.reason));
  if (endpoint.banner !== '') lines.push(`      greeting: ${safe(endpoint.banner)}`);
  lines.push(...tlsLines('      ', endpoint));
  const instead = endpoint.handshakes.flatMap(({ namesInstead }) => namesInstead ?? []);
  if (instead.length > 0) {
    const more = instead.length > NAMES_SHOWN ? ` and ${instead.length - NAMES_SHOWN} more` : '';
    lines.push(`      a certificate that matches for domains of these names: ${listed(instead)}${more}`);
  }
  if (endpoint.matched !== null) {
    lines.push(`      matched by a ${endpoint.matched} record at depth ${endpoint.matchedDepth}`);
  }
  return lines;
}

function listed(names: readonly string[]): string {
  return names.slice(0, NAMES_SHOWN).map(safe).join(', ');
}

function because(indent: string, reason: ReasonKey | null): string[] {
  if (reason === null) return [];
  const { says, hint, source } = reasonOf(reason);
  return [`${indent}because ${says} (${source})`, ...(hint === '' ? [] : [`${indent}to mend it: ${hint}`])];
}

function finding(indent: string, key: ReasonKey, detail: string): string[] {
  const { says, hint } = reasonOf(key);
  const where = detail === '' ? '' : ` [${safe(detail)}]`;
  return [`${indent}found: ${says}${where}`, ...(hint === '' ? [] : [`${indent}to mend it: ${hint}`])];
}

function lookupSentence({ outcome, status, reason, ttl }: LookupFact): string {
  const why = reason === null ? '' : `: ${reasonOf(reason).says}`;
  return `${outcome}, ${status}${why}${ttl === null ? '' : `, TTL ${ttl}`}`;
}

function yes(value: boolean | null): string {
  return value === null ? 'could not look' : value ? 'yes' : 'no';
}

function domainSentence(verdict: DomainVerdict): string {
  switch (verdict) {
    case 'dane':
      return 'DANE protects all its mail';
    case 'dane-degraded':
      return 'DANE senders must avoid some of its hosts or addresses';
    case 'dane-partial':
      return 'DANE protects some of its MX hosts and others not';
    case 'dane-failed':
      return 'DANE senders cannot deliver: mail is deferred';
    case 'insecure-mx':
      return 'its MX host has DANE, but the domain is not signed';
    case 'no-dane':
      return 'DANE does not apply';
    case 'lookup-failed':
      return 'the lookup of its MX records or of its MX hosts fails: mail is deferred';
    case 'no-mail':
      return 'it takes no mail';
    case 'unknown':
      return 'could not look';
    default:
      return never(verdict);
  }
}

function hostSentence(verdict: HostVerdict): string {
  switch (verdict) {
    case 'dane':
      return 'authenticated at every address that was reached';
    case 'dane-degraded':
      return 'authenticated at some addresses or with some keys only';
    case 'dane-failed':
      return 'does not show what its TLSA records demand';
    case 'dane-unusable':
      return 'encrypted, but its TLSA records cannot authenticate';
    case 'no-dane':
      return 'DANE does not apply';
    case 'lookup-failed':
      return 'DANE senders skip it, since a lookup fails';
    case 'no-address':
      return 'has no address';
    case 'unknown':
      return 'could not look';
    default:
      return never(verdict);
  }
}

function endpointSentence(verdict: EndpointVerdict): string {
  switch (verdict) {
    case 'authenticated':
      return 'its certificate matches';
    case 'degraded':
      return 'one of its certificates matches, another does not';
    case 'failed':
      return 'mail is not delivered here by DANE senders';
    case 'encrypted':
      return 'STARTTLS works';
    case 'cleartext':
      return 'no working STARTTLS';
    case 'unknown':
      return 'could not look';
    default:
      return never(verdict);
  }
}
