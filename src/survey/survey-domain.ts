/**
 * Looks at one domain: how it takes mail and how that is secured, its zone, and what it has beside DANE.
 *
 * In: an A-label name and a lookup. Out: facts; nothing is judged but the security that the lookup comes with. It sends no
 * mail and connects to no mail server: `survey-host.ts` does, once for each host.
 */
import type { Clock } from '../base/instant.ts';
import type { Message } from '../dns/message.ts';
import { labelCount, type Name, name as nameOf, prepend } from '../dns/name.ts';
import { readTxt } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Answer } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { ListedDelegation } from '../resolve/listed-delegation.ts';
import type { DomainFacts, Finding, MailKind, MxEdge } from './facts.ts';
import { factName, lookupFact } from './lookup-fact.ts';
import { readMxSet } from './mx-edges.ts';
import type { ServerAnswerFact } from './name-server-facts.ts';
import { nameServerFindings } from './name-server-findings.ts';
import { type ServerSurveyPorts, surveyNameServers } from './survey-name-servers.ts';
import { soaFact, zoneFact } from './zone-fact.ts';

export interface DomainSurveyPorts extends ServerSurveyPorts {
  readonly clock: Clock;
  /** Every server is asked for MX, not only where the lookup fails: for a few domains that somebody wants to know all about. */
  readonly askEveryServer: boolean;
}

/**
 * `domain` is a valid A-label name; throws for anything else. What fails by the delegation of a list is looked at again by that of the
 * parent's servers: a list may be older than the zone, and what is wrong with the list is nothing of the domain's.
 */
export async function surveyDomain(
  domain: string,
  ports: DomainSurveyPorts,
  delegation: ListedDelegation | null = null,
): Promise<DomainFacts> {
  const name = nameOf(domain);
  const lookup = delegation === null ? undefined : await ports.lookup.withListed(name, delegation);
  if (lookup !== undefined) {
    const listed = await lookAt(domain, name, { ...ports, lookup });
    if (listed.mx.outcome !== 'failed') return { ...listed, delegationFromList: true };
  }
  return lookAt(domain, name, ports);
}

async function lookAt(domain: string, name: Name, ports: DomainSurveyPorts): Promise<DomainFacts> {
  const { lookup, clock } = ports;
  const mx = await lookup.ask(name, RRType.MX);
  const routed = await routeOf(domain, name, mx, lookup);
  const messages = mx.links.map((link) => link.message).filter((message) => message !== undefined);

  const takesMail = routed.mail === 'mx' || routed.mail === 'implicit-mx';
  const [mtaSts, tlsRpt] = takesMail
    ? await Promise.all([
        policyRecord(lookup, ['_mta-sts'], name, 'v=STSv1', messages),
        policyRecord(lookup, ['_tls', '_smtp'], name, 'v=TLSRPTv1', messages),
      ])
    : [null, null];

  const home = mx.links[0]!;
  const zone = zoneFact(home, messages, lookup);
  const serverAnswers = await serverAnswersOf(name, mx, ports);
  let soa = soaFact(home.cut.apex, messages);
  if (soa === null && zone !== null && takesMail) {
    const gathered = await lookup.gather(home.cut.apex, RRType.SOA);
    if (gathered.kind === 'reply') soa = soaFact(home.cut.apex, [gathered.message]);
  }
  return {
    domain,
    mail: routed.mail,
    mx: lookupFact(routed.decisive),
    aliases: mx.aliases.map(factName),
    edges: routed.edges,
    zone,
    soa,
    mtaSts,
    tlsRpt,
    serverAnswers,
    findings: [...routed.findings, ...nameServerFindings(serverAnswers)],
    seenAt: clock(),
  };
}

/**
 * A name that does not exist has no servers of its own, nor has one that was not found because a top-level domain or the root
 * failed: those above are not asked for it.
 */
async function serverAnswersOf(
  name: Name,
  mx: Answer,
  ports: DomainSurveyPorts,
): Promise<readonly ServerAnswerFact[]> {
  const isWanted = ports.askEveryServer && mx.outcome !== 'nxdomain';
  if (mx.outcome !== 'failed' && !isWanted) return [];
  const { cut } = mx.links[0]!;
  if (cut.apex !== name && labelCount(cut.apex) < 2) return [];
  const { answers } = await surveyNameServers({ cut, name, type: RRType.MX, ancestors: [] }, ports);
  return answers;
}

interface Route {
  readonly mail: MailKind;
  readonly edges: readonly MxEdge[];
  readonly findings: readonly Finding[];
  /** The answer that decided: the MX lookup, or the address lookup that failed after it. */
  readonly decisive: Answer;
}

/** RFC 5321 §5.1, RFC 7505 §3. */
async function routeOf(domain: string, name: Name, mx: Answer, lookup: Lookup): Promise<Route> {
  const without = (mail: MailKind, decisive = mx): Route => ({ mail, edges: [], findings: [], decisive });
  if (mx.outcome === 'failed') return without('unknown');
  if (mx.outcome === 'nxdomain') return without('none');
  if (mx.rrset !== undefined) {
    const { isNull, edges, findings } = readMxSet(mx.rrset);
    return { mail: isNull ? 'null-mx' : 'mx', edges, findings, decisive: mx };
  }
  const [a, aaaa] = await Promise.all([lookup.ask(name, RRType.A), lookup.ask(name, RRType.AAAA)]);
  if (a.outcome === 'data' || aaaa.outcome === 'data') {
    return { mail: 'implicit-mx', edges: [{ host: domain, preference: 0 }], findings: [], decisive: mx };
  }
  const failed = [a, aaaa].find((answer) => answer.outcome === 'failed');
  return failed === undefined ? without('none') : without('unknown', failed);
}

/**
 * Whether exactly one TXT record of this version stands below the domain (RFC 8461 §3.1, RFC 8460 §3: with none or several
 * senders assume that there is no policy); null where nobody told. Not validated: neither MTA-STS nor TLSRPT asks for it; but
 * an alias, as hosted policies have it, is followed. The replies are kept, since the negative ones show the zone's parameters.
 */
async function policyRecord(
  lookup: Lookup,
  labels: readonly string[],
  domain: Name,
  version: string,
  messages: Message[],
): Promise<boolean | null> {
  const owner = labels.reduce<Name | undefined>((below, label) => below && prepend(label, below), domain);
  if (owner === undefined) return false;
  const gathered = await lookup.gather(owner, RRType.TXT);
  if (gathered.kind === 'failed') return null;
  messages.push(gathered.message);
  const { reply } = gathered;
  if (reply.kind === 'cname' || reply.kind === 'dname') {
    const answer = await lookup.ask(owner, RRType.TXT);
    return answer.outcome === 'failed' ? null : holdsPolicy(answer.rrset, version);
  }
  return holdsPolicy(reply.kind === 'answer' ? reply.rrset : undefined, version);
}

/** The version ends at a semicolon, white space before it allowed (RFC 8461 §3.1, RFC 8460 §3: sts-version, tlsrpt-version). */
function holdsPolicy(rrset: RRset | undefined, version: string): boolean {
  const texts = (rrset?.records ?? []).map(readTxt).filter((text) => text?.startsWith(version) === true);
  return texts.filter((text) => /^[ \t]*;/.test(text!.slice(version.length))).length === 1;
}
