/** How long a negative answer may be believed by what its zone's SOA says (RFC 2308 §5, RFC 9077 §3). */
import type { ResourceRecord } from './message.ts';
import { isWithin, type Name } from './name.ts';
import { readSoa } from './rdata.ts';
import { CLASS_IN, RRType } from './rr-type.ts';
import { findRRset, ttlOf } from './rrset.ts';

/**
 * The lesser of the SOA's TTL and its MINIMUM, in seconds, from the authority section of a negative answer about `name`;
 * undefined where it has no SOA of `zone` or of one between it and the name. The SOA need not be proven: it can only shorten.
 */
export function negativeTtl(
  authority: readonly ResourceRecord[],
  name: Name,
  zone: Name,
): number | undefined {
  const record = authority.find(
    ({ type, class: klass, name: owner }) =>
      type === RRType.SOA && klass === CLASS_IN && isWithin(name, owner) && isWithin(owner, zone),
  );
  if (record === undefined) return undefined;
  return Math.min(ttlOf(findRRset(authority, record.name, RRType.SOA)!), readSoa(record)?.minimum ?? 0);
}
