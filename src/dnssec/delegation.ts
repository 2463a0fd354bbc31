/**
 * A delegation (RFC 4035 §5.2, RFC 5155 §8.9, §6): whether the parent zone vouches for keys of a child, or proves that it does
 * not, or shows that there is no zone cut at all.
 *
 * In: the parent's keys, the child's name, a referral to it or the reply to its DS question. Out: the DS records, or why
 * security ends here. Absence of a DS RRset counts only with proof, from the parent's side of the cut (RFC 6840 §4.4).
 */
import type { Instant } from '../base/instant.ts';
import type { Message } from '../dns/message.ts';
import { isBelow, type Name } from '../dns/name.ts';
import { readTarget } from '../dns/rdata.ts';
import { type Ds, readDs } from '../dns/rdata-dnssec.ts';
import { RRType } from '../dns/rr-type.ts';
import { findRRset, findRRsets, type RRset } from '../dns/rrset.ts';
import { denialRecords, firstProof } from './denial.ts';
import { verifyRRset, verifyUnexpandedRRset } from './rrset-signature.ts';
import type { DenialRecords } from './standing.ts';
import { type Bogus, bogus, type DnssecReason, type Validation, type Witness } from './validation.ts';
import type { ZoneKeys } from './zone-keys.ts';

export type DelegationVerdict =
  /** DS records are copies; malformed ones are left out. */
  | { readonly kind: 'signed'; readonly ds: readonly Ds[]; readonly until: Instant }
  | {
      readonly kind: 'insecure';
      readonly because: 'insecure-delegation' | 'insecure-opt-out' | 'nsec3-iterations-insecure';
      readonly witness: Witness;
      readonly until: Instant;
    }
  /** The name is an ordinary one of the parent zone, an empty non-terminal, an alias, or does not exist. */
  | { readonly kind: 'not-a-cut'; readonly until: Instant }
  | { readonly kind: 'bogus'; readonly because: DnssecReason };

export function verifyDelegation(
  parent: ZoneKeys,
  child: Name,
  message: Message,
  v: Validation,
): DelegationVerdict {
  if (!isBelow(child, parent.apex)) {
    throw new Error('internal error: a delegation is judged with the keys of a zone above it');
  }
  const rrset = findRRset(message.answer, child, RRType.DS) ?? findRRset(message.authority, child, RRType.DS);
  if (rrset !== undefined) return signed(rrset, parent, v);

  const alias = aliasAt(message, child);
  if (alias !== undefined) return aliased(alias, parent, v);

  const proof = firstProof(
    denialRecords(message, parent, v),
    (records) => proveNoDs(records, child),
    'ds-denial-missing',
  );
  return proof.status === 'bogus' ? { kind: 'bogus', because: proof.because } : proof.verdict;
}

function signed(rrset: RRset, parent: ZoneKeys, v: Validation): DelegationVerdict {
  const verdict = verifyUnexpandedRRset(rrset, parent, v);
  if (verdict.status === 'bogus') return { kind: 'bogus', because: verdict.because };
  const ds = rrset.records.flatMap((record) => {
    const read = readDs(record);
    return read === undefined ? [] : { ...read, digest: new Uint8Array(read.digest) };
  });
  return { kind: 'signed', ds, until: verdict.until };
}

/** A CNAME in place of the DS RRset, or a DNAME above it (RFC 6672 §2.4: nothing exists below one). */
function aliasAt(message: Message, child: Name): RRset | undefined {
  const dname = findRRsets(message.answer, RRType.DNAME).find((rrset) => isBelow(child, rrset.name));
  return dname ?? findRRset(message.answer, child, RRType.CNAME);
}

/** Whether the CNAME was expanded from a wildcard makes no difference: where there is an alias there is no zone cut. */
function aliased(alias: RRset, parent: ZoneKeys, v: Validation): DelegationVerdict {
  const verify = alias.type === RRType.DNAME ? verifyUnexpandedRRset : verifyRRset;
  const verdict = verify(alias, parent, v);
  if (verdict.status === 'bogus') return { kind: 'bogus', because: verdict.because };
  if (readTarget(alias.records[0]!) === undefined) return { kind: 'bogus', because: 'ds-denial-missing' };
  return { kind: 'not-a-cut', until: verdict.until };
}

function proveNoDs(
  records: DenialRecords,
  child: Name,
): { readonly status: 'proven'; readonly verdict: DelegationVerdict } | Bogus {
  const proven = (verdict: DelegationVerdict) => ({ status: 'proven', verdict }) as const;
  const standing = records.standing(child);
  switch (standing.kind) {
    case 'exists': {
      const { types, witness, until } = standing;
      if (types.has(RRType.DS)) return bogus('denial-contradicts');
      // RFC 6840 §4.4: from the child's apex; nothing is said about the parent's side.
      if (types.has(RRType.SOA)) return bogus('denial-incomplete');
      return types.has(RRType.NS)
        ? proven({ kind: 'insecure', because: 'insecure-delegation', witness, until })
        : proven({ kind: 'not-a-cut', until });
    }
    case 'absent': {
      const { optOut, witness, until } = standing;
      // RFC 5155 §8.6, §8.9: unsigned delegations are left out of opt-out spans.
      return optOut
        ? proven({ kind: 'insecure', because: 'insecure-opt-out', witness, until })
        : proven({ kind: 'not-a-cut', until });
    }
    case 'empty-non-terminal':
      return proven({ kind: 'not-a-cut', until: standing.until });
    case 'not-to-be-trusted': {
      const { because, witness, until } = standing;
      return proven({ kind: 'insecure', because, witness, until });
    }
    case 'unproven':
      return bogus(standing.because);
  }
}
