/**
 * The TLSA lookup of one MX host (RFC 7672 §2.2, §2.2.2): which base domain, what records, which of the four outcomes.
 *
 * In: the host's address answers. Out: the outcome with the records judged, and the answer that decided. The TLSA name is
 * asked for in full, without minimisation and whatever else is remembered as denied, so that a broken ancestor does not hide the
 * RRset (`ancestors.ts` looks there), and of each server of its zone, so that what is judged does not hang on who was asked first
 * (`tlsa-servers.ts`).
 */
import { toHex } from '../base/bytes.ts';
import { never } from '../base/never.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import { tlsaBaseDomains } from '../dane/tlsa-base-domain.ts';
import type { TlsaOutcome, TlsaRecord } from '../dane/tlsa-record.ts';
import { parseTlsaRdata } from '../dane/tlsa-text.ts';
import { judgeTlsaSet } from '../dane/tlsa-usability.ts';
import { name as nameOf, prepend } from '../dns/name.ts';
import { formatRcode } from '../dns/rcode.ts';
import { rdataOctets } from '../dns/rdata.ts';
import { RRType } from '../dns/rr-type.ts';
import { type RRset, ttlOf } from '../dns/rrset.ts';
import { type Answer, reasonOfSecurity } from '../lookup/answer.ts';
import type { UsefulReply } from './ask-name-server.ts';
import type { LookupFact, PublishedTlsa } from './facts.ts';
import { factName, lookupFact } from './lookup-fact.ts';
import type { ServerSurveyPorts } from './survey-name-servers.ts';
import { noServers, showsTlsaSomewhere, surveyTlsaServers, type TlsaServers } from './tlsa-servers.ts';

export interface TlsaSurvey {
  readonly outcome: TlsaOutcome;
  /** Null where the outcome is `usable`. */
  readonly reason: ReasonKey | null;
  /** The base domain of the answer that decided; null where no lookup was due. */
  readonly base: string | null;
  /** The lookup, where one was due; of the answer that prevails where servers differ. */
  readonly lookup: LookupFact | null;
  readonly records: readonly PublishedTlsa[];
  /** Those that can authenticate, superseded digests among them: not every sender sets those aside. */
  readonly authenticating: readonly TlsaRecord[];
  readonly servers: TlsaServers;
}

/** `addresses` are the A and AAAA answers; both lead through the same aliases. */
export async function surveyTlsa(
  host: string,
  addresses: readonly Answer[],
  ports: ServerSurveyPorts,
): Promise<TlsaSurvey> {
  const withData = addresses.filter((answer) => answer.outcome === 'data');
  const first = withData[0];
  if (first === undefined) {
    // Nobody could tell whether there are addresses: "could not look" must not become "is not there".
    const failed = addresses.find((answer) => answer.outcome === 'failed');
    return failed === undefined
      ? without('none', null)
      : without('lookup-failed', reasonOfSecurity(failed.security));
  }
  const bases = tlsaBaseDomains({
    host,
    canonicalName: first.aliases.length === 0 ? null : factName(first.aliases.at(-1)!),
    answerSecure: withData.every((answer) => answer.security.status === 'secure'),
    firstAliasSecure: first.links[0]!.security.status === 'secure',
  });
  let found = without('none', 'address-insecure');
  for (const base of bases) {
    found = await surveyBase(base, ports);
    if (found.outcome !== 'none') return found;
  }
  return found;
}

function without(outcome: TlsaOutcome, reason: ReasonKey | null): TlsaSurvey {
  return { outcome, reason, base: null, lookup: null, records: [], authenticating: [], servers: noServers };
}

async function surveyBase(base: string, ports: ServerSurveyPorts): Promise<TlsaSurvey> {
  const below = prepend('_tcp', nameOf(base));
  const tlsaName = below && prepend('_25', below);
  // RFC 1035 §2.3.4: a host name this long cannot have a TLSA name, so it has no TLSA records.
  if (tlsaName === undefined) return { ...without('none', 'tlsa-absent'), base };
  const answer = await ports.lookup.ask(tlsaName, RRType.TLSA, { minimisation: 'off', firsthand: true });
  const first = judged(answer);
  const seen = { ...without('none', null), base, ...first };
  if (first.reason === 'tlsa-insecure') return seen;
  if (first.reason === 'tlsa-absent' && !(await showsTlsaSomewhere(answer, ports.lookup))) return seen;
  const { servers, prevailing } = await surveyTlsaServers(tlsaName, answer, ports);
  return { ...seen, ...(prevailing && judgedReply(prevailing)), servers };
}

type JudgedTlsa = Pick<TlsaSurvey, 'outcome' | 'reason' | 'lookup' | 'records' | 'authenticating'>;

function judged(answer: Answer): JudgedTlsa {
  const lookup = lookupFact(answer);
  const nothing = { lookup, records: [], authenticating: [] };
  if (answer.outcome === 'failed') return { ...nothing, outcome: 'lookup-failed', reason: lookup.reason };
  if (lookup.status !== 'secure') return { ...nothing, outcome: 'none', reason: 'tlsa-insecure' };
  if (answer.rrset === undefined) return { ...nothing, outcome: 'none', reason: 'tlsa-absent' };
  return { lookup, ...judgeTlsaRRset(answer.rrset) };
}

/** A secure answer of some of the servers, in place of what the lookup met. */
function judgedReply({ message, reply }: UsefulReply): JudgedTlsa | undefined {
  const fact = { status: 'secure', reason: null, rcode: formatRcode(message.rcode) } as const;
  switch (reply.kind) {
    case 'answer':
      return {
        lookup: { ...fact, outcome: 'data', ttl: ttlOf(reply.rrset) },
        ...judgeTlsaRRset(reply.rrset),
      };
    case 'nodata':
    case 'nxdomain': {
      const lookup = { ...fact, outcome: reply.kind, ttl: null };
      return { lookup, outcome: 'none', reason: 'tlsa-absent', records: [], authenticating: [] };
    }
    case 'cname':
    case 'dname':
      return undefined;
    default:
      return never(reply);
  }
}

/** What a secure TLSA RRset is good for. */
export function judgeTlsaRRset(rrset: RRset): Omit<JudgedTlsa, 'lookup'> {
  const { records, authenticating } = judgeRdata(rrset.records.map(rdataOctets));
  return authenticating.length > 0
    ? { records, authenticating, outcome: 'usable', reason: null }
    : { records, authenticating, outcome: 'unusable', reason: 'tlsa-unusable' };
}

/** Every record becomes a fact, one too short for its fields included: those count as 0. */
function judgeRdata(rdatas: readonly Uint8Array[]): Pick<JudgedTlsa, 'records' | 'authenticating'> {
  const malformed: PublishedTlsa[] = [];
  const parsed: TlsaRecord[] = [];
  for (const rdata of rdatas) {
    const record = parseTlsaRdata(rdata);
    if (record !== 'tlsa-malformed') parsed.push(record);
    else {
      const [usage = 0, selector = 0] = rdata;
      malformed.push({ usage, selector, matchingType: 0, data: '', reason: record });
    }
  }
  const judged = judgeTlsaSet(parsed);
  const facts = judged.records.map(({ record, reason }) => ({ ...record, data: toHex(record.data), reason }));
  const text = ({ usage, selector, matchingType, data }: PublishedTlsa) =>
    `${usage} ${selector} ${matchingType} ${data}`;
  const records = [...facts, ...malformed].sort((a, b) => (text(a) < text(b) ? -1 : 1));
  const authenticating = judged.records
    .filter(({ reason }) => reason === null || reason === 'superseded-digest')
    .map(({ record }) => record);
  return { records, authenticating };
}
