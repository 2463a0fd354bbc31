/**
 * What an authoritative server answers from one zone (RFC 1034 §4.3.2, RFC 4035 §3.1, RFC 5155 §7.2, RFC 4592 §3.3): referral,
 * answer, alias, wildcard, NODATA, NXDOMAIN. In: a question that lies in the zone. Out: the sections of a reply. It knows of
 * the wrong signatures that the zone's plan wants; of a server's manners, `reply.ts` knows.
 */
import type { PlainRecord } from '../../dns/message-writer.ts';
import { isBelow, type Name, parentOf } from '../../dns/name.ts';
import { Rcode } from '../../dns/rcode.ts';
import { readTarget } from '../../dns/rdata.ts';
import { recordOf } from '../../dns/record-of.ts';
import { RRType } from '../../dns/rr-type.ts';
import { closestEncloser, type Denied, prove, wildcardAt } from './denial.ts';
import type { Node, Zone } from './zone.ts';

export interface Answer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answer: readonly PlainRecord[];
  readonly authority: readonly PlainRecord[];
  readonly additional: readonly PlainRecord[];
}

/** What a plan's misbehaviour changes in the making of an answer. */
export interface Twist {
  readonly dropLastTlsa?: boolean;
  readonly spoilDenial?: boolean;
}

/** Aliases followed within the zone in one answer. */
const MAX_ALIASES = 8;

export function answerFrom(
  zone: Zone,
  name: Name,
  type: number,
  dnssecOk: boolean,
  twist: Twist = {},
): Answer {
  const answer: PlainRecord[] = [];
  const authority: PlainRecord[] = [];
  let rcode: number = Rcode.NOERROR;

  const withSignature = (rrset: readonly PlainRecord[]): PlainRecord[] => {
    const signature = dnssecOk ? zone.signer?.sign(rrset) : undefined;
    return signature === undefined ? [...rrset] : [...rrset, signature];
  };
  const proof = (of: Name, denied: Denied) => {
    if (dnssecOk) authority.push(...prove(zone, of, denied, twist.spoilDenial));
  };
  const deny = (of: Name, denied: Denied) => {
    authority.push(...withSignature(zone.node(zone.apex)!.get(RRType.SOA)!));
    proof(of, denied);
  };

  let current = name;
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
    const cut = delegationAbove(zone, current, type);
    if (cut !== undefined) {
      if (answer.length > 0) break;
      return referral(zone, cut, dnssecOk);
    }
    const found = find(zone, current);
    if (found === undefined) {
      const exists = zone.exists(current);
      if (!exists) rcode = Rcode.NXDOMAIN;
      deny(current, exists ? 'nodata' : 'nxdomain');
      break;
    }
    const { node, wildcard } = found;
    const rrset = node.get(type) ?? node.get(RRType.CNAME);
    if (rrset === undefined) {
      deny(current, wildcard ? 'wildcard-nodata' : 'nodata');
      break;
    }
    const kept = twist.dropLastTlsa && type === RRType.TLSA && rrset.length > 1 ? rrset.slice(0, -1) : rrset;
    answer.push(...withSignature(kept).map((record) => ({ ...record, name: current })));
    if (wildcard) proof(current, 'expanded');
    if (rrset[0]!.type === type) break;
    const target = readTarget(recordOf(rrset[0]!));
    if (target === undefined || (target !== zone.apex && !isBelow(target, zone.apex))) break;
    current = target;
  }
  return { rcode, authoritative: true, answer, authority, additional: [] };
}

/** The delegation that the name lies in or below; the parent's side answers for DS at the cut itself (RFC 4035 §3.1.4.1). */
function delegationAbove(zone: Zone, name: Name, type: number): Name | undefined {
  let cut: Name | undefined;
  for (let at = name; isBelow(at, zone.apex); at = parentOf(at)) {
    if (zone.node(at)?.has(RRType.NS) && !(at === name && type === RRType.DS)) cut = at;
  }
  return cut;
}

/** RFC 4035 §3.1.4: DS, or the proof that there is none. */
function referral(zone: Zone, cut: Name, dnssecOk: boolean): Answer {
  const node = zone.node(cut)!;
  const authority = [...node.get(RRType.NS)!];
  const ds = node.get(RRType.DS);
  if (dnssecOk && ds !== undefined) {
    const signature = zone.signer?.sign(ds);
    authority.push(...ds, ...(signature ? [signature] : []));
  } else if (dnssecOk) authority.push(...prove(zone, cut, 'no-ds'));
  return { rcode: Rcode.NOERROR, authoritative: false, answer: [], authority, additional: zone.glue(cut) };
}

/** The node that answers for the name: its own, or that of the wildcard that stands for it. */
function find(zone: Zone, name: Name): { node: Node; wildcard: boolean } | undefined {
  const own = zone.node(name);
  if (own !== undefined) return { node: own, wildcard: false };
  if (zone.exists(name)) return undefined;
  const wildcard = wildcardAt(closestEncloser(zone, name));
  const expanded = wildcard === undefined ? undefined : zone.node(wildcard);
  return expanded && { node: expanded, wildcard: true };
}
