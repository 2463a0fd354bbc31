/**
 * Every name server address behind one TLSA lookup: those of the zone that holds the TLSA name, and those of the zone that an alias
 * there leads to. In: the lookup's answer. Out: facts and findings, and the secure answer that prevails, where servers differ
 * or where the lookup failed although one of them answers well. Forwarders show no servers, only what they make of the ancestors.
 */
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import type { Answer } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import { ancestorsOf } from './ancestors.ts';
import { isOfUse, type UsefulReply } from './ask-name-server.ts';
import type { TlsaZoneFact } from './facts.ts';
import { surveyForwardedAncestors } from './forwarded-ancestors.ts';
import { factName } from './lookup-fact.ts';
import { answerFindings, nameServerFindings } from './name-server-findings.ts';
import {
  MAX_SERVER_ADDRESSES_ASKED,
  type ServerSurvey,
  type ServerSurveyPorts,
  surveyNameServers,
} from './survey-name-servers.ts';

export interface TlsaServers extends Omit<ServerSurvey, 'prevailing' | 'soa'> {
  /** Of the zone that holds the TLSA RRset; where its name is an alias, that which the alias leads to. */
  readonly zone: TlsaZoneFact | null;
}

export const noServers: TlsaServers = {
  answers: [],
  ancestors: [],
  behaviours: [],
  consequence: null,
  findings: [],
  zone: null,
};

/** A lookup found nothing; whether a server shows a TLSA RRset all the same. One question to each address, not repeated. */
export async function showsTlsaSomewhere({ links }: Answer, lookup: Lookup): Promise<boolean> {
  const { cut, name } = links.at(-1)!;
  const servers = await lookup.serversOf(cut, MAX_SERVER_ADDRESSES_ASKED);
  const question = { name, type: RRType.TLSA, edns: true, again: false };
  const said = await Promise.all(servers.map((server) => server.ask(question)));
  return said.some((one) => isOfUse(one) && 'rrset' in one.reply);
}

export async function surveyTlsaServers(
  tlsaName: Name,
  answer: Answer,
  ports: ServerSurveyPorts,
): Promise<{ readonly servers: TlsaServers; readonly prevailing: UsefulReply | undefined }> {
  const { lookup } = ports;
  if (lookup.asksForwarders) {
    const isShown = answer.security.status === 'secure' && answer.rrset !== undefined;
    const servers = isShown
      ? { ...noServers, ...(await surveyForwardedAncestors(tlsaName, answer, lookup)) }
      : noServers;
    return { servers, prevailing: undefined };
  }
  const [first, last] = [answer.links[0]!, answer.links.at(-1)!];
  const type = RRType.TLSA;
  const ancestors = ancestorsOf(tlsaName, first.cut.apex);
  const own = await surveyNameServers({ cut: first.cut, name: tlsaName, type, ancestors }, ports);
  const behind =
    last === first
      ? undefined
      : await surveyNameServers({ cut: last.cut, name: last.name, type, ancestors: [] }, ports);
  const answers = [...own.answers, ...(behind?.answers ?? [])];
  const findings = [...own.findings, ...nameServerFindings(answers), ...answerFindings(answers)];

  const { prevailing, soa } = behind ?? own;
  const zone = soa === null ? null : { apex: factName(last.cut.apex), soa };
  const isDue = prevailing !== undefined && (answer.outcome === 'failed' || prevailing.kinds > 1);
  const isWhole = answer.links.slice(0, -1).every(({ security }) => security.status === 'secure');
  return {
    servers: { ...own, answers, findings, zone },
    prevailing: isDue && isWhole ? prevailing.said : undefined,
  };
}
