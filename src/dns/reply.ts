/**
 * What a reply says to a question, by its syntax alone (RFC 1034 §4.3.2, RFC 2308 §2, RFC 6672 §3): whether it is true is for
 * `dnssec` to judge. Only what concerns the question's own name is looked at; an alias is followed by a new question.
 */
import type { Message, Question, ResourceRecord } from './message.ts';
import { isBelow, isWithin, labelCount, type Name, replaceSuffix } from './name.ts';
import { Rcode } from './rcode.ts';
import { readTarget } from './rdata.ts';
import { CLASS_IN, RRType } from './rr-type.ts';
import { findRRset, type RRset } from './rrset.ts';

export type Reply =
  | { readonly kind: 'answer'; readonly rrset: RRset }
  | { readonly kind: 'cname'; readonly rrset: RRset; readonly target: Name }
  /** `target` is undefined where the name would become too long (RFC 6672 §2.2: YXDOMAIN). */
  | { readonly kind: 'dname'; readonly rrset: RRset; readonly target: Name | undefined }
  | { readonly kind: 'referral'; readonly cut: Name; readonly ns: RRset }
  | { readonly kind: 'nodata' | 'nxdomain'; readonly soa: ResourceRecord | undefined }
  /** Refers upwards or sideways, or is no authoritative answer at all (RFC 9499 §7). */
  | { readonly kind: 'lame' }
  | { readonly kind: 'error'; readonly rcode: number };

/** `zone` is the zone whose server was asked; `authoritative` is false where a forwarder was asked, which sets no AA. */
export function classifyReply(message: Message, question: Question, zone: Name, authoritative = true): Reply {
  const { name, type } = question;
  if (
    message.rcode !== Rcode.NOERROR &&
    message.rcode !== Rcode.NXDOMAIN &&
    message.rcode !== Rcode.YXDOMAIN
  ) {
    return { kind: 'error', rcode: message.rcode };
  }

  const rrset = findRRset(message.answer, name, type);
  if (rrset !== undefined) return { kind: 'answer', rrset };

  const dname = nearest(
    message.answer,
    RRType.DNAME,
    (owner) => isBelow(name, owner) && isWithin(owner, zone),
  );
  if (dname !== undefined) {
    const to = readTarget(dname.records[0]!);
    if (to === undefined) return { kind: 'lame' };
    return { kind: 'dname', rrset: dname, target: replaceSuffix(name, dname.name, to) };
  }
  const cname = findRRset(message.answer, name, RRType.CNAME);
  if (cname !== undefined) {
    const target = readTarget(cname.records[0]!);
    return target === undefined ? { kind: 'lame' } : { kind: 'cname', rrset: cname, target };
  }

  if (message.rcode === Rcode.YXDOMAIN) return { kind: 'error', rcode: message.rcode };

  // An SOA above the zone that was asked is none of this server's business (unbound and BIND drop it as well).
  const soa = message.authority.find(
    (record) =>
      record.type === RRType.SOA &&
      record.class === CLASS_IN &&
      isWithin(name, record.name) &&
      isWithin(record.name, zone),
  );
  if (message.rcode === Rcode.NXDOMAIN) return { kind: 'nxdomain', soa };

  const ns = nearest(message.authority, RRType.NS, (owner) => isWithin(name, owner));
  if (ns !== undefined && soa === undefined && isBelow(ns.name, zone)) {
    // The child's own server, asked for its DS, has the NS RRset as its own data (RFC 4035 §3.1.4.1).
    const isChildSide = message.authoritative && ns.name === name && type === RRType.DS;
    if (!isChildSide) return { kind: 'referral', cut: ns.name, ns };
  }
  if (authoritative && !message.authoritative && soa === undefined) return { kind: 'lame' };
  return { kind: 'nodata', soa };
}

/** The RRset of `type` whose owner is the deepest that `fits`. A DNAME does not redirect its own owner (RFC 6672 §2.3). */
function nearest(
  section: readonly ResourceRecord[],
  type: number,
  fits: (owner: Name) => boolean,
): RRset | undefined {
  let deepest: Name | undefined;
  for (const record of section) {
    if (record.type !== type || record.class !== CLASS_IN || !fits(record.name)) continue;
    if (deepest === undefined || labelCount(record.name) > labelCount(deepest)) deepest = record.name;
  }
  return deepest === undefined ? undefined : findRRset(section, deepest, type);
}
