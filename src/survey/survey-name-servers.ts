/**
 * Looks at each address of the servers of one zone: what it answers to a question, how it answers for the ancestors of the name,
 * and what is wrong with it. In: the link of a lookup that ended in that zone. Out: facts by address, what follows from the
 * ancestors, and the answer that prevails where servers differ. A zone is one, wherever served (RFC 1034 §4.2.2).
 */
import type { Random } from '../base/random.ts';
import type { Name } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { isOlderSerial } from '../dns/serial.ts';
import { reasonOfSecurity } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import {
  type AncestorConsequence,
  type BehaviourFact,
  behavioursOf,
  consequenceOf,
  type ServerView,
} from './ancestor-consequence.ts';
import {
  type AncestorHeard,
  ancestorFact,
  ancestorFindings,
  askAncestor,
  faultOfProof,
} from './ancestors.ts';
import { askNameServer, askTwice, isOfUse, type ServerHeard } from './ask-name-server.ts';
import type { Finding, SoaFact } from './facts.ts';
import { factName } from './lookup-fact.ts';
import type { AncestorAtServerFact, AncestorFact, ServerAnswerFact } from './name-server-facts.ts';
import { faultsOf, type HeardWithAnswer } from './name-server-faults.ts';
import { type PrevailingAnswer, prevailingAnswer } from './prevailing-answer.ts';
import { summaryOf } from './server-answer.ts';
import { soaFact } from './zone-fact.ts';

/** Own limit: manners; the largest honest zones have some thirteen servers with two addresses each. */
export const MAX_SERVER_ADDRESSES_ASKED = 32;

export interface ServerSurvey {
  readonly answers: readonly ServerAnswerFact[];
  readonly ancestors: readonly AncestorFact[];
  readonly behaviours: readonly BehaviourFact[];
  readonly consequence: AncestorConsequence | null;
  /** Of the ancestors. */
  readonly findings: readonly Finding[];
  readonly prevailing: PrevailingAnswer | undefined;
  /** The newest that a server showed (RFC 1982); null where none did. */
  readonly soa: SoaFact | null;
}

export interface ServerSurveyPorts {
  readonly lookup: Lookup;
  /** For the spelling of names. */
  readonly random: Random;
}

export interface ServersToSurvey {
  readonly cut: ZoneCut;
  readonly name: Name;
  readonly type: number;
  /** Asked for where some server shows the RRset; from the nearest to the name upwards. */
  readonly ancestors: readonly Name[];
}

export async function surveyNameServers(
  { cut, name, type, ancestors }: ServersToSurvey,
  { lookup, random }: ServerSurveyPorts,
): Promise<ServerSurvey> {
  const servers = await lookup.serversOf(cut, MAX_SERVER_ADDRESSES_ASKED);
  const heard = await Promise.all(servers.map((server) => askNameServer(server, name, type, random)));
  const asked = heard.some(showsData) ? ancestors : [];
  const seen = await Promise.all(heard.map((one) => lookFurther(one, asked)));

  const ancestorsAt = (level: number) =>
    seen.map(({ above }) => above[level]?.fact).filter((fact) => fact !== undefined);
  const byAddress = new Map(seen.map((one) => [one.heard.server.address, one.heard]));
  // A server that denies the RRset itself has no cause to have its ancestors.
  const counts = ({ address }: AncestorAtServerFact) => !denies(byAddress.get(address)!);
  const ancestorFacts = asked
    .map((ancestor, level) => ancestorFact(ancestor, ancestorsAt(level), counts))
    .filter((fact) => fact !== undefined);
  const behaviours = ancestorFacts.some(({ proof }) => faultOfProof(proof) !== undefined)
    ? behavioursOf(viewsOf(seen))
    : [];

  const prevailing = prevailingAnswer(seen);
  const faults = faultsOf(seen, prevailing?.leads === true ? prevailing.answer : undefined);
  const answers = seen.map(({ heard: { server, security }, answer, serial, above }, at): ServerAnswerFact => {
    const denials = above
      .filter((one) => one !== undefined && counts(one.fact))
      .map((one) => faultOfProof(one!.fact.proof))
      .filter((fault) => fault !== undefined);
    return {
      server: factName(server.server),
      address: server.address,
      name: factName(name),
      rcode: answer.rcode,
      answer: answer.answer,
      status: security?.status ?? null,
      reason: security === undefined ? null : reasonOfSecurity(security),
      serial: serial ?? null,
      faults: [...new Set([...faults[at]!, ...denials])].sort(),
    };
  });
  return {
    answers,
    ancestors: ancestorFacts,
    behaviours,
    consequence: consequenceOf(behaviours),
    findings: ancestorFindings(ancestorFacts, counts),
    prevailing,
    soa: newestOf(seen.map(({ soa }) => soa)),
  };
}

/** Of equal ones the first, in the order of the servers. */
function newestOf(soas: readonly (SoaFact | null)[]): SoaFact | null {
  let newest: SoaFact | null = null;
  for (const soa of soas) {
    if (soa !== null && (newest === null || isOlderSerial(newest.serial, soa.serial))) newest = soa;
  }
  return newest;
}

interface ServerSeen extends HeardWithAnswer {
  /** As many as ancestors were to be asked for; undefined where the server could not be asked. */
  readonly above: readonly (AncestorHeard | undefined)[];
  readonly soa: SoaFact | null;
}

/** The ancestors, and the zone's SOA, of a server that answers. */
async function lookFurther(heard: ServerHeard, ancestors: readonly Name[]): Promise<ServerSeen> {
  const { server, said, soa, dropsEdns } = heard;
  const answer = summaryOf(said);
  const isThere = !dropsEdns && (isOfUse(said) || isOfUse(soa));
  if (!isThere) return { heard, answer, serial: undefined, soa: null, above: [] };
  const above = await Promise.all(ancestors.map((ancestor) => askAncestor(server, ancestor)));
  const { apex } = server.cut;
  const messages = [said, soa].map((one) => (one?.kind === 'reply' ? one.message : undefined));
  const heardOf = [...messages, ...above.map((one) => one?.message)].filter((one) => one !== undefined);
  let seen = soaFact(apex, heardOf);
  if (seen === null) {
    const last = soa ?? (await askTwice(server, apex, RRType.SOA));
    if (last.kind === 'reply') seen = soaFact(apex, [last.message]);
  }
  return { heard, answer, serial: seen?.serial, soa: seen, above };
}

/** A secure RRset, or an alias in its place. */
function showsData({ said, security }: ServerHeard): boolean {
  return security?.status === 'secure' && isOfUse(said) && 'rrset' in said.reply;
}

/** A denial that a resolver believes. */
function denies({ said, security }: ServerHeard): boolean {
  const isBelieved = security?.status === 'secure' || security?.status === 'insecure';
  return isBelieved && isOfUse(said) && !('rrset' in said.reply);
}

/** As resolvers meet them; those that could not be asked from here are left out. */
function viewsOf(seen: readonly ServerSeen[]): ServerView[] {
  return seen
    .filter(({ heard }) => heard.said.kind !== 'not-asked')
    .map(({ heard, above }) => ({
      tlsa: showsData(heard) ? 'found' : denies(heard) ? 'denied' : 'failed',
      ancestors: above
        .map((one) => ({
          proof: one?.fact.proof ?? ('failed' as const),
          isSecure: one !== undefined && one.fact.reason === null,
        }))
        .reverse(),
    }));
}
