/** Trust anchors (RFC 4033 §2): keys that are believed without a parent's word, as DS or DNSKEY, at any zone. */
import { fromHex } from '../base/bytes.ts';
import { DigestType, DnssecAlgorithm } from '../dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../dns/message-writer.ts';
import { type Name, root } from '../dns/name.ts';
import { type Dnskey, type Ds, readDnskey, readDs } from '../dns/rdata-dnssec.ts';
import { recordOf } from '../dns/record-of.ts';
import { RRType } from '../dns/rr-type.ts';

export interface TrustAnchor {
  readonly name: Name;
  readonly ds: readonly Ds[];
  readonly keys: readonly Dnskey[];
}

function rootDs(keyTag: number, digest: string): Ds {
  return {
    keyTag,
    algorithm: DnssecAlgorithm.RSASHA256,
    digestType: DigestType['SHA-256'],
    digest: fromHex(digest)!,
  };
}

/** The root's key signing keys of 2017 and 2024: https://data.iana.org/root-anchors/root-anchors.xml (RFC 9718). */
export const rootAnchors: TrustAnchor = {
  name: root,
  ds: [
    rootDs(20326, 'E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D'),
    rootDs(38696, '683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16'),
  ],
  keys: [],
};

/**
 * One anchor for each owner name, in the order of first mention. Records of other types and malformed ones are passed over: no
 * anchor at all is for the caller to refuse.
 */
export function trustAnchorsFrom(records: Iterable<PlainRecord>): TrustAnchor[] {
  const anchors = new Map<Name, { name: Name; ds: Ds[]; keys: Dnskey[] }>();
  for (const plain of records) {
    const record = recordOf(plain);
    const ds = plain.type === RRType.DS ? readDs(record) : undefined;
    const key = plain.type === RRType.DNSKEY ? readDnskey(record) : undefined;
    if (ds === undefined && key === undefined) continue;
    const anchor = anchors.get(plain.name) ?? { name: plain.name, ds: [], keys: [] };
    if (ds !== undefined) anchor.ds.push(ds);
    if (key !== undefined) anchor.keys.push(key);
    anchors.set(plain.name, anchor);
  }
  return [...anchors.values()];
}
