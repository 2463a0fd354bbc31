/** Signs a zone's RRsets when they are asked for, with the faults that its plan wants, and keeps the signatures. */
import type { Instant } from '../../base/instant.ts';
import type { PlainRecord } from '../../dns/message-writer.ts';
import type { Name } from '../../dns/name.ts';
import { RRType } from '../../dns/rr-type.ts';
import type { SignatureFault, ZonePlan } from '../plan/zone-plan.ts';
import { signRRset } from '../signing/sign-rrset.ts';
import type { ZoneKey } from '../signing/zone-key.ts';
import { matches } from './misbehaviour.ts';
import type { ZoneKeys } from './zone-key-ring.ts';

export interface Signer {
  /** Those of the DNSKEY RRset. */
  readonly keys: readonly ZoneKey[];
  /** The RRSIG record over the RRset; undefined where the plan wants none. `spoil` breaks it whatever the plan wants. */
  sign(rrset: readonly PlainRecord[], spoil?: boolean): PlainRecord | undefined;
}

const DAY = 86_400;
/** Signatures in memory for one zone; a top-level domain has one for each of its delegations. */
const SIGNATURES_KEPT = 50_000;

export function createSigner(plan: ZonePlan, apex: Name, { ksk, zsk }: ZoneKeys, now: Instant): Signer {
  const kept = new Map<string, PlainRecord>();
  return {
    keys: ksk === zsk ? [ksk] : [ksk, zsk],
    sign(rrset, spoil = false) {
      const first = rrset[0]!;
      const fault = spoil ? 'broken' : faultOf(plan, apex, first);
      if (fault === 'missing') return undefined;
      const id = `${first.type} ${rrset.length} ${spoil} ${first.name}`;
      const known = kept.get(id);
      if (known !== undefined) return known;
      if (kept.size >= SIGNATURES_KEPT) kept.clear();
      const key = first.type === RRType.DNSKEY ? ksk : zsk;
      const made = signRRset(rrset, { key, signer: apex, ...validity(fault, now) });
      const record = fault === 'broken' ? { ...made, rdata: spoilt(made.rdata) } : made;
      kept.set(id, record);
      return record;
    },
  };
}

function faultOf(plan: ZonePlan, apex: Name, { name, type }: PlainRecord): SignatureFault | undefined {
  return plan.signatures.find(({ on }) => matches(on, apex, { name, type }, undefined))?.fault;
}

function validity(
  fault: SignatureFault | undefined,
  now: Instant,
): { inception: Instant; expiration: Instant } {
  const shift = fault === 'expired' ? -60 * DAY : fault === 'not-yet-valid' ? 60 * DAY : 0;
  return { inception: now - 10 * DAY + shift, expiration: now + 20 * DAY + shift };
}

/** One bit of the signature's last octet is turned. */
function spoilt(rdata: Uint8Array): Uint8Array {
  const octets = Buffer.from(rdata);
  octets[octets.length - 1]! ^= 0x01;
  return octets;
}
