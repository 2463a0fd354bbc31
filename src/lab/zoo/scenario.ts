/**
 * One domain of the lab: its zones, its hosts and its truth, from a draft that says only what is special. Its domain verdict is
 * that of its only host, by the table below; a draft with several hosts, or with none, declares its own.
 */
import type { DomainVerdict, HostVerdict } from '../../survey/verdicts.ts';
import { endpointProfile, truthOf } from '../plan/host-profile.ts';
import type { MailHostPlan } from '../plan/mail-plan.ts';
import { type NameServerPlan, planZone, type TlsaSetPlan, type ZonePlan } from '../plan/zone-plan.ts';
import type { DomainTruth, HostTruth, ServerFault } from '../truth.ts';
import { type DraftFault, ecdsaNsec, type HostDraft, type ScenarioDraft } from './draft.ts';

export interface Scenario {
  readonly truth: DomainTruth;
  readonly hosts: readonly HostTruth[];
  readonly zones: readonly ZonePlan[];
  readonly mail: readonly MailHostPlan[];
}

/** Gives out addresses, each once; those with `closed` lead to where nobody listens. */
export type NextAddress = (family: 4 | 6, closed: boolean) => string;

/** Of TLSA records, in seconds. */
const ORDINARY_TTL = 3600;

/** What the only MX host with an address means for a domain with a secure MX RRset; as `survey/facts.ts` defines the words. */
const domainOfOnlyHost: Readonly<Record<HostVerdict, DomainVerdict>> = {
  dane: 'dane',
  'dane-degraded': 'dane-degraded',
  'dane-failed': 'dane-failed',
  'dane-unusable': 'no-dane',
  'no-dane': 'no-dane',
  'lookup-failed': 'lookup-failed',
  'no-address': 'no-mail',
  unknown: 'unknown',
};

export function buildScenario(
  draft: ScenarioDraft,
  operator: readonly NameServerPlan[],
  nextAddress: NextAddress,
): Scenario {
  const domain = `${draft.label ?? draft.name}.${draft.tld ?? 'xa'}`;
  const signing = draft.signing === undefined ? ecdsaNsec : draft.signing;
  const drafts = draft.hosts ?? [];
  const servers = draft.ownServers ? ownServers(domain, nextAddress) : operator;
  const placed = drafts
    .filter((host) => host.elsewhere === undefined)
    .map((host) => placeHost(host, hostName(host, domain), nextAddress));
  const heldBy = (child: string | undefined) => placed.filter(({ host }) => host.child === child);
  const addressesIn = (child: string | undefined) =>
    placed.filter(({ host }) => (host.aliasIntoChild ?? host.child) === child).flatMap(addressLines);

  const lines = [
    ...(draft.mx ?? drafts.flatMap((host, at) => mxLine(host, at))),
    ...heldBy(undefined).flatMap(aliasLines),
    ...addressesIn(undefined),
    ...(draft.lines ?? []),
    ...(draft.ownServers ? serverLines(servers, domain) : []),
  ];
  const { ds, replies = [], signatures = [], unchained = [], unchainedAt, olderAt } = draft;
  const zone = planZone({
    apex: domain,
    servers,
    signing,
    lines,
    tlsa: heldBy(undefined).flatMap(tlsaSets),
    replies,
    signatures,
    unchained,
    ...(ds && { ds }),
    ...(unchainedAt && { unchainedAt }),
    ...(olderAt && { olderAt }),
  });
  const children = (draft.children ?? []).map((child) => {
    const held = heldBy(child.label);
    return planZone({
      apex: `${child.label}.${domain}`,
      servers,
      signing: child.signing,
      lines: [...held.flatMap(aliasLines), ...addressesIn(child.label)],
      tlsa: held.flatMap(tlsaSets),
    });
  });

  const only = drafts[0]?.profile;
  const faultsAt = (faults: readonly DraftFault[]): ServerFault[] =>
    faults.flatMap(({ servers: at, fault }) =>
      servers
        .filter((_, index) => at?.includes(index) ?? true)
        .flatMap(({ addresses }) => addresses.map((address) => ({ address, fault }))),
    );
  return {
    truth: {
      domain,
      scenario: draft.name,
      mail: draft.mail ?? 'mx',
      mxStatus: draft.mxStatus ?? (signing === null ? 'insecure' : 'secure'),
      verdict: draft.verdict ?? domainOfOnlyHost[only!.verdict],
      reasons: draft.reasons ?? (only!.verdict === 'no-address' ? ['mx-without-address'] : only!.reasons),
      mtaSts: draft.mail !== 'unknown' && lines.some((line) => line.startsWith('_mta-sts ')),
      hosts: drafts.map((host) => hostName(host, domain)),
      serverFaults: faultsAt(draft.serverFaults ?? []),
    },
    hosts: placed.map(({ host, name, endpoints }) => ({
      ...truthOf(
        host.profile,
        name,
        host.addressesLost ? [] : endpoints.map(({ address }) => address),
        draft.name,
        {
          findings: [...(host.findings ?? []), ...(host.serverFaults ?? []).map(({ fault }) => fault)],
          tlsaTtl: host.tlsaTtl ?? ORDINARY_TTL,
        },
      ),
      serverFaults: faultsAt(host.serverFaults ?? []),
    })),
    zones: draft.undelegated ? [] : [zone, ...children],
    mail: placed.map(({ name, endpoints }) => ({ host: name, endpoints })),
  };
}

interface PlacedHost {
  readonly host: HostDraft;
  readonly name: string;
  readonly endpoints: MailHostPlan['endpoints'];
}

function placeHost(host: HostDraft, name: string, nextAddress: NextAddress): PlacedHost {
  const families = host.addressless ? [] : (host.families ?? [4, 6]);
  const endpoints = families.map((family, index) => {
    const server = endpointProfile(host.profile, index).server(name);
    return { address: nextAddress(family, server.kind === 'refused'), server };
  });
  return { host, name, endpoints };
}

function hostName(host: HostDraft, domain: string): string {
  if (host.elsewhere !== undefined) return host.elsewhere;
  const zone = host.child === undefined ? domain : `${host.child}.${domain}`;
  return host.label === '' ? zone : `${host.label ?? 'mx'}.${zone}`;
}

function mxLine(host: HostDraft, at: number): string[] {
  if (host.label === '') return [];
  const below = host.child === undefined ? '' : `.${host.child}`;
  const target = host.elsewhere ? `${host.elsewhere}.` : `${host.label ?? 'mx'}${below}`;
  return [`@ 3600 MX ${10 * (at + 1)} ${target}`];
}

function aliasLines({ host }: PlacedHost): string[] {
  const target = host.aliasOf ?? (host.aliasIntoChild && `mx.${host.aliasIntoChild}`);
  return target === undefined ? [] : [`${host.label ?? 'mx'} 3600 CNAME ${target}`];
}

function addressLines({ host, endpoints }: PlacedHost): string[] {
  const own = host.label === '' ? '@' : (host.label ?? 'mx');
  const owner = host.aliasIntoChild ? 'mx' : (host.addressOwner ?? host.aliasOf ?? own);
  return endpoints.map(({ address }) => `${owner} 3600 ${addressType(address)} ${address}`);
}

function tlsaSets({ host, name }: PlacedHost): TlsaSetPlan[] {
  const records = host.profile.tlsa(name);
  const owner = host.tlsaOwner ?? (host.label === '' ? '_25._tcp' : `_25._tcp.${host.label ?? 'mx'}`);
  return records.length === 0 ? [] : [{ owner, ttl: host.tlsaTtl ?? ORDINARY_TTL, records }];
}

function addressType(address: string): 'A' | 'AAAA' {
  return address.includes(':') ? 'AAAA' : 'A';
}

function ownServers(domain: string, nextAddress: NextAddress): NameServerPlan[] {
  return ['ns1', 'ns2'].map((label) => ({
    host: `${label}.${domain}`,
    addresses: [nextAddress(4, false), nextAddress(6, false)],
  }));
}

/** Address records of those servers that are named below the domain. */
export function serverLines(servers: readonly NameServerPlan[], domain: string): string[] {
  return servers.flatMap(({ host, addresses }) =>
    host.endsWith(`.${domain}`)
      ? addresses.map((address) => `${host}. 3600 ${addressType(address)} ${address}`)
      : [],
  );
}
