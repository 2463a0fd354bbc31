/** What replies show of the zone that holds a domain: its DNSSEC parameters, its servers, its SOA. Pure. */
import { reasonOf } from '../base/reasons/catalogue.ts';
import { NSEC3_FLAG_OPT_OUT } from '../dns/dnssec-algorithm.ts';
import type { Message } from '../dns/message.ts';
import { isWithin, type Name } from '../dns/name.ts';
import { readSoa } from '../dns/rdata.ts';
import { readNsec3 } from '../dns/rdata-dnssec.ts';
import { RRType } from '../dns/rr-type.ts';
import type { Link } from '../lookup/answer.ts';
import type { Lookup } from '../lookup/lookup.ts';
import type { SoaFact, ZoneFact } from './facts.ts';
import { factName } from './lookup-fact.ts';

/**
 * `messages` are replies of the zone's servers; negative ones show NSEC or NSEC3. Null where nobody knows what zone it is: a
 * forwarder that gives no reply, or none that can be validated, does not tell, as a referral does.
 */
export function zoneFact(
  link: Link,
  messages: readonly Message[],
  { asksForwarders }: Pick<Lookup, 'asksForwarders'>,
): ZoneFact | null {
  const { zone, cut } = link;
  const isOurs = zone.status !== 'secure' && reasonOf(zone.because).mender === 'ours';
  if (asksForwarders && (link.message === undefined || isOurs)) return null;
  return {
    apex: factName(cut.apex),
    security: zone.status,
    reason: zone.status === 'secure' ? null : zone.because,
    dsAlgorithms: distinct(zone.ds.map((ds) => ds.algorithm)),
    dsDigestTypes: distinct(zone.ds.map((ds) => ds.digestType)),
    dnskeyAlgorithms:
      zone.status === 'secure' ? distinct(zone.keys.entries.map((entry) => entry.dnskey.algorithm)) : [],
    nameServers: asksForwarders ? null : cut.nameServers.map(factName).sort(),
    ...denialOf(cut.apex, messages),
  };
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function denialOf(
  apex: Name,
  messages: readonly Message[],
): Pick<ZoneFact, 'denial' | 'nsec3Iterations' | 'nsec3OptOut'> {
  for (const message of messages) {
    for (const record of message.authority) {
      if (!isWithin(record.name, apex)) continue;
      if (record.type === RRType.NSEC) return { denial: 'nsec', nsec3Iterations: null, nsec3OptOut: null };
      const nsec3 = record.type === RRType.NSEC3 ? readNsec3(record) : undefined;
      if (nsec3 === undefined) continue;
      const nsec3OptOut = (nsec3.flags & NSEC3_FLAG_OPT_OUT) !== 0;
      return { denial: 'nsec3', nsec3Iterations: nsec3.iterations, nsec3OptOut };
    }
  }
  return { denial: null, nsec3Iterations: null, nsec3OptOut: null };
}

/** The zone's SOA where one of the replies carries it. */
export function soaFact(apex: Name, messages: readonly Message[]): SoaFact | null {
  for (const message of messages) {
    for (const record of [...message.answer, ...message.authority]) {
      const soa = record.type === RRType.SOA && record.name === apex ? readSoa(record) : undefined;
      if (soa === undefined) continue;
      const { serial, refresh, retry, expire, minimum } = soa;
      return { rname: factName(soa.rname), serial, refresh, retry, expire, minimum };
    }
  }
  return null;
}
