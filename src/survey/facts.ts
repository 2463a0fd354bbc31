/**
 * What was seen, without judgement: plain data that crosses threads, is stored as rows, and is judged by `judge-*.ts`.
 * Names are A-labels in presentation form, lower case, without the final dot. Times are Unix seconds, TTLs seconds.
 */

import type { Instant } from '../base/instant.ts';
import type { ReasonKey } from '../base/reasons/catalogue.ts';
import type { SecurityStatus } from '../base/security.ts';
import type { TlsaOutcome } from '../dane/tlsa-record.ts';
import type { UselessServer } from '../lookup/servers-tried.ts';
import type { DescribedCertificate } from '../pki/certificate-fact.ts';
import type { ListedDelegation } from '../resolve/listed-delegation.ts';
import type { AncestorConsequence, BehaviourFact } from './ancestor-consequence.ts';
import type { AncestorFact, ServerAnswerFact } from './name-server-facts.ts';
import type { EndpointFacts } from './probed-facts.ts';
import type { HostVerdict } from './verdicts.ts';

/** One validated lookup. `outcome` is `failed` exactly where the status is bogus or indeterminate. */
export interface LookupFact {
  readonly outcome: 'data' | 'nodata' | 'nxdomain' | 'failed';
  readonly status: SecurityStatus;
  /** Null where the status is secure. */
  readonly reason: ReasonKey | null;
  readonly rcode: string;
  /** The smallest TTL of the answer's RRset; null without one, and where a forwarder told of it and no signature does. */
  readonly ttl: number | null;
  /** Servers that were of no use on the way; left out where there were none. Who is asked is chance: no row is made of it. */
  readonly useless?: readonly UselessServer[];
}

/** Where a reason is a fact of its own beside the verdict. `detail` is text from the network: hostile until escaped. */
export interface Finding {
  readonly key: ReasonKey;
  readonly detail: string;
}

/** A name of a list, and how its registry's zone file delegates it, where the list is one; null where the parent is to be asked. */
export interface DomainToSurvey {
  readonly name: string;
  readonly delegation: ListedDelegation | null;
}

export interface MxEdge {
  readonly host: string;
  /** 0 for an implicit MX. */
  readonly preference: number;
}

/** How the domain takes mail (RFC 5321 §5.1, RFC 7505). `unknown`: the lookup failed. */
export const mailKinds = ['mx', 'implicit-mx', 'null-mx', 'none', 'unknown'] as const;
export type MailKind = (typeof mailKinds)[number];

/** The DNSSEC of the zone that holds the domain. Algorithms are IANA numbers, sorted, each once. */
export interface ZoneFact {
  readonly apex: string;
  readonly security: SecurityStatus;
  readonly reason: ReasonKey | null;
  readonly dsAlgorithms: readonly number[];
  readonly dsDigestTypes: readonly number[];
  readonly dnskeyAlgorithms: readonly number[];
  /** Null where no negative answer showed it. */
  readonly denial: 'nsec' | 'nsec3' | null;
  readonly nsec3Iterations: number | null;
  readonly nsec3OptOut: boolean | null;
  /** Names of the zone's servers as the parent gives them, sorted; null where forwarders were asked. */
  readonly nameServers: readonly string[] | null;
}

export interface SoaFact {
  /** The responsible mailbox in presentation form. */
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

export interface DomainFacts {
  readonly domain: string;
  readonly mail: MailKind;
  readonly mx: LookupFact;
  /** Names that CNAME records lead the MX lookup through, the last one the expanded name; empty where the domain is no alias. */
  readonly aliases: readonly string[];
  /** By preference, then name. For an implicit MX the domain itself. */
  readonly edges: readonly MxEdge[];
  readonly zone: ZoneFact | null;
  readonly soa: SoaFact | null;
  /** `v=STSv1` at _mta-sts (RFC 8461 §3.1) and `v=TLSRPTv1` at _smtp._tls (RFC 8460 §3); null where the lookup failed. */
  readonly mtaSts: boolean | null;
  readonly tlsRpt: boolean | null;
  /** What each address of the zone's servers answered to the MX question; empty where nobody looked. */
  readonly serverAnswers: readonly ServerAnswerFact[];
  readonly findings: readonly Finding[];
  /** True where it was found by the delegation that a list holds; else the parent's servers were asked. */
  readonly delegationFromList?: boolean;
  readonly seenAt: Instant;
}

/** One TLSA record with its usability; `reason` is null where it is usable. `data` is lower-case hexadecimal. */
export interface PublishedTlsa {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly data: string;
  readonly reason: ReasonKey | null;
}

/** What a record matches of the certificates that the host shows (`tlsa-matches.ts`); all null where none was seen. */
export interface TlsaMatches {
  readonly matchedLeaf: boolean | null;
  readonly matchedAbove: boolean | null;
  /** Key algorithms of the leaves of the chains that it matches: rsa, ec, …; sorted, each once. */
  readonly matchedKeys: readonly string[] | null;
}

export interface TlsaFact extends PublishedTlsa, TlsaMatches {}

/** The zone that holds the TLSA RRset, with the newest SOA that its servers showed. */
export interface TlsaZoneFact {
  readonly apex: string;
  readonly soa: SoaFact;
}

export interface HostFacts {
  readonly host: string;
  /** Registrable domain of the host; the host itself where there is none. */
  readonly provider: string;
  readonly a: LookupFact;
  readonly aaaa: LookupFact;
  /** Names that CNAME records lead through, the last one the canonical name; empty where the host is no alias. */
  readonly aliases: readonly string[];
  /** The TLSA base domain chosen (RFC 7672 §2.2.2); null where no TLSA lookup was due. */
  readonly tlsaBase: string | null;
  /** Null where no TLSA lookup was due because the address records are insecure or absent. */
  readonly tlsa: LookupFact | null;
  readonly tlsaOutcome: TlsaOutcome;
  readonly tlsaReason: ReasonKey | null;
  readonly tlsaRecords: readonly TlsaFact[];
  /** Null where no server was looked at, or none showed its SOA. */
  readonly tlsaZone: TlsaZoneFact | null;
  readonly ancestors: readonly AncestorFact[];
  /** What becomes of the TLSA RRset by the resolver that asks; empty where no ancestor is denied. */
  readonly behaviours: readonly BehaviourFact[];
  /** What follows from them for mail; null where the RRset is always found. */
  readonly ancestorConsequence: AncestorConsequence | null;
  /** Each address of the servers of the zone that holds the TLSA name; empty where no server shows it and the lookup works. */
  readonly serverAnswers: readonly ServerAnswerFact[];
  readonly endpoints: readonly EndpointFacts[];
  readonly verdict: HostVerdict;
  readonly reason: ReasonKey | null;
  readonly findings: readonly Finding[];
  readonly seenAt: Instant;
}

/** A certificate as sent, once for all endpoints that show it. */
export type CertificateFact = DescribedCertificate;
