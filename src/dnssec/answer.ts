/**
 * The answer of a signed zone to one question (RFC 4035 §5.3, §5.4): whether what it says is proven.
 *
 * In: the zone's keys, the question, the reply. Out: secure or insecure with what was said and how it is proven, or why it is
 * bogus. Only the question's own name is judged: where an alias leads is another question. The CNAME that a DNAME implies
 * need not be signed (RFC 6672 §5.3.1) and is not looked at. A referral, a lame or an error reply proves nothing.
 */
import type { Instant } from '../base/instant.ts';
import type { Message, Question } from '../dns/message.ts';
import { type Name, prepend, root } from '../dns/name.ts';
import { classifyReply } from '../dns/reply.ts';
import { RRType } from '../dns/rr-type.ts';
import type { RRset } from '../dns/rrset.ts';
import {
  type Denied,
  denialRecords,
  firstProof,
  proveExpansion,
  proveNameError,
  proveNoData,
} from './denial.ts';
import { verifyRRset, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { DenialKind } from './standing.ts';
import { type Bogus, bogus, type Validation, type Witness } from './validation.ts';
import type { ZoneKeys } from './zone-keys.ts';

interface Said {
  readonly kind: 'answer' | 'cname' | 'dname' | 'nodata' | 'nxdomain';
  /** The RRset asked for, or the CNAME or DNAME RRset. */
  readonly rrset?: RRset;
  /** Where the alias leads; undefined where a DNAME makes the name too long (RFC 6672 §2.2). */
  readonly target?: Name | undefined;
  /** The wildcard that answered, or whose types were denied. */
  readonly wildcard?: Name | undefined;
  /** How the zone denies, where a denial was part of the proof. */
  readonly denial?: DenialKind;
  readonly until: Instant;
}

export type AnswerVerdict =
  | (Said & { readonly status: 'secure' })
  | (Said & {
      readonly status: 'insecure';
      readonly because: 'insecure-opt-out' | 'nsec3-iterations-insecure';
      readonly witness: Witness;
    })
  | Bogus;

export function verifyAnswer(
  zone: ZoneKeys,
  question: Question,
  message: Message,
  v: Validation,
): AnswerVerdict {
  const { name, type } = question;
  // The AA bit is the resolver's concern: signatures speak for themselves, whoever hands them over.
  const reply = classifyReply(message, question, zone.apex, false);
  switch (reply.kind) {
    case 'answer':
      // A zone cannot vouch for itself: the DS RRset of its apex is its parent's (RFC 4035 §2.4).
      if (type === RRType.DS && name === zone.apex && name !== root) return bogus('rrsig-wrong-signer');
      return positive(zone, { kind: 'answer', rrset: reply.rrset }, message, v);
    case 'cname':
      return positive(zone, { kind: 'cname', rrset: reply.rrset, target: reply.target }, message, v);
    case 'dname': {
      const { rrset, target } = reply;
      const verdict = verifyUnexpandedRRset(rrset, zone, v);
      return verdict.status === 'bogus'
        ? verdict
        : { status: 'secure', kind: 'dname', rrset, target, until: verdict.until };
    }
    case 'nodata':
      return negative('nodata', zone, message, v, (records) => proveNoData(records, name, type));
    case 'nxdomain':
      return negative('nxdomain', zone, message, v, (records) => proveNameError(records, name));
    case 'referral':
    case 'lame':
    case 'error':
      return bogus('denial-missing');
  }
}

/** Types that belong to their name alone: a wildcard does not bring them forth (RFC 4592 §4). */
const neverExpanded = new Set<number>([RRType.SOA, RRType.NS, RRType.DS, RRType.DNSKEY, RRType.NSEC]);

function positive(
  zone: ZoneKeys,
  said: { readonly kind: 'answer' | 'cname'; readonly rrset: RRset; readonly target?: Name },
  message: Message,
  v: Validation,
): AnswerVerdict {
  const { rrset } = said;
  const verify = neverExpanded.has(rrset.type) ? verifyUnexpandedRRset : verifyRRset;
  const verdict = verify(rrset, zone, v);
  if (verdict.status === 'bogus') return verdict;
  const { encloser, until } = verdict;
  if (encloser === undefined) return { status: 'secure', ...said, until };

  const due = firstProof<Denied>(denialRecords(message, zone, v), (records) =>
    proveExpansion(records, rrset.name, encloser),
  );
  if (due.status === 'bogus') {
    const isAbsent = due.because === 'denial-missing' || due.because === 'denial-incomplete';
    return isAbsent ? bogus('wildcard-unproven') : due;
  }
  const wildcard = prepend('*', encloser);
  return { ...due, ...said, wildcard, until: Math.min(until, due.until) };
}

function negative(
  kind: 'nodata' | 'nxdomain',
  zone: ZoneKeys,
  message: Message,
  v: Validation,
  prove: Parameters<typeof firstProof<Denied>>[1],
): AnswerVerdict {
  const denied = firstProof<Denied>(denialRecords(message, zone, v), prove);
  return denied.status === 'bogus' ? denied : { ...denied, kind };
}
