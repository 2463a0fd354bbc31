/**
 * Denial of existence (RFC 4035 §5.4, RFC 5155 §8.4-8.8, RFC 6840 §4): what a negative answer needs, argued from the standing
 * of the name and of the wildcard that would have answered for it.
 *
 * In: a message and the keys of its zone. Out: the proof found, or the reason why the denial is insecure or bogus.
 */
import type { Instant } from '../base/instant.ts';
import type { Message } from '../dns/message.ts';
import { type Name, prepend, root } from '../dns/name.ts';
import { RRType } from '../dns/rr-type.ts';
import type { TypeBitmap } from '../dns/type-bitmap.ts';
import { isDelegation, NsecRecords } from './nsec.ts';
import { Nsec3Records } from './nsec3.ts';
import type { SigningKeys } from './rrset-signature.ts';
import type { Absent, DenialKind, DenialRecords, Standing } from './standing.ts';
import { type Bogus, bogus, type DnssecReason, type Validation, type Witness } from './validation.ts';

export type Denied =
  | {
      readonly status: 'secure';
      readonly denial: DenialKind;
      /** The wildcard whose records the denial is about, where it is one (RFC 5155 §8.7). */
      readonly wildcard?: Name;
      readonly until: Instant;
    }
  | {
      readonly status: 'insecure';
      readonly because: 'insecure-opt-out' | 'nsec3-iterations-insecure';
      readonly denial: DenialKind;
      readonly witness: Witness;
      readonly until: Instant;
    }
  | Bogus;

/** The denial records of a message: NSEC, NSEC3, or (while a zone changes from one to the other) both. */
export function denialRecords(message: Message, zone: SigningKeys, v: Validation): DenialRecords[] {
  return [NsecRecords.of(message, zone, v), Nsec3Records.of(message, zone, v)].filter(
    (records) => records !== undefined,
  );
}

/** The first proof that holds. `missing` is the reason where there is nothing to prove with. */
export function firstProof<T extends { readonly status: string }>(
  all: readonly DenialRecords[],
  prove: (records: DenialRecords) => T | Bogus,
  missing: DnssecReason = 'denial-missing',
): T | Bogus {
  let first: T | Bogus | undefined;
  for (const records of all) {
    const proof = prove(records);
    if (proof.status !== 'bogus') return proof;
    first ??= proof;
  }
  return first ?? bogus(missing);
}

/** NXDOMAIN: neither the name nor a wildcard for it exists (RFC 4035 §5.4, RFC 5155 §8.4). */
export function proveNameError(records: DenialRecords, name: Name): Denied {
  const standing = records.standing(name);
  if (standing.kind !== 'absent')
    return standing.kind === 'exists' ? contradiction : unusable(records, standing);
  const wildcard = wildcardStanding(records, standing);
  if (wildcard.kind !== 'absent')
    return wildcard.kind === 'exists' ? contradiction : unusable(records, wildcard);
  return concluded(records, standing, Math.min(standing.until, wildcard.until));
}

/** NODATA: the name exists, or a wildcard for it, without the type (RFC 4035 §5.4, RFC 5155 §8.5-8.7). */
export function proveNoData(records: DenialRecords, name: Name, type: number): Denied {
  const standing = records.standing(name);
  if (standing.kind === 'exists') {
    const objection = objectionTo(standing.types, name, type);
    if (objection !== undefined) return bogus(objection);
    return { status: 'secure', denial: records.denial, until: standing.until };
  }
  if (standing.kind === 'empty-non-terminal') {
    return { status: 'secure', denial: records.denial, until: standing.until };
  }
  if (standing.kind !== 'absent') return unusable(records, standing);

  const wildcard = wildcardStanding(records, standing);
  if (wildcard.kind === 'exists' || wildcard.kind === 'empty-non-terminal') {
    const objection = wildcard.kind === 'exists' ? objectionTo(wildcard.types, name, type) : undefined;
    if (objection !== undefined) return bogus(objection);
    const verdict = concluded(records, standing, Math.min(standing.until, wildcard.until));
    const owner = prepend('*', standing.encloser);
    return verdict.status === 'secure' && owner !== undefined ? { ...verdict, wildcard: owner } : verdict;
  }
  // RFC 5155 §8.6 for DS; for other types RFC 5155 §6: an unsigned delegation, or what is above one, may hide in the span.
  if (standing.optOut) return concluded(records, standing, standing.until);
  return wildcard.kind === 'absent' ? contradiction : unusable(records, wildcard);
}

/** That an expanded wildcard was due (RFC 4035 §5.3.4, RFC 5155 §8.8). */
export function proveExpansion(records: DenialRecords, name: Name, encloser: Name): Denied {
  const standing = records.expansion(name, encloser);
  if (standing.kind !== 'absent')
    return standing.kind === 'exists' ? contradiction : unusable(records, standing);
  return concluded(records, standing, standing.until);
}

const contradiction = bogus('denial-contradicts');

/** RFC 5155 §9.2: nothing is secure where the next closer name is covered by an opt-out span. */
function concluded(
  records: DenialRecords,
  standing: Absent,
  until: Instant,
): Exclude<Denied, { readonly status: 'bogus' }> {
  const { denial } = records;
  return standing.optOut
    ? { status: 'insecure', because: 'insecure-opt-out', denial, witness: standing.witness, until }
    : { status: 'secure', denial, until };
}

/** The standing of the source of synthesis, `*.<closest encloser>` (RFC 4592 §3.3.1). */
function wildcardStanding(records: DenialRecords, { encloser, witness, until }: Absent): Standing {
  const wildcard = prepend('*', encloser);
  // RFC 1035 §2.3.4: an encloser too long for a wildcard below it has none.
  if (wildcard === undefined) return { kind: 'absent', encloser, optOut: false, witness, until };
  return records.standing(wildcard);
}

function unusable(records: DenialRecords, standing: Exclude<Standing, Absent | { kind: 'exists' }>): Denied {
  switch (standing.kind) {
    case 'empty-non-terminal':
      return contradiction;
    case 'not-to-be-trusted': {
      const { because, witness, until } = standing;
      return { status: 'insecure', because, denial: records.denial, witness, until };
    }
    case 'unproven':
      return bogus(standing.because);
  }
}

/** Why a record that matches does not deny the type; undefined where it does. */
function objectionTo(types: TypeBitmap, name: Name, type: number): DnssecReason | undefined {
  if (types.has(type)) return 'denial-contradicts';
  // RFC 6840 §4.3: at an alias every question would have been answered with the CNAME.
  if (types.has(RRType.CNAME)) return 'denial-contradicts';
  // RFC 6840 §4.4, RFC 5155 §8.6: the child's apex cannot deny what is the parent's.
  if (type === RRType.DS && types.has(RRType.SOA) && name !== root) return 'denial-incomplete';
  // RFC 6840 §4.1, §4.4: the parent's side of a cut denies nothing but DS.
  if (type !== RRType.DS && isDelegation(types)) return 'denial-incomplete';
  return undefined;
}
