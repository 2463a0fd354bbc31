/** Whether every address of every name server shows the same TLSA RRset (RFC 1034 §4.2.2: a zone is one, wherever served). */
import { createHash } from 'node:crypto';
import { compareBytes } from '../base/bytes.ts';
import { canonicalRdata } from '../dns/canonical.ts';
import type { Name } from '../dns/name.ts';
import { formatRcode } from '../dns/rcode.ts';
import { RRType } from '../dns/rr-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Link } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { Gathered } from '../resolve/ask-zone.ts';
import type { Finding, ServerAnswerFact } from './facts.ts';
import { factName } from './lookup-fact.ts';

/** Own limit: manners; the largest honest zones have some thirteen servers with two addresses each. */
const MAX_SERVER_ADDRESSES_ASKED = 32;
/** Octets of the digest that stands for an RRset. */
const DIGEST_OCTETS = 16;

export interface ServerAnswers {
  /** Sorted by server and address. */
  readonly answers: readonly ServerAnswerFact[];
  /**
   * Where servers differ: the secure RRset that most addresses show, so that what is judged does not hang on who was asked
   * first. Undefined where they agree, or none is secure.
   */
  readonly prevailing: RRset | undefined;
}

export async function surveyServerAnswers(
  tlsaName: Name,
  link: Link,
  lookup: Lookup,
): Promise<ServerAnswers> {
  const heard = await lookup.askEachServer(link, tlsaName, RRType.TLSA, MAX_SERVER_ADDRESSES_ASKED);
  const answers = heard
    .map(({ server, address, gathered }) => ({ server: factName(server), address, ...summary(gathered) }))
    .sort((a, b) => (a.server + a.address < b.server + b.address ? -1 : 1));
  const replies = heard.map(({ gathered }) => gathered);
  return { answers, prevailing: await prevailingOf(replies, link, lookup) };
}

/** The most shown first; of equally shown ones the smaller, which protects no more than it must, then by digest. */
async function prevailingOf(
  replies: readonly Gathered[],
  link: Link,
  lookup: Lookup,
): Promise<RRset | undefined> {
  const shown = new Map<string, { count: number; gathered: Gathered; rrset: RRset }>();
  for (const gathered of replies) {
    if (gathered.kind === 'failed' || gathered.reply.kind !== 'answer') continue;
    const { answer } = summary(gathered);
    const count = (shown.get(answer)?.count ?? 0) + 1;
    shown.set(answer, { count, gathered, rrset: gathered.reply.rrset });
  }
  if (shown.size < 2) return undefined;
  const byWeight = [...shown].sort(
    ([a, x], [b, y]) =>
      y.count - x.count || x.rrset.records.length - y.rrset.records.length || (a < b ? -1 : 1),
  );
  for (const [, { gathered, rrset }] of byWeight) {
    const security = await lookup.judgeReply(link, gathered, RRType.TLSA);
    if (security.status === 'secure') return rrset;
  }
  return undefined;
}

function summary(gathered: Gathered): Pick<ServerAnswerFact, 'rcode' | 'answer'> {
  if (gathered.kind === 'failed') return { rcode: gathered.because.toUpperCase(), answer: '' };
  const { message, reply } = gathered;
  const rcode = formatRcode(message.rcode);
  if (reply.kind !== 'answer' && reply.kind !== 'cname') return { rcode, answer: '' };
  const hash = createHash('sha256');
  for (const rdata of reply.rrset.records.map(canonicalRdata).sort(compareBytes)) hash.update(rdata);
  return { rcode, answer: hash.digest().subarray(0, DIGEST_OCTETS).toString('hex') };
}

/** Servers that did not answer at all say nothing about the RRset, and do not count as different. */
export function serverFindings(answers: readonly ServerAnswerFact[]): Finding[] {
  const shown = answers.filter(({ rcode }) => rcode === 'NOERROR' || rcode === 'NXDOMAIN');
  const kinds = new Map<string, string[]>();
  for (const { server, address, rcode, answer } of shown) {
    const kind = `${rcode} ${answer}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), `${server}/${address}`]);
  }
  if (kinds.size < 2) return [];
  const rarest = [...kinds.values()].sort((a, b) => a.length - b.length || (a[0]! < b[0]! ? -1 : 1))[0]!;
  return [{ key: 'tlsa-servers-differ', detail: rarest.join(' ') }];
}
