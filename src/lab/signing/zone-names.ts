/** The names of a zone as the makers of NSEC and NSEC3 chains take them. */
import { isBelow, type Name, parentOf } from '../../dns/name.ts';
import { RRType } from '../../dns/rr-type.ts';

/**
 * A name that owns authoritative data or a delegation, with the types of its RRsets: NSEC, NSEC3 and RRSIG left out. A
 * delegation has NS, and DS where it is signed. Glue has no place here, nor have empty non-terminals.
 */
export interface ZoneName {
  readonly name: Name;
  readonly types: readonly number[];
}

/** NS without SOA (RFC 4034 §4.1.2). */
export function isDelegation(entry: ZoneName): boolean {
  return entry.types.includes(RRType.NS) && !entry.types.includes(RRType.SOA);
}

/** An insecure delegation: what an opt-out chain may leave out (RFC 5155 §6). */
export function isInsecureDelegation(entry: ZoneName): boolean {
  return isDelegation(entry) && !entry.types.includes(RRType.DS);
}

/** Names between the apex and the given names that own nothing themselves (RFC 5155 §1.3, §7.1). */
export function emptyNonTerminals(apex: Name, names: readonly ZoneName[]): Name[] {
  const known = new Set(names.map((entry) => entry.name));
  const found = new Set<Name>();
  for (const { name } of names) {
    for (let above = parentOf(name); isBelow(above, apex); above = parentOf(above)) {
      if (known.has(above) || found.has(above)) break;
      found.add(above);
    }
  }
  return [...found];
}
