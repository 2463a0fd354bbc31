/** The closest encloser proof of NSEC3 (RFC 5155 §8.3). */
import type { Instant } from '../base/instant.ts';
import { isWithin, type Name, parentOf } from '../dns/name.ts';
import type { TypeBitmap } from '../dns/type-bitmap.ts';
import { leadsElsewhere } from './nsec.ts';
import type { Standing } from './standing.ts';
import type { Bogus, Witness } from './validation.ts';

/** A record that fits and is genuine; or why the ones that fit do not count; undefined where none fits. */
export type Found =
  | {
      readonly status: 'secure';
      readonly types: TypeBitmap;
      readonly optOut: boolean;
      readonly witness: Witness;
      readonly until: Instant;
    }
  | Bogus
  | undefined;

/** Records that are found by the hash of a name (RFC 5155 §1.3). */
export interface HashedRecords {
  /** The record whose owner is the hash of the name. */
  matching(name: Name): Found;
  /** A record whose span holds the hash of the name. */
  covering(name: Name): Found;
}

/**
 * For a `name` that no record matches: its deepest ancestor that one matches, and the record that covers the next closer
 * name, which is one label longer.
 */
export function closestEncloser(records: HashedRecords, apex: Name, name: Name): Standing {
  let nextCloser = name;
  while (nextCloser !== apex && isWithin(nextCloser, apex)) {
    const candidate = parentOf(nextCloser);
    const encloser = records.matching(candidate);
    if (encloser === undefined) {
      nextCloser = candidate;
      continue;
    }
    if (encloser.status === 'bogus') return { kind: 'unproven', because: encloser.because };
    // RFC 5155 §8.3: not from a delegation to another zone, nor from above a DNAME.
    if (leadsElsewhere(encloser.types)) return { kind: 'unproven', because: 'denial-incomplete' };
    const covering = records.covering(nextCloser);
    if (covering?.status !== 'secure') {
      return { kind: 'unproven', because: covering?.because ?? 'denial-incomplete' };
    }
    const until = Math.min(encloser.until, covering.until);
    const witness = [...encloser.witness, ...covering.witness];
    return { kind: 'absent', encloser: candidate, optOut: covering.optOut, witness, until };
  }
  return { kind: 'unproven', because: 'denial-incomplete' };
}
