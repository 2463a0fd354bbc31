/**
 * A delegation that a registry's own zone file holds: the parent's word (RFC 1034 §4.2.1) without asking the parent. In: its records
 * as text. Out: a zone cut as a referral would show it, whose DS RRset, or the absence of one, is that of the file.
 *
 * Nothing in a file is signed to us, so that it is taken for what the registry says of the child and for nothing more: a zone below
 * is secure only where the parent's own zone is proved secure online, and then only by keys that these DS records name; without DS
 * records it is insecure by the file alone, and the reason says so. A file that is older than the zone shows in results of its own:
 * what fails with its delegation is looked at again with the parent's.
 */
import { fromHex } from '../base/bytes.ts';
import { isBelow, isWithin, type Name, parseName } from '../dns/name.ts';
import { type Ds, readDs } from '../dns/rdata-dnssec.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';
import { MAX_ADDRESSES_TRIED, MAX_SERVER_NAMES } from './limits.ts';
import type { ZoneCut } from './zone-cut.ts';

/** Plain data that crosses threads. Names are presentation form without the final dot. */
export interface ListedDelegation {
  /** The zone that the file holds. */
  readonly zone: string;
  readonly nameServers: readonly string[];
  /** Names of servers, and addresses that the file holds of them. */
  readonly glue: readonly (readonly [nameServer: string, addresses: readonly string[]])[];
  /** RDATA in hexadecimal. */
  readonly ds: readonly string[];
}

/** Undefined where the records cannot be followed: no name server, malformed DS records, not below the parent. */
export function cutFromList(
  parent: ZoneCut,
  apex: Name,
  { nameServers, glue, ds }: ListedDelegation,
): ZoneCut | undefined {
  const servers = nameServers.map(parseName).filter((server) => server !== undefined);
  const listed = ds.map((rdata) => dsOf(apex, rdata)).filter((record) => record !== undefined);
  if (!isBelow(apex, parent.apex) || servers.length === 0 || listed.length < ds.length) return undefined;
  const kept = servers.slice(0, MAX_SERVER_NAMES);
  const addresses = new Map<Name, readonly string[]>();
  for (const [server, of] of glue) {
    const name = parseName(server);
    // As of a referral: what lies outside of the parent's zone is not the parent's to say (RFC 9471).
    if (name === undefined || !kept.includes(name) || !isWithin(name, parent.apex)) continue;
    addresses.set(name, of.slice(0, MAX_ADDRESSES_TRIED));
  }
  return { apex, parent, nameServers: kept, glue: addresses, delegation: undefined, listed };
}

function dsOf(name: Name, rdata: string): Ds | undefined {
  const octets = fromHex(rdata);
  return octets && readDs(recordOf({ name, type: RRType.DS, ttl: 0, rdata: octets }));
}
