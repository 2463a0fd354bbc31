/**
 * What NSEC records prove (RFC 4034 §4, RFC 4035 §5.4, RFC 6840 §4). Only the records that a proof rests on are verified.
 *
 * An NSEC record that was itself expanded from a wildcard proves nothing, and neither does one of another zone.
 */

import type { Message, ResourceRecord } from '../dns/message.ts';
import { commonAncestor, compareNames, isBelow, isWithin, type Name } from '../dns/name.ts';
import { type Nsec, readNsec } from '../dns/rdata-dnssec.ts';
import { CLASS_IN, RRType } from '../dns/rr-type.ts';
import { findRRset } from '../dns/rrset.ts';
import type { TypeBitmap } from '../dns/type-bitmap.ts';
import { type SecureRRset, type SigningKeys, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { DenialKind, DenialRecords, Standing } from './standing.ts';
import type { Bogus, DnssecReason, Validation } from './validation.ts';

interface Candidate {
  readonly owner: Name;
  readonly nsec: Nsec;
  verdict: SecureRRset | Bogus | undefined;
}

export class NsecRecords implements DenialRecords {
  readonly denial: DenialKind = { kind: 'nsec' };
  readonly #authority: readonly ResourceRecord[];
  readonly #zone: SigningKeys;
  readonly #v: Validation;
  readonly #candidates: readonly Candidate[];
  readonly #isCutShort: boolean;

  private constructor(
    authority: readonly ResourceRecord[],
    zone: SigningKeys,
    v: Validation,
    candidates: readonly Candidate[],
    isCutShort: boolean,
  ) {
    this.#authority = authority;
    this.#zone = zone;
    this.#v = v;
    this.#candidates = candidates;
    this.#isCutShort = isCutShort;
  }

  /** Undefined where the message has none of this zone. */
  static of(message: Message, zone: SigningKeys, v: Validation): NsecRecords | undefined {
    const candidates: Candidate[] = [];
    let isCutShort = false;
    for (const record of message.authority) {
      if (record.type !== RRType.NSEC || record.class !== CLASS_IN) continue;
      if (!isWithin(record.name, zone.apex)) continue;
      isCutShort = candidates.length >= v.budget.limits.denialRecords;
      if (isCutShort) break;
      const nsec = readNsec(record);
      if (nsec !== undefined) candidates.push({ owner: record.name, nsec, verdict: undefined });
    }
    return candidates.length === 0
      ? undefined
      : new NsecRecords(message.authority, zone, v, candidates, isCutShort);
  }

  standing(name: Name): Standing {
    let because: DnssecReason = this.#isCutShort ? 'denial-records-too-many' : 'denial-incomplete';
    for (const candidate of this.#candidates) {
      const found = this.#judge(candidate, name);
      if (found === undefined) continue;
      const verdict = this.#verify(candidate);
      const witness = [{ name: candidate.owner, type: RRType.NSEC }];
      if (verdict.status === 'secure') return { ...found, witness, until: verdict.until };
      because = verdict.because;
    }
    return { kind: 'unproven', because };
  }

  expansion(name: Name, encloser: Name): Standing {
    const standing = this.standing(name);
    if (standing.kind !== 'absent' || standing.encloser === encloser) return standing;
    // A name between the wildcard's parent and this one exists, so that the wildcard does not reach it (RFC 4592 §3.3.1).
    return { kind: 'unproven', because: 'denial-contradicts' };
  }

  /** What the record says of the name, were it genuine; undefined where it says nothing. */
  #judge({ owner, nsec }: Candidate, name: Name) {
    if (owner === name) return { kind: 'exists', types: nsec.types } as const;
    if (!this.#covers(owner, nsec.next, name)) return undefined;
    // RFC 6840 §4.1: an ancestor delegation NSEC, or one of a DNAME's owner, says nothing of names below it.
    if (isBelow(name, owner) && leadsElsewhere(nsec.types)) return undefined;
    if (isBelow(nsec.next, name)) return { kind: 'empty-non-terminal' } as const;
    const left = commonAncestor(name, owner);
    const right = commonAncestor(name, nsec.next);
    const encloser = left.length > right.length ? left : right;
    return { kind: 'absent', encloser, optOut: false } as const;
  }

  /** `owner` < `name` < `next` in canonical order; the last NSEC of the zone points at the apex (RFC 4034 §4.1.1). */
  #covers(owner: Name, next: Name, name: Name): boolean {
    if (!isWithin(name, this.#zone.apex) || compareNames(owner, name) >= 0) return false;
    return next === this.#zone.apex || compareNames(name, next) < 0;
  }

  #verify(candidate: Candidate): SecureRRset | Bogus {
    candidate.verdict ??= verifyUnexpandedRRset(
      findRRset(this.#authority, candidate.owner, RRType.NSEC)!,
      this.#zone,
      this.#v,
    );
    return candidate.verdict;
  }
}

/** Names below the owner are not of this zone (NS without SOA) or are redirected (DNAME) (RFC 6840 §4.1). */
export function leadsElsewhere(types: TypeBitmap): boolean {
  return types.has(RRType.DNAME) || isDelegation(types);
}

/** NS without SOA: the parent's side of a zone cut (RFC 4034 §4.1.2, RFC 6840 §4.1). */
export function isDelegation(types: TypeBitmap): boolean {
  return types.has(RRType.NS) && !types.has(RRType.SOA);
}
