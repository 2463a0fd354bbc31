/**
 * Which zone a reply speaks for. A server of zone and subzone answers from the subzone without ever referring to it; the
 * signer of the signatures, or the owner of the SOA, tells. Syntax only: whether it is true is for `dnssec` to judge.
 */
import { isBelow, isWithin, type Name, parentOf } from '../dns/name.ts';
import { readRrsig } from '../dns/rdata-dnssec.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import type { Answered } from './ask-zone.ts';

/** The apex of a zone below the cut that was asked, at or above the question's name; undefined where nothing tells so. */
export function deeperZoneOf(answered: Answered): Name | undefined {
  const { message, question, cut, reply } = answered;
  // DS stands at the parent's side of a cut (RFC 4035 §3.1.4.1): a zone of that very name does not answer for it.
  const fits = (apex: Name) =>
    isBelow(apex, cut.apex) &&
    isWithin(question.name, apex) &&
    !(question.type === RRType.DS && apex === question.name);
  if (reply.kind === 'referral') return undefined;
  const positive = reply.kind === 'answer' || reply.kind === 'cname' || reply.kind === 'dname';
  let deepest: Name | undefined;
  for (const record of positive ? message.answer : message.authority) {
    if (record.class !== CLASS_IN) continue;
    let apex: Name | undefined;
    if (record.type === RRType.RRSIG) {
      const ours = !positive || record.name === reply.rrset.name;
      apex = ours ? readRrsig(record)?.signer : undefined;
    } else if (record.type === RRType.SOA && !positive) {
      apex = record.name;
    }
    if (apex !== undefined && fits(apex) && (deepest === undefined || isBelow(apex, deepest))) deepest = apex;
  }
  return deepest;
}

/**
 * A name below the cut that was asked, in the very zone that the reply speaks for; undefined where there is none. An alias does
 * not stand at an apex (RFC 1034 §3.6.2), and neither does the DS of a zone stand within it.
 */
export function nameInZoneOf({ reply, question, cut }: Answered): Name | undefined {
  const at = reply.kind === 'dname' ? reply.rrset.name : question.name;
  const name = reply.kind === 'cname' || question.type === RRType.DS ? parentOf(at) : at;
  return isBelow(name, cut.apex) ? name : undefined;
}
