/** The security of a zone: what a chain of trust from an anchor down comes to (RFC 4033 §5, RFC 4035 §5). */
import type { Instant } from '../base/instant.ts';
import type { Security } from '../base/security.ts';
import { formatName } from '../dns/name.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import { formatType } from '../dns/rr-type.ts';
import type { Witness } from '../dnssec/validation.ts';
import type { ZoneKeys } from '../dnssec/zone-keys.ts';
import type { UselessServer } from './servers-tried.ts';

export type EndOfSecurity = Exclude<Security, { readonly status: 'secure' }>;

/** `at` is the apex where security ended: this zone, or one above it. */
export type ZoneSecurity = {
  /** Servers that were of no use for the zone's keys or its delegation. */
  readonly useless?: readonly UselessServer[];
} & (
  | { readonly status: 'secure'; readonly keys: ZoneKeys; readonly ds: readonly Ds[] }
  | (EndOfSecurity & {
      readonly ds: readonly Ds[];
      /** The parent proves that there is no zone cut here: whoever named this zone made it up. */
      readonly isNoCut?: boolean;
    })
);

/** Where and why security ended, and nothing of the zone that it was found out for. */
export function endOf(security: EndOfSecurity): EndOfSecurity {
  const { status, because, at } = security;
  return status === 'insecure' ? { status, because, at, witness: security.witness } : { status, because, at };
}

/** The records that prove where security ended, as `Security` has them. */
export function shown(witness: Witness): string[] {
  return witness.map(({ name, type }) => `${formatName(name)} ${formatType(type)}`);
}

export interface Established {
  readonly security: ZoneSecurity;
  /** When the proof ends, by the validation clock; undefined where nothing was proven here. */
  readonly until?: Instant;
}
