/**
 * What a zone of the lab holds and how its name servers behave: plain data, made without any cryptography, so that a
 * hundred thousand zones can be planned in the time that it takes to sign some hundred. `dns/zone.ts` builds the zone.
 */
import type { ChainPlan } from './mail-plan.ts';

/** A name server and every address that it answers at. */
export interface NameServerPlan {
  /** Without the final dot. */
  readonly host: string;
  readonly addresses: readonly string[];
}

export interface Nsec3Plan {
  readonly iterations: number;
  /** Hexadecimal; empty for none. */
  readonly salt: string;
  readonly optOut: boolean;
}

export interface SigningPlan {
  /** DNSSEC algorithm number: 8, 13 or 15 are made; others are claimed only (a zone that nobody can validate). */
  readonly algorithm: number;
  readonly nsec3: Nsec3Plan | null;
}

/**
 * What the parent says of the zone:
 * - `match`: a DS record for its key. `absent`: none, though the zone may be signed.
 * - `mismatch`: the DS record of a key that the zone has not.
 * - `unsupported-algorithm`, `unsupported-digest`: DS records that validators of today cannot use.
 */
export type DsPlan = 'match' | 'absent' | 'mismatch' | 'unsupported-algorithm' | 'unsupported-digest';

/** One TLSA RRset; `owner` is relative to the apex. */
export interface TlsaSetPlan {
  readonly owner: string;
  readonly ttl: number;
  readonly records: readonly TlsaPlan[];
}

/** One TLSA record, of the certificate at `depth` of a chain, whether the chain sends it or not. */
export interface TlsaPlan {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly of: ChainPlan;
  readonly depth: number;
  /** `cut`: one octet is missing. */
  readonly spoilt?: 'cut';
}

/** Which questions a fault concerns; what is left out concerns all. */
export interface Match {
  /** Owner relative to the apex ("" for the apex itself). */
  readonly owner?: string;
  readonly types?: readonly number[];
  /** Indices of the zone's name servers. */
  readonly servers?: readonly number[];
}

/** How a name server misbehaves for the questions that match. */
export type Misbehaviour =
  | 'refused'
  | 'servfail'
  | 'notimp'
  | 'formerr'
  /** No reply at all: each such question costs a time-out, so there are few of them. */
  | 'drop'
  /** Refers to the root, as a server does that does not hold the zone. */
  | 'lame'
  /** Over UDP only the header with TC, whatever the size. */
  | 'truncate'
  /** NXDOMAIN with SOA and nothing else. */
  | 'nxdomain-unproven'
  /** NXDOMAIN with the proof that belongs to the NOERROR answer. */
  | 'nxdomain-contradictory'
  /** A negative answer without NSEC or NSEC3 records. */
  | 'denial-missing'
  /** A negative answer whose NSEC or NSEC3 signatures do not verify. */
  | 'denial-broken'
  /** The TLSA RRset of before the last change. */
  | 'stale-tlsa'
  /** Without any DNSSEC records, as a server answers that knows nothing of them. */
  | 'unsigned'
  /** Signatures over what is answered do not verify. */
  | 'signatures-broken'
  /** Silence, or FORMERR, where the query has EDNS. */
  | 'drop-edns'
  | 'formerr-edns'
  /** Over UDP only the header with TC; connections are closed without a reply. */
  | 'no-tcp'
  /** The name of the question comes back in lower case. */
  | 'lower-case';

/** What is wrong with the signatures over the RRsets that match. */
export type SignatureFault = 'expired' | 'not-yet-valid' | 'broken' | 'missing';

export interface ZonePlan {
  /** Without the final dot; "." for the root. */
  readonly apex: string;
  readonly servers: readonly NameServerPlan[];
  readonly signing: SigningPlan | null;
  readonly ds: DsPlan;
  /** Master-file lines (RFC 1035 §5.1), names relative to the apex; SOA, NS and DNSSEC records are made. */
  readonly lines: readonly string[];
  readonly tlsa: readonly TlsaSetPlan[];
  readonly replies: readonly { readonly to: Match; readonly reply: Misbehaviour }[];
  readonly signatures: readonly { readonly on: Match; readonly fault: SignatureFault }[];
  /** Owners relative to the apex that the NSEC or NSEC3 chain lacks, and whose existence the server therefore denies. */
  readonly unchained: readonly string[];
  /** Indices of the name servers that lack them so; all where it is left out. */
  readonly unchainedAt?: readonly number[];
  /** Indices of name servers that still have the zone of before its TLSA records, with an older serial. */
  readonly olderAt?: readonly number[];
  /** Of the SOA; that of today where it is left out. */
  readonly serial?: number;
}

const SERIAL = 2026070100;

/** The plan of the zone as the name server with this index has it; the very same plan where it has nothing special. */
export function planAt(plan: ZonePlan, server: number): ZonePlan {
  const isRectified = plan.unchainedAt !== undefined && !plan.unchainedAt.includes(server);
  const isOlder = plan.olderAt?.includes(server) === true;
  if (!isRectified && !isOlder) return plan;
  return {
    ...plan,
    ...(isRectified && { unchained: [] }),
    ...(isOlder && { tlsa: [], serial: SERIAL - 1 }),
  };
}

export function serialOf({ serial = SERIAL }: ZonePlan): number {
  return serial;
}

/** A zone in good order; `over` says what is otherwise. */
export function planZone(
  over: Pick<ZonePlan, 'apex' | 'servers'> & { [Key in keyof ZonePlan]?: ZonePlan[Key] },
): ZonePlan {
  const ds = over.ds ?? (over.signing ? 'match' : 'absent');
  return {
    signing: null,
    lines: [],
    tlsa: [],
    replies: [],
    signatures: [],
    unchained: [],
    ...over,
    ds,
  };
}
