/**
 * Judges one reply, or failure, as it is (RFC 4035 §5): with the keys of the zone that it belongs to, after looking for an unsigned
 * zone that the same servers serve.
 *
 * In: a reply with its zone cut, or a failure. Out: a link with its security, and the reply that it rests on, if any.
 */
import type { Instant } from '../base/instant.ts';
import { type Security, secure } from '../base/security.ts';
import type { Question } from '../dns/message.ts';
import { formatName, labelCount, type Name, parentOf } from '../dns/name.ts';
import { classifyReply, type Reply } from '../dns/reply.ts';
import { RRType } from '../dns/rr-type.ts';
import { type AnswerVerdict, verifyAnswer } from '../dnssec/answer.ts';
import { forMessage } from '../dnssec/validation.ts';
import type { Answered, Gathered, Unanswered } from '../resolve/ask-zone.ts';
import type { Resolver } from '../resolve/resolver.ts';
import type { LookupFailure } from '../resolve/session.ts';
import type { ZoneCut } from '../resolve/zone-cut.ts';
import type { Link } from './answer.ts';
import type { ChainOfTrust } from './chain-of-trust.ts';
import type { Spender } from './spender.ts';
import { shown, type ZoneSecurity } from './zone-security.ts';
import { walkDown } from './zones-between.ts';

export interface Judging {
  readonly resolver: Resolver;
  readonly chainOfTrust: ChainOfTrust;
}

/** What is asked, and what the lookup that asks may spend. */
export interface Asking extends Spender {
  readonly name: Name;
  readonly type: number;
}

export interface Judged {
  readonly link: Link;
  /** Undefined where nobody said anything of use. */
  readonly said:
    | {
        /** What was asked: the name itself, or an ancestor whose denial ended the lookup. */
        readonly question: Pick<Question, 'name' | 'type'>;
        readonly rcode: number;
        readonly reply: Reply;
      }
    | undefined;
}

/** The zone that a reply is judged by, with the verdict where that zone is secure. */
type InZone =
  | { readonly cut: ZoneCut; readonly zone: EndedZone; readonly verdict: undefined }
  | { readonly cut: ZoneCut; readonly zone: SecureZone; readonly verdict: AnswerVerdict };
type SecureZone = Extract<ZoneSecurity, { readonly status: 'secure' }>;
type EndedZone = Exclude<ZoneSecurity, SecureZone>;

/** Failures after which the same servers need not be asked for keys. */
const silences: ReadonlySet<LookupFailure> = new Set<LookupFailure>([
  'timeout',
  'no-name-server-address',
  'name-server-loop',
  'name-server-depth',
  'special-use-address',
  'network-unreachable',
  'forwarder-silent',
]);

/** Judges one reply, or failure, as it is. */
export async function judgeOnce(parts: Judging, gathered: Gathered, asking: Asking): Promise<Judged> {
  const { name } = asking;
  if (gathered.kind === 'failed') {
    const { cut } = gathered;
    const zone = silences.has(gathered.because)
      ? await parts.chainOfTrust.ofSilent(cut, gathered.because, asking)
      : await parts.chainOfTrust.of(cut, asking);
    const security: Security =
      zone.status === 'bogus'
        ? zone
        : { status: 'indeterminate', because: gathered.because, at: formatName(gathered.question.name) };
    return {
      link: { name, cut, zone, security, message: undefined, server: undefined, useless: [] },
      said: undefined,
    };
  }
  const { message, server, question } = gathered;
  const inZone = async (reply: Answered): Promise<InZone | Unanswered> => {
    const found = await zoneOf(parts, reply, asking);
    if ('because' in found) return found;
    const { cut, zone } = found;
    if (zone.status !== 'secure') return { cut, zone, verdict: undefined };
    return { cut, zone, verdict: verifyAnswer(zone.keys, question, message, forMessage(asking.validation)) };
  };
  let found = await inZone(gathered);
  if ('verdict' in found && found.verdict !== undefined && isUnsigned(found.verdict)) {
    const named = await parts.resolver.unsignedCutOf({ ...gathered, cut: found.cut }, asking.session);
    if (named !== undefined && 'because' in named) return judgeOnce(parts, named, asking);
    if (named !== undefined) found = await inZone({ ...gathered, cut: named });
  }
  if ('because' in found) return judgeOnce(parts, found, asking);
  const { cut, zone, verdict } = found;
  const at = () => formatName(question.name);
  const judged = (status: Security, until?: Instant): Judged => {
    const security: Security =
      status.status === 'insecure' && isEmpty(parts.resolver, gathered)
        ? { status: 'indeterminate', because: 'forwarder-empty-reply', at: at() }
        : status;
    // What was judged is what the reply says of this zone. The resolver may have taken it for another's.
    const isProven = verdict?.status === 'secure' || verdict?.status === 'insecure';
    const reply = isProven ? classifyReply(message, question, cut.apex, false) : gathered.reply;
    const said = { question, rcode: message.rcode, reply };
    const link = { name, cut, zone, security, message, server, useless: [] };
    return { link: until === undefined ? link : { ...link, until }, said };
  };
  if (verdict === undefined) return judged(zone);
  if (verdict.status === 'secure') return judged(secure, verdict.until);
  if (verdict.status === 'insecure') {
    const { because, until } = verdict;
    return judged({ status: 'insecure', because, at: at(), witness: shown(verdict.witness) }, until);
  }
  if (verdict.status === 'indeterminate') return judged({ ...verdict, at: at() });
  if (isUnsigned(verdict)) {
    const below = await unsignedZoneBelow(parts, { ...gathered, cut }, zone, asking);
    if (below !== undefined) return judged(below);
  }
  return judged({ status: 'bogus', because: verdict.because, at: at() });
}

/**
 * NODATA without an SOA record (RFC 2308 §2.2) counts from a zone's own server. A forwarder makes the same of a server that is
 * lame, and where nothing is signed nobody has said that there is nothing.
 */
function isEmpty({ asksForwarders }: Resolver, { reply }: Answered): boolean {
  return asksForwarders && reply.kind === 'nodata' && reply.soa === undefined;
}

function isUnsigned(verdict: AnswerVerdict): boolean {
  return (
    verdict.status === 'bogus' &&
    (verdict.because === 'rrsig-missing' || verdict.because === 'denial-missing')
  );
}

/**
 * The zone that a reply is judged by. An anchor between the zone that was asked and the name says that there is a signed zone,
 * whether or not the reply shows it. A reply can name a deeper zone than there is; what the parent proves to be no zone cut is
 * forgotten, and the reply is the parent's.
 */
async function zoneOf(
  { resolver, chainOfTrust }: Judging,
  { cut: gatheredAt, question: { name, type } }: Answered,
  asking: Asking,
): Promise<{ readonly cut: ZoneCut; readonly zone: ZoneSecurity } | Unanswered> {
  // RFC 4035 §3.1.4.1: the DS RRset of an anchor's zone is of the zone above.
  const anchored = chainOfTrust.anchorBelow(gatheredAt.apex, type === RRType.DS ? parentOf(name) : name);
  const asked =
    anchored === undefined ? gatheredAt : await resolver.coHostedCut(gatheredAt, anchored, asking.session);
  if ('because' in asked) return asked;
  let cut = asked;
  let zone = await chainOfTrust.of(cut, asking);
  while (zone.status === 'bogus' && zone.isNoCut === true && cut.parent !== undefined) {
    resolver.believeNoLonger(cut, 0);
    cut = cut.parent;
    zone = await chainOfTrust.of(cut, asking);
  }
  return { cut, zone };
}

/**
 * An unsigned answer of a signed zone's servers may speak for an unsigned zone below it that they serve as well. That
 * counts only with the proof of an insecure delegation somewhere between (RFC 4035 §5.2). Undefined where there is none; what
 * keeps us from finding out is handed on.
 */
async function unsignedZoneBelow(
  { resolver, chainOfTrust }: Judging,
  { question, cut }: Answered,
  { keys }: SecureZone,
  asking: Asking,
): Promise<Security | undefined> {
  const walking = {
    resolver,
    session: asking.session,
    validation: asking.validation,
    securityOf: (between: ZoneCut) => chainOfTrust.of(between, asking),
  };
  const deepest = labelCount(question.name) - (question.type === RRType.DS ? 1 : 0);
  const walked = await walkDown(walking, { cut, keys }, question.name, deepest);
  return walked.kind === 'ended' ? walked.security : undefined;
}
