/**
 * What a special domain is told by: only what is special about it. `scenario.ts` makes zones, hosts and truth of it.
 *
 * A draft without further words is a domain below `xa`, signed with ECDSA and NSEC, served by the zoo's DNS operator; a host
 * without further words is `mx` below it, with an IPv4 and an IPv6 address.
 */
import type { ReasonKey } from '../../base/reasons/catalogue.ts';
import type { SecurityStatus } from '../../base/security.ts';
import type { MailKind } from '../../survey/facts.ts';
import type { NameServerFault } from '../../survey/name-server-facts.ts';
import type { DomainVerdict } from '../../survey/verdicts.ts';
import type { HostProfile } from '../plan/host-profile.ts';
import type { SigningPlan, ZonePlan } from '../plan/zone-plan.ts';
import type { Reasons } from '../truth.ts';

export const ecdsaNsec: SigningPlan = { algorithm: 13, nsec3: null };
export const ecdsaNsec3: SigningPlan = { algorithm: 13, nsec3: { iterations: 0, salt: '', optOut: false } };

/** What must be found at each address of these name servers of the zone; all where they are left out. */
export interface DraftFault {
  /** By index. */
  readonly servers?: readonly number[];
  readonly fault: NameServerFault;
}

export interface HostDraft {
  readonly profile: HostProfile;
  /** Relative to the domain; "" for the domain itself. */
  readonly label?: string;
  /** A host of another scenario: only the MX record is made here. */
  readonly elsewhere?: string;
  readonly families?: readonly (4 | 6)[];
  /** The host is an alias of this owner in the same zone, which has the addresses. */
  readonly aliasOf?: string;
  /** Where the address records stand, in place of `label`. */
  readonly addressOwner?: string;
  /** The label of the child zone that holds the host. */
  readonly child?: string;
  /** The host is an alias of `mx` in the child zone with this label, which has the addresses. */
  readonly aliasIntoChild?: string;
  /** Where the TLSA records stand, in place of `_25._tcp.` and the label. */
  readonly tlsaOwner?: string;
  readonly tlsaTtl?: number;
  readonly findings?: readonly ReasonKey[];
  /** Each is a finding of the host too. */
  readonly serverFaults?: readonly DraftFault[];
  /** Without addresses in the DNS; a mail server is planned nowhere. */
  readonly addressless?: boolean;
  /** The address lookups fail, so that no endpoint is found. */
  readonly addressesLost?: boolean;
}

export interface ScenarioDraft
  extends Partial<
    Pick<ZonePlan, 'ds' | 'lines' | 'replies' | 'signatures' | 'unchained' | 'unchainedAt' | 'olderAt'>
  > {
  readonly name: string;
  /** In place of `name` as the domain's label. */
  readonly label?: string;
  readonly tld?: 'xa' | 'xb';
  /** Null for an unsigned zone. */
  readonly signing?: SigningPlan | null;
  /** Name servers below the domain itself, two of two addresses each, so that they can misbehave apart. */
  readonly ownServers?: boolean;
  /** Not delegated: there is no zone at all. */
  readonly undelegated?: boolean;
  readonly hosts?: readonly HostDraft[];
  /** MX lines in place of those that the hosts ask for. */
  readonly mx?: readonly string[];
  /** Further zones below the domain; `servers` are those of the domain. */
  readonly children?: readonly { readonly label: string; readonly signing: SigningPlan | null }[];
  /** Of the domain, whose MX lookup fails. */
  readonly serverFaults?: readonly DraftFault[];
  readonly mail?: MailKind;
  readonly mxStatus?: SecurityStatus;
  readonly verdict?: DomainVerdict;
  readonly reasons?: Reasons;
}
