/**
 * Judges what the resolver gathered for one link of an answer (RFC 4035 §5): with the keys of its zone, after asking other
 * servers where it looks bogus, and after looking for an unsigned zone that the same servers serve.
 *
 * In: a reply with its zone cut, or a failure. Out: a link with its security, and the reply that it rests on, if any.
 */
import { type Security, secure } from '../base/security.ts';
import { formatName, labelCount, type Name, rightmost } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import { verifyAnswer } from '../dnssec/answer.ts';
import { verifyDelegation } from '../dnssec/delegation.ts';
import type { Validation } from '../dnssec/validation.ts';
import type { Answered } from '../resolve/ask-zone.ts';
import type { Gathered, Resolver } from '../resolve/resolver.ts';
import type { Session } from '../resolve/session.ts';
import type { Link } from './answer.ts';
import type { ChainOfTrust, ZoneSecurity } from './chain-of-trust.ts';
import { MAX_OTHER_SERVERS } from './limits.ts';

export interface Judging {
  readonly resolver: Resolver;
  readonly chainOfTrust: ChainOfTrust;
}

/** What the lookup that asks may spend. */
export interface Asking {
  readonly session: Session;
  readonly validation: Validation;
}

export interface Judged {
  readonly link: Link;
  readonly answered: Answered | undefined;
}

/** Judges what was gathered; where that is bogus, other servers of the zone are asked before it counts. */
export async function judgeGathered(
  parts: Judging,
  first: Gathered,
  name: Name,
  asking: Asking,
): Promise<Judged> {
  const avoid = new Set<string>();
  let kept: Judged | undefined;
  let gathered = first;
  for (let i = 0; i < MAX_OTHER_SERVERS; i++) {
    const judged = await judge(parts, gathered, name, asking);
    if (judged.link.security.status !== 'bogus') {
      return kept !== undefined && judged.answered === undefined ? kept : judged;
    }
    kept ??= judged;
    // Where the zone itself is bogus, its other servers have been asked for the keys already.
    if (judged.link.zone.status === 'bogus' || judged.answered === undefined) break;
    avoid.add(judged.answered.server);
    const { question, cut } = judged.answered;
    gathered = await parts.resolver.askAt(cut, question.name, question.type, { ...asking.session, avoid });
    if (gathered.kind === 'failed' || gathered.reply.kind === 'referral') break;
  }
  return kept!;
}

async function judge(parts: Judging, gathered: Gathered, name: Name, asking: Asking): Promise<Judged> {
  const { cut } = gathered;
  const zone = await parts.chainOfTrust.of(cut, asking.session.trace);
  if (gathered.kind === 'failed') {
    const at = formatName(gathered.question.name);
    const security: Security =
      zone.status === 'bogus' ? zone : { status: 'indeterminate', because: gathered.because, at };
    return {
      link: { name, cut, zone, security, message: undefined, server: undefined },
      answered: undefined,
    };
  }
  const { message, server } = gathered;
  const link = (security: Security) => ({
    link: { name, cut, zone, security, message, server },
    answered: gathered,
  });
  if (zone.status !== 'secure') return link(zone);
  const verdict = verifyAnswer(zone.keys, gathered.question, message, asking.validation);
  if (verdict.status === 'secure') return link(secure);
  const at = formatName(gathered.question.name);
  if (verdict.status === 'insecure') return link({ status: 'insecure', because: verdict.because, at });
  if (verdict.because === 'rrsig-missing' || verdict.because === 'denial-missing') {
    const below = await unsignedZoneBelow(parts, gathered, zone, asking);
    if (below !== undefined) return link(below);
  }
  return link({ status: 'bogus', because: verdict.because, at });
}

/**
 * An unsigned answer of a signed zone's servers may speak for an unsigned zone below it that they serve as well. That
 * counts only with the proof of an insecure delegation somewhere between (RFC 4035 §5.2).
 */
async function unsignedZoneBelow(
  { resolver, chainOfTrust }: Judging,
  answered: Answered,
  zone: Extract<ZoneSecurity, { status: 'secure' }>,
  { session, validation }: Asking,
): Promise<Security | undefined> {
  const { question } = answered;
  let { cut } = answered;
  let { keys } = zone;
  const deepest = labelCount(question.name) - (question.type === RRType.DS ? 1 : 0);
  for (let labels = labelCount(cut.apex) + 1; labels <= deepest; labels++) {
    const name = rightmost(question.name, labels);
    const gathered = await resolver.askAt(cut, name, RRType.DS, session);
    if (gathered.kind === 'failed') return undefined;
    const verdict = verifyDelegation(keys, name, gathered.message, validation);
    if (verdict.kind === 'bogus') return undefined;
    if (verdict.kind === 'insecure') {
      return { status: 'insecure', because: verdict.because, at: formatName(name) };
    }
    if (verdict.kind !== 'signed') continue;
    // A signed zone between, on the same servers: from here on its keys prove what is below.
    const between = await resolver.coHostedCut(cut, name, session);
    if ('because' in between) return undefined;
    const security = await chainOfTrust.of(between, session.trace);
    if (security.status !== 'secure') return security.status === 'insecure' ? security : undefined;
    cut = between;
    keys = security.keys;
  }
  return undefined;
}
