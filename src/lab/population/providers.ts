/** Who many domains share: mail providers with their hosts, and DNS operators with their name servers. */
import { danePasses, type HostProfile, noDane } from '../plan/host-profile.ts';
import { chainFor, tlsa } from '../plan/tlsa-of-chain.ts';
import type { NameServerPlan, ZonePlan } from '../plan/zone-plan.ts';
import { planZone } from '../plan/zone-plan.ts';
import { ecdsaNsec, ecdsaNsec3 } from '../zoo/draft.ts';
import { buildScenario, type NextAddress, type Scenario, serverLines } from '../zoo/scenario.ts';
import { draw } from './draw.ts';
import {
  DANE_PROVIDER_SHARES,
  PLAIN_PROVIDER_SHARES,
  SIGNED_PLAIN_PROVIDERS,
  TRUST_ANCHOR_SHARE,
} from './parameters.ts';

/** No source says how many operators share the domains; enough that no server sees all. */
const DNS_OPERATORS = 8;
/** The most that `MX_COUNT_SHARES` asks for. */
const HOSTS_PER_PROVIDER = 4;

export interface DnsOperator {
  readonly zone: ZonePlan;
  readonly servers: readonly NameServerPlan[];
}

/** Two name servers with an IPv4 and an IPv6 address each, in a zone of the operator's own. */
export function planOperator(label: string, isSigned: boolean, nextAddress: NextAddress): DnsOperator {
  const apex = `${label}.xa`;
  const servers = ['ns1', 'ns2'].map((host) => ({
    host: `${host}.${apex}`,
    addresses: [nextAddress(4, false), nextAddress(6, false)],
  }));
  const lines = serverLines(servers, apex);
  return { servers, zone: planZone({ apex, servers, signing: isSigned ? ecdsaNsec : null, lines }) };
}

export interface Providers {
  readonly operators: readonly DnsOperator[];
  readonly dane: readonly Scenario[];
  readonly plain: readonly Scenario[];
}

export function planProviders(seed: number, nextAddress: NextAddress): Providers {
  const operators = Array.from({ length: DNS_OPERATORS }, (_, index) =>
    planOperator(`dns-operator-${index + 1}`, index % 2 === 0, nextAddress),
  );
  const issuer = danePasses((host) => [tlsa('3 1 1', chainFor(host)), tlsa('2 1 1', chainFor(host))]);
  const endEntity = danePasses((host) => [tlsa('3 1 1', chainFor(host))]);
  const provider = (label: string, index: number, profile: HostProfile, isSigned: boolean): Scenario =>
    buildScenario(
      {
        name: label,
        tld: index % 2 === 0 ? 'xa' : 'xb',
        signing: !isSigned ? null : index % 3 === 0 ? ecdsaNsec3 : ecdsaNsec,
        hosts: Array.from({ length: HOSTS_PER_PROVIDER }, (_, at) => ({ label: `mx${at + 1}`, profile })),
      },
      operators[index % DNS_OPERATORS]!.servers,
      nextAddress,
    );
  const dane = DANE_PROVIDER_SHARES.map((_, index) => {
    const profile = draw(seed, index, 'provider profile') < TRUST_ANCHOR_SHARE ? issuer : endEntity;
    return provider(`dane-provider-${index + 1}`, index, profile, true);
  });
  const plain = PLAIN_PROVIDER_SHARES.map((_, index) => {
    const isSigned = index >= PLAIN_PROVIDER_SHARES.length - SIGNED_PLAIN_PROVIDERS;
    const profile = noDane(isSigned ? 'tlsa-absent' : 'address-insecure');
    return provider(`plain-provider-${index + 1}`, index, profile, isSigned);
  });
  return { operators, dane, plain };
}
