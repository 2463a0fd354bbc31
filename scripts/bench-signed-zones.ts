/** Signs whole zones in this process and writes them as zone files: ten thousand of them in a few seconds. */
import type { Instant } from '../src/base/instant.ts';
import { DigestType } from '../src/dns/dnssec-algorithm.ts';
import type { PlainRecord } from '../src/dns/message-writer.ts';
import { formatName, isBelow, type Name, parentOf } from '../src/dns/name.ts';
import { formatRdata } from '../src/dns/presentation.ts';
import { recordOf } from '../src/dns/record-of.ts';
import { formatType, RRType } from '../src/dns/rr-type.ts';
import { nsecChain } from '../src/lab/signing/nsec-chain.ts';
import { type Nsec3Parameters, nsec3Chain, nsec3paramRdata } from '../src/lab/signing/nsec3-chain.ts';
import { dnskeyOf, dsOf, signRRset } from '../src/lab/signing/sign-rrset.ts';
import type { ZoneKey } from '../src/lab/signing/zone-key.ts';
import type { SignedZone } from '../test/interop/nsd.ts';

export interface ZoneSigning {
  readonly ksk: ZoneKey;
  /** One and the same as `ksk` for a combined signing key. */
  readonly zsk: ZoneKey;
  /** NSEC where it is left out. */
  readonly nsec3?: Nsec3Parameters;
  /** RRSIG RDATA before it is published. */
  readonly spoil?: (rrsig: PlainRecord, covered: number) => PlainRecord;
}

export interface ZoneToMake {
  readonly apex: Name;
  /** SOA and NS of the apex among them, and the NS, DS and glue of delegations. */
  readonly records: readonly PlainRecord[];
  readonly signing?: ZoneSigning;
}

const TTL = 3600;
const NEGATIVE_TTL = 900;
const DAY = 86_400;

/** The zone file, and the DS record that its parent publishes; null for an unsigned zone. */
export function makeZone(
  { apex, records, signing }: ZoneToMake,
  now: Instant,
): { readonly zone: SignedZone; readonly ds: PlainRecord | null } {
  const origin = formatName(apex);
  if (signing === undefined) return { zone: { origin, text: zoneFile(records), ds: '' }, ds: null };
  const { ksk, zsk, nsec3, spoil } = signing;
  const keys = [...new Set([ksk, zsk])].map((key) => dnskeyOf(key, apex, TTL));
  const rdata = nsec3 && nsec3paramRdata(nsec3);
  const param = rdata === undefined ? [] : [{ name: apex, type: RRType.NSEC3PARAM, ttl: 0, rdata }];
  const nodes = nodesOf([...records, ...keys, ...param]);
  const isCut = (name: Name) => name !== apex && nodes.get(name)?.has(RRType.NS) === true;
  const isGlue = (name: Name) => {
    for (let above = parentOf(name); isBelow(above, apex); above = parentOf(above)) {
      if (isCut(above)) return true;
    }
    return false;
  };
  const validity = { inception: now - DAY, expiration: now + 30 * DAY };
  const sign = (rrset: readonly PlainRecord[]): PlainRecord => {
    const { type } = rrset[0]!;
    const rrsig = signRRset(rrset, { key: type === RRType.DNSKEY ? ksk : zsk, signer: apex, ...validity });
    return spoil === undefined ? rrsig : spoil(rrsig, type);
  };

  const all: PlainRecord[] = [];
  const owned = [...nodes].filter(([name]) => !isGlue(name));
  for (const [name, rrsets] of nodes) {
    for (const [type, rrset] of rrsets) {
      all.push(...rrset);
      const isSigned = isCut(name) ? type === RRType.DS : !isGlue(name);
      if (isSigned) all.push(sign(rrset));
    }
  }
  const names = owned.map(([name, rrsets]) => ({ name, types: [...rrsets.keys()] }));
  const chain =
    nsec3 === undefined ? nsecChain(names, NEGATIVE_TTL) : nsec3Chain(apex, names, nsec3, NEGATIVE_TTL);
  for (const record of chain.records()) all.push(record, sign([record]));
  return {
    zone: { origin, text: zoneFile(all), ds: '' },
    ds: dsOf(ksk, apex, DigestType['SHA-256'], TTL),
  };
}

/** RRsets by owner and type. */
function nodesOf(records: readonly PlainRecord[]): Map<Name, Map<number, PlainRecord[]>> {
  const nodes = new Map<Name, Map<number, PlainRecord[]>>();
  for (const record of records) {
    const node = nodes.get(record.name) ?? new Map<number, PlainRecord[]>();
    nodes.set(record.name, node);
    node.set(record.type, [...(node.get(record.type) ?? []), record]);
  }
  return nodes;
}

export function zoneFile(records: readonly PlainRecord[]): string {
  const line = (record: PlainRecord) =>
    `${formatName(record.name)} ${record.ttl} IN ${formatType(record.type)} ${formatRdata(recordOf(record))}`;
  return `${records.map(line).join('\n')}\n`;
}
