/** Which DS records count, and whether one of them names a DNSKEY (RFC 4034 §5.1.4, RFC 4509, RFC 6605 §2). */
import { hash } from 'node:crypto';
import { equalBytes } from '../base/bytes.ts';
import { DigestType } from '../dns/dnssec-algorithm.ts';
import { type Name, nameToBytes } from '../dns/name.ts';
import type { Ds } from '../dns/rdata-dnssec.ts';
import { isSupportedAlgorithm } from './algorithms.ts';
import type { DnskeyEntry } from './dnskey-entry.ts';

const digestNames = new Map<number, string>([
  [DigestType['SHA-1'], 'sha1'],
  [DigestType['SHA-256'], 'sha256'],
  [DigestType['SHA-384'], 'sha384'],
]);

/**
 * The DS records that can be followed (RFC 6840 §5.2: an unknown digest type counts as an unknown algorithm). SHA-1 is left
 * out where a stronger digest of the RRset is known (RFC 4509 §3): otherwise who can forge SHA-1 need not forge the rest.
 */
export function usableDs(all: readonly Ds[]): readonly Ds[] {
  const known = all.filter((ds) => isSupportedAlgorithm(ds.algorithm) && digestNames.has(ds.digestType));
  const strong = known.filter((ds) => ds.digestType !== DigestType['SHA-1']);
  return strong.length > 0 ? strong : known;
}

/** Cheap: whether it is worth computing a digest. */
export function mayName(ds: Ds, entry: DnskeyEntry): boolean {
  return ds.keyTag === entry.keyTag && ds.algorithm === entry.dnskey.algorithm;
}

/** digest = hash(owner | DNSKEY RDATA) (RFC 4034 §5.1.4). `ds` is one of `usableDs`. */
export function digestMatches(ds: Ds, owner: Name, entry: DnskeyEntry): boolean {
  const octets = Buffer.concat([nameToBytes(owner), entry.rdata]);
  return equalBytes(hash(digestNames.get(ds.digestType)!, octets, 'buffer'), ds.digest);
}
