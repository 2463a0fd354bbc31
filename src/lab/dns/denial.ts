/**
 * The records that prove a negative answer (RFC 4035 §3.1.3, RFC 5155 §7.2), signed, each once. What the zone's chain lacks is
 * proven to be absent, whether it is or not.
 */
import type { PlainRecord } from '../../dns/message-writer.ts';
import { isBelow, type Name, parentOf, prepend } from '../../dns/name.ts';
import type { Zone } from './zone.ts';

/**
 * - `nodata`: the name exists without the type. `nxdomain`: nor does it exist, nor a wildcard for it.
 * - `wildcard-nodata`: a wildcard stands for it, without the type. `expanded`: a wildcard stood for it in the answer.
 * - `no-ds`: a delegation without DS.
 */
export type Denied = 'nodata' | 'nxdomain' | 'wildcard-nodata' | 'expanded' | 'no-ds';

/** Empty where the zone is not signed. `spoil` breaks every signature. */
export function prove(zone: Zone, name: Name, denied: Denied, spoil = false): PlainRecord[] {
  const records = zone.plan.signing?.nsec3
    ? proveByNsec3(zone, name, denied)
    : proveByNsec(zone, name, denied);
  const once = new Map(records.map((record) => [record.name, record]));
  return [...once.values()].flatMap((record) => {
    const signature = zone.signer?.sign([record], spoil);
    return signature === undefined ? [record] : [record, signature];
  });
}

/** RFC 4592 §3.3.1; `name` is the apex or below it. */
export function closestEncloser(zone: Zone, name: Name): Name {
  if (name === zone.apex) return name;
  let above = name === zone.apex ? name : parentOf(name);
  while (above !== zone.apex && !zone.exists(above)) above = parentOf(above);
  return above;
}

export function wildcardAt(encloser: Name): Name | undefined {
  return prepend('*', encloser);
}

function proveByNsec(zone: Zone, name: Name, denied: Denied): PlainRecord[] {
  const chain = zone.nsec();
  if (chain === undefined) return [];
  const wildcard = wildcardAt(closestEncloser(zone, name));
  const atWildcard = wildcard === undefined ? [] : [chain.covering(wildcard)];
  switch (denied) {
    case 'nodata':
    case 'no-ds':
    case 'expanded':
      return [chain.covering(name)];
    case 'nxdomain':
    case 'wildcard-nodata':
      return [chain.covering(name), ...atWildcard];
  }
}

function proveByNsec3(zone: Zone, name: Name, denied: Denied): PlainRecord[] {
  const chain = zone.nsec3();
  if (chain === undefined) return [];
  const matching = chain.matching(name);
  if ((denied === 'nodata' || denied === 'no-ds') && matching !== undefined) return [matching];

  // With opt-out an insecure delegation is not in the chain (RFC 5155 §7.2.4, §7.2.7).
  let encloser = denied === 'no-ds' ? parentOf(name) : closestEncloser(zone, name);
  let atEncloser = chain.matching(encloser);
  while (atEncloser === undefined && isBelow(encloser, zone.apex)) {
    encloser = parentOf(encloser);
    atEncloser = chain.matching(encloser);
  }
  let nextCloser = name;
  while (parentOf(nextCloser) !== encloser) nextCloser = parentOf(nextCloser);
  const proof = [...(atEncloser ? [atEncloser] : []), chain.covering(nextCloser)];
  if (denied === 'expanded') return [chain.covering(nextCloser)];
  if (denied === 'no-ds') return proof;
  const wildcard = wildcardAt(encloser);
  if (wildcard === undefined) return proof;
  return [...proof, chain.matching(wildcard) ?? chain.covering(wildcard)];
}
