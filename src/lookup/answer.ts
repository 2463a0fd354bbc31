/** What a validated lookup came to: one verdict over the whole answer, aliases and denial included. */
import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { Security } from '../base/security.ts';
import type { Message, ResourceRecord } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import { RECORD_OVERHEAD_OCTETS } from '../resolve/limits.ts';
import { octetsOf as octetsOfCut, type ZoneCut } from '../resolve/zone-cut.ts';
import type { UselessServer } from './servers-tried.ts';
import type { ZoneSecurity } from './zone-security.ts';

/** One step of an answer: one question's own reply, judged; `message` is absent where no server gave one. */
export interface Link {
  readonly name: Name;
  readonly cut: ZoneCut;
  readonly zone: ZoneSecurity;
  readonly security: Security;
  readonly message: Message | undefined;
  readonly server: string | undefined;
  /** Servers of the zone that were of no use for this question or for the zone's keys, by address; some may be unasked. */
  readonly useless: readonly UselessServer[];
  /** When its proof ends, by the validation clock; undefined where nothing was proven. */
  readonly until?: Instant;
}

export interface Answer {
  readonly name: Name;
  readonly type: number;
  /** `failed` exactly where the status is bogus or indeterminate. */
  readonly outcome: 'data' | 'nodata' | 'nxdomain' | 'failed';
  readonly security: Security;
  /** Mnemonic; what the servers said, SERVFAIL where none said anything of use. */
  readonly rcode: string;
  /** CNAME and DNAME RRsets passed on the way, a synthesised CNAME included (RFC 6672 §3.1). */
  readonly aliasRecords: readonly ResourceRecord[];
  /** Where each alias led; the last one is the name that was answered for in the end. */
  readonly aliases: readonly Name[];
  /** The RRset asked for; undefined unless `outcome` is `data`. */
  readonly rrset: RRset | undefined;
  /**
   * Seconds, of the RRset as its zone has it. Undefined without one, and where only a forwarder told, whose TTLs have run down:
   * the Original TTL of secure signatures is what is left (RFC 4034 §3.1.4).
   */
  readonly ttl: number | undefined;
  /** At least one. */
  readonly links: readonly Link[];
}

/** The reason of a status, null where it is secure. */
export function reasonOfSecurity(security: Security): ReasonKey | null {
  return security.status === 'secure' ? null : security.because;
}

/** About what an answer takes in memory: its messages with all their records, and the zone cuts that it holds on to. */
export function octetsOf({ links, aliasRecords }: Answer): number {
  let records = aliasRecords.length + links.length;
  let octets = 0;
  for (const { message, cut } of links) {
    octets += octetsOfCut(cut);
    if (message === undefined) continue;
    octets += message.octets.length;
    records += message.answer.length + message.authority.length + message.additional.length;
  }
  return octets + records * RECORD_OVERHEAD_OCTETS;
}
