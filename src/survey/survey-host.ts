/**
 * Looks at one MX host: its addresses, its TLSA records, their ancestors and servers, and each of its endpoints.
 *
 * In: an A-label host name, a lookup, a probe. Out: facts with the verdicts of endpoints and host, which follow from them by
 * pure functions, and the certificates seen. Done once per census for each host, whoever names it.
 */
import type { Clock } from '../base/instant.ts';
import { reasonOf } from '../base/reasons/catalogue.ts';
import { name as nameOf } from '../dns/name.ts';
import { readA, readAaaa } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import type { Answer } from '../lookup/answer.ts';
import { type Describe, surveyEndpoint } from './endpoint-facts.ts';
import { endpointFindings } from './endpoint-findings.ts';
import type { Finding, HostFacts } from './facts.ts';
import { judgeHost } from './judge-host.ts';
import { factName, lookupFact } from './lookup-fact.ts';
import type { ProbeEndpoint } from './probe-port.ts';
import type { ServerSurveyPorts } from './survey-name-servers.ts';
import { tlsaMatches } from './tlsa-matches.ts';
import { surveyTlsa } from './tlsa-survey.ts';

/** Own limit: manners; each address costs a connection or two. The largest honest hosts have some sixteen. */
export const MAX_ADDRESSES = 32;

export interface HostSurveyPorts extends ServerSurveyPorts {
  readonly probe: ProbeEndpoint;
  readonly describe: Describe;
  readonly clock: Clock;
  /** The registrable domain of a host (public suffix list); the host itself where there is none. */
  readonly providerOf: (host: string) => string;
  /** Of every endpoint: which TLS versions and keys there are, and what is shown without SNI. Costs some connections more. */
  readonly everyTlsQuestion: boolean;
}

/** `host` is a valid A-label name; throws for anything else. */
export async function surveyHost(
  host: string,
  ports: HostSurveyPorts,
  signal?: AbortSignal,
): Promise<HostFacts> {
  const { lookup } = ports;
  const name = nameOf(host);
  const [a, aaaa] = await Promise.all([lookup.ask(name, RRType.A), lookup.ask(name, RRType.AAAA)]);
  const found = addressesIn(a, aaaa);
  const addresses = found.slice(0, MAX_ADDRESSES);
  const tlsa = await surveyTlsa(host, [a, aaaa], ports);

  const aliases = (a.aliases.length > 0 ? a : aaaa).aliases.map(factName);
  const canonical = aliases.at(-1) ?? host;
  const demand = {
    tlsaOutcome: tlsa.outcome,
    records: tlsa.authenticating,
    baseDomain: tlsa.base,
  };
  const serverName = tlsa.base ?? host;
  const described = new Map<string, Uint8Array>();
  const describe: Describe = (der) => {
    const fact = ports.describe(der);
    described.set(fact.sha256, fact.der);
    return fact;
  };
  const endpoints = await Promise.all(
    addresses.map((address) =>
      surveyEndpoint(
        { address, serverName, demand, everyTlsQuestion: ports.everyTlsQuestion },
        ports.probe,
        describe,
        signal,
      ),
    ),
  );
  const seenAt = ports.clock();
  const matches = tlsaMatches(tlsa.records, {
    handshakes: endpoints.flatMap(({ handshakes }) => handshakes),
    derOf: (sha256) => described.get(sha256)!,
    baseDomain: tlsa.base,
    at: seenAt,
  });
  const facts = {
    host,
    provider: ports.providerOf(host),
    a: lookupFact(a),
    aaaa: lookupFact(aaaa),
    aliases,
    tlsaBase: tlsa.base,
    tlsa: tlsa.lookup,
    tlsaOutcome: tlsa.outcome,
    tlsaReason: tlsa.reason,
    tlsaRecords: tlsa.records.map((record, at) => ({ ...record, ...matches[at]! })),
    tlsaZone: tlsa.servers.zone,
    ancestors: tlsa.servers.ancestors,
    behaviours: tlsa.servers.behaviours,
    ancestorConsequence: tlsa.servers.consequence,
    serverAnswers: tlsa.servers.answers,
    endpoints,
  };
  const findings: Finding[] = [...tlsa.servers.findings, ...endpointFindings(endpoints)];
  if (found.length > addresses.length) {
    findings.push({ key: 'addresses-too-many', detail: String(found.length) });
  }
  if (aliases.length > 0) findings.push({ key: 'mx-is-cname', detail: canonical });
  const isOurs = tlsa.reason !== null && reasonOf(tlsa.reason).mender === 'ours';
  if (tlsa.outcome === 'lookup-failed' && tlsa.lookup !== null && !isOurs) {
    findings.push({ key: 'tlsa-lookup-fails-without-tlsa', detail: tlsa.reason ?? '' });
  }
  return { ...facts, ...judgeHost(facts), findings, seenAt };
}

/** IPv4 first, each once, in the order of their octets as text, so that two runs write the same rows. */
function addressesIn(a: Answer, aaaa: Answer): string[] {
  const read = (answer: Answer, reader: typeof readA) =>
    answer.outcome === 'data'
      ? answer.rrset!.records.map(reader).filter((address) => address !== undefined)
      : [];
  const sorted = (addresses: string[]) => [...new Set(addresses)].sort();
  return [...sorted(read(a, readA)), ...sorted(read(aaaa, readAaaa))];
}
